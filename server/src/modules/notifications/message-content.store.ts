// The stored content of a delivery as the kind of message it is. Written by this room only, in these shapes.
import type { Instant } from '../../kernel/instant.ts'
import type { EndedPage, PageFacts } from './core/index.ts'
import type { DeliveryRow } from './deliveries.store.ts'

export interface ShiftFacts {
  readonly schedule: string
  readonly until: Instant | null
  readonly because: string
  readonly open: number
  readonly link: string
}

/** Something somebody owes, in words of the room that reminds. */
export interface ReminderFacts {
  readonly head: string
  readonly sentence: string
  readonly link: string
}

/** What became of a page, for whom no message can be edited: an event of the escalation in a sentence. */
export interface ChangeFacts {
  /** `escalation.acknowledged`, as the journal calls it. */
  readonly change: string
  readonly by: string
  readonly sentence: string
  readonly service: string
  readonly summary: string
  readonly link: string
}

export type MessageContent =
  | { readonly purpose: 'page'; readonly facts: PageFacts; readonly again: string | null }
  | { readonly purpose: 'bundle' }
  | { readonly purpose: 'changed'; readonly change: ChangeFacts }
  | { readonly purpose: 'ended'; readonly ended: EndedPage }
  | { readonly purpose: 'on-call'; readonly shift: ShiftFacts }
  | { readonly purpose: 'reminder'; readonly reminder: ReminderFacts }
  | { readonly purpose: 'test'; readonly label: string }
  | { readonly purpose: 'verify'; readonly label: string; readonly code: string }

export function contentOf(row: DeliveryRow): MessageContent {
  return { ...row.content, purpose: row.purpose } as unknown as MessageContent
}

/** Of a row that is a page. */
export function pageContentOf(row: DeliveryRow): Extract<MessageContent, { purpose: 'page' }> {
  return { ...row.content, purpose: 'page' } as unknown as Extract<MessageContent, { purpose: 'page' }>
}

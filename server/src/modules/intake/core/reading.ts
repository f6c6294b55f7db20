// What an adapter makes of one payload. It translates and decides nothing: every part is either an act or unread.
import type { SignalDraft } from '../../alerts/core/index.ts'
import type { Format } from './formats.ts'

export interface Payload {
  /** Parsed JSON; a text when the format sends none. */
  readonly body: unknown
  /** Lower-case names; only those that say what the body is, never credentials. */
  readonly headers: Readonly<Record<string, string>>
}

/** Something was changed on purpose; never an alarm. */
export interface ReportedChange {
  readonly externalId: string
  readonly service: string | null
  readonly summary: string
  readonly at: string | null
  readonly link: string | null
}

export interface Reading {
  /** `source` of a draft is set by the intake. */
  readonly signals: readonly Omit<SignalDraft, 'source'>[]
  /** Keys somebody acknowledged at the sender. */
  readonly acknowledged?: readonly string[]
  readonly changes?: readonly ReportedChange[]
  /** Parts that could not be understood, each as a sentence. Any of them makes the delivery an orphan. */
  readonly unread: readonly string[]
  /** Understood and nothing to do: a test, a state that is neither. */
  readonly nothing?: string
}

export const unread = (sentence: string): Reading => ({ signals: [], unread: [sentence] })
export const nothingToDo = (sentence: string): Reading => ({ signals: [], unread: [], nothing: sentence })

/** CEL expressions, by the field they fill. */
export interface Mapping {
  readonly alerts?: string
  readonly when?: string
  readonly status?: string
  readonly key?: string
  readonly summary?: string
  readonly severity?: string
  readonly service?: string
  readonly labels?: string
  readonly annotations?: string
  readonly startsAt?: string
  readonly endsAt?: string
  readonly link?: string
}

export const mappingFields = [
  ...(['alerts', 'when', 'status', 'key', 'summary', 'severity', 'service', 'labels', 'annotations'] as const),
  ...(['startsAt', 'endsAt', 'link'] as const),
] as const satisfies readonly (keyof Mapping)[]

/** Formats whose payloads a mapping may read. */
export const mappedFormats: readonly Format[] = ['generic', 'email']

export type Reader = (payload: Payload, mapping: Mapping | null) => Reading
export type Readers = Readonly<Record<Format, Reader>>

// What another status page product kept, translated; how it was told apart is the reader's business.
import type { Instant } from '../../kernel/instant.ts'
import type { ComponentState, PostKind, PostState } from './core/index.ts'

export interface PastUpdate {
  readonly at: Instant
  readonly state: PostState
  readonly body: string
  /** By the names components had there. */
  readonly impacts: Readonly<Record<string, ComponentState>>
}

export interface PastPost {
  /** `statuspage:p31zjtct2jer`: the same for every export of it. */
  readonly source: string
  readonly kind: PostKind
  readonly title: string
  readonly startsAt: Instant | null
  readonly endsAt: Instant | null
  readonly updates: readonly PastUpdate[]
}

export interface StatusExport {
  readonly from: string
  /** As they were called there. */
  readonly components: readonly string[]
  readonly posts: readonly PastPost[]
}

/** Null when it is no export that is known. */
export type ReadStatusExport = (text: string) => StatusExport | null

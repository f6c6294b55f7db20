// What leaves when the database has lost history.
import type { JsonObject } from '../../kernel/json.ts'
import { defineEvent } from '../../platform/journal/journal.ts'

export type HistoryLost = {
  /** The host that had seen it; each one tells what it knew. */
  readonly host: string
  readonly seen: number
  readonly found: number
  /** Journal entries that are gone, at least. */
  readonly lost: number
  readonly seenAt: string
  readonly foundAt: string
} & JsonObject

export const historyLost = defineEvent<HistoryLost>({
  type: 'history.lost',
  summary: 'The database no longer has journal entries that a host had seen: an older state of it took its place',
})

// How long what is kept: each room states rules for its own rows, `app` runs them. What may go is decided here, purely.
import { day } from '../../kernel/duration.ts'
import { type Instant, instant } from '../../kernel/instant.ts'
import type { Tx } from '../database/database.ts'
import { type RawBuilder, sql } from '../database/queries.ts'
import { type Lane, lanes, pageLanes } from '../work/job.ts'

/** Each is one setting, in days: MAINSTAY_KEEP_…_DAYS. */
export const keepNames = [
  'pages',
  'traces',
  'work',
  'alerts',
  'incidents',
  'signalMinutes',
  'signalHours',
  'counts',
] as const
export type KeepName = (typeof keepNames)[number]
/** Days; null is for ever. */
export type Keeps = Readonly<Record<KeepName, number | null>>

/** A row that is old enough by itself, with everything that could forbid its removal. */
export interface Candidate {
  readonly id: string
  readonly alerts?: readonly string[]
  readonly incidents?: readonly string[]
  readonly services?: readonly string[]
  /** `anyone`: the row may name somebody without saying it in a column. */
  readonly people?: readonly string[] | 'anyone'
  /** It may be about anything: every hold, whatever it is on, keeps it. */
  readonly unclear?: true
}

/** Where a batch ended: the time and the id of its last row, as the store wrote them. */
export type Cursor = readonly [at: string, id: string]

export interface Picked {
  readonly candidates: readonly Candidate[]
  /** Where to go on; null when nothing older is left. */
  readonly next: Cursor | null
}

export interface Pick {
  readonly before: Instant
  readonly after: Cursor | null
  readonly limit: number
}

export interface KeepRule {
  /** As in the journal and the metric: `deliveries`. */
  readonly name: string
  /** What it removes, for people. */
  readonly summary: string
  /** Which setting decides, or a fixed number of days. */
  readonly keep: KeepName | number
  /** Old rows in order of their time, locked; rows somebody else holds are passed over. */
  readonly pick: (tx: Tx, pick: Pick) => Promise<Picked>
  /** The number of rows removed, with those that hang on them. */
  readonly remove: (tx: Tx, ids: readonly string[]) => Promise<number>
}

/** What must stay whatever its age, as looked up for one batch. */
export interface Held {
  /** Somebody said that nothing goes at all. */
  readonly everything: boolean
  /** Whether any hold is in force. */
  readonly any: boolean
  readonly people: ReadonlySet<string>
  readonly services: ReadonlySet<string>
  readonly alerts: ReadonlySet<string>
  readonly incidents: ReadonlySet<string>
}

export function mayGo(candidate: Candidate, held: Held): boolean {
  if (held.everything || (candidate.unclear === true && held.any)) return false
  const { people } = candidate
  if (people === 'anyone' ? held.people.size > 0 : (people ?? []).some((each) => held.people.has(each))) return false
  return !(
    (candidate.alerts ?? []).some((each) => held.alerts.has(each)) ||
    (candidate.incidents ?? []).some((each) => held.incidents.has(each)) ||
    (candidate.services ?? []).some((each) => held.services.has(each))
  )
}

/** An alert outlives what is told about it, or its pages and its trace would speak of nothing. */
export function reconcile(keeps: Keeps): Keeps {
  const { alerts, pages, traces, signalMinutes, signalHours } = keeps
  const longest = alerts === null || pages === null || traces === null ? null : Math.max(alerts, pages, traces)
  // Nor do minutes outlive the hours they add up to.
  const minutes =
    signalHours === null ? signalMinutes : signalMinutes === null ? signalHours : Math.min(signalMinutes, signalHours)
  return { ...keeps, alerts: longest, signalMinutes: minutes }
}

/** Rows of before this instant are old; null keeps all. */
export function cutoff(rule: { readonly keep: KeepName | number }, keeps: Keeps, now: Instant): Instant | null {
  const days = typeof rule.keep === 'number' ? rule.keep : keeps[rule.keep]
  return days === null ? null : instant(now - days * day)
}

// Neither `bulk`, in which this work itself runs, nor the lanes in which others are waited for: they may be late for days.
const waitedForNames: readonly Lane[] = [...pageLanes, 'notify', 'normal']
const waitedFor: ReadonlySet<number> = new Set(waitedForNames.map((name) => lanes[name]))
const behindSeconds = 1

/** The lanes that people wait for: while one of them is behind, nothing is tidied up. */
export function isQuiet(states: readonly { readonly lane: number; readonly overdueSeconds: number }[]): boolean {
  return states.every(({ lane, overdueSeconds }) => !waitedFor.has(lane) || overdueSeconds < behindSeconds)
}

/** As a store reads it: with its time, by which the cursor goes on. */
export type OldRow = Candidate & { readonly at: string }

/** What comes after the cursor in the order of two columns: a time, and an id that tells rows of one moment apart. */
export function beyond(
  columns: RawBuilder<unknown>,
  after: Cursor | null,
  id: 'uuid' | 'bigint' | 'text' = 'uuid',
): RawBuilder<unknown> {
  return after === null ? sql`true` : sql`(${columns}) > (${after[0]}::timestamptz, ${after[1]}::${sql.raw(id)})`
}

/** A batch as a store read it: less than was asked for means that nothing older is left. */
export function picked(rows: readonly OldRow[], limit: number): Picked {
  const last = rows.at(-1)
  return { candidates: rows, next: last === undefined || rows.length < limit ? null : [last.at, last.id] }
}

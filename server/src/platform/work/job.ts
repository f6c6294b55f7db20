// What a job is: a name, a lane, a payload. Rooms declare jobs in their contract and handle them in *.jobs.ts.
import type { Instant } from '../../kernel/instant.ts'
import type { JsonObject } from '../../kernel/json.ts'
import type { Tx } from '../database/database.ts'

/**
 * Lanes have their own workers: a full lower lane never delays a higher one. `webhook` stands beside `page`: a page to a
 * machine is as urgent as one to a person, and a machine that hangs must not hold up the people's. So do `mail` and `chat`, for
 * pages that a mail server or a chat takes. `outside` is everything else that waits for somebody else's answer and wakes nobody;
 * `letters` are the many mails to subscribers, and `hooks` their webhooks, which strangers gave and may hang.
 */
export const lanes = {
  page: 0,
  notify: 1,
  normal: 2,
  bulk: 3,
  webhook: 4,
  mail: 5,
  chat: 6,
  outside: 7,
  letters: 8,
  hooks: 9,
} as const
export type Lane = keyof typeof lanes
export const laneNames = Object.keys(lanes) as readonly Lane[]
/** Those whose work wakes a person: what is late in one of them is a late page. */
export const pageLanes: readonly Lane[] = ['page', 'mail', 'chat']

export interface Job<Payload extends JsonObject> {
  /** `room.verb-noun`, imperative. */
  readonly kind: string
  readonly lane: Lane
  /** Waits before attempt 2, 3, …; when they are used up the row is set aside. Default 1 s to 5 min, 10 attempts; in the lanes of pages never more than 5 s. */
  readonly retryMs?: readonly number[]
  /** How long one run may take before another process takes over; renewed while the handler runs. Default 5 s. */
  readonly leaseMs?: number
  /** Only for the type: payloads are written and read by the same version of the contract. */
  readonly payload?: Payload
}

export function defineJob<Payload extends JsonObject>(job: Job<Payload>): Job<Payload> {
  return job
}

/** A row that this process has claimed. */
export interface DueRow {
  readonly id: number
  readonly kind: string
  readonly payload: JsonObject
  readonly attempts: number
  readonly dueAt: Instant
  readonly claim: string
}

/** One run of one row. */
export interface Turn {
  readonly id: number
  readonly attempt: number
  /** When it was due by the database clock. */
  readonly dueAt: Instant
  /** Removes the row in the caller's transaction, fenced: throws `work.claim-lost` when another process has taken over. */
  finish(tx: Tx): Promise<void>
  /** Keeps the row and makes it due again, fenced, in the caller's transaction. */
  again(tx: Tx, dueAt: Instant): Promise<void>
  /** Of recurring work that found nothing to do: its next turn comes after so long instead (as `everyMs`), unless somebody hurries it (`hurry`). */
  rest(ms: number): void
}

export type Handler<Payload extends JsonObject> = (payload: Payload, turn: Turn) => Promise<void>

export interface BoundJob {
  readonly job: Job<JsonObject>
  readonly handle: Handler<JsonObject>
  /** Set when several due rows of the kind are one run. */
  readonly together?: Together<JsonObject>
}

export interface Together<Payload extends JsonObject> {
  /** Rows in one run at most. */
  readonly atOnce: number
  /** All or nothing: when it throws, each of several is run alone, so one that fails holds up nobody else. */
  readonly handle: (payloads: readonly Payload[]) => Promise<void>
}

export function bindJob<Payload extends JsonObject>(job: Job<Payload>, handle: Handler<Payload>): BoundJob {
  return { job: job as Job<JsonObject>, handle: handle as Handler<JsonObject> }
}

/** For work of which much may be due at once and costs less together. */
export function bindTogether<Payload extends JsonObject>(job: Job<Payload>, together: Together<Payload>): BoundJob {
  return {
    ...bindJob(job, (payload) => together.handle([payload])),
    together: together as unknown as Together<JsonObject>,
  }
}

/** Work that comes back for ever, one row for the whole installation. */
export interface Recurring {
  readonly job: Job<JsonObject>
  /** After each end. Whole seconds meet on whole seconds, multiples of five on these, up to as much sooner (`nextTurns`). */
  readonly everyMs: number
}

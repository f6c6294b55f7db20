// Every transition, decision and act is one journal entry, written in the transaction it belongs to. An entry is
// also the event that later rooms subscribe to: publishing writes the entry and one job for each subscriber.
// The platform knows the shape; the room `audit` owns the tables and hands in `append`.
import type { Actor } from '../../kernel/actor.ts'
import type { JsonObject } from '../../kernel/json.ts'
import type { Tx } from '../database/database.ts'
import { addWork } from '../work/due-work.store.ts'
import { type BoundJob, bindJob, defineJob, type Lane, type Turn } from '../work/job.ts'

/** An event a room may publish: `alert.opened`, past tense. The data's shape stands in the room's contract. */
export interface EventType<Data extends JsonObject> {
  readonly type: string
  readonly summary: string
  /** Only for the type. */
  readonly data?: Data
}

export function defineEvent<Data extends JsonObject>(event: EventType<Data>): EventType<Data> {
  return event
}

export interface Subject {
  /** `alert`, `incident`, `service`, … the same words as in URLs. */
  readonly kind: string
  readonly id: string
}

export interface NewEntry<Data extends JsonObject> {
  readonly actor: Actor
  readonly subject: Subject
  /** Other objects this belongs to; timelines and filters read them. */
  readonly links?: readonly Subject[]
  readonly reason?: string
  readonly data: Data
  /** For changes of a declared object: what it was and what it is. */
  readonly before?: JsonObject
  readonly after?: JsonObject
}

export type AppendEntry = (tx: Tx, type: string, entry: NewEntry<JsonObject>) => Promise<number>

export interface DeliveredEvent<Data extends JsonObject> extends JsonObject {
  readonly entryId: number
  readonly subjectKind: string
  readonly subjectId: string
  readonly data: Data
}

export interface Subscription {
  readonly event: string
  readonly name: string
  readonly bound: BoundJob
}

/** What a later room does about an event of an earlier one; runs as a job after the commit, at least once. */
export function subscribe<Data extends JsonObject>(
  event: EventType<Data>,
  name: string,
  handle: (event: DeliveredEvent<Data>, turn: Turn) => Promise<void>,
  lane: Lane = 'normal',
): Subscription {
  const job = defineJob<DeliveredEvent<Data>>({ kind: `${name}:${event.type}`, lane })
  return { event: event.type, name, bound: bindJob(job, handle) }
}

export interface Journal {
  /** Writes the entry and the subscribers' jobs in the caller's transaction; answers the entry's id. */
  publish<Data extends JsonObject>(tx: Tx, event: EventType<Data>, entry: NewEntry<Data>): Promise<number>
}

/** Subscriptions are asked for at each publish, because rooms are built after the journal they publish to. */
export function createJournal(append: AppendEntry, subscriptions: () => readonly Subscription[]): Journal {
  return {
    publish: async (tx, event, entry) => {
      const entryId = await append(tx, event.type, entry)
      for (const each of subscriptions()) {
        if (each.event !== event.type) continue
        await addWork(tx, each.bound.job, {
          entryId,
          subjectKind: entry.subject.kind,
          subjectId: entry.subject.id,
          data: entry.data,
        })
      }
      tx.hint('mainstay_journal')
      return entryId
    },
  }
}

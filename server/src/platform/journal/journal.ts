// Every transition, decision and act is one journal entry, written in the transaction it belongs to. An entry is
// also the event that later rooms subscribe to: publishing writes the entry and one job for each subscriber.
// The platform knows the shape; the room `audit` owns the tables and hands in `append`.
import type { Actor } from '../../kernel/actor.ts'
import { invariant } from '../../kernel/app-error.ts'
import type { JsonObject } from '../../kernel/json.ts'
import type { Tx } from '../database/database.ts'
import { noteWritten, underWay } from '../database/deeds.ts'
import { addWorkNow, type WorkOrder } from '../work/due-work.store.ts'
import { type BoundJob, bindJob, bindTogether, defineJob, type Lane, type Turn } from '../work/job.ts'

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

/** Answers the ids in the order of the entries; none, and without waiting, where nobody asks for them. */
export type AppendEntries = (
  tx: Tx,
  entries: readonly { readonly type: string; readonly entry: NewEntry<JsonObject> }[],
  asked: 'ids' | 'nothing',
) => Promise<readonly number[]>

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
  /** What it does nothing about makes no job. */
  readonly concerns: (data: JsonObject) => boolean
}

export interface SubscribeOptions<Data extends JsonObject> {
  readonly lane?: Lane
  readonly when?: (data: Data) => boolean
}

interface DeliveredBatch<Data extends JsonObject> extends JsonObject {
  readonly events: readonly DeliveredEvent<Data>[]
}

/**
 * What a later room does about an event of an earlier one; runs as a job after the commit, at least once. Events that
 * were published together come as one job: each is tried, and when one fails all of them come again.
 */
export function subscribe<Data extends JsonObject>(
  event: EventType<Data>,
  name: string,
  handle: (event: DeliveredEvent<Data>, turn: Turn) => Promise<void>,
  options: SubscribeOptions<Data> = {},
): Subscription {
  const handleEach = async (events: readonly DeliveredEvent<Data>[], turn: Turn) => {
    const failures: unknown[] = []
    for (const each of events) await handle(each, turn).catch((error: unknown) => failures.push(error))
    if (failures.length > 0) throw failures[0]
  }
  return subscribeAll(event, name, handleEach, options)
}

/** The same, for who can ask one question about all events of a job. */
export function subscribeAll<Data extends JsonObject>(
  event: EventType<Data>,
  name: string,
  handle: (events: readonly DeliveredEvent<Data>[], turn: Turn) => Promise<void>,
  { lane = 'normal', when }: SubscribeOptions<Data> = {},
): Subscription {
  const bound = bindJob(jobOf(event, name, lane), (payload, turn) => handle(eventsOf(payload), turn))
  return subscription(event, name, bound, when)
}

/** The same, where also what was published one by one and is due together costs less together: so many jobs are one run. */
export function subscribeTogether<Data extends JsonObject>(
  event: EventType<Data>,
  name: string,
  handle: (events: readonly DeliveredEvent<Data>[]) => Promise<void>,
  { lane = 'normal', when, atOnce }: SubscribeOptions<Data> & { readonly atOnce: number },
): Subscription {
  const together = { atOnce, handle: (payloads: readonly Payload<Data>[]) => handle(payloads.flatMap(eventsOf)) }
  return subscription(event, name, bindTogether(jobOf(event, name, lane), together), when)
}

type Payload<Data extends JsonObject> = DeliveredEvent<Data> | DeliveredBatch<Data>

const jobOf = <Data extends JsonObject>(event: EventType<Data>, name: string, lane: Lane) =>
  defineJob<Payload<Data>>({ kind: `${name}:${event.type}`, lane })

function subscription<Data extends JsonObject>(
  event: EventType<Data>,
  name: string,
  bound: BoundJob,
  when: SubscribeOptions<Data>['when'],
): Subscription {
  // The data of this very event: what was published under its type.
  const concerns = (data: JsonObject) => when === undefined || when(data as Data)
  return { event: event.type, name, bound, concerns }
}

function eventsOf<Data extends JsonObject>(payload: Payload<Data>): readonly DeliveredEvent<Data>[] {
  return isBatch(payload) ? payload.events : [payload]
}

function isBatch<Data extends JsonObject>(payload: Payload<Data>): payload is DeliveredBatch<Data> {
  return 'events' in payload
}

/** As many events as one job brings; it stays a matter of seconds. */
const mostTogether = 100

/** An event with what is to be said of it. */
export interface Published {
  readonly type: string
  readonly entry: NewEntry<JsonObject>
}

export function published<Data extends JsonObject>(event: EventType<Data>, entry: NewEntry<Data>): Published {
  return { type: event.type, entry }
}

export interface Journal {
  /** Writes the entry and the subscribers' jobs in the caller's transaction; answers the entry's id. */
  publish<Data extends JsonObject>(tx: Tx, event: EventType<Data>, entry: NewEntry<Data>): Promise<number>
  /**
   * Many at once, in their order: one statement, and one job for each subscriber and hundred of its events. Work of the
   * caller's own goes with those jobs, in the same statement.
   */
  publishAll(tx: Tx, entries: readonly Published[], work?: readonly WorkOrder[]): Promise<void>
}

function inJobs<Data extends JsonObject>(
  events: readonly DeliveredEvent<Data>[],
): readonly (DeliveredEvent<Data> | DeliveredBatch<Data>)[] {
  if (events.length <= 1) return events
  const jobs: DeliveredBatch<Data>[] = []
  for (let from = 0; from < events.length; from += mostTogether)
    jobs.push({ events: events.slice(from, from + mostTogether) })
  return jobs
}

/** Subscriptions are asked for at each publish, because rooms are built after the journal they publish to. */
export function createJournal(append: AppendEntries, subscriptions: () => readonly Subscription[]): Journal {
  const concernsNobody = (entries: readonly Published[]): boolean => {
    const all = subscriptions()
    return !entries.some(({ type, entry: { data } }) => all.some((each) => each.event === type && each.concerns(data)))
  }
  const publishAll = async (
    tx: Tx,
    entries: readonly Published[],
    work: readonly WorkOrder[] = [],
    asked: 'ids' | 'nothing' = 'nothing',
  ): Promise<readonly number[]> => {
    if (entries.length === 0) {
      await addWorkNow(tx, work)
      return []
    }
    if (asked === 'nothing' && underWay() === null && concernsNobody(entries)) {
      await append(tx, entries, 'nothing')
      await addWorkNow(tx, work)
      tx.hint('mainstay_journal')
      return []
    }
    const ids = await append(tx, entries, 'ids')
    noteWritten(
      tx,
      entries.map(({ entry: { subject } }, index) => ({ entry: ids[index] ?? 0, ...subject })),
    )
    const delivered = entries.map(({ type, entry: { subject, data } }, index) => ({
      type,
      event: { entryId: ids[index] ?? 0, subjectKind: subject.kind, subjectId: subject.id, data },
    }))
    const jobs = subscriptions().flatMap((each) => {
      const concerned = delivered
        .filter(({ type, event }) => each.event === type && each.concerns(event.data))
        .map(({ event }) => event)
      return inJobs(concerned).map((payload) => ({ job: each.bound.job, payload }))
    })
    await addWorkNow(tx, [...jobs, ...work])
    tx.hint('mainstay_journal')
    return ids
  }
  return {
    publish: async (tx, event, entry) => {
      const [id] = await publishAll(tx, [published(event, entry)], [], 'ids')
      invariant(id !== undefined, 'an entry that was written has an id')
      return id
    },
    publishAll: async (tx, entries, work) => void (await publishAll(tx, entries, work)),
  }
}

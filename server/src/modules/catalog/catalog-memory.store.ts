// What transactions have read of the declared objects, remembered by the process until somebody declares something: an
// alert on its way to a page asks a dozen times for the same service, team and person.
//
// Never stale: whoever asks reads the stamp of the catalog first, in a transaction once, and the stamp changes with every
// change of `resources` (a trigger, in the transaction of the change). What was read under a stamp is no older than it.
import type { Database, Tx } from '../../platform/database/database.ts'
import { type Queries, sql } from '../../platform/database/queries.ts'

type Answers = Map<string, unknown>

interface Memory {
  stamp: string
  answers: Answers
  /** Outside transactions, those who ask while a look is under way share the next one. */
  looking: Promise<Answers> | null
  next: Promise<Answers> | null
}

/** Then everything is forgotten: names that nobody declared are remembered, too, and a sender may make up many. */
const mostAnswers = 20_000

const memories = new WeakMap<object, Memory>()
const views = new WeakMap<Tx, Promise<Answers>>()
const writers = new WeakSet<Queries>()

/** From now on this transaction reads the tables: what it declares is under no stamp that anybody knows. */
export function declares(tx: Tx): void {
  writers.add(tx)
}

/** What is known under the stamp as it is now, in a transaction as it was when it first asked; null for who declares. */
export async function answersFor(queries: Queries): Promise<Answers | null> {
  if (!('home' in queries) || writers.has(queries)) return null
  const within = queries as Tx | Database
  const memory = memories.get(within.home) ?? { stamp: '', answers: new Map(), looking: null, next: null }
  memories.set(within.home, memory)
  if (!('inTransaction' in within)) return lookTogether(within, memory)
  const view = views.get(within) ?? look(within, memory)
  views.set(within, view)
  const answers = await view
  // What was asked for at once may have begun to declare meanwhile.
  return writers.has(queries) ? null : answers
}

/** Asked with other statements at the beginning of a transaction, so that none of its questions waits for the stamp. */
export function knowStamp(tx: Tx): void {
  // Whoever asks then hears why there is none.
  answersFor(tx).catch(() => undefined)
}

async function lookTogether(database: Database, memory: Memory): Promise<Answers> {
  if (memory.looking === null) {
    const looking = look(database, memory).finally(() => {
      memory.looking = null
    })
    memory.looking = looking
    return looking
  }
  memory.next ??= memory.looking
    .catch(() => undefined)
    .then(() => {
      memory.next = null
      return lookTogether(database, memory)
    })
  return memory.next
}

async function look(queries: Queries, memory: Memory): Promise<Answers> {
  const { stamp } = await queries.one(sql<{ stamp: string }>`select stamp from resources_stamp`)
  if (memory.stamp !== stamp || memory.answers.size >= mostAnswers) {
    memory.stamp = stamp
    memory.answers = new Map()
  }
  return memory.answers
}

/** The answer that is known for this question, or what `read` says now. The question names everything it depends on. */
export async function remembered<T>(queries: Queries, question: string, read: () => Promise<T>): Promise<T> {
  const answers = await answersFor(queries)
  if (answers === null) return read()
  if (!answers.has(question)) answers.set(question, frozen(await read()))
  return answers.get(question) as T
}

/** Many read the same object: one that changes it fails at once. */
export function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const part of Object.values(value)) frozen(part)
  return Object.freeze(value)
}

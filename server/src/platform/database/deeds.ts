// A deed is what somebody asked for under a key, to be done exactly once. Whatever transaction first writes on its behalf says in
// its own commit that it is done: a process that dies right after leaves no doubt behind. Who asked is known to the whole call
// (AsyncLocalStorage), so no use case speaks of it; without a key there is nothing to know, and nothing is written.
import { AsyncLocalStorage } from 'node:async_hooks'
import type { Queries } from './queries.ts'

/** An entry of the journal that was written on behalf of a deed. */
export interface Written {
  readonly entry: number
  readonly kind: string
  readonly id: string
}

/** What a transaction on behalf of a deed leaves behind. */
export interface Trail {
  /** What the transaction answered; undefined where a call before it has ended, so that it does not answer for all. */
  readonly result: unknown
  readonly written: readonly Written[]
}

export interface Deed {
  /**
   * Says in a transaction that is about to commit that the deed is done; false where that transaction wrote nothing. Throws where
   * somebody else has taken the deed over, and the transaction is rolled back.
   */
  mark(tx: Queries, trail: Trail): Promise<boolean>
}

/** A call on behalf of a deed. */
export interface Doing {
  readonly deed: Deed
  isDone: boolean
  isOver: boolean
  transactions: number
}

/** A call that finds the answer of a deed that is done: what its transaction answered is answered again, and nothing is written. */
interface Recalling {
  readonly result: unknown
  isTaken: boolean
}

const calls = new AsyncLocalStorage<{ readonly doing: Doing } | { readonly recalling: Recalling } | undefined>()

export async function onBehalfOf<T>(deed: Deed, work: () => Promise<T>): Promise<T> {
  const doing: Doing = { deed, isDone: false, isOver: false, transactions: 0 }
  try {
    return await calls.run({ doing }, work)
  } finally {
    // What the call has set going in the background is nobody's deed.
    doing.isOver = true
  }
}

/** Runs the work of a deed that is done, to learn its answer. Whatever would write is refused. */
export function recalling<T>(result: unknown, work: () => Promise<T>): Promise<T> {
  return calls.run({ recalling: { result, isTaken: false } }, work)
}

/** For what is done for many at once: it is nobody's deed, and what comes twice is known by itself. */
export function forNobody<T>(work: () => T): T {
  return calls.run(undefined, work)
}

/** The call on behalf of a deed that is not said to be done; null where nobody asked with a key, or all is said already. */
export function underWay(): Doing | null {
  const call = calls.getStore()
  if (call === undefined || !('doing' in call) || call.doing.isDone || call.doing.isOver) return null
  return call.doing
}

/** For whom a transaction is. */
export interface Behalf {
  readonly doing: Doing
  readonly isFirst: boolean
}

/** Asked once for each transaction, however often it is tried. */
export function takeBehalf(): Behalf | null {
  const doing = underWay()
  if (doing === null) return null
  doing.transactions += 1
  return { doing, isFirst: doing.transactions === 1 }
}

/** Right before the commit; the caller notes after it that the deed is done. */
export async function markIn(tx: Queries, { doing, isFirst }: Behalf, result: unknown): Promise<boolean> {
  if (doing.isDone) return false
  return doing.deed.mark(tx, { result: isFirst ? result : undefined, written: entries.get(tx) ?? [] })
}

/** Whether anything is to be heeded: a call without a key asks no more than this. */
export const isForADeed = (): boolean => calls.getStore() !== undefined

export const isRecalling = (): boolean => {
  const call = calls.getStore()
  return call !== undefined && 'recalling' in call
}

/** What the transaction of a deed answered then. It had one: another one would be new work. */
export function recallResult(): unknown {
  const call = calls.getStore()
  if (call === undefined || !('recalling' in call) || call.recalling.isTaken) throw notRecalled()
  call.recalling.isTaken = true
  return call.recalling.result
}

export const notRecalled = (): Error => new Error('A deed that is done writes nothing again.')

const entries = new WeakMap<Queries, Written[]>()
const mostWritten = 5

/** The first few are enough to find the rest. */
export function noteWritten(tx: Queries, written: readonly Written[]): void {
  if (underWay() === null) return
  const known = entries.get(tx) ?? []
  entries.set(tx, known)
  known.push(...written.slice(0, Math.max(0, mostWritten - known.length)))
}

/** Whether a statement of its own changes anything. Functions that write are called in transactions. */
export function isWriting(text: string): boolean {
  return (
    /^\s*(insert|update|delete|merge|truncate)\b/i.test(text) ||
    /^\s*with\b[\s\S]*\b(insert\s+into|update|delete\s+from)\b/i.test(text)
  )
}

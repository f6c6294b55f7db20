// What many steps of one transaction read and none of them writes, read once: policies, people, services of a storm.
import type { Tx } from './database.ts'

const known = new WeakMap<Tx, Map<string, Promise<unknown>>>()

/** The first answer of the transaction for this key. The key names everything the answer depends on. */
export function onceIn<T>(tx: Tx, key: string, read: () => Promise<T>): Promise<T> {
  const answers = known.get(tx) ?? new Map<string, Promise<unknown>>()
  known.set(tx, answers)
  const answer = (answers.get(key) as Promise<T> | undefined) ?? read()
  answers.set(key, answer)
  return answer
}

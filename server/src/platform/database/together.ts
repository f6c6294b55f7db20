// Who comes while others are under way gathers and goes with the next round: a statement, a commit and a disk's flush cost
// the same for one as for many.
import { AppError } from '../../kernel/app-error.ts'
import { monotonicMs } from '../monotonic.ts'
import { forNobody } from './deeds.ts'

export interface Together<T, R> {
  /** Answers what `run` answered for this item. */
  add(item: T): Promise<R>
}

export interface Rounds<T, R> {
  /** A round that is being filled: false for an item that waits, with all behind it, for the next one. The first always fits. */
  readonly fill: () => (item: T) => boolean
  /** Answers in the order of the items. When a round of several fails, each of them is run alone. */
  readonly run: (items: readonly T[]) => Promise<readonly R[]>
  /**
   * For how long a round that could begin waits for more; 0, as without it, begins at once. Asked of those that wait, again
   * whenever one more does: 0 ends such a wait.
   */
  readonly gatherMs?: (waiting: readonly T[]) => number
}

/**
 * When a round has to wait for somebody else's lock, those that gather do not wait with it. One that takes twice as long as
 * rounds usually do waits: on a busy machine all are slow, and more of them at once would only be smaller ones.
 */
const leastPatienceMs = 20
const mostPatienceMs = 200
const atOnce = 4

interface Waiting<T, R> {
  readonly item: T
  readonly resolve: (result: R) => void
  readonly reject: (error: unknown) => void
}

export function createTogether<T, R>({ fill, run, gatherMs = () => 0 }: Rounds<T, R>): Together<T, R> {
  const waiting: Waiting<T, R>[] = []
  let running = 0
  let lookingAgain = false
  /** How long rounds take, the newest counting an eighth. */
  let usualMs = 0
  /** Ends the wait for more; null while nobody gathers. */
  let beginNow: (() => void) | null = null

  const toGatherMs = (): number => gatherMs(waiting.map(({ item }) => item))

  async function gather(): Promise<void> {
    const ms = beginNow === null ? toGatherMs() : 0
    if (ms <= 0) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      beginNow = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    beginNow = null
  }

  function takeRound(): readonly Waiting<T, R>[] {
    const fits = fill()
    let count = 0
    for (const { item } of waiting) {
      if (!fits(item) && count > 0) break
      count += 1
    }
    return waiting.splice(0, count)
  }

  async function runAlone({ item, resolve, reject }: Waiting<T, R>): Promise<void> {
    try {
      resolve(answerOf(await run([item]), 0))
    } catch (error) {
      reject(error)
    }
  }

  async function runRound(round: readonly Waiting<T, R>[]): Promise<void> {
    const began = monotonicMs()
    try {
      const results = await run(round.map(({ item }) => item))
      usualMs += (monotonicMs() - began - usualMs) / 8
      for (const [index, each] of round.entries()) each.resolve(answerOf(results, index))
    } catch (error) {
      // A database that is away is away for each of them.
      const isPassing = error instanceof AppError && error.kind === 'unavailable'
      for (const each of round) {
        if (isPassing || round.length === 1) each.reject(error)
        else await runAlone(each)
      }
    }
  }

  async function runAll(): Promise<void> {
    while (waiting.length > 0) {
      await gather()
      const round = takeRound()
      if (round.length > 0) await runRound(round)
    }
    running -= 1
  }

  return {
    add: (item) =>
      new Promise((resolve, reject) => {
        waiting.push({ item, resolve, reject })
        if (beginNow !== null && toGatherMs() <= 0) beginNow()
        if (running === 0) {
          running += 1
          // What came in the same turn of the loop goes together, too.
          setImmediate(() => void forNobody(runAll))
        } else if (running < atOnce && !lookingAgain && beginNow === null) {
          lookingAgain = true
          const patience = Math.min(mostPatienceMs, Math.max(leastPatienceMs, 2 * usualMs))
          setTimeout(() => {
            lookingAgain = false
            if (waiting.length === 0) return
            running += 1
            void forNobody(runAll)
          }, patience)
        }
      }),
  }
}

function answerOf<R>(results: readonly R[], index: number): R {
  if (index >= results.length) throw new Error('A round answers each of its items.')
  return results[index] as R
}

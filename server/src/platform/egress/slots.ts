// Counts open exchanges: so many for a target, so many for its connector. A hanging target fills its own slots and
// leaves the connector's to the others.
import { AppError } from '../../kernel/app-error.ts'

/** Waiting for one target. Beyond it the caller's own queue is the better place. */
const maxWaiting = 256

interface Lane {
  open: number
  readonly waiting: (() => void)[]
}

export interface Slots {
  /** Waits for a slot of each lane in turn, and gives the way back. Rejects when `signal` fires first. */
  take(lanes: readonly { readonly name: string; readonly size: number }[], signal: AbortSignal): Promise<() => void>
  open(): number
}

export function createSlots(): Slots {
  const lanes = new Map<string, Lane>()

  async function takeOne(name: string, size: number, signal: AbortSignal): Promise<() => void> {
    const lane = lanes.get(name) ?? { open: 0, waiting: [] }
    lanes.set(name, lane)
    if (lane.open < size) lane.open += 1
    else {
      if (lane.waiting.length >= maxWaiting)
        throw new AppError('unavailable', 'egress.busy', 'Too many requests are waiting for this target.', {
          retryAfterSeconds: 5,
        })
      await waitFor(lane, signal)
    }
    return () => {
      // The slot is handed on, not freed and taken again: nobody can slip in between.
      const next = lane.waiting.shift()
      if (next !== undefined) next()
      else lane.open -= 1
      if (lane.open === 0) lanes.delete(name)
    }
  }

  return {
    async take(wanted, signal) {
      const held: (() => void)[] = []
      const release = (): void => {
        for (const each of held.splice(0).reverse()) each()
      }
      try {
        for (const { name, size } of wanted) held.push(await takeOne(name, size, signal))
      } catch (cause) {
        release()
        throw cause
      }
      return release
    },
    open: () => [...lanes.values()].reduce((sum, lane) => sum + lane.open, 0),
  }
}

function waitFor(lane: Lane, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const turn = (): void => {
      signal.removeEventListener('abort', leave)
      resolve()
    }
    const leave = (): void => {
      lane.waiting.splice(lane.waiting.indexOf(turn), 1)
      reject(signal.reason)
    }
    if (signal.aborted) return reject(signal.reason)
    lane.waiting.push(turn)
    signal.addEventListener('abort', leave, { once: true })
  })
}

// The virtual clock: a heap of what happens when. Ties are settled by the order of planning, never by chance.
import { type Instant, instant } from '../../src/kernel/instant.ts'

export interface Planned {
  readonly at: Instant
  cancel(): void
}

interface Entry {
  readonly at: Instant
  readonly order: number
  run: (() => void) | null
}

export class Timeline {
  now: Instant
  ran = 0
  private planned = 0
  private readonly heap: Entry[] = []

  constructor(start: Instant) {
    this.now = start
  }

  /** Never in the past: what is due is due now. */
  at(at: number, run: () => void): Planned {
    const entry: Entry = { at: instant(Math.max(this.now, Math.ceil(at))), order: this.planned, run }
    this.planned += 1
    this.push(entry)
    return {
      at: entry.at,
      cancel: () => {
        entry.run = null
      },
    }
  }

  after(delayMs: number, run: () => void): Planned {
    return this.at(this.now + delayMs, run)
  }

  runUntil(end: Instant): void {
    for (;;) {
      const next = this.heap[0]
      if (next === undefined || next.at > end) break
      this.pop()
      if (next.run === null) continue
      this.now = next.at
      this.ran += 1
      next.run()
    }
    this.now = end
  }

  private push(entry: Entry): void {
    const { heap } = this
    let index = heap.push(entry) - 1
    while (index > 0) {
      const parent = (index - 1) >> 1
      const above = heap[parent]
      if (above === undefined || isBefore(above, entry)) break
      heap[index] = above
      index = parent
    }
    heap[index] = entry
  }

  private pop(): void {
    const { heap } = this
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    let index = 0
    for (;;) {
      const left = 2 * index + 1
      const [a, b] = [heap[left], heap[left + 1]]
      const child = b !== undefined && a !== undefined && isBefore(b, a) ? left + 1 : left
      const below = heap[child]
      if (below === undefined || isBefore(last, below)) break
      heap[index] = below
      index = child
    }
    heap[index] = last
  }
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order)
}

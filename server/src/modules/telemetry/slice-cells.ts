// What a fold adds to slices, until it is written with all else.
import { instant } from '../../kernel/instant.ts'
import type { SliceAddition } from './slices.store.ts'
import type { Stream } from './stream.ts'

interface Cell {
  good: number
  bad: number
  total: number
  corrected: boolean
}

/** What a fold adds to the slices of one stream. */
export class Cells {
  readonly stream: Pick<Stream, 'key' | 'sliceMs'>
  readonly #bySlice = new Map<number, Cell>()
  #lastStart = Number.NaN
  #last: Cell = { good: 0, bad: 0, total: 0, corrected: false }

  constructor(stream: Pick<Stream, 'key' | 'sliceMs'>) {
    this.stream = stream
  }

  at(sliceStart: number): Cell {
    if (sliceStart === this.#lastStart) return this.#last
    const found = this.#bySlice.get(sliceStart) ?? { good: 0, bad: 0, total: 0, corrected: false }
    this.#bySlice.set(sliceStart, found)
    this.#lastStart = sliceStart
    this.#last = found
    return found
  }

  take(into: SliceAddition[]): void {
    if (this.#bySlice.size === 0) return
    for (const [sliceStart, { good, bad, total, corrected }] of this.#bySlice)
      into.push({ stream: this.stream.key, sliceStart: instant(sliceStart), good, bad, total, corrected })
    this.#bySlice.clear()
    this.#lastStart = Number.NaN
  }
}

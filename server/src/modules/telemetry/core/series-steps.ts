// What one scrape moved, as bytes. Nearly every series of a target moves with each scrape, by one reading of the same instant: such a step is
// told by where the series stands and by how much it grew, three bytes or so, and counting it again gives what stands in memory.
// Series of which more is to be told stand behind the steps as in a pack.
//
// 1 byte version · f64 clock · f64 instant of the readings · u32 bytes of steps · for each step: how far behind the last place,
// then how much it grew and one, or 0 and the reading as f64 · a pack of series.
import { type PackedSeries, packSeries, unpackSeries } from './series-pack.ts'

const version = 1
const headSize = 21

/** Grows as it is written to. */
export class StepWriter {
  #bytes = new Uint8Array(1_024)
  #view = new DataView(this.#bytes.buffer)
  #at = 0
  #place = -1

  /** Places ascend, or stand wherever: a step back costs a few bytes more. `before`: the last reading of the series. */
  put(place: number, value: number, before: number): void {
    if (this.#at + 32 > this.#bytes.length) this.#grow()
    const ahead = place - this.#place
    this.#place = place
    // Even: ahead; odd: back.
    this.#number(ahead >= 0 ? 2 * ahead : -2 * ahead + 1)
    const gain = value - before
    if (Number.isSafeInteger(value) && Number.isSafeInteger(before) && gain >= 0 && Number.isSafeInteger(gain + 1))
      this.#number(gain + 1)
    else {
      this.#number(0)
      this.#view.setFloat64(this.#at, value, true)
      this.#at += 8
    }
  }

  #number(value: number): void {
    let left = value
    while (left >= 128) {
      this.#bytes[this.#at] = (left % 128) + 128
      this.#at += 1
      left = Math.floor(left / 128)
    }
    this.#bytes[this.#at] = left
    this.#at += 1
  }

  #grow(): void {
    const bytes = new Uint8Array(2 * this.#bytes.length)
    bytes.set(this.#bytes)
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer)
  }

  /** What was written since the last time. */
  take(): Uint8Array {
    const taken = this.#bytes.slice(0, this.#at)
    this.#at = 0
    this.#place = -1
    return taken
  }
}

export interface ScrapeMove {
  /** The clock by which it was counted. */
  readonly now: number
  readonly at: number
  readonly steps: Uint8Array
  readonly whole: readonly PackedSeries[]
}

export function packMove({ now, at, steps, whole }: ScrapeMove): Uint8Array {
  const pack = packSeries(whole)
  const bytes = new Uint8Array(headSize + steps.length + pack.length)
  const view = new DataView(bytes.buffer)
  bytes[0] = version
  view.setFloat64(1, now, true)
  view.setFloat64(9, at, true)
  view.setUint32(17, steps.length, true)
  bytes.set(steps, headSize)
  bytes.set(pack, headSize + steps.length)
  return bytes
}

export function unpackMove(bytes: Uint8Array): ScrapeMove {
  if (bytes[0] !== version) throw new Error(`A scrape's moves of version ${bytes[0]} are not known.`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = headSize + view.getUint32(17, true)
  return {
    now: view.getFloat64(1, true),
    at: view.getFloat64(9, true),
    steps: bytes.subarray(headSize, end),
    whole: unpackSeries(bytes.subarray(end)),
  }
}

/** `before` answers the last reading of the series at a place, `take` goes on from it. */
export function eachStep(
  steps: Uint8Array,
  before: (place: number) => number,
  take: (place: number, value: number) => void,
): void {
  const view = new DataView(steps.buffer, steps.byteOffset, steps.byteLength)
  let [at, place] = [0, -1]
  const number = (): number => {
    let [value, scale] = [0, 1]
    for (;;) {
      const byte = steps[at]
      if (byte === undefined) throw new Error("A scrape's moves end too early.")
      at += 1
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
      scale *= 128
    }
  }
  while (at < steps.length) {
    const ahead = number()
    place += ahead % 2 === 0 ? ahead / 2 : -(ahead - 1) / 2
    const gain = number()
    if (gain > 0) take(place, before(place) + gain - 1)
    else {
      take(place, view.getFloat64(at, true))
      at += 8
    }
  }
}

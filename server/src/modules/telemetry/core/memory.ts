// What was read before from the same bytes. A sender names the same series with every request, so their names are read once
// and found again as the very same objects; whoever goes on with them may keep by the object what it worked out.
import type { Attributes } from './selector.ts'

/** Bounded: two generations, the older one goes when the younger is full. What is asked for again stays. */
export class Shelf<T> {
  readonly #most: number
  #young = new Map<string, T>()
  #old = new Map<string, T>()

  constructor(most: number) {
    this.#most = most
  }

  find(key: string): T | undefined {
    const found = this.#young.get(key)
    if (found !== undefined) return found
    const old = this.#old.get(key)
    if (old !== undefined) this.keep(key, old)
    return old
  }

  keep(key: string, value: T): void {
    if (this.#young.size >= this.#most) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(key, value)
  }
}

/** Names of one series in remote write. */
export interface SeriesNames {
  readonly labels: ReadonlyMap<string, string>
  /** Why it is no series. */
  readonly fault: string | null
  /** By the label of a replica that was taken out; '' when none was. */
  readonly told: Map<string, ToldNames>
  /** What it was read from: bytes in 1.0, texts in 2.0. */
  readonly bytes: Uint8Array | null
  readonly texts: readonly string[] | null
  /** What stood behind it in the last request: most likely what stands there in the next one, too. */
  next: SeriesNames | null
}

/** What somebody worked out for a series; `told.use` is theirs to set, and theirs to ask whether it still holds. */
export abstract class SeriesUse {}

export interface ToldNames {
  readonly metric: string
  /** '' where none is told: remote write has neither. */
  readonly unit: string
  readonly scope: string
  readonly target: string
  readonly resource: Attributes
  readonly attributes: Attributes
  use: SeriesUse | null
  /** The same for who counts what is sent. */
  seen: SeriesUse | null
}

/** Attributes of a point of one metric in OTLP. */
export interface SumNames {
  readonly told: ToldNames
  readonly bytes: Uint8Array
  /** Of the point that stood behind it in the last request. */
  next: SumNames | null
}

/** A metric of one resource and scope. */
export interface MetricNames {
  readonly name: string
  readonly unit: string
  /** Its points may be read without objects. */
  readonly plain: boolean
  readonly points: Map<string, SumNames>
  first: SumNames | null
}

/** Where points are gathered until it is known how many they are; used again by the next request. */
export interface SumRoom {
  times: Float64Array
  values: Float64Array
}

export const openRoom = (points: number): SumRoom => ({
  times: new Float64Array(points),
  values: new Float64Array(points),
})

export interface DecodeMemory {
  /** Bytes as a text that tells them apart. */
  readonly keyOf: (bytes: Uint8Array, start: number, end: number) => string
  readonly series: Shelf<SeriesNames>
  readonly attributes: Shelf<Attributes>
  /** By resource, then by what tells a metric from others; and how many points that are. */
  readonly sums: { of: WeakMap<Attributes, Map<string, MetricNames>>; points: number; readonly room: SumRoom }
  /** What the last request began with, in 1.0 and 2.0. */
  first: SeriesNames | null
  second: SeriesNames | null
}

// Some 1 kB each: 100 MB when a sender has 100,000 series and more, a few where there are few.
const mostSeries = 50_000
const mostAttributes = 20_000

export function newDecodeMemory(keyOf: DecodeMemory['keyOf']): DecodeMemory {
  const shelves = { series: new Shelf<SeriesNames>(mostSeries), attributes: new Shelf<Attributes>(mostAttributes) }
  const sums = { of: new WeakMap<Attributes, Map<string, MetricNames>>(), points: 0, room: openRoom(1_024) }
  return { keyOf, ...shelves, sums, first: null, second: null }
}

/** Whether these bytes stand there. Names are short: asking the platform costs more than looking. */
export function standsThere(bytes: Uint8Array, start: number, known: Uint8Array): boolean {
  for (let index = 0; index < known.length; index += 1) if (bytes[start + index] !== known[index]) return false
  return true
}

// A latency as short text: what stands in a row for each service and minute. Runs of empty buckets are one negative number.
import { type Latency, type Layout, type Sketch, type Unit, units } from './latency.ts'

type SketchText = readonly [unit: Unit, scale: number, zero: number, zeroMax: number, first: number, ...runs: number[]]
interface LatencyText {
  readonly s?: readonly SketchText[]
  readonly l?: readonly (readonly [bounds: readonly number[], counts: readonly number[]])[]
  readonly u?: number
}

export function writeLatency({ sketches, layouts, unplaced }: Latency): string {
  const text: LatencyText = {
    ...(sketches.length === 0 ? {} : { s: sketches.map(writeSketch) }),
    ...(layouts.length === 0 ? {} : { l: layouts.map(({ bounds, counts }) => [bounds, counts] as const) }),
    ...(unplaced === 0 ? {} : { u: unplaced }),
  }
  return JSON.stringify(text)
}

function writeSketch({ unit, scale, zero, zeroMax, buckets }: Sketch): SketchText {
  const first = buckets[0]?.[0] ?? 0
  const runs: number[] = []
  let next = first
  for (const [index, count] of buckets) {
    if (index > next) runs.push(next - index)
    runs.push(count)
    next = index + 1
  }
  return [unit, scale, zero, zeroMax, first, ...runs]
}

/** Null when it is none: the row is then shown as not measured. */
export function readLatency(text: string): Latency | null {
  const value = parse(text)
  if (!isObject(value)) return null
  const [sketches, layouts] = [listOf(value.s).map(readSketch), listOf(value.l).map(readLayout)]
  if (sketches.includes(null) || layouts.includes(null)) return null
  return {
    sketches: sketches.filter((each) => each !== null),
    layouts: layouts.filter((each) => each !== null),
    unplaced: typeof value.u === 'number' ? value.u : 0,
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
const isNumbers = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'number')
const isUnit = (value: unknown): value is Unit => typeof value === 'string' && value in units

function readLayout(value: unknown): Layout | null {
  const [bounds, counts] = listOf(value)
  return isNumbers(bounds) && isNumbers(counts) ? { bounds, counts } : null
}

function readSketch(value: unknown): Sketch | null {
  const [unit, ...numbers] = listOf(value)
  if (!isUnit(unit) || !isNumbers(numbers)) return null
  const [scale = 0, zero = 0, zeroMax = 0, first = 0, ...runs] = numbers
  const buckets: (readonly [number, number])[] = []
  let next = first
  for (const run of runs) {
    if (run < 0) next -= run
    else {
      buckets.push([next, run])
      next += 1
    }
  }
  return { unit, scale, zero, zeroMax, buckets }
}

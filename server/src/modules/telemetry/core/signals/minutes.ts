// What one minute of a service adds up to. Nothing told is null, which is not zero.
import { minute } from '../../../../kernel/duration.ts'
import { apportion } from '../apportion.ts'
import type { HistogramValue } from '../histogram-model.ts'
import { resources, type SaturatedResource } from './families.ts'
import { type Latency, mergeLatency } from './latency.ts'

export interface SignalMinute {
  /** Requests answered; null when nobody told. */
  readonly traffic: number | null
  /** Of them, those that say how they ended. */
  readonly judged: number
  readonly errors: number
  readonly latency: Latency | null
  /** The highest told, 1 is full; a resource that nobody told of is left out. */
  readonly saturation: Readonly<Partial<Record<SaturatedResource, number>>>
}

export const emptyMinute: SignalMinute = { traffic: null, judged: 0, errors: 0, latency: null, saturation: {} }

/** Associative and commutative, as every part is. */
export function mergeMinutes(a: SignalMinute, b: SignalMinute): SignalMinute {
  return {
    traffic: a.traffic === null || b.traffic === null ? (a.traffic ?? b.traffic) : a.traffic + b.traffic,
    judged: a.judged + b.judged,
    errors: a.errors + b.errors,
    latency: a.latency === null || b.latency === null ? (a.latency ?? b.latency) : mergeLatency(a.latency, b.latency),
    saturation: Object.fromEntries(
      resources.flatMap((each) => {
        const told = [a.saturation[each], b.saturation[each]].filter((value) => value !== undefined)
        return told.length === 0 ? [] : [[each, Math.max(...told)] as const]
      }),
    ),
  }
}

/** The minutes that a stretch touches, with how much of each lies in it. */
export function minutesOf(from: number, to: number): readonly { readonly start: number; readonly ms: number }[] {
  const found: { start: number; ms: number }[] = []
  for (let start = Math.floor(from / minute) * minute; start < to; start += minute)
    found.push({ start, ms: Math.min(start + minute, to) - Math.max(start, from) })
  return found
}

/** A value of a whole stretch, shared out over its minutes in whole events; none is lost and none is made up. */
export function shareOut<Value extends number | HistogramValue>(
  value: Value,
  weights: readonly number[],
): readonly Value[]
export function shareOut(
  value: number | HistogramValue,
  weights: readonly number[],
): readonly (number | HistogramValue)[] {
  if (weights.length === 1) return [value]
  if (typeof value === 'number') return apportion(value, weights)
  const none = weights.map(() => 0)
  const share = weights.length === 2 ? halves(weights) : (count: number) => apportion(count, weights)
  const columns = (counts: readonly number[]) => counts.map((count) => (count === 0 ? none : share(count)))
  const row = (shares: readonly (readonly number[])[], index: number) => shares.map((share) => share[index] ?? 0)
  if (value.kind === 'explicit') {
    const shares = columns(value.counts)
    return weights.map((_, index) => ({ ...value, counts: row(shares, index) }))
  }
  const [zero, up, down] = [
    apportion(value.zeroCount, weights),
    columns(value.positive.counts),
    columns(value.negative.counts),
  ]
  return weights.map((_, index) => ({
    ...value,
    zeroCount: zero[index] ?? 0,
    positive: { ...value.positive, counts: row(up, index) },
    negative: { ...value.negative, counts: row(down, index) },
  }))
}

/** Two parts, the usual case, without the lists that sharing out among many takes. */
function halves([first = 0, second = 0]: readonly number[]): (count: number) => readonly number[] {
  const sum = first + second
  return (count) => {
    if (!Number.isSafeInteger(count * sum)) return apportion(count, [first, second])
    const part = Math.floor((count * first) / sum)
    const other = Math.floor((count * second) / sum)
    if (part + other === count) return [part, other]
    return (count * first) % sum >= (count * second) % sum ? [part + 1, other] : [part, other + 1]
  }
}

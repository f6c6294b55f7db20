// A counter that is kept up to date in place. The same amounts as `advanceSeries` gives, sample by sample; the usual case,
// a sample behind the last one and no fewer than it, makes no objects. Everything else is decided by `advanceSeries` itself.
import { type Instant, instant } from '../../../kernel/instant.ts'
import { advanceSeries, type CounterState } from './counter.ts'
import { mostFutureMs, type SeriesFindingKind, type SeriesRules } from './series.ts'

export interface CounterTrack {
  readonly rules: SeriesRules
  /** The readings of `recent`, oldest first. */
  readonly at: number[]
  readonly values: number[]
  /** When counting began; 0 when nobody said. */
  readonly starts: number[]
  whole: boolean
  carry: number
}

/** What a track has to tell while it goes on. */
export interface TrackListener {
  add(sliceStart: Instant, count: number): void
  find(kind: SeriesFindingKind): void
}

/** Samples of one series: `from` up to, not with, `to`. */
export interface SampleRun {
  readonly times: Float64Array
  readonly values: Float64Array
  readonly from: number
  readonly to: number
  /** 0 when nobody said. */
  readonly createdMs: number
}

export const openTrack = (rules: SeriesRules): CounterTrack => ({
  rules,
  at: [],
  values: [],
  starts: [],
  whole: true,
  carry: 0,
})

export function stateOf(track: CounterTrack): CounterState {
  const recent = track.at.map((at, index) => {
    const startAt = track.starts[index] ?? 0
    return { at: instant(at), value: track.values[index] ?? 0, startAt: startAt > 0 ? instant(startAt) : null }
  })
  return { rules: track.rules, recent, whole: track.whole, carry: track.carry }
}

export function trackOf(state: CounterState): CounterTrack {
  const track = openTrack(state.rules)
  put(track, state)
  return track
}

function put(track: CounterTrack, { recent, whole, carry }: CounterState): void {
  const { at, values, starts } = track
  at.length = 0
  values.length = 0
  starts.length = 0
  for (const reading of recent) {
    at.push(reading.at)
    values.push(reading.value)
    starts.push(reading.startAt ?? 0)
  }
  track.whole = whole
  track.carry = carry
}

/** Goes on in the order of time. */
export function advanceTrack(track: CounterTrack, run: SampleRun, now: Instant, listener: TrackListener): void {
  const { times, values, from, to } = run
  for (let index = from + 1; index < to; index += 1)
    if ((times[index] ?? 0) < (times[index - 1] ?? 0)) {
      advanceTrack(track, sorted(run), now, listener)
      return
    }
  const { at, values: known, starts, rules } = track
  const { sliceMs, intervalMs } = rules
  const cumulative = rules.temporality === 'cumulative'
  const latest = now + mostFutureMs
  let [slice, sum] = [Number.NaN, 0]
  for (let index = from; index < to; index += 1) {
    const [time, value] = [times[index] ?? 0, values[index] ?? 0]
    const last = at.length - 1
    const [lastAt, lastValue] = [at[last] ?? Number.POSITIVE_INFINITY, known[last] ?? 0]
    const arrival = time > slice && time <= slice + sliceMs ? slice : Math.floor((time - 1) / sliceMs) * sliceMs
    const plain =
      cumulative &&
      time > lastAt &&
      time <= latest &&
      value >= lastValue &&
      lastValue >= 0 &&
      value <= Number.MAX_SAFE_INTEGER &&
      starts[last] === run.createdMs &&
      run.createdMs <= lastAt &&
      (time - lastAt <= 2 * intervalMs || lastAt >= arrival)
    if (!plain) {
      if (sum !== 0) listener.add(instant(slice), sum)
      ;[slice, sum] = [Number.NaN, 0]
      advanceOne(track, { time, value, createdMs: run.createdMs }, now, listener)
      continue
    }
    if (arrival !== slice) {
      if (sum !== 0) listener.add(instant(slice), sum)
      slice = arrival
      sum = 0
    }
    sum += Math.floor(value) - Math.floor(lastValue)
    at.push(time)
    known.push(value)
    starts.push(run.createdMs)
    dropOld(track)
  }
  if (sum !== 0) listener.add(instant(slice), sum)
}

// As in `advance`: the newest stays for the next difference, and one older than the lateness for a late one to lean on.
function dropOld(track: CounterTrack): void {
  const { at, values, starts, rules } = track
  const floor = (at[at.length - 1] ?? 0) - rules.latenessMs
  while (at.length > rules.keep || (at[1] ?? Number.POSITIVE_INFINITY) <= floor) {
    at.shift()
    values.shift()
    starts.shift()
    track.whole = false
  }
}

function advanceOne(
  track: CounterTrack,
  { time, value, createdMs }: { readonly time: number; readonly value: number; readonly createdMs: number },
  now: Instant,
  listener: TrackListener,
): void {
  const reading = { at: instant(time), value, startAt: createdMs > 0 ? instant(createdMs) : null }
  const step = advanceSeries(stateOf(track), reading, now)
  put(track, step.state)
  for (const { sliceStart, counts } of step.deltas) listener.add(sliceStart, counts[0] ?? 0)
  for (const { kind } of step.findings) listener.find(kind)
}

function sorted({ times, values, from, to, createdMs }: SampleRun): SampleRun {
  const order = Array.from({ length: to - from }, (_, index) => from + index).sort(
    (a, b) => (times[a] ?? 0) - (times[b] ?? 0),
  )
  return {
    times: Float64Array.from(order, (index) => times[index] ?? 0),
    values: Float64Array.from(order, (index) => values[index] ?? 0),
    from: 0,
    to: order.length,
    createdMs,
  }
}

// Counters: whole events per slice from cumulative or delta readings.
//
// Fractions. OTLP may send doubles, and some counters do count parts (seconds, shares of a request). A cumulative
// counter is counted as floor(now) − floor(before): the sum telescopes to the floor of the last reading, so no
// fraction is ever lost or counted twice. A delta counter carries what is left over, in millionths, to its next
// reading: 1 000 000 × (events counted) + carry = Σ of all increments in millionths, exactly.
import { type Instant, instant } from '../../../kernel/instant.ts'
import {
  advance,
  isRefusal,
  type Measure,
  openSeries,
  type Reading,
  type SeriesFindingKind,
  type SeriesRules,
  type SeriesState,
  type SeriesStep,
} from './series.ts'
import { sliceEndingAt } from './slice.ts'

export type CounterReading = Reading<number>

export interface CounterState extends SeriesState<number> {
  /** Millionths of an event not yet counted; only ever above 0 for delta counters with fractions. */
  readonly carry: number
}

const millionths = 1_000_000

const counting: Measure<number> = {
  whole: (value) => [Math.floor(value)],
  difference: (before, after) => (after < before ? 'reset' : [Math.floor(after) - Math.floor(before)]),
  same: (a, b) => a === b,
}

export function openCounter(rules: SeriesRules): CounterState {
  return { ...openSeries<number>(rules), carry: 0 }
}

/** The deltas hold one count each. A refused reading changes nothing and is named in the findings. */
export function advanceSeries(state: CounterState, reading: CounterReading, now: Instant): SeriesStep<CounterState> {
  const fault = faultOf(reading.value)
  if (fault !== null) return { state, deltas: [], findings: [{ kind: fault, at: reading.at }] }
  const step = advance(state, reading, counting, now)
  const refused = step.findings.some((finding) => isRefusal(finding.kind))
  if (state.rules.temporality === 'cumulative' || refused)
    return { ...step, state: refused ? state : { ...step.state, carry: state.carry } }

  // floor(fraction × 10^6) is exact enough: it never carries a unit that the increments did not contain.
  const fraction = Math.floor((reading.value - Math.floor(reading.value)) * millionths)
  const carry = state.carry + fraction
  if (carry < millionths) return { ...step, state: { ...step.state, carry } }
  const extra = { sliceStart: sliceEndingAt(instant(reading.at), state.rules.sliceMs), counts: [1] }
  return { ...step, deltas: [...step.deltas, extra], state: { ...step.state, carry: carry - millionths } }
}

function faultOf(value: number): SeriesFindingKind | null {
  if (!Number.isFinite(value)) return 'not-finite'
  if (value < 0) return 'negative'
  return value > Number.MAX_SAFE_INTEGER ? 'too-large' : null
}

// The numbers the detector decides by: one set for every series, found on the Numenta Anomaly Benchmark
// (bench/eval/nab.ts) with 69.4; the median of 216 sets around them scores 62.7, so little hangs on any one of them.
import type { RecordRules } from './record.ts'
import type { SeasonRules } from './season.ts'

export interface AnomalyRules {
  /** Nothing is told before so many points. */
  readonly pointsToLearn: number
  readonly season: SeasonRules
  /** Half-life, in points, of the middle without a season and of the usual distances. */
  readonly levelHalfLife: number
  readonly edge: number
  readonly record: RecordRules
  /** A new record by this logarithm is unusual. */
  readonly threshold: number
  /** So many points after the start of something unusual nothing else is told. */
  readonly quietPoints: number
  /** So many points in a row nearer than half of how far it was end it. */
  readonly pointsToEnd: number
}

const rules: AnomalyRules = {
  pointsToLearn: 180,
  season: { pointsForDay: 3, pointsForWeek: 12, halfLife: 120 },
  levelHalfLife: 4000,
  edge: 4,
  record: { halfLife: 2000, slack: 5, mostRise: 1.5 },
  threshold: 0.05,
  quietPoints: 120,
  pointsToEnd: 3,
}

export type Sensitivity = 'hint' | 'eager'

/**
 * `eager` is the threshold the benchmark rewards most: it finds 49 of its 57 windows, with one false alarm in five days
 * of a series. `hint` asks for a fifth beyond anything the series remembers: 35 of them, one in fourteen days. That is
 * what people are shown unasked.
 */
export const rulesFor: Readonly<Record<Sensitivity, AnomalyRules>> = {
  eager: rules,
  hint: { ...rules, threshold: 0.2 },
}

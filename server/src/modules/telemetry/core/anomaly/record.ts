// How far beyond the farthest of late something is. What counts is not the distance, whose scale no rule fits for all
// series, but whether this series was ever so far out in the time it remembers.

export interface RecordRules {
  readonly halfLife: number
  /** Added to both sides of the ratio, in spreads: small distances are no records worth telling. */
  readonly slack: number
  /** One point raises the record by this factor at most: one outlier does not hide the next. */
  readonly mostRise: number
}

/** The logarithm of the ratio to the record: 0 and less is nothing new. */
export function beyond(record: number, distance: number, rules: RecordRules): number {
  return Math.log((distance + rules.slack) / (record + rules.slack))
}

export function raise(record: number, distance: number, { halfLife, slack, mostRise }: RecordRules): number {
  const ceiling = (record + slack) * mostRise - slack
  return Math.max(record * 0.5 ** (1 / halfLife), Math.min(distance, ceiling))
}

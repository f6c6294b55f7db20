// The pure part of coverage and cost.
export {
  type DayUsage,
  type MetricUsage,
  mergeFindings,
  mergeUsage,
  mostMetrics,
  otherMetrics,
  readUsage,
  totalsOf,
  writeUsage,
} from './day-usage.ts'
export { countDistinct, DistinctCounter } from './distinct.ts'
export { type LintCode, type LintFinding, lintMetric, manySeries, type SeenMetric } from './lint.ts'

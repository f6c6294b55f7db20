// The pure door of anomalies.
export {
  type AnomalyConfig,
  type AnomalyState,
  type Observed,
  observe,
  type Point,
  type Unusual,
  unknownState,
  type Verdict,
} from './detector.ts'
export { explain, hourInWords, inUnit, timesUsual, type Unit } from './explain.ts'
export { type AnomalyRules, rulesFor, type Sensitivity } from './rules.ts'
export type { Pattern, WallHour } from './season.ts'
export { isZone, wallHourIn } from './wall.ts'

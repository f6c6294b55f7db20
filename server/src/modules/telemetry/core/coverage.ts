// What a service may tell of itself and have, in the order in which the matrix shows it.
export const coverageColumns = [
  'traffic',
  'errors',
  'latency',
  'saturation',
  'objective',
  'dashboard',
  'runbook',
  'traces',
  'owner',
] as const
export type CoverageColumn = (typeof coverageColumns)[number]

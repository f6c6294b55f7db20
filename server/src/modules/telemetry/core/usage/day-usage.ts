// What one service sent in one day, by metric: samples, how many series, and what is odd. Bounded by the number of metrics.
import { countDistinct, type Distinct, mergeDistinct, readDistinct, writeDistinct } from './distinct.ts'
import { type LintCode, type LintFinding, lintCodes } from './lint.ts'

/** Metrics of one service that are told apart; samples of more are counted together. */
export const mostMetrics = 500
/** Findings of one metric. */
const mostFindings = 12
export const otherMetrics = '(others)'

export interface MetricUsage {
  readonly unit: string
  readonly kind: string
  readonly samples: number
  readonly series: Distinct
  /** When it was last told, in milliseconds since 1970. */
  readonly lastAt: number
  readonly findings: readonly LintFinding[]
}

export type DayUsage = ReadonlyMap<string, MetricUsage>

export function mergeUsage(a: DayUsage, b: DayUsage): DayUsage {
  const all = new Map(a)
  for (const [name, each] of b) {
    const known = all.get(name)
    if (known === undefined && all.size >= mostMetrics && name !== otherMetrics) {
      const crowd = all.get(otherMetrics)
      const finding: LintFinding = { code: 'too-many-metrics', about: '', example: name }
      const counted = { ...each, unit: '', kind: '', findings: [finding] }
      all.set(otherMetrics, crowd === undefined ? counted : mergeMetric(crowd, counted))
    } else all.set(name, known === undefined ? each : mergeMetric(known, each))
  }
  return all
}

function mergeMetric(a: MetricUsage, b: MetricUsage): MetricUsage {
  const [older, newer] = a.lastAt > b.lastAt ? [b, a] : [a, b]
  return {
    unit: newer.unit,
    kind: newer.kind,
    samples: a.samples + b.samples,
    series: mergeDistinct(a.series, b.series),
    lastAt: newer.lastAt,
    findings: mergeFindings(older.findings, newer.findings),
  }
}

export function mergeFindings(a: readonly LintFinding[], b: readonly LintFinding[]): readonly LintFinding[] {
  const all = new Map(a.map((each) => [`${each.code} ${each.about}`, each]))
  for (const each of b) {
    const key = `${each.code} ${each.about}`
    if (all.has(key) || all.size < mostFindings) all.set(key, each)
  }
  return [...all.values()]
}

export function totalsOf(usage: DayUsage): { readonly samples: number; readonly series: number } {
  let [samples, series] = [0, 0]
  for (const each of usage.values()) {
    samples += each.samples
    series += countDistinct(each.series)
  }
  return { samples, series }
}

export function writeUsage(usage: DayUsage): string {
  return JSON.stringify(
    [...usage].map(([name, { unit, kind, samples, series, lastAt, findings }]) => [
      name,
      unit,
      kind,
      samples,
      writeDistinct(series),
      lastAt,
      findings.map(({ code, about, example }) => [code, about, example]),
    ]),
  )
}

/** What is not readable is left out: the day goes on from nothing. */
export function readUsage(text: string): DayUsage {
  const rows = listOf(parse(text)).flatMap((row) => {
    const [name, unit, kind, samples, series, lastAt, findings] = listOf(row)
    if (typeof name !== 'string' || typeof unit !== 'string' || typeof kind !== 'string') return []
    if (typeof samples !== 'number' || typeof series !== 'string' || typeof lastAt !== 'number') return []
    const read = listOf(findings).flatMap(readFinding)
    return [[name, { unit, kind, samples, series: readDistinct(series), lastAt, findings: read }] as const]
  })
  return new Map(rows)
}

function readFinding(value: unknown): readonly LintFinding[] {
  const [code, about, example] = listOf(value)
  const known = lintCodes.find((each: LintCode) => each === code)
  return known !== undefined && typeof about === 'string' && typeof example === 'string'
    ? [{ code: known, about, example }]
    : []
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

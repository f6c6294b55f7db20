// Pyrra's `ServiceLevelObjective` objects. Source: its custom resource definition; behaviour of its generator up to 0.9.
import type { Fault } from '../../kernel/app-error.ts'
import { day, hour, minute } from '../../kernel/duration.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/json.ts'
import { parseRational, type Rational, rational } from '../../kernel/rational.ts'
import {
  groupAlerts,
  groupBy,
  type ImportedTier,
  importedDuration,
  importedLabels,
  importedName,
  importedPolicies,
  importedService,
  reachableTiers,
} from '../../modules/slo/core/index.ts'
import type { ReadOptions, SloReader, SloReading } from '../../modules/slo/import.ports.ts'
import { readIndicator } from './read-indicator.ts'

export const pyrraReader: SloReader = {
  format: 'Pyrra v1alpha1',
  matches: (document) => typeof document.apiVersion === 'string' && document.apiVersion.startsWith('pyrra.dev/'),
  read: readPyrra,
}

const objectOf = (value: JsonValue | undefined): JsonObject => (isJsonObject(value) ? value : {})
const textOf = (value: JsonValue | undefined): string => (typeof value === 'string' ? value : '')

function readPyrra(document: JsonObject, options: ReadOptions): SloReading {
  const notes: Fault[] = []
  const metadata = objectOf(document.metadata)
  const spec = objectOf(document.spec)
  const name = textOf(metadata.name)
  const refused = (pointer: string, detail: string): SloReading => ({
    documents: [],
    leftOut: [{ pointer, detail: `${name === '' ? 'An objective' : name} is left out: ${detail}` }],
    notes: [],
  })
  if (document.apiVersion !== 'pyrra.dev/v1alpha1' || document.kind !== 'ServiceLevelObjective')
    return refused('/kind', 'only `pyrra.dev/v1alpha1 ServiceLevelObjective` is read.')
  if (name === '') return refused('/metadata', 'it has no name.')
  const service = serviceOf(objectOf(metadata.labels), options)
  if (service === null)
    return refused(
      '/metadata/labels',
      'Pyrra knows no services. Label it `pyrra.dev/service: checkout`, or say which: `--service checkout`.',
    )
  if (options.dataSource === null)
    return refused(
      '/spec/indicator',
      'which server it is read from is not said. Declare one DataSource, or name it: `--data-source main`.',
    )
  const target = targetOf(spec.target)
  if (target === null) return refused('/spec/target', 'a percentage above 0 and below 100 is needed.')
  const windowMs = windowOf(textOf(spec.window))
  const window = windowMs === null ? null : importedDuration(windowMs)
  if (windowMs === null || window === null)
    return refused('/spec/window', 'a window of whole minutes is needed: `28d`.')
  const indicator = readIndicator(objectOf(spec.indicator), options.dataSource)
  if (indicator.state === 'refused') return refused(`/spec/indicator${indicator.path}`, indicator.detail)
  notes.push(...indicator.notes.map(({ path, detail }) => ({ pointer: `/spec/indicator${path}`, detail })))
  const alerting = objectOf(spec.alerting)
  const tiers = tiersOf(alerting, target, windowMs, notes)
  const labels = labelsOf(objectOf(metadata.labels), notes)
  const alert = textOf(alerting.name)
  const namespace = textOf(metadata.namespace)
  const { grouping } = indicator
  const annotations = {
    ...(grouping.length === 0 ? {} : { [groupBy]: grouping.join(', '), [groupAlerts]: 'true' }),
    ...(namespace === '' ? {} : { 'pyrra.dev/namespace': namespace }),
    ...(alert === '' ? {} : { 'pyrra.dev/alert': alert }),
  }
  tellUnknown(spec, notes)
  const slo: JsonObject = {
    apiVersion: 'openslo/v1',
    kind: 'SLO',
    metadata: {
      name: importedName(name),
      displayName: name.slice(0, 63),
      ...(Object.keys(labels).length === 0 ? {} : { labels }),
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    },
    spec: {
      ...(textOf(spec.description) === '' ? {} : { description: textOf(spec.description).slice(0, 1_050) }),
      service,
      indicator: { metadata: { name: importedName(name) }, spec: { ratioMetric: indicator.ratioMetric } },
      timeWindow: [{ duration: window, isRolling: true }],
      budgetingMethod: 'Occurrences',
      objectives: [{ targetPercent: Number(textOf(spec.target)) }],
      alertPolicies: importedPolicies(tiers, alerting.absent !== false && alerting.disabled !== true),
    },
  }
  return { documents: [importedService(service, null), slo], leftOut: [], notes }
}

function serviceOf(labels: JsonObject, { service }: ReadOptions): string | null {
  const keys = ['pyrra.dev/service', 'service', 'app.kubernetes.io/name', 'app']
  const labelled = keys.map((key) => textOf(labels[key])).find((each) => each !== '')
  const written = labelled ?? service
  return written === null || written === undefined ? null : importedName(written)
}

function targetOf(written: JsonValue | undefined): Rational | null {
  const percent = parseRational(textOf(written).trim())
  const target = percent === null ? null : rational(percent.num, percent.den * 100n)
  return target !== null && target.num > 0n && target.num < target.den ? target : null
}

const units: Readonly<Record<string, number>> = { s: 1_000, m: minute, h: hour, d: day, w: 7 * day, y: 365 * day }

/** As Prometheus writes durations: `4w`, `1d12h`. */
function windowOf(written: string): number | null {
  if (!/^(\d{1,6}[smhdwy])+$/.test(written)) return null
  const parts = [...written.matchAll(/(\d+)([smhdwy])/g)]
  return parts.reduce((sum, [, amount, unit = '']) => sum + Number(amount) * (units[unit] ?? 0), 0)
}

// Fixed thresholds over windows in proportion to 28 days, in whole minutes.
const shapes = [
  { severity: 'page', part: 28 * 24, short: 28 * 24 * 12, threshold: 14 },
  { severity: 'page', part: 28 * 4, short: 28 * 48, threshold: 7 },
  { severity: 'ticket', part: 28, short: 28 * 12, threshold: 2 },
  { severity: 'ticket', part: 7, short: 28 * 4, threshold: 1 },
] as const

function tiersOf(alerting: JsonObject, target: Rational, windowMs: number, notes: Fault[]): readonly ImportedTier[] {
  const say = (detail: string) => notes.push({ pointer: '/spec/alerting', detail })
  if (alerting.disabled === true || alerting.burnrates === false) return []
  if (alerting.burnRateType === 'dynamic')
    say('Thresholds that follow the traffic are not taken; too few events page nobody here, whatever the traffic.')
  say('Pyrra waits between 2 minutes and 3 hours before an alert fires; here the short window alone decides.')
  const minutes = (part: number) => Math.round(windowMs / part / minute)
  const fit = shapes.filter(({ part }) => minutes(part) >= 2)
  for (const { part, threshold } of shapes)
    if (minutes(part) < 2) say(`The tier of ${threshold}× would look back over ${minutes(part)} min and is left out.`)
  for (const { part, short, threshold } of fit) {
    const [theirs, ours] = [minutes(short), Math.ceil(minutes(part) / 12)]
    if (theirs !== ours) say(`The short window of the ${threshold}× tier is ${ours} min here, ${theirs} min there.`)
  }
  const { tiers, refused } = reachableTiers(
    fit.map(({ severity, part, threshold }) => ({ severity, longMs: minutes(part) * minute, threshold })),
    target,
  )
  for (const because of refused) say(`Left out: ${because}`)
  return tiers
}

/** `pyrra.dev/team: a` becomes an alert's label `team` there, and a label here. */
function labelsOf(labels: JsonObject, notes: Fault[]): JsonObject {
  const plain = Object.fromEntries(
    Object.entries(labels).map(([key, value]) => [key.replace(/^pyrra\.dev\//, ''), value] as const),
  )
  const { labels: kept, refused } = importedLabels(plain)
  for (const key of refused)
    notes.push({ pointer: '/metadata/labels', detail: `The label ${key} does not fit into OpenSLO and is left out.` })
  return kept
}

const specKeys = [
  'target',
  'window',
  'description',
  'alerting',
  'indicator',
  'rulenamespace',
  'performanceOverAccuracy',
]

function tellUnknown(spec: JsonObject, notes: Fault[]): void {
  for (const key of Object.keys(spec).filter((each) => !specKeys.includes(each)))
    notes.push({ pointer: `/spec/${key}`, detail: `\`${key}\` means nothing to Pyrra, nor here.` })
}

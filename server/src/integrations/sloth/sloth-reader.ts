// Sloth's `prometheus/v1` files and its Kubernetes objects (`sloth.slok.dev/v1 PrometheusServiceLevel`), which say the
// same in other spellings. Source: Sloth's specification; behaviour of its generator up to 0.12.
import type { Fault } from '../../kernel/app-error.ts'
import { day, hour, parseDuration } from '../../kernel/duration.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/json.ts'
import { rationalFromNumber } from '../../kernel/rational.ts'
import {
  type ImportedTier,
  importedDuration,
  importedLabels,
  importedName,
  importedPolicies,
  importedService,
  importedThreshold,
  reachableTiers,
} from '../../modules/slo/core/index.ts'
import type { ReadOptions, SloReader, SloReading } from '../../modules/slo/import.ports.ts'
import { readEvents, readRatio, sidesOf } from './read-events.ts'

const usualWindow = '30d'
const kubernetes = 'sloth.slok.dev/v1'

export const slothReader: SloReader = {
  format: 'Sloth prometheus/v1',
  matches: (document) => document.version === 'prometheus/v1' || document.apiVersion === kubernetes,
  read: readSloth,
}

/** Spellings of the two forms. */
const words = {
  file: {
    error: 'error_query',
    total: 'total_query',
    ratio: 'error_ratio_query',
    page: 'page_alert',
    ticket: 'ticket_alert',
    plugins: 'slo_plugins',
  },
  kubernetes: {
    error: 'errorQuery',
    total: 'totalQuery',
    ratio: 'errorRatioQuery',
    page: 'pageAlert',
    ticket: 'ticketAlert',
    plugins: 'sloPlugins',
  },
} as const
type Words = (typeof words)[keyof typeof words]

interface Reading {
  readonly documents: JsonObject[]
  readonly leftOut: Fault[]
  readonly notes: Fault[]
}

const objectOf = (value: JsonValue | undefined): JsonObject => (isJsonObject(value) ? value : {})
const textOf = (value: JsonValue | undefined): string => (typeof value === 'string' ? value : '')

function readSloth(document: JsonObject, options: ReadOptions): SloReading {
  const reading: Reading = { documents: [], leftOut: [], notes: [] }
  const inside = document.apiVersion === kubernetes
  const [at, body, spelt] = inside
    ? (['/spec', objectOf(document.spec), words.kubernetes] as const)
    : (['', document, words.file] as const)
  if (inside && document.kind !== 'PrometheusServiceLevel') {
    reading.leftOut.push({ pointer: '/kind', detail: `${String(document.kind)} holds no objectives.` })
    return reading
  }
  const written = textOf(body.service)
  const service = importedName(written === '' ? (options.service ?? '') : written)
  if (written === '' && options.service === null) {
    reading.leftOut.push({ pointer: at, detail: '`service` is missing.' })
    return reading
  }
  if (written !== '' && service !== written)
    reading.notes.push({ pointer: `${at}/service`, detail: `The service is called ${service} here.` })
  const known = ['service', 'labels', 'slos', spelt.plugins, ...(inside ? [] : ['version'])]
  tellUnknown(body, known, at, reading)
  if (body[spelt.plugins] !== undefined)
    reading.notes.push({
      pointer: `${at}/${spelt.plugins}`,
      detail: 'Plugins change the rules that Sloth generates; there are no such rules here, so they change nothing.',
    })
  reading.documents.push(importedService(service, written === '' ? null : written))
  const slos = Array.isArray(body.slos) ? body.slos : []
  if (slos.length === 0) reading.leftOut.push({ pointer: `${at}/slos`, detail: 'There are no objectives.' })
  for (const [index, value] of slos.entries()) {
    const slo = objectOf(value)
    const one = { at: `${at}/slos/${index}`, service, shared: objectOf(body.labels), spelt, options, reading }
    const made = readOne(slo, one)
    if (!('because' in made)) reading.documents.push(made.document)
    else {
      const detail = `${textOf(slo.name) || 'An objective'} is left out: ${made.because}`
      reading.leftOut.push({ pointer: `${one.at}${made.path}`, detail })
    }
  }
  if (reading.documents.length > 1) tellDifferences(at, options, reading.notes)
  return reading
}

/** True of every file: said once. */
function tellDifferences(at: string, options: ReadOptions, notes: Fault[]): void {
  notes.push({
    pointer: `${at}/slos`,
    detail:
      'Sloth’s budget averages the error ratios of five minutes each; here bad events are divided by all events, so a busy hour weighs more than a quiet one. A quiet hour makes no gap.',
  })
  if (options.window === null)
    notes.push({
      pointer: `${at}/slos`,
      detail: 'How long the window is stands on Sloth’s command line; 30 days are taken. Say another: `--window 28d`.',
    })
  notes.push({
    pointer: `${at}/slos`,
    detail:
      'Alerts go to whom the escalation policy of the service names; the labels by which an Alertmanager routed them decide nothing here. When nothing is measured, that is told too.',
  })
}

interface One {
  readonly at: string
  readonly service: string
  readonly shared: JsonObject
  readonly spelt: Words
  readonly options: ReadOptions
  readonly reading: Reading
}

const sloKeys = ['name', 'description', 'objective', 'labels', 'sli', 'alerting']

type Made = { readonly document: JsonObject } | { readonly path: string; readonly because: string }

function readOne(slo: JsonObject, one: One): Made {
  const { at, service, shared, spelt, options, reading } = one
  const refuse = (path: string, because: string): Made => ({ path, because })
  const name = importedName(service, textOf(slo.name))
  if (textOf(slo.name) === '') return refuse('', 'it has no `name`.')
  tellUnknown(slo, [...sloKeys, 'plugins'], at, reading)
  const target = slo.objective
  if (typeof target !== 'number' || target <= 0 || target > 100) return refuse('/objective', 'a percentage is needed.')
  if (target === 100) return refuse('/objective', '100 % leaves no budget, so one failure would spend it for ever.')
  const indicator = readIndicator(objectOf(slo.sli), one)
  if (typeof indicator === 'string') return refuse('/sli', indicator)
  const windowMs = parseDuration(options.window ?? usualWindow)
  const window = windowMs === null ? null : importedDuration(windowMs)
  if (windowMs === null || window === null) return refuse('', `\`${options.window}\` is no window: write \`30d\`.`)
  const alerting = objectOf(slo.alerting)
  const labels = importedLabels({ ...shared, ...objectOf(slo.labels) })
  for (const key of labels.refused)
    reading.notes.push({
      pointer: `${at}/labels`,
      detail: `The label ${key} does not fit into OpenSLO and is left out.`,
    })
  const alert = textOf(alerting.name)
  const told = importedLabels(objectOf(alerting.annotations))
  for (const key of told.refused)
    reading.notes.push({ pointer: `${at}/alerting/annotations`, detail: `The annotation ${key} is left out.` })
  const annotations = { ...told.labels, ...(alert === '' ? {} : { 'sloth.slok.dev/alert': alert }) }
  const wanted = tiersOf(alerting, spelt, windowMs)
  const tiers = wanted === null ? null : reachableTiers(wanted, rationalFromNumber(target / 100))
  for (const detail of tiers?.refused ?? []) reading.notes.push({ pointer: `${at}/alerting`, detail })
  const document = {
    apiVersion: 'openslo/v1',
    kind: 'SLO',
    metadata: {
      name,
      displayName: textOf(slo.name).slice(0, 63),
      ...(Object.keys(labels.labels).length === 0 ? {} : { labels: labels.labels }),
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    },
    spec: {
      ...(textOf(slo.description) === '' ? {} : { description: textOf(slo.description).slice(0, 1_050) }),
      service,
      indicator: { metadata: { name: importedName(name) }, spec: { ratioMetric: indicator.ratioMetric } },
      timeWindow: [{ duration: window, isRolling: true }],
      budgetingMethod: 'Occurrences',
      objectives: [{ targetPercent: target }],
      ...(tiers === null ? {} : { alertPolicies: importedPolicies(tiers.tiers, true) }),
    },
  }
  return { document }
}

// Brackets are looked for from within brackets: time with the square of the length.
const longestQuery = 4_000

function readIndicator(sli: JsonObject, { at, spelt, options, reading }: One): { ratioMetric: JsonObject } | string {
  if (isJsonObject(sli.plugin))
    return `the plugin ${textOf(sli.plugin.id)} makes its queries. Write \`events\` with the queries it makes.`
  const events = objectOf(sli.events)
  const raw = textOf(objectOf(sli.raw)[spelt.ratio])
  const [error, total] = [textOf(events[spelt.error]), textOf(events[spelt.total])]
  if (raw === '' && (error === '' || total === '')) return `\`${spelt.error}\` and \`${spelt.total}\` are needed.`
  if (Math.max(raw.length, error.length, total.length) > longestQuery)
    return `a query is longer than ${longestQuery} characters.`
  const sides = raw === '' ? sidesOf(error, total) : readRatio(raw)
  if (sides === null)
    return 'a ready-made ratio says nothing of how many events there were. Write `events` with the queries of both sides.'
  if (options.dataSource === null)
    return 'which server it is read from is not said. Declare one DataSource, or name it: `--data-source main`.'
  const read = readEvents(sides, options.dataSource)
  if (read.state === 'refused') return read.detail
  if (raw !== '')
    reading.notes.push({ pointer: `${at}/sli/raw`, detail: 'The ratio was taken apart into the events it divides.' })
  if (read.note !== null) reading.notes.push({ pointer: `${at}/sli`, detail: read.note })
  return { ratioMetric: read.ratioMetric }
}

/** What Sloth generates: 2, 5, 10 and 10 % of the budget in these windows, whatever the period. */
const shapes = [
  { severity: 'page', longMs: hour, percent: 2 },
  { severity: 'page', longMs: 6 * hour, percent: 5 },
  { severity: 'ticket', longMs: day, percent: 10 },
  { severity: 'ticket', longMs: 3 * day, percent: 10 },
] as const

/** Null: the usual ones, which are the same as Sloth's for 28 and 30 days. */
function tiersOf(alerting: JsonObject, spelt: Words, windowMs: number): readonly ImportedTier[] | null {
  const off = {
    page: objectOf(alerting[spelt.page]).disable === true,
    ticket: objectOf(alerting[spelt.ticket]).disable === true,
  }
  if (!off.page && !off.ticket && [28 * day, 30 * day].includes(windowMs)) return null
  return shapes
    .filter(({ severity, longMs }) => !off[severity] && longMs <= windowMs)
    .map(({ severity, longMs, percent }) => {
      const threshold = importedThreshold((percent * windowMs) / (100 * longMs))
      return { severity, longMs, threshold }
    })
}

function tellUnknown(object: JsonObject, known: readonly string[], at: string, { notes }: Reading): void {
  for (const key of Object.keys(object).filter((each) => !known.includes(each)))
    notes.push({ pointer: `${at}/${key}`, detail: `\`${key}\` means nothing to Sloth, nor here.` })
}

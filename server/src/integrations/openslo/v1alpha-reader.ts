// OpenSLO v1alpha, upgraded to v1 with a note on everything that says more, less or something else now.
// Source: the v1alpha specification and its reference validator.
import type { Fault } from '../../kernel/app-error.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/json.ts'
import { importedName } from '../../modules/slo/core/index.ts'
import type { ReadOptions, SloReader, SloReading } from '../../modules/slo/import.ports.ts'

export const openSloV1AlphaReader: SloReader = {
  format: 'OpenSLO v1alpha',
  matches: (document) => document.apiVersion === 'openslo/v1alpha',
  read: upgrade,
}

const objectOf = (value: JsonValue | undefined): JsonObject => (isJsonObject(value) ? value : {})
const textOf = (value: JsonValue | undefined): string => (typeof value === 'string' ? value : '')
const listOf = (value: JsonValue | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? value.filter(isJsonObject) : []

function upgrade(document: JsonObject, options: ReadOptions): SloReading {
  const notes: Fault[] = []
  const note = (pointer: string, detail: string) => notes.push({ pointer, detail })
  const metadata = metadataOf(objectOf(document.metadata), note)
  if (document.kind === 'Service') {
    const spec = objectOf(document.spec)
    return { documents: [{ apiVersion: 'openslo/v1', kind: 'Service', metadata, spec }], leftOut: [], notes }
  }
  if (document.kind !== 'SLO') {
    const detail = `OpenSLO v1alpha knows SLO and Service, not ${JSON.stringify(document.kind ?? null)}.`
    return { documents: [], leftOut: [{ pointer: '/kind', detail }], notes }
  }
  const { shared, parts, leftOut } = readSlo(objectOf(document.spec), options, note)
  if (leftOut.length > 0) return { documents: [], leftOut, notes }
  if (parts.length > 1)
    note(
      '/spec/objectives',
      'An SLO of v1 has one indicator for all its objectives, so each objective became an SLO of its own.',
    )
  const name = textOf(metadata.name)
  const documents = parts.map((part, index) => {
    const own = index === 0 ? name : importedName(name.slice(0, 58), String(index + 1))
    const indicator = { metadata: { name: own === '' ? 'indicator' : own }, spec: part.sli }
    return {
      apiVersion: 'openslo/v1',
      kind: 'SLO',
      metadata: { ...metadata, name: own },
      spec: { ...shared, indicator, objectives: part.objectives },
    }
  })
  return { documents, leftOut: [], notes }
}

type Note = (pointer: string, detail: string) => void

function metadataOf(metadata: JsonObject, note: Note): JsonObject {
  const { displayName } = metadata
  if (typeof displayName !== 'string' || displayName.length <= 63) return metadata
  note('/metadata/displayName', 'It was cut to the 63 characters that v1 takes.')
  return { ...metadata, displayName: displayName.slice(0, 63) }
}

interface Part {
  readonly sli: JsonObject
  readonly objectives: readonly JsonObject[]
}

interface ReadSlo {
  readonly shared: JsonObject
  readonly parts: readonly Part[]
  readonly leftOut: readonly Fault[]
}

function readSlo(spec: JsonObject, options: ReadOptions, note: Note): ReadSlo {
  const { indicator, objectives, timeWindow, timeWindows, ...rest } = spec
  const key = timeWindows === undefined ? 'timeWindow' : 'timeWindows'
  const windows = listOf(timeWindows ?? timeWindow).map((each, index) => windowOf(each, `/spec/${key}/${index}`, note))
  const leftOut = windows.flatMap((each) => ('detail' in each ? [each] : []))
  const shared = { ...rest, timeWindow: windows.flatMap((each) => ('detail' in each ? [] : [each.window])) }
  const slices = spec.budgetingMethod === 'Timeslices'
  if (slices)
    note('/spec/budgetingMethod', 'v1alpha does not say how long a slice is; a minute is taken: `timeSliceWindow: 1m`.')
  const source = (metric: JsonValue | undefined, at: string) => sourceOf(objectOf(metric), at, options, note)
  const threshold = objectOf(objectOf(indicator).thresholdMetric)
  const read = listOf(objectives).map((each, index): { sli: JsonObject; objective: JsonObject } => {
    const at = `/spec/objectives/${index}`
    const { ratioMetrics, value, op, displayName, ...others } = each
    const label = textOf(displayName)
    if (label.length > 63) note(`${at}/displayName`, 'It was cut to the 63 characters that v1 takes.')
    const objective: JsonObject = {
      ...(label === '' ? {} : { displayName: label.slice(0, 63) }),
      ...others,
      ...(slices ? { timeSliceWindow: '1m' } : {}),
    }
    if (ratioMetrics === undefined) {
      const sli = { thresholdMetric: source(threshold, '/spec/indicator/thresholdMetric') }
      return {
        sli,
        objective: { ...objective, ...(op === undefined ? {} : { op }), ...(value === undefined ? {} : { value }) },
      }
    }
    if (op !== undefined || (value !== undefined && index === 0))
      note(`${at}/value`, 'A ratio is compared with its target only; `op` and `value` are left out.')
    const { good, total, incremental, counter } = objectOf(ratioMetrics)
    const rises = incremental ?? counter
    const ratioMetric = {
      ...(typeof rises === 'boolean' ? { counter: rises } : {}),
      good: source(good, `${at}/ratioMetrics/good`),
      total: source(total, `${at}/ratioMetrics/total`),
    }
    return { sli: { ratioMetric }, objective }
  })
  const byIndicator = new Map<string, { sli: JsonObject; objectives: JsonObject[] }>()
  for (const [index, { sli, objective }] of read.entries()) {
    // Of a threshold each objective compares with its own value, which v1 allows once.
    const apart = 'thresholdMetric' in sli ? String(index) : JSON.stringify(sli)
    const part = byIndicator.get(apart) ?? { sli, objectives: [] }
    part.objectives.push(objective)
    byIndicator.set(apart, part)
  }
  return { shared, parts: [...byIndicator.values()], leftOut }
}

function sourceOf(metric: JsonObject, at: string, { dataSource }: ReadOptions, note: Note): JsonObject {
  const { source, query, queryType: _type, metadata, ...others } = metric
  if (metadata !== undefined) note(`${at}/metadata`, 'v1 has no place for it; it is left out.')
  const spec = { query: query ?? null, ...others }
  const type = textOf(source).toLowerCase()
  if (dataSource === null || type !== 'prometheus') return { metricSource: { type, spec } }
  note(at, `\`source: ${textOf(source)}\` names a kind of server; v1 names the server: it is read from ${dataSource}.`)
  return { metricSource: { metricSourceRef: dataSource, spec } }
}

const letters: Readonly<Record<string, string>> = {
  Minute: 'm',
  Hour: 'h',
  Day: 'd',
  Week: 'w',
  Month: 'M',
  Quarter: 'Q',
  Year: 'Y',
}
// A window that rolls has a fixed length.
const fixedDays: Readonly<Record<string, number>> = { Month: 30, Quarter: 90, Year: 365 }

function windowOf(window: JsonObject, at: string, note: Note): { window: JsonObject } | Fault {
  const { unit, count, isRolling, calendar } = window
  const rolls = isRolling === true
  const many = typeof count === 'number' && Number.isInteger(count) && count > 0 ? count : null
  if (many === null) return { pointer: `${at}/count`, detail: 'A whole number above 0 is needed.' }
  const rest = { isRolling: rolls, ...(calendar === undefined ? {} : { calendar }) }
  if (unit === 'Second') {
    if (many % 60 !== 0)
      return { pointer: at, detail: 'v1 counts whole minutes; this window is no multiple of 60 seconds.' }
    return { window: { duration: `${many / 60}m`, ...rest } }
  }
  const letter = letters[textOf(unit)]
  if (letter === undefined)
    return {
      pointer: `${at}/unit`,
      detail: `${JSON.stringify(unit ?? null)} is none of Second, ${Object.keys(letters).join(', ')}.`,
    }
  const days = rolls ? fixedDays[textOf(unit)] : undefined
  if (days === undefined) return { window: { duration: `${many}${letter}`, ...rest } }
  note(at, `A rolling ${textOf(unit).toLowerCase()} has no fixed length; it became ${many * days} days.`)
  return { window: { duration: `${many * days}d`, ...rest } }
}

// Checks OpenSLO v1 documents: every fault at once, each with its place. Stricter than the specification where that is
// silent: unknown keys are refused, references must be names, durations are positive.
import type { Fault } from '../../../kernel/app-error.ts'
import { rational } from '../../../kernel/rational.ts'
import { comparisons } from './objective.ts'
import { alertConditionSpec, alertPolicySpec, notificationTargetSpec } from './openslo-alerts.ts'
import {
  type Cursor,
  choice,
  count,
  exactlyOne,
  fault,
  flag,
  has,
  list,
  number,
  object,
  openObject,
  text,
} from './openslo-cursor.ts'
import { indicatorOf, sliSpec } from './openslo-indicator.ts'
import {
  budgetingMethods,
  type ObjectiveSpec,
  type OpenSloDocument,
  openSloKinds,
  type SliSpec,
  type SloSpec,
  type TimeWindow,
} from './openslo-model.ts'
import { description, displayName, duration, exact, metadata, percent, referred } from './openslo-parts.ts'

export type Checked =
  | { readonly document: OpenSloDocument; readonly faults: readonly [] }
  | { readonly document: null; readonly faults: readonly Fault[] }

export function checkOpenSlo(value: unknown): Checked {
  const faults: Fault[] = []
  const root = openObject(value, '', faults, ['apiVersion', 'kind', 'metadata', 'spec'])
  const document = root === null ? null : readDocument(root)
  if (document !== null && faults.length === 0) return { document, faults: [] }
  return { document: null, faults: faults.length > 0 ? faults : [{ pointer: '', detail: 'Cannot be read.' }] }
}

function readDocument(root: Cursor): OpenSloDocument | null {
  const version = text(root, 'apiVersion', { required: true })
  if (version !== null && version !== 'openslo/v1')
    fault(root, '/apiVersion', `\`${version}\` is not supported; write \`openslo/v1\`.`)
  const kind = choice(root, 'kind', openSloKinds, true)
  const meta = metadata(root)
  if (kind === null) return null
  const body = readBody(root, kind)
  return meta === null || body === null ? null : { metadata: meta, ...body }
}

type Body = OpenSloDocument extends infer Each
  ? Each extends { kind: unknown; spec: unknown }
    ? Omit<Each, 'metadata'>
    : never
  : never

function readBody(root: Cursor, kind: OpenSloDocument['kind']): Body | null {
  switch (kind) {
    case 'SLO': {
      const spec = sloSpec(root)
      return spec === null ? null : { kind, spec }
    }
    case 'SLI': {
      const spec = sliSpec(root)
      return spec === null ? null : { kind, spec }
    }
    case 'Service': {
      const cursor = object(root, 'spec', ['description'], true)
      return cursor === null ? null : { kind, spec: { description: description(cursor) } }
    }
    case 'DataSource': {
      const cursor = object(root, 'spec', ['description', 'type', 'connectionDetails'], true)
      if (cursor === null) return null
      const [type, details] = [
        text(cursor, 'type', { required: true }),
        object(cursor, 'connectionDetails', null, true),
      ]
      if (type === null || details === null) return null
      return { kind, spec: { description: description(cursor), type, connectionDetails: details.fields } }
    }
    case 'AlertPolicy': {
      const spec = alertPolicySpec(root)
      return spec === null ? null : { kind, spec }
    }
    case 'AlertCondition': {
      const spec = alertConditionSpec(root)
      return spec === null ? null : { kind, spec }
    }
    case 'AlertNotificationTarget': {
      const spec = notificationTargetSpec(root)
      return spec === null ? null : { kind, spec }
    }
  }
}

const sloKeys = [
  'description',
  'service',
  'indicator',
  'indicatorRef',
  'timeWindow',
  'budgetingMethod',
  'objectives',
  'alertPolicies',
]

function sloSpec(root: Cursor): SloSpec | null {
  const cursor = object(root, 'spec', sloKeys, true)
  if (cursor === null) return null
  const said = description(cursor)
  const service = text(cursor, 'service', { required: true })
  const method = choice(cursor, 'budgetingMethod', budgetingMethods, true)
  const { indicator, indicatorMetadata, indicatorRef } = indicatorOf(cursor)
  const window = timeWindow(cursor)
  const composite = !has(cursor, 'indicator') && !has(cursor, 'indicatorRef')
  const objectives = list(cursor, 'objectives', (each, at) => objective(each, at, cursor, { method, composite }), true)
  if (has(cursor, 'objectives') && count(cursor, 'objectives') === 0)
    fault(cursor, '/objectives', 'At least one objective is needed.')
  if (composite && !objectives.some((each) => each.indicator !== null || each.indicatorRef !== null))
    fault(cursor, '', 'An `indicator` or `indicatorRef` is needed, here or (for a composite) on each objective.')
  if (indicator !== null) checkAgainst(cursor, indicator, objectives)
  const alertPolicies = list(cursor, 'alertPolicies', (each, at) =>
    referred(each, at, cursor.faults, { refKey: 'alertPolicyRef', kind: 'AlertPolicy', spec: alertPolicySpec }),
  )
  if (service === null || method === null || window === null) return null
  return {
    description: said,
    service,
    indicator,
    indicatorMetadata,
    indicatorRef,
    timeWindow: window,
    budgetingMethod: method,
    objectives,
    alertPolicies,
  }
}

function timeWindow(cursor: Cursor): TimeWindow | null {
  const windows = list(
    cursor,
    'timeWindow',
    (each, at) => {
      const window = openObject(each, at, cursor.faults, ['duration', 'isRolling', 'calendar'])
      if (window === null) return null
      const length = duration(window, 'duration', { required: true })
      const isRolling = flag(window, 'isRolling') ?? false
      const calendar = calendarOf(window)
      if (isRolling && has(window, 'calendar')) fault(window, '/calendar', 'A rolling window has no calendar.')
      if (!isRolling && !has(window, 'calendar'))
        fault(window, '', 'A window that is not rolling needs a `calendar`. Or write `isRolling: true`.')
      return length === null ? null : { duration: length, isRolling, calendar }
    },
    true,
  )
  if (has(cursor, 'timeWindow') && count(cursor, 'timeWindow') !== 1)
    fault(cursor, '/timeWindow', 'Exactly one window is needed.')
  return windows[0] ?? null
}

function calendarOf(window: Cursor): TimeWindow['calendar'] {
  const calendar = object(window, 'calendar', ['startTime', 'timeZone'])
  if (calendar === null) return null
  const startTime = text(calendar, 'startTime', { required: true })
  const timeZone = text(calendar, 'timeZone', { required: true })
  if (startTime !== null && !/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(startTime))
    fault(calendar, '/startTime', `${JSON.stringify(startTime)} must be written \`YYYY-MM-DD HH:MM:SS\`.`)
  return startTime === null || timeZone === null ? null : { startTime, timeZone }
}

const objectiveKeys = [
  'displayName',
  'op',
  'value',
  'target',
  'targetPercent',
  'timeSliceTarget',
  'timeSliceWindow',
  'indicator',
  'indicatorRef',
  'compositeWeight',
]
const share = { holds: (value: number) => value >= 0 && value < 1, words: 'at least 0, below 1' }
const hundred = { holds: (value: number) => value >= 0 && value < 100, words: 'at least 0, below 100' }
const sliceShare = { holds: (value: number) => value > 0 && value <= 1, words: 'above 0, at most 1' }
const positive = { holds: (value: number) => value > 0, words: 'above 0' }

function objective(
  value: unknown,
  at: string,
  parent: Cursor,
  slo: { readonly method: SloSpec['budgetingMethod'] | null; readonly composite: boolean },
): ObjectiveSpec | null {
  const cursor = openObject(value, at, parent.faults, objectiveKeys)
  if (cursor === null) return null
  const shown = displayName(cursor)
  const [op, limit] = [choice(cursor, 'op', comparisons), number(cursor, 'value')]
  const given = exactlyOne(cursor, ['target', 'targetPercent'])
  const written = given === 'targetPercent' ? exact(cursor, given, hundred) : exact(cursor, 'target', share)
  const [timeSliceTarget, timeSliceWindow] = [
    exact(cursor, 'timeSliceTarget', sliceShare),
    duration(cursor, 'timeSliceWindow', { bareMinutes: true }),
  ]
  if (slo.method === 'Timeslices' && !has(cursor, 'timeSliceTarget'))
    fault(cursor, '', '`timeSliceTarget` is needed for Timeslices.')
  if (slo.method !== null && slo.method !== 'Timeslices' && has(cursor, 'timeSliceTarget'))
    fault(cursor, '/timeSliceTarget', `Means nothing for ${slo.method}; only Timeslices have it.`)
  if (slo.method !== null && slo.method !== 'Occurrences' && !has(cursor, 'timeSliceWindow'))
    fault(cursor, '', `\`timeSliceWindow\` is needed for ${slo.method}.`)
  if (slo.method === 'Occurrences' && has(cursor, 'timeSliceWindow'))
    fault(cursor, '/timeSliceWindow', 'Means nothing for Occurrences.')
  const { indicator, indicatorMetadata, indicatorRef } = indicatorOf(cursor)
  const own = has(cursor, 'indicator') || has(cursor, 'indicatorRef')
  if (own && !slo.composite)
    fault(
      cursor,
      has(cursor, 'indicator') ? '/indicator' : '/indicatorRef',
      'The SLO has an indicator already: either there, or (for a composite) on each objective.',
    )
  if (!own && slo.composite && parent.fields.objectives !== undefined)
    fault(cursor, '', 'Without an indicator on the SLO, each objective needs its own.')
  const weight = exact(cursor, 'compositeWeight', positive)
  if (has(cursor, 'compositeWeight') && !slo.composite)
    fault(cursor, '/compositeWeight', 'Only the objectives of a composite have a weight.')
  if (written === null) return null
  const target = given === 'targetPercent' ? percent(written) : written
  return {
    at,
    displayName: shown,
    op,
    value: limit,
    target,
    asPercent: given === 'targetPercent',
    timeSliceTarget,
    timeSliceWindow,
    indicator,
    indicatorMetadata,
    indicatorRef,
    compositeWeight: weight ?? rational(1),
  }
}

/** What can only be checked with the indicator at hand; the translation asks again for indicators that are referred to. */
export function checkAgainst(
  cursor: Pick<Cursor, 'faults'>,
  indicator: SliSpec,
  objectives: readonly ObjectiveSpec[],
): void {
  for (const each of objectives) {
    const at: Cursor = { at: each.at, fields: {}, faults: cursor.faults }
    if (indicator.ratioMetric !== null) {
      if (each.op !== null) fault(at, '/op', 'A ratio has no threshold to compare with: leave `op` out.')
      if (each.value !== null) fault(at, '/value', 'A ratio has no threshold to compare with: leave `value` out.')
      continue
    }
    if (each.op === null) fault(at, '', '`op` is needed to compare a `thresholdMetric`.')
    if (each.value === null) fault(at, '', '`value` is needed to compare a `thresholdMetric` with.')
  }
  if (indicator.thresholdMetric !== null && objectives.length > 1)
    fault(
      { at: objectives[1]?.at ?? '', fields: {}, faults: cursor.faults },
      '',
      'With a `thresholdMetric` there is one objective only.',
    )
}

// Makes objectives of checked OpenSLO documents, or says what is not supported, where it stands.
//
// What OpenSLO has no words for is said in annotations of the SLO:
//   mainstay/slice: 5s        slice length of Occurrences (default 1m)
//   mainstay/gaps: exclude    what an unmeasured slice counts for: exclude, bad or good (slice methods)
//   mainstay/empty: exclude   what a slice without events counts for: exclude or good (slice methods)
import type { Fault } from '../../../kernel/app-error.ts'
import { formatDuration, minute, parseDuration } from '../../../kernel/duration.ts'
import { budgetFraction } from './budget.ts'
import { type Objective, sliceFault } from './objective.ts'
import { checkAgainst } from './openslo.ts'
import type { Metadata, ObjectiveSpec, OpenSloDocument, SliSpec, SloSpec } from './openslo-model.ts'
import { durationMs } from './openslo-parts.ts'
import { type Refuse, sourceOf, translateIndicator } from './openslo-sources.ts'
import { tiersOf } from './openslo-tiers.ts'
import { type Budgeting, type GapPolicy, gapPolicies } from './spend.ts'
import { periodFault, planTiers } from './tiers.ts'
import type { ObjectiveWindow } from './window.ts'

/** Finds documents that are referred to by name. */
export interface OpenSloLookup {
  find(kind: OpenSloDocument['kind'], name: string): OpenSloDocument | null
}

export type Translated =
  | { readonly objectives: readonly Objective[]; readonly notes: readonly string[]; readonly faults: readonly [] }
  | { readonly objectives: null; readonly notes: readonly string[]; readonly faults: readonly Fault[] }

type Slo = OpenSloDocument & { readonly kind: 'SLO' }

export function translateSlo(slo: Slo, lookup: OpenSloLookup): Translated {
  const faults: Fault[] = []
  const notes: string[] = []
  const refuse: Refuse = (pointer, detail) => {
    faults.push({ pointer, detail })
    return null
  }
  if (slo.spec.indicator === null && slo.spec.indicatorRef === null)
    refuse('/spec/objectives', 'Composites are not supported yet: give each part an SLO of its own.')
  const indicator = findIndicator(slo.spec, lookup, refuse)
  if (indicator !== null && slo.spec.indicatorRef !== null) checkAgainst({ faults }, indicator, slo.spec.objectives)
  const window = windowOf(slo.spec, refuse)
  const objectives = slo.spec.objectives.map((each, index) =>
    indicator === null || window === null
      ? null
      : objectiveOf(slo, each, index, { indicator, window, lookup, refuse, notes }),
  )
  const made = objectives.filter((each) => each !== null)
  if (faults.length === 0 && made.length === objectives.length) return { objectives: made, notes, faults: [] }
  return { objectives: null, notes, faults }
}

function findIndicator(spec: SloSpec, lookup: OpenSloLookup, refuse: Refuse): SliSpec | null {
  if (spec.indicatorRef === null) return spec.indicator
  const found = lookup.find('SLI', spec.indicatorRef)
  if (found?.kind === 'SLI') return found.spec
  return refuse('/spec/indicatorRef', `There is no SLI named \`${spec.indicatorRef}\`.`)
}

function windowOf(spec: SloSpec, refuse: Refuse): ObjectiveWindow | null {
  const { duration, isRolling } = spec.timeWindow
  if (!isRolling)
    return refuse('/spec/timeWindow/0/calendar', 'Calendar windows are not supported yet: write `isRolling: true`.')
  const lengthMs = durationMs(duration)
  if (lengthMs !== null) return { kind: 'rolling', lengthMs }
  const written = `${duration.value}${duration.unit}`
  const hint = duration.unit === 'M' ? ` Write \`${duration.value * 30}d\`; for minutes, \`${duration.value}m\`.` : ''
  return refuse(
    '/spec/timeWindow/0/duration',
    `\`${written}\` has no fixed length, which a rolling window needs.${hint}`,
  )
}

interface Given {
  readonly indicator: SliSpec
  readonly window: ObjectiveWindow
  readonly lookup: OpenSloLookup
  readonly refuse: Refuse
  readonly notes: string[]
}

function objectiveOf(slo: Slo, spec: ObjectiveSpec, index: number, given: Given): Objective | null {
  const { refuse, notes, window, lookup } = given
  const indicator = translateIndicator(given.indicator, spec, (metric) => sourceOf(metric, lookup, refuse), refuse)
  const sliceMs = sliceOf(slo, spec, refuse)
  const budgeting = budgetingOf(slo, spec, refuse)
  if (spec.target.num === 0n) refuse(spec.at, 'A target of 0 allows everything to fail, so there is nothing to watch.')
  if (sliceMs === null || budgeting === null || indicator === null || spec.target.num === 0n) return null
  const wrong = periodFault(window.lengthMs, sliceMs)
  if (wrong !== null) return refuse('/spec/timeWindow/0/duration', wrong)
  const budget = budgetFraction(spec.target)
  const wanted = tiersOf(slo.spec, lookup, { periodMs: window.lengthMs, sliceMs }, refuse, notes)
  const plan = planTiers(wanted, budget, window.lengthMs)
  const name = index === 0 ? slo.metadata.name : `${slo.metadata.name}-${index + 1}`
  notes.push(...plan.tiers.flatMap((tier) => tier.note ?? []), ...plan.refused.map((each) => each.because))
  return {
    name,
    document: slo.metadata.name,
    displayName: spec.displayName ?? slo.metadata.displayName ?? name,
    description: slo.spec.description ?? '',
    service: slo.spec.service,
    indicator,
    target: spec.target,
    window,
    budgeting,
    sliceMs,
    plan,
  }
}

function annotation(metadata: Metadata, name: string): string | null {
  return metadata.annotations[`mainstay/${name}`] ?? null
}

function sliceOf(slo: Slo, spec: ObjectiveSpec, refuse: Refuse): number | null {
  const written = annotation(slo.metadata, 'slice')
  const at = '/metadata/annotations/mainstay~1slice'
  if (slo.spec.budgetingMethod !== 'Occurrences') {
    if (written !== null) return refuse(at, `\`timeSliceWindow\` says it already for ${slo.spec.budgetingMethod}.`)
    const length = spec.timeSliceWindow === null ? null : durationMs(spec.timeSliceWindow)
    return length ?? refuse(spec.at, '`timeSliceWindow` must have a fixed length: minutes, hours, days or weeks.')
  }
  if (written === null) return minute
  const sliceMs = parseDuration(written)
  const wrong =
    sliceMs === null || formatDuration(sliceMs) !== written
      ? 'Must be a duration such as `5s` or `1m`.'
      : sliceFault(sliceMs)
  return wrong === null ? sliceMs : refuse(at, wrong)
}

function budgetingOf(slo: Slo, spec: ObjectiveSpec, refuse: Refuse): Budgeting | null {
  const gaps: GapPolicy | undefined = gapPolicies.find(
    (each) => each === (annotation(slo.metadata, 'gaps') ?? 'exclude'),
  )
  const empty = annotation(slo.metadata, 'empty') ?? 'exclude'
  if (gaps === undefined)
    return refuse('/metadata/annotations/mainstay~1gaps', `Must be one of ${gapPolicies.join(', ')}.`)
  if (empty !== 'exclude' && empty !== 'good')
    return refuse('/metadata/annotations/mainstay~1empty', 'Must be exclude or good.')
  if (slo.spec.budgetingMethod === 'Occurrences') {
    if (gaps === 'exclude' && empty === 'exclude') return { method: 'occurrences' }
    return refuse(
      '/metadata/annotations',
      'Occurrences count events, and a slice without events has none: only Timeslices and RatioTimeslices can count it.',
    )
  }
  const slices = { gaps, emptyIsGood: empty === 'good' }
  if (slo.spec.budgetingMethod === 'RatioTimeslices') return { method: 'ratio-timeslices', ...slices }
  if (spec.timeSliceTarget === null) return refuse(spec.at, '`timeSliceTarget` is needed for Timeslices.')
  return { method: 'timeslices', sliceTarget: spec.timeSliceTarget, ...slices }
}

// From a checked SLO and the documents it refers to, to the objectives we run. Pure: documents are handed in.
import type { Fault } from '../../../kernel/app-error.ts'
import { day, formatDuration, hour, minute, second } from '../../../kernel/duration.ts'
import { rational } from '../../../kernel/rational.ts'
import type { StreamSource } from '../../telemetry/index.ts'
import { type Calendar, calendarFault, longestPeriodMs, nominalMs } from '../core/calendar.ts'
import type { JourneyDefinition } from '../core/journey.ts'
import { sliceFault } from '../core/objective.ts'
import { checkAgainst } from '../core/openslo.ts'
import { step } from '../core/openslo-cursor.ts'
import type {
  AlertConditionSpec,
  AlertPolicySpec,
  Metadata,
  NotificationTargetSpec,
  ObjectiveSpec,
  Referred,
  SliSpec,
  SloSpec,
  TimeWindow,
} from '../core/openslo-model.ts'
import { durationMs } from '../core/openslo-parts.ts'
import { readReviewTerms } from '../core/review-annotations.ts'
import type { ReviewTerms } from '../core/review-terms.ts'
import { mostSlices } from '../core/ring.ts'
import { groupBy, readSloSettings } from '../core/slo-annotations.ts'
import type { Budgeting } from '../core/spend.ts'
import { periodFault } from '../core/tiers.ts'
import type { Definition } from '../definition.ts'
import { readIndicator } from './read-indicator.ts'
import type { DataSourceTypes } from './read-source.ts'
import { type ResolvedPolicy, readTiers } from './read-tiers.ts'

/** What a reference leads to; null when there is nothing (the engine of the catalog refuses that by itself). */
export interface Documents {
  readonly sli: (name: string) => SliSpec | null
  readonly policy: (name: string) => AlertPolicySpec | null
  readonly condition: (name: string) => AlertConditionSpec | null
  readonly target: (name: string) => NotificationTargetSpec | null
  readonly dataSources: DataSourceTypes
}

export interface Translated {
  readonly definitions: readonly Definition[]
  /** The objectives of a composite together. */
  readonly journey: JourneyDefinition | null
  /** When its objectives are looked at again, and until when they hold; null when it does not say. */
  readonly terms: ReviewTerms | null
  readonly faults: readonly Fault[]
  readonly warnings: readonly Fault[]
}

export function translateSlo(
  slo: { readonly metadata: Metadata; readonly spec: SloSpec },
  documents: Documents,
): Translated {
  const faults: Fault[] = []
  const warnings: Fault[] = []
  const { spec } = slo
  const calendar = calendarOf(spec.timeWindow, faults)
  if (faults.length > 0) return { definitions: [], journey: null, terms: null, faults, warnings }
  const windowMs = calendar === null ? durationMs(spec.timeWindow.duration) : nominalMs(calendar)
  if (windowMs === null) {
    const detail =
      'A rolling window has a fixed length: `duration` in m, h, d or w. Months, quarters and years are calendar windows: `isRolling: false` and `calendar`.'
    return {
      definitions: [],
      journey: null,
      terms: null,
      faults: [{ pointer: '/spec/timeWindow/0', detail }],
      warnings,
    }
  }
  const policies = resolvePolicies(spec.alertPolicies, documents)
  const definitions = spec.objectives.flatMap((objective, index) => {
    const read = { slo, objective, index, windowMs, calendar, policies, documents }
    const definition = translateObjective(read, faults, warnings)
    return definition === null ? [] : [definition]
  })
  const journey = definitions.length < 2 ? null : journeyOf(slo, definitions, { windowMs, calendar })
  const terms = readReviewTerms(slo.metadata.annotations, faults)
  return { definitions, journey, terms, faults, warnings }
}

/** A composite's objectives spend their budgets together, by weight; without indicators of their own they are apart. */
function journeyOf(
  { metadata, spec }: { readonly metadata: Metadata; readonly spec: SloSpec },
  definitions: readonly Definition[],
  { windowMs, calendar }: { readonly windowMs: number; readonly calendar: Calendar | null },
): JourneyDefinition | null {
  if (spec.indicator !== null || spec.indicatorRef !== null) return null
  const team = metadata.labels.team
  return {
    name: metadata.name,
    source: 'SLO',
    displayName: metadata.displayName ?? metadata.name,
    description: spec.description ?? '',
    journey: null,
    team: typeof team === 'string' ? team : null,
    target: null,
    windowMs,
    ...(calendar === null ? {} : { calendar }),
    mode: 'budget-weighted',
    missing: 'unknown',
    members: definitions.map((definition, index) => ({
      part: { kind: 'objective', name: definition.name },
      weight: spec.objectives[index]?.compositeWeight ?? rational(1),
      use: rational(1),
    })),
  }
}

interface Reading {
  readonly slo: { readonly metadata: Metadata; readonly spec: SloSpec }
  readonly objective: ObjectiveSpec
  readonly index: number
  readonly windowMs: number
  readonly calendar: Calendar | null
  readonly policies: readonly ResolvedPolicy[]
  readonly documents: Documents
}

function translateObjective(reading: Reading, faults: Fault[], warnings: Fault[]): Definition | null {
  const { slo, objective, index, windowMs, calendar, policies, documents } = reading
  const { spec, metadata } = slo
  const name = index === 0 ? metadata.name : `${metadata.name}-${index + 1}`
  const ref = objective.indicatorRef ?? spec.indicatorRef
  const sli = objective.indicator ?? spec.indicator ?? (ref === null ? null : documents.sli(ref))
  const sliceMs = sliceFor(objective, windowMs)
  const wrong = sliceFault(sliceMs) ?? periodFault(windowMs, sliceMs)
  if (wrong !== null) faults.push({ pointer: objective.at, detail: wrong })
  if ((calendar === null ? windowMs : longestPeriodMs(calendar)) / sliceMs > mostSlices) {
    const longest = formatDuration(mostSlices * sliceMs)
    faults.push({ pointer: '/spec/timeWindow/0/duration', detail: `At most ${longest} with such slices.` })
  }
  if (objective.target.num === 0n)
    faults.push({ pointer: `${objective.at}/target`, detail: 'A target of 0 promises nothing. Choose one above 0.' })
  if (sli === null) return null
  if (ref !== null) checkAgainst({ faults }, sli, [objective])
  const indicator = readIndicator(sli, objective, documents.dataSources, faults)
  const settings = settingsOf(reading, sliceMs, indicator?.source.kind ?? null, faults, warnings)
  if (indicator === null || wrong !== null || faults.length > 0) return null
  const { target } = objective
  return {
    name,
    document: metadata.name,
    displayName: objective.displayName ?? metadata.displayName ?? name,
    description: spec.description ?? '',
    service: spec.service,
    kind: indicator.kind,
    indicator: ref ?? spec.indicatorMetadata?.name ?? null,
    source: indicator.source,
    target,
    windowMs,
    ...(calendar === null ? {} : { calendar }),
    sliceMs,
    budgeting: budgetingOf(spec, objective),
    plan: readTiers(policies, { target, windowMs, sliceMs }, faults, warnings),
    notify: [...new Set(policies.flatMap((each) => each.targets))],
    alertWhenNoData: policies.length === 0 || policies.some((each) => each.policy.alertWhenNoData),
    ...settings,
  }
}

/** What the annotations add; said once for a document, however many objectives it has. */
function settingsOf(
  { slo, index, windowMs }: Reading,
  sliceMs: number,
  source: StreamSource['kind'] | null,
  faults: Fault[],
  warnings: Fault[],
): Pick<Definition, 'groups' | 'leastBadForPage' | 'budgetAlerts'> {
  const found: Fault[] = []
  const noted: Fault[] = []
  const read = readSloSettings(slo.metadata.annotations, { windowMs, sliceMs }, found, noted)
  if (read.groups !== null && source === 'probe')
    found.push({
      pointer: `/metadata/annotations${step(groupBy)}`,
      detail: 'Checks of a probe have nothing to group by.',
    })
  if (index === 0) warnings.push(...noted)
  if (index === 0 || faults.length === 0) faults.push(...found)
  const { groups, leastBadForPage, budgetAlerts } = read
  return {
    ...(groups === null ? {} : { groups }),
    ...(leastBadForPage === null ? {} : { leastBadForPage }),
    ...(budgetAlerts === null ? {} : { budgetAlerts }),
  }
}

function calendarOf({ isRolling, duration, calendar }: TimeWindow, faults: Fault[]): Calendar | null {
  if (isRolling || calendar === null) return null
  const { value: count, unit } = duration
  const wrong = calendarFault(calendar)
  if (wrong !== null) faults.push({ pointer: '/spec/timeWindow/0/calendar', detail: wrong })
  return { count, unit, ...calendar }
}

/** Short windows need short slices: sixty of them at least, and a page within seconds. */
function sliceFor(objective: ObjectiveSpec, windowMs: number): number {
  if (objective.timeSliceWindow !== null) return durationMs(objective.timeSliceWindow) ?? minute
  if (windowMs <= 2 * hour) return 5 * second
  return windowMs < day ? 10 * second : minute
}

// A slice without events is a good one when its source was there: nothing failed in it.
function budgetingOf(spec: SloSpec, objective: ObjectiveSpec): Budgeting {
  if (spec.budgetingMethod === 'Occurrences') return { method: 'occurrences' }
  if (spec.budgetingMethod === 'RatioTimeslices')
    return { method: 'ratio-timeslices', gaps: 'exclude', emptyIsGood: true }
  const sliceTarget = objective.timeSliceTarget ?? rational(1)
  return { method: 'timeslices', sliceTarget, gaps: 'exclude', emptyIsGood: true }
}

function resolvePolicies(
  policies: readonly Referred<AlertPolicySpec>[],
  documents: Documents,
): readonly ResolvedPolicy[] {
  return policies.flatMap((each) => {
    const policy = resolve(each, documents.policy)
    const [first] = policy?.conditions ?? []
    const condition = first === undefined ? null : resolve(first, documents.condition)
    if (policy === null || condition === null) return []
    const targets = policy.notificationTargets.flatMap((target) => resolve(target, documents.target)?.target ?? [])
    return [{ at: each.at, policy, condition, targets }]
  })
}

function resolve<Spec>(referred: Referred<Spec>, find: (name: string) => Spec | null): Spec | null {
  return 'ref' in referred ? find(referred.ref) : referred.inline.spec
}

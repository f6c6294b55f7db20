// What happened in a period of an agreement, by the terms of its contract alone: what the objective's own budget leaves
// out counts here, and what the contract leaves out does not.
import { day } from '../../../kernel/duration.ts'
import { type Instant, instant } from '../../../kernel/instant.ts'
import type { Interval } from '../../../kernel/interval.ts'
import { add, type Rational, rational } from '../../../kernel/rational.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import { findStream, visitHistory } from '../../telemetry/index.ts'
import {
  type Agreement,
  type Attained,
  attainedByDowntime,
  attainedByRequests,
  downtimeOf,
  type Outage,
  outagesOf,
} from '../core/agreement.ts'
import { dayOf, daysOf, stepFor } from '../core/day-cells.ts'
import { coverTime } from '../core/exclusion.ts'
import { stepStates, type TallySpec, tallyMember } from '../core/member-tally.ts'
import { compileSpend } from '../core/spend.ts'
import { type StoredDay, sumPeriod } from '../core/sum-period.ts'
import type { ExclusionRow } from '../exclusions.store.ts'
import { readDays, readFirstDays, readMarks } from '../objective-days.store.ts'
import { findObjective, type ObjectiveRow } from '../objectives.store.ts'
import { readStates } from '../states.store.ts'
import { fillFormerSteps } from './former-streams.ts'
import { journeySteps } from './journey-steps.ts'
import { begunAt, coverageOf, loadDays, standingOf } from './load-days.ts'

export interface Measured {
  readonly asOf: Instant
  /** It was told of to the end of the period: nothing of it is still on its way. */
  readonly complete: boolean
  /** So far; null when nothing can be said. */
  readonly attained: Attained | null
  /** What is lost by now, and the whole of the period when it ends: minutes, or requests if the rest is as busy. */
  readonly lost: { readonly least: Rational; readonly most: Rational }
  readonly whole: Rational
  /** One of `whole` in time: a minute, or what one request takes at the usual traffic; null without traffic. */
  readonly unitMs: Rational | null
  readonly good: number | null
  readonly bad: number | null
  readonly expectedMs: number
  readonly unknownMs: number
  readonly downMs: number | null
  readonly outages: readonly Outage[]
}

/** The contract's exclusions, as those of budgets are written. */
export function agreedExclusions({ exclusions }: Agreement, now: Instant): readonly ExclusionRow[] {
  return exclusions.map((each, index) => ({
    ...{ ...each, id: `agreed/${index}`, source: 'declared', services: [], objectives: [], author: '' },
    ...{ createdAt: now, withdrawnAt: null, withdrawnBy: null, withdrawnReason: null },
  }))
}

/** Null: what it promises is not declared any more. */
export async function measureAgreement(
  queries: Queries,
  agreement: Agreement,
  period: Interval,
): Promise<Measured | null> {
  const now = await queries.now()
  const exclusions = agreedExclusions(agreement, now)
  if (agreement.subject.kind === 'journey') return measureJourney(queries, agreement, period, exclusions)
  const objective = await findObjective(queries, agreement.subject.name)
  if (objective === null) return null
  const [state] = await readStates(queries, [objective.name])
  const told = state?.asOf ?? now
  const asOf = instant(Math.min(period.end, told))
  const order = { objective, period, exclusions, asOf, now, complete: told >= period.end }
  return agreement.counting.by === 'requests'
    ? measureRequests(queries, order)
    : measureDowntime(queries, agreement, order)
}

interface MeasureOrder {
  readonly objective: ObjectiveRow
  readonly period: Interval
  readonly exclusions: readonly ExclusionRow[]
  readonly asOf: Instant
  readonly complete: boolean
  readonly now: Instant
}

const lengthOf = (intervals: readonly Interval[]) => intervals.reduce((all, each) => all + each.end - each.start, 0)

async function measureRequests(
  queries: Queries,
  { objective, period, exclusions, asOf, complete, now }: MeasureOrder,
): Promise<Measured> {
  const { name, definition } = objective
  const [from, to] = [dayOf(period.start), instant(dayOf(period.end - 1) + day)]
  const begun = begunAt(objective, (await readFirstDays(queries, [name])).get(name))
  const covered = coverageOf(objective, exclusions, { from, to, sliceMs: definition.sliceMs })
  const loaded = await loadDays(queries, {
    ...{ objective, begun, now, until: asOf, covered },
    stream: await findStream(queries, name),
    days: daysOf(period.start, period.end),
    rows: await readDays(queries, [name], from, to),
    marked: new Set((await readMarks(queries, { objectives: [name], limit: 1_000 })).map((mark) => mark.day)),
  })
  const days = new Map<Instant, StoredDay>()
  for (const [start, each] of loaded) {
    const standing = standingOf(objective, each)
    if (standing !== null) days.set(start, standing)
  }
  const { sliceMs } = definition
  // Requests are requests, however the objective counts its own budget.
  const rule = compileSpend({ method: 'occurrences' })
  const { sum } = sumPeriod({ period, until: asOf, begun, sliceMs, rule, covered, days })
  // A contract does not begin with the first measurement.
  const expectedMs = (sum.expected + sum.unborn) * 1_000
  const unknownMs = expectedMs - sum.measured * 1_000
  const { good, bad } = sum
  const total = good + bad
  const ahead =
    lengthOf([{ start: asOf, end: period.end }]) - lengthOf(coverTime(exclusions, { start: asOf, end: period.end }))
  const measuredMs = sum.measured * 1_000
  // As many requests for a time as while it was measured.
  const usual = (ms: number) =>
    measuredMs === 0 ? rational(0) : rational(BigInt(total) * BigInt(ms), BigInt(measuredMs))
  return {
    ...{ asOf, complete },
    attained: attainedByRequests({ good, bad, measuredMs, unknownMs }),
    // What was not measured may all have failed.
    lost: { least: rational(bad), most: add(rational(bad), usual(unknownMs)) },
    whole: usual(measuredMs + unknownMs + Math.max(0, ahead)),
    unitMs: total === 0 ? null : rational(measuredMs, total),
    ...{ good, bad, expectedMs, unknownMs, downMs: null, outages: [] },
  }
}

async function measureDowntime(
  queries: Queries,
  { counting }: Agreement,
  { objective, period, exclusions, asOf, complete }: MeasureOrder,
): Promise<Measured> {
  const { sliceMs } = objective.definition
  const stepMs = stepFor(sliceMs)
  const from = instant(Math.floor(period.start / stepMs) * stepMs)
  const until = instant(Math.max(from, Math.floor(asOf / stepMs) * stepMs))
  const coveredOf = (of: number) =>
    coverageOf(objective, exclusions, { from: period.start, to: period.end, sliceMs: of })
  const spec: TallySpec = {
    ...{ from, until, sliceMs, stepMs, born: period.start },
    rule: compileSpend({ method: 'occurrences' }),
    least: counting.by === 'downtime' ? counting.below : rational(1),
    covered: coveredOf(sliceMs),
  }
  const tally = tallyMember(spec)
  const stream = await findStream(queries, objective.name)
  if (stream !== null && until > from)
    await visitHistory(queries, [{ stream, from, to: until }], (_stream, block) => tally.take(block))
  const { steps } = tally.finish()
  if (stream !== null) await fillFormerSteps(queries, stream, steps, { ...spec, coveredOf })
  return fromSteps({ steps, stepMs, from, asOf: until, complete, counting, period, exclusions })
}

async function measureJourney(
  queries: Queries,
  { subject, counting }: Agreement,
  period: Interval,
  exclusions: readonly ExclusionRow[],
): Promise<Measured | null> {
  const now = await queries.now()
  const until = instant(Math.min(period.end, now))
  const found = await journeySteps(queries, subject.name, {
    ...{ from: period.start, until, born: period.start, exclusions },
  })
  if (found === null) return null
  return fromSteps({ ...found, complete: found.told >= period.end, counting, period, exclusions })
}

function fromSteps(order: {
  readonly steps: Uint8Array
  readonly stepMs: number
  readonly from: Instant
  readonly asOf: Instant
  readonly complete: boolean
  readonly counting: Agreement['counting']
  readonly period: Interval
  readonly exclusions: readonly ExclusionRow[]
}): Measured {
  const { steps, stepMs, from, asOf, complete, counting, period, exclusions } = order
  const leastMinutes = counting.by === 'downtime' ? counting.leastMinutes : 1
  const leastSteps = Math.ceil((leastMinutes * 60_000) / stepMs)
  const down = downtimeOf(steps, leastSteps)
  const count = (state: number) => steps.reduce((all, each) => all + (each === state ? 1 : 0), 0)
  const expected = steps.length - count(stepStates.leftOut)
  const rest = { start: asOf, end: period.end }
  const ahead = Math.max(0, (lengthOf([rest]) - lengthOf(coverTime(exclusions, rest))) / stepMs)
  return {
    ...{ asOf, complete },
    attained: attainedByDowntime(expected, down),
    lost: { least: rational(down.least), most: rational(down.most) },
    whole: rational(expected + Math.floor(ahead)),
    unitMs: rational(stepMs),
    good: null,
    bad: null,
    expectedMs: expected * stepMs,
    unknownMs: count(stepStates.unknown) * stepMs,
    downMs: down.least * stepMs,
    outages: outagesOf(steps, { from, stepMs, leastSteps }),
  }
}

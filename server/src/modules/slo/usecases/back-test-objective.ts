// The past of one objective, judged as it is defined and as somebody proposes.
import { setImmediate } from 'node:timers/promises'
import { AppError } from '../../../kernel/app-error.ts'
import { day } from '../../../kernel/duration.ts'
import { formatInstant, type Instant, instant } from '../../../kernel/instant.ts'
import { parseRational, type Rational, rational, toNumber } from '../../../kernel/rational.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import { monotonicMs } from '../../../platform/monotonic.ts'
import { findStream, readResolved } from '../../telemetry/index.ts'
import { detectedAfter, type Outcome, runBackTest } from '../core/back-test.ts'
import { budgetFraction, budgetOf } from '../core/budget.ts'
import { detectionMs, resetMs } from '../core/burn.ts'
import { asExcluded, coveredSlices, coverTime, modeOf } from '../core/exclusion.ts'
import { budgetOfPeriod } from '../core/period.ts'
import { mostSlices, periodOf, type Ring, sumOfWindow } from '../core/ring.ts'
import { compileSpend } from '../core/spend.ts'
import { defaultTiers, periodFault, planTiers, type Tier, tierName } from '../core/tiers.ts'
import type { TimedSlice } from '../core/window.ts'
import { compileDefinition, type Definition, longestWindow } from '../definition.ts'
import { ringSpecOf } from '../engine/running-objective.ts'
import { concerns, listExclusions } from '../exclusions.store.ts'
import type { ObjectiveRow } from '../objectives.store.ts'
import type { SloPorts } from '../slo.ports.ts'
import { readStates } from '../states.store.ts'
import type { BackTestOutcome } from '../what-if.contract.ts'
import { needObjective } from './describe-objectives.ts'

const longestRange = 35 * day
export const mostAlerts = 200
const longestTurnMs = 15

export interface Proposal {
  readonly target?: number
  readonly windowMs?: number
  readonly sliceTarget?: number
  readonly tiers?: readonly {
    readonly level: 'page' | 'ticket'
    readonly longMs: number
    readonly shortMs: number
    readonly threshold: number
  }[]
}

export async function backTestObjective(
  queries: Queries,
  ports: SloPorts,
  order: { name: string; proposal: Proposal; from: Instant | null; to: Instant | null },
) {
  const row = await needObjective(queries, order.name)
  const { sliceMs } = row.definition
  const proposed = propose(row.definition, order.proposal)
  // The newest slices still fill: the past ends where it was judged last.
  const [state] = await readStates(queries, [order.name])
  const newest = state?.asOf ?? (await queries.now())
  const to = instant(Math.floor(Math.min(order.to ?? newest, newest) / sliceMs) * sliceMs)
  const from = instant(Math.ceil((order.from ?? to - longestRange) / sliceMs) * sliceMs)
  if (from >= to || to - from > longestRange)
    throw new AppError('invalid', 'telemetry.bad-range', 'The range ends before it begins, or is longer than 35 days.')
  const stream = await findStream(queries, order.name)
  const longest = Math.max(longestWindow(row.definition), longestWindow(proposed))
  const resolved = stream === null ? [] : await readResolved(queries, stream, from - longest, to)
  const exclusions = (await listExclusions(queries)).filter((each) => concerns(each, row))
  const covered = coveredSlices(coverTime(exclusions, { start: instant(from - longest), end: to }), sliceMs)
  const slices = resolved.map(({ start, slice }) => ({
    start,
    slice: asExcluded(slice, modeOf(covered, start / sliceMs)),
  }))
  const range = { from, to, slices }
  const current = await judgePast(row, row.definition, range)
  // Nothing proposed: whoever asks wants to know of the past as it was judged.
  const other = Object.keys(order.proposal).length === 0 ? current : await judgePast(row, proposed, range)
  const causes = (await ports.causes?.(queries, row.service, from, to)) ?? []
  const within = slices.filter((each) => each.start >= from).length
  return {
    from: formatInstant(from),
    to: formatInstant(to),
    measuredRatio: within / ((to - from) / sliceMs),
    current: present(row.definition, current),
    proposed: present(proposed, other),
    incidents: causes
      .filter((cause) => cause.kind === 'incident')
      .map((cause) => {
        const during = { start: cause.from, end: cause.to ?? to }
        return {
          id: cause.id,
          label: cause.label,
          from: formatInstant(during.start),
          to: formatInstant(during.end),
          currentAfterMs: detectedAfter(current.alerts, during),
          proposedAfterMs: detectedAfter(other.alerts, during),
        }
      }),
  }
}

function propose(definition: Definition, proposal: Proposal): Definition {
  const { sliceMs, calendar, ...kept } = definition
  const refuse = (path: string, detail: string) =>
    new AppError('invalid', 'slo.bad-proposal', detail, { faults: [{ pointer: path, detail }] })
  const target = proposal.target === undefined ? definition.target : exactly(proposal.target)
  if (target === null || target.num <= 0n || target.num >= target.den)
    throw refuse('/target', 'A target lies between 0 and 1.')
  const windowMs = proposal.windowMs ?? definition.windowMs
  const wrong = windowMs % sliceMs === 0 ? periodFault(windowMs, sliceMs) : 'A window is a whole number of slices.'
  if (wrong !== null || windowMs / sliceMs > mostSlices) throw refuse('/windowMs', wrong ?? 'The window is too long.')
  let { budgeting } = definition
  if (proposal.sliceTarget !== undefined) {
    const sliceTarget = exactly(proposal.sliceTarget)
    if (budgeting.method !== 'timeslices' || sliceTarget === null)
      throw refuse('/sliceTarget', 'Only timeslices are judged by a target of their own.')
    budgeting = { ...budgeting, sliceTarget }
  }
  for (const [index, { longMs, shortMs }] of (proposal.tiers ?? []).entries())
    if (longMs % sliceMs !== 0 || shortMs % sliceMs !== 0 || shortMs >= longMs || longMs > windowMs)
      throw refuse(
        `/tiers/${index}`,
        `Windows are whole slices of ${sliceMs / 1000} s; the short one is shorter than the long one, and that no longer than the objective's.`,
      )
  const tiers: readonly Tier[] =
    proposal.tiers?.map(({ level, longMs, shortMs, threshold }) => ({
      name: tierName(longMs, shortMs),
      severity: level,
      longMs,
      shortMs,
      threshold: exactly(threshold) ?? rational(1),
    })) ?? (proposal.windowMs === undefined ? definition.plan.tiers : defaultTiers(windowMs, sliceMs))
  if (new Set(tiers.map((tier) => tier.name)).size < tiers.length)
    throw refuse('/tiers', 'Two tiers look back over the same windows. Keep one.')
  const plan = planTiers(tiers, budgetFraction(target), windowMs)
  const keepsCalendar = calendar !== undefined && proposal.windowMs === undefined
  return { ...kept, sliceMs, target, windowMs, budgeting, plan, ...(keepsCalendar ? { calendar } : {}) }
}

// As it was written: 0.999 is 999/1000.
const exactly = (value: number): Rational | null => parseRational(String(value))

async function judgePast(
  row: ObjectiveRow,
  definition: Definition,
  range: { readonly from: Instant; readonly to: Instant; readonly slices: readonly TimedSlice[] },
): Promise<Outcome> {
  const rules = compileDefinition(definition)
  // The life of the objective, as far back as a window reaches: what is missing in it is missing, not unknown.
  const first = Math.min(range.slices[0]?.start ?? range.from, row.born ?? range.from)
  const reach = range.from - longestWindow(definition)
  const born = instant(Math.floor(Math.max(first, reach) / definition.sliceMs) * definition.sliceMs)
  const spec = { ...ringSpecOf({ ...row, definition }, born), born }
  const rule = compileSpend(definition.budgeting)
  const window = rules.windows.indexOf(definition.windowMs)
  const budget = (ring: Ring) => {
    const period = periodOf(ring)
    if (period !== null) return budgetOfPeriod(definition.target, period, rule)
    return budgetOf(definition.target, sumOfWindow(ring, window), rule.unit)
  }
  const run = runBackTest({ spec, rules, ...range, budgetOf: budget })
  for (let turnBegan = monotonicMs(); ; ) {
    const step = run.next()
    if (step.done === true) return step.value
    if (monotonicMs() - turnBegan < longestTurnMs) continue
    await setImmediate()
    turnBegan = monotonicMs()
  }
}

function present(definition: Definition, outcome: Outcome): BackTestOutcome {
  const { budget, worst, alerts } = outcome
  const measured = budget.state === 'measured' ? budget : null
  const fraction = budgetFraction(definition.target)
  const whole = (ms: Rational | null) => (ms === null ? null : Math.round(toNumber(ms)))
  return {
    target: toNumber(definition.target),
    windowMs: definition.windowMs,
    indicator: measured === null ? null : toNumber(measured.indicator),
    totalBad: measured === null ? 0 : toNumber(measured.allowed),
    spentBad: measured === null ? 0 : toNumber(measured.spent),
    remainingRatio: measured === null ? null : toNumber(measured.remainingShare),
    worst: worst === null ? null : { remainingRatio: toNumber(worst.remaining), at: formatInstant(worst.at) },
    exhaustedMs: outcome.exhaustedSlices * definition.sliceMs,
    pages: alerts.filter((each) => each.severity === 'page').length,
    tickets: alerts.filter((each) => each.severity === 'ticket').length,
    alerts: alerts.slice(0, mostAlerts).map((each) => ({
      level: each.severity,
      tier: each.tier,
      firedAt: formatInstant(each.firedAt),
      endedAt: each.endedAt === null ? null : formatInstant(each.endedAt),
    })),
    tiers: definition.plan.tiers.map((tier) => ({
      name: tier.name,
      level: tier.severity,
      longMs: tier.longMs,
      shortMs: tier.shortMs,
      threshold: toNumber(tier.threshold),
      share: toNumber(tier.share),
      note: tier.note,
      detectsOutageMs: whole(detectionMs(tier.longMs, tier.threshold, fraction, rational(1))),
      resetsMs: whole(resetMs(tier.shortMs, tier.threshold, fraction, rational(1))),
    })),
    refused: definition.plan.refused.map((each) => each.because),
  }
}

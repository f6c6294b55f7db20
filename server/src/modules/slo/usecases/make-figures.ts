// What a review looks at: what was attained since the last one, and how well alerts told of failures.
import { day } from '../../../kernel/duration.ts'
import { formatInstant, type Instant, instant, parseInstant } from '../../../kernel/instant.ts'
import { toNumber } from '../../../kernel/rational.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import { judgeAttainment } from '../core/attainment.ts'
import { cellMs } from '../core/day-cells.ts'
import { judgeAlerts } from '../core/review-figures.ts'
import { formatShare, formatTarget } from '../core/sentence.ts'
import { unitOf } from '../core/spend.ts'
import { journeyKey, subjectOf } from '../core/subject.ts'
import { listExclusions } from '../exclusions.store.ts'
import type { ObjectiveRow } from '../objectives.store.ts'
import type { ReviewFigures } from '../reviews.contract.ts'
import { listReviewsOf } from '../reviews.store.ts'
import type { SloPorts } from '../slo.ports.ts'
import { readStates } from '../states.store.ts'
import { backTestObjective, mostAlerts } from './back-test-objective.ts'
import { describeJourney } from './describe-journeys.ts'
import { needObjective } from './describe-objectives.ts'
import { needJourney } from './need-subject.ts'
import { tallyPeriod } from './tally-period.ts'

// A first review looks at a quarter; none looks back further than reports do.
const firstMs = 90 * day
const mostMs = 400 * day
const mostAlertsMs = 35 * day

/** Of an objective by its name, or of a journey by its key. */
export async function makeReviewFigures(queries: Queries, ports: SloPorts, key: string): Promise<ReviewFigures> {
  const { kind, name } = subjectOf(key)
  return kind === 'journey' ? makeJourneyFigures(queries, ports, name) : makeObjectiveFigures(queries, ports, name)
}

async function makeObjectiveFigures(queries: Queries, ports: SloPorts, name: string): Promise<ReviewFigures> {
  const objective = await needObjective(queries, name)
  const { definition } = objective
  const [state] = await readStates(queries, [name])
  const now = await queries.now()
  const asOf = state?.asOf ?? now
  const from = await lookedAtSince(queries, name, now)
  // The roll-up is in quarter hours.
  const period = { start: instant(Math.floor(from / cellMs) * cellMs), end: now }
  const exclusions = await listExclusions(queries)
  const totals = await tallyPeriod(queries, [{ objective, asOf }], { period, exclusions })
  const sum = totals.get(name)?.sum
  const judged = sum === undefined ? null : judgeAttainment(definition.target, sum, unitOf(definition.budgeting))
  const pages = await ports.pagesOf?.(queries, period.start, period.end)
  const attained = judged?.attained ?? null
  const measured = judged?.measured ?? null
  return {
    target: toNumber(definition.target),
    targetText: formatTarget(definition.target).replace(' %', ''),
    version: objective.version,
    attained: {
      from: formatInstant(period.start),
      to: formatInstant(period.end),
      ratio: attained === null ? null : toNumber(attained),
      text: attained === null ? 'not known' : formatShare(attained),
      verdict: judged?.verdict ?? 'unknown',
      measuredRatio: measured === null ? null : toNumber(measured),
    },
    remainingRatio: state?.view.budget.remainingRatio ?? null,
    alerts: await alertFigures(queries, ports, { objective, asOf, from: Math.max(period.start, now - mostAlertsMs) }),
    pagesOfService: pages?.get(objective.service) ?? 0,
  }
}

async function lookedAtSince(queries: Queries, key: string, now: Instant): Promise<number> {
  const [last] = await listReviewsOf(queries, key, 1)
  return last === undefined ? now - firstMs : Math.max(last.at, now - mostMs)
}

/** A journey is judged over its window, which its members' slices are kept for; alerts are those of its members. */
async function makeJourneyFigures(queries: Queries, ports: SloPorts, name: string): Promise<ReviewFigures> {
  const { definition, version } = await needJourney(queries, name)
  const journey = await describeJourney(queries, name)
  const { good, bad, unknown, idle } = journey.steps
  const steps = good + bad + unknown + idle
  const now = await queries.now()
  const asOf = journey.asOf === null ? now : at(journey.asOf)
  const { target } = definition
  const share = journey.attainment
  const services = new Set(journey.members.flatMap((each) => each.service ?? []))
  const pages = await ports.pagesOf?.(queries, instant(await lookedAtSince(queries, journeyKey(name), now)), now)
  return {
    target: target === null ? 0 : toNumber(target),
    targetText: journey.targetText ?? '',
    version,
    attained: {
      from: formatInstant(instant(asOf - definition.windowMs)),
      to: formatInstant(asOf),
      ratio: share,
      text: journey.texts.attainment,
      verdict:
        share === null || journey.remainingRatio === null ? 'unknown' : journey.remainingRatio >= 0 ? 'met' : 'missed',
      measuredRatio: steps === 0 ? null : (steps - unknown) / steps,
    },
    remainingRatio: journey.remainingRatio,
    alerts: null,
    pagesOfService: [...services].reduce((sum, service) => sum + (pages?.get(service) ?? 0), 0),
  }
}

const at = (text: string): Instant => parseInstant(text) ?? instant(0)

/** Null when nothing of the time was judged yet. */
async function alertFigures(
  queries: Queries,
  ports: SloPorts,
  { objective, asOf, from }: { readonly objective: ObjectiveRow; readonly asOf: Instant; readonly from: number },
): Promise<ReviewFigures['alerts']> {
  const { name, definition } = objective
  const slices = Math.floor(asOf / definition.sliceMs) - Math.ceil(from / definition.sliceMs)
  if (slices < 1) return null
  const past = await backTestObjective(queries, ports, { name, proposal: {}, from: instant(from), to: asOf })
  const { alerts, pages, tickets } = past.current
  const spans = alerts.map(({ level, firedAt, endedAt }) => ({
    level,
    firedAt: at(firedAt),
    endedAt: endedAt === null ? null : at(endedAt),
  }))
  const incidents = past.incidents.map((each) => ({ start: at(each.from), end: at(each.to) }))
  const { precision, recall } = judgeAlerts(spans, incidents)
  // Of more alerts than are told apart the shares would be those of the first.
  const isWhole = pages + tickets <= mostAlerts
  return {
    from: past.from,
    to: past.to,
    pages,
    tickets,
    incidents: incidents.length,
    precision: isWhole ? precision : null,
    recall: isWhole ? recall : null,
  }
}

// Where an objective stands, as its policies ask: what is left of the budget, and what single causes spent of it.
import { type Instant, instant } from '../../../kernel/instant.ts'
import {
  compare,
  divide,
  multiply,
  type Rational,
  rational,
  rationalFromNumber,
  subtract,
} from '../../../kernel/rational.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import { budgetFraction } from '../core/budget.ts'
import { periodAt } from '../core/calendar.ts'
import type { Standing } from '../core/decide-policy.ts'
import type { BudgetPolicy } from '../core/policy.ts'
import { findObjective, type ObjectiveRow } from '../objectives.store.ts'
import type { SloPorts } from '../slo.ports.ts'
import type { BudgetRow } from '../states.store.ts'
import { readQuarterShares } from './attribute-days.ts'
import { computeLedger } from './read-ledger.ts'

/** Null while it was never judged. Numbers as they were judged, to the 15 digits that are kept of them. */
export function budgetStanding(policy: Pick<BudgetPolicy, 'calendarBudget'>, row: BudgetRow): Standing | null {
  if (row.asOf === null) return null
  const left = policy.calendarBudget === 'projected' ? row.projected : row.remaining
  // Nothing is concluded from the past of what is not measured any more.
  const isKnown = row.state !== null && row.state !== 'no-data' && left !== null
  return { asOf: row.asOf, remaining: isKnown ? rationalFromNumber(left) : null, incidents: null, classes: null }
}

/** The same with the shares of causes, for policies with steps about them. */
export async function fullStanding(
  queries: Queries,
  ports: SloPorts,
  policy: BudgetPolicy,
  row: BudgetRow,
): Promise<Standing | null> {
  const standing = budgetStanding(policy, row)
  if (standing === null || standing.remaining === null) return standing
  const asks = (kind: 'incident' | 'class') => policy.steps.some((step) => step.when.kind === kind)
  const objective = asks('incident') || asks('class') ? await findObjective(queries, row.name) : null
  if (objective === null) return standing
  return {
    ...standing,
    incidents: asks('incident') ? await incidentShares(queries, ports, policy, { row, objective }) : null,
    classes: asks('class') ? await readQuarterShares(queries, objective, standing.asOf) : null,
  }
}

async function incidentShares(
  queries: Queries,
  ports: SloPorts,
  policy: BudgetPolicy,
  { row, objective }: { readonly row: BudgetRow; readonly objective: ObjectiveRow },
): Promise<Standing['incidents']> {
  if (row.asOf === null || row.remaining === null) return null
  // No incident spent more than was spent at all: most objectives need no ledger.
  const spent = subtract(rational(1), rationalFromNumber(row.remaining))
  const least = policy.steps.flatMap(({ when }) => (when.kind === 'incident' ? [when.leavesAtMost] : []))
  if (least.every((level) => compare(spent, level) <= 0)) return []
  const { definition } = objective
  const { from, ahead } = windowOf(objective, row.asOf)
  const { ledger, causes, total, rule } = await computeLedger(queries, ports, objective, { from, to: row.asOf })
  // A calendar budget of slices is that of the whole period, as it is judged.
  const whole = total + (rule.byEvents ? 0 : ahead * rule.unit)
  const allowed = multiply(budgetFraction(definition.target), rational(whole))
  if (allowed.num === 0n) return []
  const labels = new Map(causes.map((cause) => [cause.id, cause.label]))
  return ledger.lines.flatMap((line) =>
    line.kind === 'incident' && line.id !== null
      ? [{ id: line.id, label: labels.get(line.id) ?? line.id, share: shareOf(line.spent, allowed) }]
      : [],
  )
}

const shareOf = (spent: number, allowed: Rational): Rational => divide(rational(spent), allowed)

function windowOf({ definition }: ObjectiveRow, asOf: Instant): { readonly from: Instant; readonly ahead: number } {
  const { calendar, windowMs, sliceMs } = definition
  if (calendar === undefined) return { from: instant(asOf - windowMs), ahead: 0 }
  const period = periodAt(calendar, instant(asOf - 1))
  return { from: period.start, ahead: Math.max(0, Math.ceil((period.end - asOf) / sliceMs)) }
}

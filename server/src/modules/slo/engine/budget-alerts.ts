// Alerts on the budget of one objective: what they read, and what becomes of them.
import { formatInstant } from '../../../kernel/instant.ts'
import { multiply, type Rational, rational, subtract, toNumber } from '../../../kernel/rational.ts'
import { type BudgetAlertStep, type BudgetReading, stepBudgetAlerts } from '../core/budget-alerts.ts'
import { trafficWeightedShare } from '../core/burn.ts'
import { projectedBudget } from '../core/period.ts'
import { compileSpend } from '../core/spend.ts'
import type { BudgetAlertData } from '../groups.contract.ts'
import type { ObjectiveRow } from '../objectives.store.ts'
import { budgetNow, budgetSumOf, type Judged } from '../state-view.ts'

export type BudgetNews =
  | { readonly kind: 'budget-alert-began'; readonly data: BudgetAlertData }
  | { readonly kind: 'budget-alert-ended'; readonly data: BudgetAlertData }

const none = { remaining: [], drop: null, exhaustsWithinMs: null } as const

export function alertOnBudget(
  objective: ObjectiveRow,
  judged: Judged,
  firing: readonly string[],
): { readonly firing: BudgetAlertStep['firing']; readonly news: readonly BudgetNews[] } {
  const alerts = judged.definition.budgetAlerts
  if (alerts === undefined && firing.length === 0) return { firing: [], news: [] }
  const reading = readingOf(judged)
  const step = stepBudgetAlerts(alerts ?? none, reading, firing)
  const data = ({ key, kind, sentence }: BudgetAlertStep['news'][number]): BudgetAlertData => ({
    objective: objective.name,
    displayName: objective.displayName,
    service: objective.service,
    alert: key,
    kind,
    remaining: reading.remaining === null ? null : toNumber(reading.remaining),
    sentence,
    at: formatInstant(judged.verdict.evaluatedAt),
  })
  return {
    firing: step.firing,
    news: step.news.map((each) => ({
      kind: each.begins ? 'budget-alert-began' : 'budget-alert-ended',
      data: data(each),
    })),
  }
}

function readingOf(judged: Judged): BudgetReading {
  const { definition, rules, sums, verdict, forecast } = judged
  const within = definition.budgetAlerts?.drop?.withinMs
  const lately = within === undefined ? undefined : sums[rules.windows.indexOf(within)]
  const sum = budgetSumOf(judged)
  const share = lately === undefined ? null : trafficWeightedShare(lately.spent, sum.total, rules.budget)
  return {
    now: verdict.evaluatedAt,
    remaining: remainingOf(judged),
    spentLately: share === null ? null : multiply(share, lifeOf(judged)),
    exhaustsAt: forecast.exhaustsAt,
  }
}

/**
 * Of a period, as it will be if its rest is as busy; of a young objective, as if the time before had been as busy and
 * without failures: the first failure of a new objective is not the end of its month.
 */
function remainingOf(judged: Judged): Rational | null {
  const { definition, period } = judged
  const budget =
    period === null ? budgetNow(judged) : projectedBudget(definition.target, period, compileSpend(definition.budgeting))
  if (budget.state !== 'measured') return null
  return subtract(rational(1), multiply(budget.spentShare, lifeOf(judged)))
}

/** The part of a rolling window that the objective has lived through. */
function lifeOf(judged: Judged): Rational {
  if (judged.period !== null) return rational(1)
  const { expected, unborn } = budgetSumOf(judged)
  return expected === 0 ? rational(1) : rational(expected, expected + unborn)
}

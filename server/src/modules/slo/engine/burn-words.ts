// What whoever is told of a burning objective reads beyond the rates: what is spent and left, whether so few events say
// much, and who is hit.
import { rational, subtract } from '../../../kernel/rational.ts'
import { formatPercent } from '../core/sentence.ts'
import { fewEventsSentence } from '../core/traffic.ts'
import { budgetNow, type Judged } from '../state-view.ts'

export function burnWords(judged: Judged, sentence: string, worst: string | null): string {
  const { verdict, rules, definition } = judged
  const budget = budgetNow(judged)
  const words = [sentence]
  if (budget.state === 'measured') {
    const over = budget.remainingShare.num < 0n
    const left = over
      ? `overspent by ${formatPercent(subtract(rational(0), budget.remainingShare))}`
      : `${formatPercent(budget.remainingShare)} left`
    words.push(`${formatPercent(budget.spentShare)} of the budget is spent, ${left}.`)
    // An end that is known stands in the sentence already.
    if (!over && judged.forecast.exhaustsAt === null) words.push('At the present rate the rest lasts.')
  }
  const { governing } = verdict
  if (governing !== null && definition.budgeting.method === 'occurrences') {
    const { tier, badInLong, eventsInLong } = governing
    const few = fewEventsSentence(
      { bad: badInLong, events: eventsInLong, threshold: tier.threshold, longMs: tier.longMs },
      rules.budget,
    )
    if (few !== null) words.push(few)
  }
  if (worst !== null) words.push(worst)
  return words.join(' ')
}

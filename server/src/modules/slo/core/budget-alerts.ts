// Alerts on the budget itself, beside those on how fast it burns: so little is left, so much of it was spent lately, it
// will be gone so soon. Each begins at its level and ends beyond another one, so that a budget that hovers at a level
// tells of itself once. What is not known neither begins nor ends one.
import { formatDuration } from '../../../kernel/duration.ts'
import type { Instant } from '../../../kernel/instant.ts'
import { add, compare, multiply, type Rational, rational } from '../../../kernel/rational.ts'
import { formatPercent, formatSpan } from './sentence.ts'

export interface BudgetAlerts {
  /** Begins at so much left or less; ends above five points more, and when all of it is left. */
  readonly remaining: readonly Rational[]
  /**
   * Begins when the failures of the last while spent so much of the whole budget; ends below four fifths of it. Of what
   * was spent, not of how the remaining share moved: old failures that leave a window hide nothing.
   */
  readonly drop: { readonly share: Rational; readonly withinMs: number } | null
  /** Begins when the budget will be gone so soon, or is; ends when it lasts a quarter longer. */
  readonly exhaustsWithinMs: number | null
}

export interface BudgetReading {
  readonly now: Instant
  /** Null when nothing is known. */
  readonly remaining: Rational | null
  readonly spentLately: Rational | null
  readonly exhaustsAt: Instant | null
}

export type BudgetAlertKind = 'remaining' | 'drop' | 'exhaustion'

export interface BudgetAlertNews {
  /** `remaining-20`: unique within an objective, the same when it ends. */
  readonly key: string
  readonly kind: BudgetAlertKind
  readonly begins: boolean
  readonly sentence: string
}

export interface BudgetAlertStep {
  readonly firing: readonly string[]
  readonly news: readonly BudgetAlertNews[]
}

interface Rule {
  readonly key: string
  readonly kind: BudgetAlertKind
  /** Null: not known. */
  readonly begins: boolean | null
  readonly ends: boolean | null
  readonly sentence: string
}

export function stepBudgetAlerts(
  alerts: BudgetAlerts,
  reading: BudgetReading,
  firing: readonly string[],
): BudgetAlertStep {
  const rules = rulesOf(alerts, reading)
  const next: string[] = []
  const news: BudgetAlertNews[] = []
  for (const { key, kind, begins, ends, sentence } of rules) {
    const was = firing.includes(key)
    const is = was ? ends !== true : begins === true
    if (is) next.push(key)
    if (is !== was) news.push({ key, kind, begins: is, sentence })
  }
  // An alert whose level is no longer declared is over.
  for (const key of firing)
    if (!rules.some((rule) => rule.key === key))
      news.push({ key, kind: alertKind(key), begins: false, sentence: 'The alert is not declared any more.' })
  return { firing: next, news }
}

const kinds: readonly BudgetAlertKind[] = ['remaining', 'drop', 'exhaustion']
export const alertKind = (key: string): BudgetAlertKind => kinds.find((kind) => key.startsWith(kind)) ?? 'remaining'

/** Rounded as it is shown: levels that look alike would be one alert. */
export const remainingKey = (level: Rational): string => `remaining-${formatPercent(level).replace(' %', '')}`

function rulesOf(alerts: BudgetAlerts, { now, remaining, spentLately, exhaustsAt }: BudgetReading): readonly Rule[] {
  const rules: Rule[] = alerts.remaining.map((level) => ({
    key: remainingKey(level),
    kind: 'remaining' as const,
    begins: remaining === null ? null : compare(remaining, level) <= 0,
    ends:
      remaining === null
        ? null
        : compare(remaining, add(level, rational(5, 100))) > 0 || compare(remaining, rational(1)) >= 0,
    sentence: remaining === null ? '' : `${leftWords(remaining)} (told of at ${formatPercent(level)}).`,
  }))
  const { drop, exhaustsWithinMs } = alerts
  if (drop !== null)
    rules.push({
      key: `drop-${formatPercent(drop.share).replace(' %', '')}-${formatDuration(drop.withinMs)}`,
      kind: 'drop',
      begins: spentLately === null ? null : compare(spentLately, drop.share) >= 0,
      ends: spentLately === null ? null : compare(spentLately, multiply(drop.share, rational(4, 5))) < 0,
      sentence:
        spentLately === null
          ? ''
          : `The last ${formatSpan(drop.withinMs)} spent ${formatPercent(spentLately)} of the budget (told of from ${formatPercent(drop.share)} on). ${remaining === null ? '' : `${leftWords(remaining)}.`}`.trim(),
    })
  if (exhaustsWithinMs !== null) {
    const left = exhaustsAt === null ? null : exhaustsAt - now
    const gone = remaining !== null && remaining.num < 0n
    rules.push({
      key: `exhaustion-${formatDuration(exhaustsWithinMs)}`,
      kind: 'exhaustion',
      begins: remaining === null ? null : gone || (left !== null && left <= exhaustsWithinMs),
      ends: remaining === null ? null : !gone && (left === null || left * 4 > exhaustsWithinMs * 5),
      sentence: remaining === null ? '' : `${exhaustionWords(left, gone)} ${leftWords(remaining)}.`,
    })
  }
  return rules
}

function exhaustionWords(left: number | null, gone: boolean): string {
  if (gone) return 'The budget is gone.'
  if (left === null) return 'At the present rate the budget lasts.'
  return `At the present rate the budget is gone in ${formatSpan(Math.max(0, left))}.`
}

function leftWords(remaining: Rational): string {
  return remaining.num < 0n
    ? `The budget is overspent by ${formatPercent(multiply(remaining, rational(-1)))}`
    : `${formatPercent(remaining)} of the budget is left`
}

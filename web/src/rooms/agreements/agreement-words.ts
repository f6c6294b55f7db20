// How agreements are told: a verdict as a mark, a credit as an amount.
import type { Credit, Statement } from '../../shell/agreement-api.ts'

export const looks = {
  kept: { tone: 'ok', word: 'Kept' },
  missed: { tone: 'critical', word: 'Missed' },
  open: { tone: 'unknown', word: 'Open' },
} as const

/** `10 % of the fee, 120.00 EUR`, `none`. */
export function creditText({ percentText, amount, belowText, capped }: Credit): string {
  if (belowText === null) return 'none'
  const money = amount === null ? '' : `, ${amount.amount} ${amount.currency}`
  return `${percentText} % of the fee${money}${capped ? ' (cap)' : ''}`
}

/** A span where what was not measured decides. */
export function dueText({ creditLeast, creditMost }: Pick<Statement, 'creditLeast' | 'creditMost'>): string {
  const [least, most] = [creditText(creditLeast), creditText(creditMost)]
  return least === most ? least : `from ${least} to ${most}`
}

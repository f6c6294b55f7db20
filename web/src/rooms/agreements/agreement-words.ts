// How agreements are told: a verdict as a mark, a credit as a span where not all is known.
import type { Statement } from '../../shell/agreement-api.ts'

export const looks = {
  kept: { tone: 'ok', word: 'Kept' },
  missed: { tone: 'critical', word: 'Missed' },
  open: { tone: 'unknown', word: 'Open' },
} as const

/** A span where what was not measured decides. */
export function dueText({ creditLeast, creditMost }: Pick<Statement, 'creditLeast' | 'creditMost'>): string {
  const [least, most] = [creditLeast.text, creditMost.text]
  return least === most ? least : `from ${least} to ${most}`
}

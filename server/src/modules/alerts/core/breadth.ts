// How much a silence would hide. Wide ones are said out loud before they are made, never forbidden: at night somebody
// may need one.
import type { AlertSeverity } from '../../../kernel/severity.ts'

export interface Hidden {
  readonly service: string | null
  readonly rule: string | null
  readonly severity: AlertSeverity
  readonly open: boolean
}

export interface Breadth {
  readonly open: number
  readonly history: number
  readonly services: readonly string[]
  readonly rules: readonly string[]
  readonly critical: number
  /** What to think about before making it; none when it is narrow. */
  readonly warnings: readonly string[]
}

// A silence is for one problem; what hides more than these is usually wider than meant.
const manyServices = 3
const manyOfAll = 0.25
const longMs = 24 * 3_600_000

export function judgeBreadth(
  hidden: readonly Hidden[],
  looked: { readonly history: number; readonly lastsMs: number },
): Breadth {
  const distinct = (values: readonly (string | null)[]): string[] =>
    [...new Set(values.filter((each): each is string => each !== null))].sort()
  const services = distinct(hidden.map((each) => each.service))
  const rules = distinct(hidden.map((each) => each.rule))
  const open = hidden.filter((each) => each.open).length
  const history = hidden.length - open
  const critical = hidden.filter((each) => each.severity === 'critical').length
  const share = looked.history === 0 ? 0 : history / looked.history
  const warnings: string[] = []
  if (hidden.length === 0) warnings.push('It matches nothing now and nothing of the last 30 days: is a label misspelt?')
  if (services.length >= manyServices) warnings.push(`It covers ${services.length} services: ${list(services)}.`)
  if (rules.length >= manyServices) warnings.push(`It covers ${rules.length} kinds of alerts: ${list(rules)}.`)
  if (share >= manyOfAll && history >= 4)
    warnings.push(`It would have hidden ${Math.round(share * 100)} % of the alerts of the last 30 days.`)
  if (critical > 0) warnings.push(`${critical} of what it hides ${critical === 1 ? 'is' : 'are'} critical.`)
  if (looked.lastsMs > longMs) warnings.push(`It lasts ${Math.round(looked.lastsMs / 3_600_000)} hours.`)
  return { open, history, services, rules, critical, warnings }
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ')
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown
}

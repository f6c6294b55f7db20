// Budgets that were spent lately, as the overview tells them: one line for each service, however many it promised.
import type { IncidentsPorts } from '../../modules/incidents/index.ts'
import type { ObjectiveSummary } from '../../modules/slo/index.ts'

// The overview names the worst; the list of objectives has all.
const shownServices = 10
const shownNames = 2

type NeedItem = Awaited<ReturnType<IncidentsPorts['onCallNeeds']>>[number]
type Spent = Pick<ObjectiveSummary, 'name' | 'displayName' | 'service' | 'sentence' | 'since'>

/** Sorted by what is left, the worst first; so are the lines. */
export function spentBudgets(objectives: readonly Spent[]): readonly NeedItem[] {
  const services = new Map<string, [Spent, ...Spent[]]>()
  for (const each of objectives) {
    const known = services.get(each.service)
    if (known === undefined) services.set(each.service, [each])
    else known.push(each)
  }
  return [...services.values()].slice(0, shownServices).map((spent) => {
    const [worst] = spent
    const one = spent.length === 1
    const names = spent.slice(0, shownNames).map((each) => each.displayName)
    const more = spent.length > names.length ? ` and ${spent.length - names.length} more` : ''
    const since = spent.flatMap((each) => (each.since === null ? [] : [each.since])).sort()
    return {
      kind: 'objective',
      id: worst.name,
      title: one
        ? `${worst.displayName}: the error budget is spent`
        : `${worst.service}: ${spent.length} error budgets are spent`,
      sentence: one ? worst.sentence : `${names.join(more === '' ? ' and ' : ', ')}${more}. ${worst.sentence}`,
      severity: 'warning',
      service: worst.service,
      since: since[0] ?? null,
      href: one ? `/objectives/${worst.name}` : `/services/${worst.service}`,
      action: null,
    }
  })
}

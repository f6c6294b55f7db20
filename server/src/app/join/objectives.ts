// Joins slo to rooms that come after it: what may have spent a budget, and what the overview says of objectives.
import { day } from '../../kernel/duration.ts'
import { type Instant, plus } from '../../kernel/instant.ts'
import { findService } from '../../modules/catalog/index.ts'
import { listChangeRows } from '../../modules/changes/index.ts'
import { type IncidentsPorts, listIncidentRows } from '../../modules/incidents/index.ts'
import { countStates, describeObjectives, describeReviews, type PossibleCause } from '../../modules/slo/index.ts'
import type { Queries } from '../../platform/database/queries.ts'
import { dueReviews } from './due-reviews.ts'
import { spentBudgets } from './spent-budgets.ts'

const mostSpent = 200
const mostDue = 200
const mostCauses = 200
// A bad release hurts until it is rolled back; without a word of that, a day is the longest that is blamed on it.
const changeLastsMs = day

/** Incidents and changes of the service and of what it depends on, in a stretch of time. */
export async function causesOf(
  queries: Queries,
  service: string,
  from: Instant,
  to: Instant,
): Promise<readonly PossibleCause[]> {
  const beneath = (await findService(queries, service))?.dependsOn.map((each) => each.service) ?? []
  const causes: PossibleCause[] = []
  const seen = new Set<string>()
  for (const name of [service, ...beneath]) {
    const incidents = await listIncidentRows(
      queries,
      // A ledger is read by everybody: what a restricted incident spent is shown as spent by one, without its title.
      { reader: { all: true }, status: null, service: name, severity: null, search: null, from, to },
      null,
      mostCauses,
    )
    for (const incident of incidents) {
      // One that hurt the service and what is beneath it is one cause.
      if (seen.has(incident.id)) continue
      // Planned work spends nothing unless it goes wrong; its time is the maintenance's.
      if (incident.kind === 'scheduled') continue
      seen.add(incident.id)
      causes.push({
        kind: name === service ? 'incident' : 'dependency',
        id: incident.id,
        label: `#${incident.number} ${incident.kind === 'security' ? 'Restricted incident' : incident.title}`,
        from: incident.impactStartedAt ?? incident.declaredAt,
        to: incident.mitigatedAt ?? incident.resolvedAt,
      })
    }
  }
  const changes = await listChangeRows(
    queries,
    { services: [service], from: plus(from, -changeLastsMs), to },
    null,
    mostCauses,
  )
  for (const [index, change] of changes.entries()) {
    const next = changes[index - 1]
    causes.push({
      kind: 'change',
      id: change.id,
      label: change.summary,
      from: change.at,
      to: next?.at ?? plus(change.at, changeLastsMs),
    })
  }
  return causes
}

/** Burn rate of the service's worst objective; null without data. */
export async function burnOf(queries: Queries, service: string): Promise<number | null> {
  const rows = await describeObjectives(queries, { service, state: null, sort: 'remaining' }, null, 200)
  const rates = rows.map((row) => row.summary.burn?.rate ?? null).filter((rate) => rate !== null)
  return rates.length === 0 ? null : Math.max(...rates)
}

export const objectiveCounts: IncidentsPorts['objectiveCounts'] = async (queries) => {
  const { total, ok } = await countStates(queries, null)
  // What was spent longer ago is a decision somebody took or a policy keeps; the calm sentence counts it.
  const since = plus(await queries.now(), -day)
  const spent = await describeObjectives(
    queries,
    { service: null, state: 'exhausted', since, sort: 'remaining' },
    null,
    mostSpent,
  )
  const due = await describeReviews(queries, { state: 'open', service: null, owner: null }, null, mostDue)
  return {
    total,
    healthy: ok,
    needs: [...spentBudgets(spent.map((row) => row.summary)), ...dueReviews(due.map(({ shown }) => shown))],
  }
}

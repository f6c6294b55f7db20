// Joins alerts to the room that pages: what a page says about an alert, and where its messages stand.
import { hour } from '../../kernel/duration.ts'
import { type Instant, plus } from '../../kernel/instant.ts'
import type { AlertRow, Paging } from '../../modules/alerts/index.ts'
import { findService, reachOf } from '../../modules/catalog/index.ts'
import { listChangeRows } from '../../modules/changes/index.ts'
import { listDeliveryRows } from '../../modules/notifications/index.ts'
import type { AlertFacts, Pager } from '../../modules/oncall/index.ts'
import type { Queries } from '../../platform/database/queries.ts'
import type { Needs } from '../../platform/room/needs.ts'

// What was changed shortly before a problem began is the first suspect.
const suspectMs = hour
const shownPages = 200

export function pagingOf(needs: Needs, pager: Pager): Paging {
  return {
    open: async (tx, alert) => {
      const service = alert.service === null ? null : await findService(tx, alert.service)
      return pager.open(tx, {
        alertId: alert.id,
        service: alert.service,
        team: alert.team,
        policyName: null,
        urgency: alert.urgency,
        severity: alert.severity,
        tier: alert.tier,
        facts: await factsOf(tx, needs, alert, service?.links.find((link) => link.kind === 'runbook')?.url ?? null),
      })
    },
    acknowledge: async (tx, alert, by) => void (await pager.acknowledge(tx, { alertId: alert.id, by })),
    unacknowledge: async (tx, alert, by) => void (await pager.unacknowledge(tx, { alertId: alert.id, by })),
    snooze: async (tx, alert, by, until) => void (await pager.snooze(tx, { alertId: alert.id, by, until })),
    resolve: (tx, alert) => pager.resolve(tx, { alertId: alert.id, ended: alert.ended ?? 'resolved' }),
    raise: async (tx, alert, because) => void (await pager.raiseUrgency(tx, { alertId: alert.id, because })),
    pagesOf: async (queries, alertId) => {
      const rows = await listDeliveryRows(queries, { alertId, pageId: null, person: null }, null, shownPages)
      return rows.map((row) => ({
        person: row.person,
        channel: row.kind,
        state: row.phase,
        at: row.endedAt ?? row.firstAttemptAt ?? row.createdAt,
        because: row.endedBecause ?? row.because,
      }))
    },
  }
}

async function factsOf(queries: Queries, needs: Needs, alert: AlertRow, runbook: string | null): Promise<AlertFacts> {
  const { annotations, links } = alert.signal
  return {
    service: alert.service ?? alert.signal.service ?? 'Unknown service',
    severity: alert.severity,
    summary: alert.title,
    startedAt: alert.startedAt,
    impact: annotations.impact ?? (alert.service === null ? null : await impactOf(queries, alert.service)),
    action: annotations.action ?? null,
    runbook: runbook ?? links.find((link) => link.text === 'Runbook')?.href ?? annotations.runbook_url ?? null,
    change: alert.service === null ? null : await changeBefore(queries, alert.service, alert.startedAt),
    link: `${needs.publicUrl}/alerts/${alert.id}`,
  }
}

async function impactOf(queries: Queries, service: string): Promise<string | null> {
  const reached = await reachOf(queries, service)
  if (reached.length === 0) return null
  const named = reached.slice(0, 3).map((each) => each.displayName)
  const rest = reached.length - named.length
  return `whoever uses ${named.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}

async function changeBefore(queries: Queries, service: string, at: Instant): Promise<AlertFacts['change']> {
  const [change] = await listChangeRows(
    queries,
    { services: [service], from: plus(at, -suspectMs), to: plus(at, 60_000) },
    null,
    1,
  )
  return change === undefined ? null : { summary: change.summary, at: change.at }
}

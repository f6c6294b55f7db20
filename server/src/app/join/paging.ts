// Joins alerts to the room that pages: what a page says about an alert, and where its messages stand.
import { hour } from '../../kernel/duration.ts'
import { type Instant, plus } from '../../kernel/instant.ts'
import type { AlertRow, Companion, Paging, Standing } from '../../modules/alerts/index.ts'
import { findService, reachOf } from '../../modules/catalog/index.ts'
import { listChangeRows } from '../../modules/changes/index.ts'
import { listDeliveryRows } from '../../modules/notifications/index.ts'
import { type AlertFacts, type EscalationRow, findOfAlert, listPhases, type Pager } from '../../modules/oncall/index.ts'
import { onceIn } from '../../platform/database/once.ts'
import type { Queries } from '../../platform/database/queries.ts'
import type { Needs } from '../../platform/room/needs.ts'

// What was changed shortly before a problem began is the first suspect.
const suspectMs = hour
const shownPages = 200

export function pagingOf(needs: Needs, pager: Pager): Paging {
  return {
    open: async (tx, alert) =>
      pager.open(tx, {
        alertId: alert.id,
        service: alert.service,
        team: alert.team,
        policyName: null,
        urgency: alert.urgency,
        severity: alert.severity,
        tier: alert.tier,
        facts: await factsOf(tx, needs, alert, (key, read) => onceIn(tx, key, read)),
      }),
    standing: async (queries, alertId) => {
      const row = await findOfAlert(queries, alertId)
      return row === null ? 'none' : standingIn(row.state.phase)
    },
    standings: async (queries, alertIds) => {
      const phases = await listPhases(queries, alertIds)
      return new Map([...phases].map(([id, phase]) => [id, standingIn(phase)]))
    },
    acknowledge: async (tx, alertId, by) => void (await pager.acknowledge(tx, { alertId, by })),
    unacknowledge: async (tx, alertId, by) => {
      const row = await findOfAlert(tx, alertId)
      // Its rounds are used up: the next one begins, else nobody would hear of it.
      const isOver = row !== null && standingIn(row.state.phase) === 'over'
      await (isOver ? pager.escalateNow(tx, { alertId, by }) : pager.unacknowledge(tx, { alertId, by }))
    },
    snooze: async (tx, alertId, by, until) => void (await pager.snooze(tx, { alertId, by, until })),
    resolve: (tx, alertId, ended) => pager.resolve(tx, { alertId, ended }),
    raise: async (tx, alert, because) => void (await pager.raiseUrgency(tx, { alertId: alert.id, because })),
    describe: async (tx, alertId, speaker, others) =>
      pager.describe(tx, { alertId, facts: await factsOf(tx, needs, speaker, readAnew, others) }),
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

function standingIn(phase: EscalationRow['state']['phase']): Standing {
  switch (phase.kind) {
    case 'resolved':
      return 'none'
    case 'exhausted':
      return phase.because === 'low-urgency' ? 'assigned' : 'over'
    default:
      return phase.kind
  }
}

// As many as a lock screen or a mail can show; the rest is counted.
const mostNamed = 3

/** A storm asks the same of many alerts in one transaction. */
type Once = <T>(key: string, read: () => Promise<T>) => Promise<T>
const readAnew: Once = (_key, read) => read()

async function factsOf(
  queries: Queries,
  needs: Needs,
  alert: AlertRow,
  once: Once,
  others: readonly Companion[] = [],
): Promise<AlertFacts> {
  const { annotations, links, service: named } = alert.signal
  const name = alert.service
  const service = name === null ? null : await once(`paging.service ${name}`, () => findService(queries, name))
  const impact = name === null ? null : await once(`paging.impact ${name}`, () => impactOf(queries, name))
  const runbook = service?.links.find((link) => link.kind === 'runbook')?.url ?? null
  return {
    service: name ?? named ?? 'Unknown service',
    severity: alert.severity,
    summary: alert.title,
    startedAt: alert.startedAt,
    impact: annotations.impact ?? impact,
    action: annotations.action ?? null,
    runbook: runbook ?? links.find((link) => link.text === 'Runbook')?.href ?? annotations.runbook_url ?? null,
    change: alert.service === null ? null : await changeBefore(queries, alert.service, alert.startedAt),
    link: `${needs.publicUrl}/alerts/${alert.id}`,
    more:
      others.length === 0
        ? null
        : {
            count: others.length,
            named: others.slice(0, mostNamed).map((each) => `${each.service ?? ''} – ${each.title}`),
          },
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

// Joins alerts to the room that pages: what a page says about an alert, and where its messages stand.
import { invariant } from '../../kernel/app-error.ts'
import { hour } from '../../kernel/duration.ts'
import { type Instant, plus } from '../../kernel/instant.ts'
import type { AlertRow, Companion, Paging, Standing } from '../../modules/alerts/index.ts'
import { findServices, type ReachedService, reachOfEach } from '../../modules/catalog/index.ts'
import { type ChangeAsked, findNewestChanges } from '../../modules/changes/index.ts'
import { listDeliveryRows } from '../../modules/notifications/index.ts'
import { type AlertFacts, type EscalationRow, findOfAlert, listPhases, type Pager } from '../../modules/oncall/index.ts'
import type { Tx } from '../../platform/database/database.ts'
import { onceIn } from '../../platform/database/once.ts'
import type { Queries } from '../../platform/database/queries.ts'
import type { Needs } from '../../platform/room/needs.ts'

// What was changed shortly before a problem began is the first suspect.
const suspectMs = hour
const shownPages = 200

export function pagingOf(needs: Needs, pager: Pager): Paging {
  return {
    open: async (tx, alert) => {
      // Under way while the pager chooses whom to tell, who waits for them then.
      const facts = factsOfOne(tx, needs, alert)
      facts.catch(() => undefined)
      return pager.open(tx, {
        alertId: alert.id,
        service: alert.service,
        team: alert.team,
        policyName: null,
        urgency: alert.urgency,
        severity: alert.severity,
        tier: alert.tier,
        facts,
      })
    },
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
    describe: async (tx, pages) => {
      const facts = await factsOf(tx, needs, pages)
      await pager.describe(
        tx,
        pages.flatMap(({ alertId }, index) => {
          const own = facts[index]
          return own === undefined ? [] : [{ alertId, facts: own }]
        }),
      )
    },
    pagesOf: async (queries, alertId) => {
      const rows = await listDeliveryRows(queries, { alertId, pageId: null, person: null }, null, shownPages)
      return rows.map((row) => ({
        person: row.person,
        webhook: row.webhook,
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

interface Speaking {
  readonly speaker: AlertRow
  readonly others: { readonly count: number; readonly named: readonly Companion[] }
}

/** What each page says, in the order of what was asked; as many statements for many as for one. */
async function factsOf(
  queries: Queries,
  needs: Needs,
  pages: readonly Speaking[],
  look: Look = (names) => servicesOf(queries, names),
): Promise<readonly AlertFacts[]> {
  const names = [...new Set(pages.map(({ speaker }) => speaker.service).filter((name) => name !== null))]
  const known = await look(names)
  const changes = await findNewestChanges(
    queries,
    pages.flatMap(({ speaker: { service, startedAt } }) => (service === null ? [] : [beforeOf(service, startedAt)])),
  )
  let place = 0
  return pages.map(({ speaker: alert, others }) => {
    const { annotations, links, service: named } = alert.signal
    const { runbook, impact } = known.get(alert.service ?? '') ?? unknown
    const change = alert.service === null ? null : (changes[place++] ?? null)
    return {
      service: alert.service ?? named ?? 'Unknown service',
      severity: alert.severity,
      summary: alert.title,
      startedAt: alert.startedAt,
      impact: annotations.impact ?? impact,
      action: annotations.action ?? null,
      runbook: runbook ?? links.find((link) => link.text === 'Runbook')?.href ?? annotations.runbook_url ?? null,
      change,
      link: `${needs.publicUrl}/alerts/${alert.id}`,
      more:
        others.count === 0
          ? null
          : {
              count: others.count,
              named: others.named.slice(0, mostNamed).map((each) => `${each.service ?? ''} – ${each.title}`),
            },
    }
  })
}

/** A storm opens pages of many alerts of one service in one transaction. */
async function factsOfOne(tx: Tx, needs: Needs, alert: AlertRow): Promise<AlertFacts> {
  const look: Look = (names) => onceIn(tx, `paging.services ${names.join()}`, () => servicesOf(tx, names))
  const [facts] = await factsOf(tx, needs, [{ speaker: alert, others: { count: 0, named: [] } }], look)
  invariant(facts !== undefined, 'each page has its facts')
  return facts
}

type Look = (names: readonly string[]) => Promise<ReadonlyMap<string, KnownService>>

interface KnownService {
  readonly runbook: string | null
  readonly impact: string | null
}
const unknown: KnownService = { runbook: null, impact: null }

async function servicesOf(queries: Queries, names: readonly string[]): Promise<ReadonlyMap<string, KnownService>> {
  if (names.length === 0) return new Map()
  const services = new Map((await findServices(queries, names)).map((each) => [each.name, each]))
  const reached = await reachOfEach(queries, names)
  return new Map(
    names.map((name) => [
      name,
      {
        runbook: services.get(name)?.links.find((link) => link.kind === 'runbook')?.url ?? null,
        impact: impactOf(reached.get(name) ?? []),
      },
    ]),
  )
}

function impactOf(reached: readonly ReachedService[]): string | null {
  if (reached.length === 0) return null
  const named = reached.slice(0, 3).map((each) => each.displayName)
  const rest = reached.length - named.length
  return `whoever uses ${named.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}

const beforeOf = (service: string, at: Instant): ChangeAsked => ({
  ...{ service, from: plus(at, -suspectMs), to: plus(at, 60_000) },
})

// Asks people to come to an incident: an alert of its own, so that it is seen, acknowledged and passed on like any other; it is
// no problem by itself, and ends when nobody is needed any more.
import { type Actor, automation } from '../../kernel/actor.ts'
import { readSignal } from '../../modules/alerts/core/index.ts'
import { type AlertsPorts, findOpenByKey, receiveInTransaction } from '../../modules/alerts/index.ts'
import { describeTeam, listByKind } from '../../modules/catalog/index.ts'
import { callForPeople, type IncidentRow, type IncidentsPorts, takeIn } from '../../modules/incidents/index.ts'
import type { Target } from '../../modules/oncall/core/index.ts'
import type { OpenOrder, Pager } from '../../modules/oncall/index.ts'
import type { Tx } from '../../platform/database/database.ts'
import type { Queries } from '../../platform/database/queries.ts'
import type { Needs } from '../../platform/room/needs.ts'

export interface PagingHouse {
  readonly alerts: () => AlertsPorts
  readonly pager: Pick<Pager, 'open'>
}

export interface CallOrder {
  readonly incident: IncidentRow
  readonly actor: Actor
  /** One alert for each. */
  readonly key: string
  readonly to: { readonly kind: 'policy' | 'schedule' | 'person' | 'team'; readonly name: string }
  readonly message: string
  readonly askedBy: string
}

// It says itself when it is over.
const policy = { assumedLeaseMs: null }

export async function callPeople(tx: Tx, needs: Needs, { alerts, pager }: PagingHouse, order: CallOrder) {
  const { incident, actor, key, to, message, askedBy } = order
  const now = await tx.now()
  const target = await targetOf(tx, to)
  const link = `${needs.publicUrl}/incidents/${incident.id}`
  const reading = readSignal(
    {
      source: callForPeople,
      status: 'firing',
      dedupKey: key,
      severity: 'critical',
      summary: message,
      labels: { alertname: 'WantedInIncident', incident: String(incident.number), [to.kind]: to.name },
      annotations: { 'asked by': askedBy },
      startsAt: now,
      links: [{ href: link, text: `Incident ${incident.number}` }],
    },
    now,
  )
  if (!reading.ok) throw new Error(`Our own signal is wrong: ${reading.faults.map(({ detail }) => detail).join(' ')}`)
  await receiveInTransaction(tx, needs, alerts(), { source: callForPeople, signals: [reading.signal], policy, actor })
  const alert = await findOpenByKey(tx, callForPeople, key)
  if (alert === null) throw new Error('The alert that pages was not opened.')
  await takeIn(tx, needs, { incident, alert, actor })
  const opened = await pager.open(tx, {
    alertId: alert.id,
    service: null,
    ...target,
    urgency: 'high',
    severity: 'critical',
    tier: null,
    by: actor,
    facts: {
      service: `Incident ${incident.number}`,
      severity: 'critical',
      summary: message,
      startedAt: now,
      impact: incident.kind === 'security' ? null : incident.impactStatement,
      action: null,
      runbook: null,
      change: null,
      link,
      more: null,
    },
  })
  return { said: opened.because, link: `/alerts/${alert.id}` }
}

async function targetOf(
  queries: Queries,
  to: CallOrder['to'],
): Promise<Pick<OpenOrder, 'policyName'> & Partial<Pick<OpenOrder, 'people'>>> {
  const direct = (levels: readonly (readonly Target[])[]) => ({
    policyName: null,
    people: { name: `${to.kind} ${to.name}`, levels },
  })
  switch (to.kind) {
    case 'policy':
      return { policyName: to.name }
    case 'schedule':
      return direct([[{ kind: 'schedule', schedule: to.name }]])
    case 'person':
      return direct([[{ kind: 'person', person: to.name }]])
    case 'team': {
      // The way the team is paged for its services, when there is one way.
      const own = await policyOfTeam(queries, to.name)
      if (own !== null) return { policyName: own }
      const { lead, members } = await describeTeam(queries, to.name)
      const people = members.map((member): Target => ({ kind: 'person', person: member.name }))
      const first = people.filter((each) => each.kind === 'person' && each.person === lead)
      const rest = people.filter((each) => !first.includes(each))
      return direct([first, rest].filter((level) => level.length > 0))
    }
  }
}

async function policyOfTeam(queries: Queries, team: string): Promise<string | null> {
  const policies = await listByKind(queries, 'EscalationPolicy', null, 1_000)
  const [own, ...more] = policies.filter(({ document }) => document.spec.team === team)
  return own !== undefined && more.length === 0 ? own.name : null
}

/** Ends the alert of such a call: whoever was paged hears that nobody is needed any more. */
export async function endCall(tx: Tx, needs: Needs, alerts: () => AlertsPorts, key: string): Promise<void> {
  const alert = await findOpenByKey(tx, callForPeople, key)
  if (alert === null) return
  const { labels } = alert.signal
  const now = await tx.now()
  const draft = { source: callForPeople, status: 'resolved', dedupKey: key, summary: alert.title, labels } as const
  const reading = readSignal({ ...draft, endsAt: now }, now)
  if (!reading.ok) return
  const intake = { source: callForPeople, signals: [reading.signal], policy, actor: automation('incidents.end-call') }
  await receiveInTransaction(tx, needs, alerts(), intake)
}

/** The rota of a vacant role: as the policy names it, else the one way in which the incident's team is paged. */
export function rolePagingOf(needs: Needs, house: PagingHouse): Pick<IncidentsPorts, 'pageRole' | 'endRolePage'> {
  return {
    pageRole: async (tx, { incident, actor, key, rota, message }) => {
      const to = rota ?? (await wayOfTeams(tx, incident.teams))
      if (to === null) {
        const teams = incident.teams.join(', ')
        const because = teams === '' ? 'It has no team.' : `No team of it has one escalation policy: ${teams}.`
        return { rota: null, because: `There is nobody to page. ${because}` }
      }
      const { said } = await callPeople(tx, needs, house, {
        incident,
        actor,
        key,
        to,
        message,
        askedBy: 'IncidentPolicy',
      })
      return { rota: `${to.kind} ${to.name}`, because: said }
    },
    endRolePage: (tx, key) => endCall(tx, needs, house.alerts, key),
  }
}

async function wayOfTeams(queries: Queries, teams: readonly string[]): Promise<CallOrder['to'] | null> {
  for (const team of teams) {
    const name = await policyOfTeam(queries, team)
    if (name !== null) return { kind: 'policy', name }
  }
  return null
}

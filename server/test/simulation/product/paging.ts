// Mirrors alerts/usecases: page-alerts, change-page, close-alert, regroup-pages, and app/join/paging.ts.
import { type Instant, instant, plus } from '../../../src/kernel/instant.ts'
import { type Episode, type PageGroup, type Standing, sameFailureMs } from '../../../src/modules/alerts/core/index.ts'
import { blastRadius, type Dependency } from '../../../src/modules/catalog/core/index.ts'
import type { Tx } from './database.ts'
import { applyInput, newestOfAlert, openEscalation } from './escalating.ts'
import { publish } from './journal.ts'
import { notifyEnded } from './outcomes.ts'
import type { AlertRow, EscalationRow, GroupRow } from './rows.ts'
import { addWork } from './work.ts'

export interface House {
  readonly dependencies: readonly Dependency[]
}

export interface Turn {
  readonly tx: Tx
  readonly house: House
  readonly groups: PageGroup[]
  readonly held: Set<string>
  readonly made: Set<string>
  /** Pages made in it that others have joined since. */
  readonly grown: Set<string>
}

export function standing(tx: Tx, alertId: string): Standing {
  const row = newestOfAlert(tx, alertId)
  return row === null ? 'none' : standingOf(row)
}

function standingOf({ state: { phase } }: EscalationRow): Standing {
  if (phase.kind === 'resolved') return 'none'
  if (phase.kind === 'exhausted') return phase.because === 'low-urgency' ? 'assigned' : 'over'
  return phase.kind
}

export const pager = {
  acknowledge: (tx: Tx, alertId: string, by: string) => void applyInput(tx, alertId, { kind: 'acknowledge', by }),
  unacknowledge: (tx: Tx, alertId: string, by: string) => {
    if (!tx.rules.pagesGivenBack) return
    const row = newestOfAlert(tx, alertId)
    const isOver = row !== null && standingOf(row) === 'over'
    applyInput(tx, alertId, isOver ? { kind: 'escalate', by } : { kind: 'unacknowledge', by })
  },
  snooze: (tx: Tx, alertId: string, by: string, until: Instant) =>
    void applyInput(tx, alertId, { kind: 'snooze', by, until }),
  resolve: (tx: Tx, alertId: string) => {
    if (applyInput(tx, alertId, { kind: 'resolve' }) !== null) notifyEnded(tx, alertId)
  },
  raise: (tx: Tx, alert: AlertRow, because: string) =>
    void applyInput(tx, alert.id, { kind: 'raise-urgency', because }),
}

/** For alerts that are to be paged in one transaction; they may join each other. */
export function takeTurn(tx: Tx, house: House, alerts: readonly AlertRow[]): Turn {
  const services = alerts.flatMap((row) => (row.service === null ? [] : (tx.db.services.get(row.service) ?? [])))
  const teams = new Set<string | null>(services.map((each) => each.team))
  const policies = new Set<string | null>(services.flatMap((each) => each.policy ?? []))
  const groups = tx.db.groups
    .filter((row) => (teams.has(row.team) || policies.has(row.policy)) && row.openedAt > tx.now - sameFailureMs)
    .sort((a, b) => a.openedAt - b.openedAt)
    .map((row) => ({ ...row, standing: standing(tx, row.id) }))
  return { tx, house, groups, held: new Set(), made: new Set(), grown: new Set() }
}

/** Joins a page that is out, or makes one. */
export function pageAlert(turn: Turn, alert: AlertRow): AlertRow {
  const { tx } = turn
  const pageable = pageableOf(turn, alert)
  const { group: seen } = tx.rules.judgeJoin(pageable, turn.groups, relationOf(turn), tx.now)
  if (seen === null) return pageAlone(turn, alert)
  const group = holdGroup(turn, seen)
  if (group === null) return pageAlone(turn, alert)
  if (tx.rules.judgeJoin(pageable, [group], relationOf(turn), tx.now).group === null) return pageAlone(turn, alert)
  const row = tx.db.groups.get(group.id)
  if (row === null) return pageAlone(turn, alert)
  const services = alert.service === null ? row.services : [...new Set([...row.services, alert.service])]
  tx.db.groups.put(row.id, { ...row, services })
  const joined = putAlert(tx, { ...alert, pagedWith: group.id, pagedWithNumber: group.number })
  remember(turn, { ...group, services })
  if (group.standing !== 'acknowledged' || group.answeredBy === null || joined.answeredBy !== null) return joined
  publish(tx, 'alert.acknowledged', joined.id)
  return putAlert(tx, { ...joined, status: 'acknowledged', answeredBy: group.answeredBy, answeredAt: tx.now })
}

function holdGroup(turn: Turn, seen: PageGroup): PageGroup | null {
  if (turn.made.has(seen.id)) turn.grown.add(seen.id)
  if (turn.held.has(seen.id)) return seen
  const row = turn.tx.db.groups.get(seen.id)
  if (row === null) return null
  const group: PageGroup = { ...row, standing: standing(turn.tx, row.id) }
  turn.held.add(group.id)
  remember(turn, group)
  regroupSoon(turn.tx, group.id, 'joined')
  return group
}

export function pageAlone(turn: Turn, alert: AlertRow): AlertRow {
  const { tx } = turn
  const verdict = openEscalation(tx, alert)
  if (alert.service !== null && (verdict === 'paged' || verdict === 'assigned')) {
    const policy = tx.db.services.get(alert.service)?.policy ?? null
    const before = tx.db.groups.get(alert.id)
    const fresh = { worst: alert.worst, urgency: alert.urgency, openedAt: tx.now, answeredBy: null, answeredAt: null }
    const row: GroupRow =
      before === null
        ? {
            id: alert.id,
            number: alert.number,
            title: alert.key,
            rule: null,
            team: alert.team,
            services: [alert.service],
            policy,
            tier: alert.tier,
            ...fresh,
          }
        : { ...before, ...fresh }
    tx.db.groups.put(alert.id, row)
    remember(turn, { ...row, standing: verdict === 'paged' ? 'escalating' : 'assigned' })
    turn.held.add(row.id)
    turn.made.add(row.id)
  }
  return alert
}

function remember(turn: Turn, group: PageGroup): void {
  const index = turn.groups.findIndex((each) => each.id === group.id)
  if (index < 0) turn.groups.push(group)
  else turn.groups[index] = group
}

function pageableOf({ tx }: Turn, { service, team, tier, worst, urgency }: AlertRow) {
  const policy = service === null ? null : (tx.db.services.get(service)?.policy ?? null)
  // Senders here name no rules: pages that only a rule joins are told by the tests of `judgeJoin`.
  return { rule: null, service, team, tier, policy, severity: worst, urgency }
}

function relationOf({ house }: Turn): (a: string, b: string) => string | null {
  const reaches = (a: string, b: string) => blastRadius(a, house.dependencies).some((each) => each.service === b)
  return (a, b) => (reaches(a, b) ? `${b} depends on ${a}` : reaches(b, a) ? `${a} depends on ${b}` : null)
}

const joinedMs = 2_000

export function regroupSoon(tx: Tx, group: string, because: 'joined' | 'changed' = 'changed'): void {
  const dueAt = plus(tx.now, because === 'joined' ? joinedMs : 0)
  addWork(tx, 'regroup', group, group, { dueAt, onDuplicate: 'sooner' })
}

export function putAlert(
  tx: Tx,
  row: AlertRow,
  what: 'changed' | 'answered' | 'ended' | 'opened' = 'changed',
): AlertRow {
  tx.db.alerts.put(row.id, row)
  tx.note({ kind: 'alert', what, row })
  return row
}

const isMember = (row: AlertRow): boolean =>
  (row.status === 'firing' || row.status === 'acknowledged') && row.silencedBy === null

export function membersOf(tx: Tx, group: string): readonly AlertRow[] {
  const own = tx.db.alerts.get(group)
  return [...(own === null ? [] : [own]), ...tx.db.alerts.by('group', group)]
    .filter(isMember)
    .sort((a, b) => (a.key < b.key ? -1 : 1))
}

export function speakingOf(tx: Tx, group: string, members: readonly AlertRow[]): AlertRow | null {
  const speaker = tx.rules.speakerOf(
    group,
    members.map((row) => ({ id: row.id, severity: row.worst, openedAt: row.openedAt })),
  )
  return members.find((row) => row.id === speaker?.id) ?? null
}

/** Quiet until then, alone: a page that is also about others goes on for them. */
export function stepAside(tx: Tx, row: AlertRow, by: string, until: Instant): AlertRow {
  if (row.pagedWith !== null) {
    regroupSoon(tx, row.pagedWith)
    return leaveGroup(tx, row)
  }
  if (tx.db.groups.get(row.id) !== null && tx.db.alerts.by('group', row.id).some(isMember)) {
    regroupSoon(tx, row.id)
    return row
  }
  pager.snooze(tx, row.id, by, until)
  return row
}

const leaveGroup = (tx: Tx, row: AlertRow): AlertRow => putAlert(tx, { ...row, pagedWith: null, pagedWithNumber: null })

/** Somebody must hear of it now: its page goes on if it has one, else it gets one. */
export function tellAgain(tx: Tx, house: House, row: AlertRow, by: string): AlertRow {
  if (row.pagedWith !== null) {
    regroupSoon(tx, row.pagedWith)
    return pageAlone(takeTurn(tx, house, [row]), leaveGroup(tx, row))
  }
  const stands = standing(tx, row.id)
  if (stands === 'none') return pageAlone(takeTurn(tx, house, [row]), row)
  if (stands !== 'escalating' && stands !== 'assigned') pager.unacknowledge(tx, row.id, by)
  regroupSoon(tx, row.id)
  return row
}

/** The row of an end; who shared its page, and whether that is over too, is told in its turn (telling.ts). */
export function endAlert(tx: Tx, row: AlertRow, episode: Episode): AlertRow {
  return putAlert(tx, { ...row, status: 'resolved', episode, snoozedUntil: null }, 'ended')
}

/** By a person, who sees what became of the page. */
export function closeAlert(tx: Tx, row: AlertRow, episode: Episode): AlertRow {
  const ended = endAlert(tx, row, episode)
  endPage(tx, ended)
  publishEnd(tx, ended)
  return ended
}

export function publishEnd(tx: Tx, { id, episode }: AlertRow): void {
  publish(tx, `alert.${episode.end?.how ?? 'resolved'}`, id)
}

export function endPage(tx: Tx, ended: AlertRow): void {
  if (ended.pagedWith !== null) return void regroupSoon(tx, ended.pagedWith)
  const group = tx.db.groups.get(ended.id)
  const others = group === null ? [] : membersOf(tx, ended.id)
  if (speakingOf(tx, ended.id, others) === null) {
    pager.resolve(tx, ended.id)
    if (group !== null) tx.db.groups.remove(ended.id)
    return
  }
  regroupSoon(tx, ended.id)
}

export function regroup(tx: Tx, group: string): void {
  if (tx.db.groups.get(group) !== null) regroupLocked(tx, group)
}

export function regroupLocked(tx: Tx, group: string): void {
  // What the page says from now on (`describe`) changes no row the model keeps.
  if (speakingOf(tx, group, membersOf(tx, group)) !== null) return
  const row = tx.db.alerts.get(group)
  if (row !== null && row.status === 'snoozed' && row.snoozedUntil !== null) {
    if (row.snoozedUntil <= tx.now) return
    return void pager.snooze(tx, group, row.answeredBy ?? 'a snooze', row.snoozedUntil)
  }
  if (row !== null && row.status !== 'resolved') {
    const silence = row.silencedBy === null ? null : (tx.db.silences.get(row.silencedBy)?.silence ?? null)
    if (silence === null || silence.endsAt <= tx.now) return
    return void pager.snooze(tx, group, silence.by, instant(silence.endsAt))
  }
  pager.resolve(tx, group)
  tx.db.groups.remove(group)
}

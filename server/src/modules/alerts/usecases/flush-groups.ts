// Groups of routes whose time has come: whoever is news is told, whoever is muted by now is held, and what was told long
// ago and still fires is told again. One transaction for many groups; telling itself is tell-alerts.ts.
import { type Instant, plus } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { addWork } from '../../../platform/work/due-work.store.ts'
import { flushGroups, repeatPage, tellAlerts } from '../alerts.contract.ts'
import type { AlertsPorts } from '../alerts.ports.ts'
import { addTrace, lockAlerts } from '../alerts.store.ts'
import {
  type Asked,
  asked,
  closedBecause,
  decideFlush,
  type FlushVerdict,
  type Hold,
  judgeRouting,
  nextFlushAt,
  probesOf,
  type Route,
  routesIn,
  type Source,
  type TimedRouting,
  timersOf,
} from '../core/index.ts'
import { listSources } from '../open-alerts.store.ts'
import {
  type FlushedGroup,
  holdUntold,
  listRouteMembers,
  lockDueGroups,
  markTold,
  type RouteGroup,
  type RouteMember,
  saveFlushes,
} from '../route-groups.store.ts'
import { addTurns, type NewTurn } from '../turns.store.ts'
import { tellAgain } from './change-page.ts'
import { loadRouting } from './route-alerts.ts'

const atOnce = 200

export async function flushDue(needs: Needs, ports: AlertsPorts): Promise<void> {
  while ((await flushSome(needs, ports)) === atOnce);
}

interface Round {
  readonly tx: Tx
  readonly now: Instant
  readonly routing: TimedRouting | null
  readonly routes: readonly Route[]
  readonly sources: readonly Source[]
  readonly holds: Map<string, Hold>
  readonly trace: { alertId: string; asked: Asked }[]
  readonly turns: Map<string, NewTurn>
  readonly told: Set<string>
  /** One alert of each page that is to go out again. */
  readonly again: Map<string, string>
}

async function flushSome(needs: Needs, ports: AlertsPorts): Promise<number> {
  return needs.database.transaction(async (tx) => {
    const groups = await lockDueGroups(tx, atOnce)
    if (groups.length === 0) return 0
    const members = await listRouteMembers(
      tx,
      groups.map((group) => group.id),
    )
    const round = await openRound(tx, needs, ports, members)
    const kept: FlushedGroup[] = []
    const over: string[] = []
    for (const group of groups) {
      const own = members.filter((member) => member.groupId === group.id)
      const flushed = flushOne(round, group, own)
      if (flushed === null) over.push(group.id)
      else kept.push(flushed)
    }
    await saveFlushes(tx, kept, over)
    await finish(round, ports, members)
    for (const dueAt of beatsOf(kept)) await addWork(tx, flushGroups, {}, { dueAt })
    return groups.length
  })
}

/** To the second, so that the groups of one moment come back by one job. */
function beatsOf(groups: readonly FlushedGroup[]): readonly Instant[] {
  const beats = new Map<number, Instant>()
  for (const { flushAt } of groups)
    beats.set(Math.ceil(flushAt / 1_000), plus(flushAt, (1_000 - (flushAt % 1_000)) % 1_000))
  return [...beats.values()]
}

async function openRound(tx: Tx, needs: Needs, ports: AlertsPorts, members: readonly RouteMember[]): Promise<Round> {
  const routing = await loadRouting(tx, needs, ports)
  const labelled = members.flatMap(({ labels }) => (labels === null ? [] : [{ labels }]))
  return {
    tx,
    now: await tx.now(),
    routing,
    routes: routing === null ? [] : routesIn(routing.root),
    sources: await listSources(tx, routing === null ? [] : probesOf(routing, labelled)),
    ...{ holds: new Map(), trace: [], turns: new Map(), told: new Set(), again: new Map() },
  }
}

/** Null when nothing is left of it. */
function flushOne(round: Round, group: RouteGroup, members: readonly RouteMember[]): FlushedGroup | null {
  const { routing, now } = round
  const route = routing?.version === group.version ? round.routes[group.place] : undefined
  const open = members.filter((member) => !member.ended)
  if (routing === null || route === undefined || routing.timing.mode === 'at-once') {
    // Its file decides no more: nobody waits for its timers.
    for (const member of open) if (isHeard(member)) tell(round, member)
    return null
  }
  const isClosed = closedBecause(routing, route, now) !== null
  const firing = isClosed ? [] : open.filter((member) => isHeard(member) && !isHeldNow(round, routing, member))
  for (const { alertId, told } of members.filter((member) => member.ended))
    if (!told)
      round.trace.push({ alertId, asked: asked('timers', 'over', `It ended before group ${group.name} was told.`) })
  const verdict = decideFlush(
    {
      last: group.toldAt === null ? null : { at: group.toldAt, firing: idsOf(members.filter((member) => member.told)) },
      firing: firing.map((member) => member.alertId),
      resolved: members.filter((member) => member.ended).map((member) => member.alertId),
      repeatMs: route.repeatIntervalMs,
    },
    now,
  )
  carryOut(round, group, route, firing, verdict)
  if (open.length === 0) return null
  return { id: group.id, flushAt: nextFlushAt(group.flushAt, timersOf(route), now), toldAt: verdict.last?.at ?? null }
}

const idsOf = (members: readonly RouteMember[]): ReadonlySet<string> => new Set(members.map((each) => each.alertId))
const isHeard = ({ silenced, held }: RouteMember): boolean => !silenced && !held

/** What began to inhibit or to mute it while it waited counts as if it had been there. */
function isHeldNow(round: Round, routing: TimedRouting, member: RouteMember): boolean {
  if (member.told || member.labels === null) return false
  const known = round.holds.get(member.alertId)
  if (known !== undefined) return true
  const verdict = judgeRouting(routing, { id: member.alertId, labels: member.labels }, round.sources, round.now)
  if (verdict.hold === null) return false
  round.holds.set(member.alertId, verdict.hold)
  const because = `It is ${verdict.hold} by the routing file at the time its people were to be told.`
  round.trace.push({ alertId: member.alertId, asked: asked('paging', 'held', because) })
  return true
}

function carryOut(
  round: Round,
  group: RouteGroup,
  route: Route,
  firing: readonly RouteMember[],
  verdict: FlushVerdict,
): void {
  if (verdict.reason === null) return
  const news = new Set(verdict.news)
  for (const member of firing) {
    if (news.has(member.alertId) && !member.told) {
      tell(round, member)
      const because = `Group ${group.name}, line ${route.line} of the routing file.`
      round.trace.push({ alertId: member.alertId, asked: asked('timers', verdict.reason, because) })
    } else if (verdict.reason === 'repeat interval elapsed' && !member.answered)
      round.again.set(member.page, member.alertId)
  }
}

function tell(round: Round, member: RouteMember): void {
  if (member.told) return
  const { alertId, worst, pauseMs } = member
  round.told.add(alertId)
  round.turns.set(alertId, { alertId, task: 'tell', severity: worst, pauseMs })
}

async function finish(round: Round, ports: AlertsPorts, members: readonly RouteMember[]): Promise<void> {
  const { tx, holds, turns, told, again, trace } = round
  // A person or the end of a snooze may have made a page of it meanwhile.
  const standings = turns.size === 0 ? new Map() : await ports.paging.standings(tx, [...turns.keys()])
  const joined = new Set(members.filter((each) => each.page !== each.alertId).map((each) => each.alertId))
  for (const id of turns.keys()) if ((standings.get(id) ?? 'none') !== 'none' || joined.has(id)) turns.delete(id)
  await holdUntold(tx, holds)
  const marked = await markTold(tx, [...told])
  for (const id of turns.keys()) if (!marked.has(id)) turns.delete(id)
  await addTrace(tx, trace)
  if (turns.size > 0) {
    await addTurns(tx, [...turns.values()])
    await addWork(tx, tellAlerts, {})
  }
  for (const alert of again.values()) await addWork(tx, repeatPage, { alert })
}

/** What nobody answered for a repeat interval: a page that told everybody and stopped begins again. */
export async function repeatOne(needs: Needs, ports: AlertsPorts, alertId: string): Promise<void> {
  await needs.database.transaction(async (tx) => {
    const [row] = await lockAlerts(tx, [alertId])
    if (row === undefined || row.status !== 'firing' || row.silencedBy !== null || row.heldBecause !== null) return
    const standing = await ports.paging.standing(tx, row.pagedWith ?? row.id)
    const say = (verdict: string, because: string) =>
      addTrace(tx, [{ alertId, asked: asked('timers', verdict, because) }])
    if (standing === 'escalating')
      return say('repeat interval elapsed', 'Its page is still going from one to the next.')
    if (standing === 'assigned')
      return say('repeat interval elapsed', 'It is for working hours: nobody is called again.')
    if (standing === 'over') {
      await ports.paging.unacknowledge(tx, row.pagedWith ?? row.id, 'the repeat interval')
      return say('repeat interval elapsed', 'It still fires and nobody answered: it is told again from the start.')
    }
    if (standing !== 'none' || row.pagedWith !== null) return
    const { trace } = await tellAgain({ tx, needs, ports, now: await tx.now() }, row, 'the repeat interval')
    await addTrace(
      tx,
      [asked('timers', 'repeat interval elapsed', 'It still fires and has no page.'), ...trace].map((step) => ({
        alertId,
        asked: step,
      })),
    )
  })
}

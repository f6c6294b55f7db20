// The routes with what they get now, and what another file would have decided of the alerts that really came.
import { setImmediate } from 'node:timers/promises'
import { day } from '../../../kernel/duration.ts'
import { formatInstant, plus } from '../../../kernel/instant.ts'
import { monotonicMs } from '../../../platform/monotonic.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import type { AlertsPorts } from '../alerts.ports.ts'
import {
  closedBecause,
  describeSilent,
  differenceOf,
  type Fate,
  formatMatcher,
  groupIdentity,
  type PastAlert,
  type Replayed,
  type Route,
  type Routing,
  replayAlerts,
  routesFor,
  routesIn,
  type TimedRouting,
} from '../core/index.ts'
import type { RouteNode } from '../routing.contract.ts'
import { listOpenLabels, listPastAlerts } from '../routing.store.ts'
import { findUnreached } from './unreached.ts'

export async function treeOf(needs: Needs, routing: TimedRouting) {
  const now = await needs.database.now()
  const open = await listOpenLabels(needs.database)
  const order = new Map(routesIn(routing.root).map((route, place) => [route, place]))
  const counts = new Map<Route, { open: number; held: number; readonly groups: Set<string> }>()
  for (const { labels, held } of open)
    for (const route of routesFor(routing.root, labels)) {
      const count = counts.get(route) ?? { open: 0, held: 0, groups: new Set<string>() }
      count.open += 1
      if (held) count.held += 1
      count.groups.add(groupIdentity(route, order.get(route) ?? 0, labels).key)
      counts.set(route, count)
    }
  const nodes = (route: Route, depth: number): readonly RouteNode[] => {
    const count = counts.get(route)
    return [
      {
        ...{ line: route.line, depth, receiver: route.receiver, matchers: route.matchers.map(formatMatcher) },
        groupBy: route.groupBy === 'all' ? ['...'] : [...route.groupBy],
        ...{ groupWaitMs: route.groupWaitMs, groupIntervalMs: route.groupIntervalMs },
        ...{ repeatIntervalMs: route.repeatIntervalMs, muteIn: [...route.muteIn], activeIn: [...route.activeIn] },
        ...{ continues: route.continues, closed: closedBecause(routing, route, now), sends: sends(routing, route) },
        ...{ open: count?.open ?? 0, held: count?.held ?? 0, groups: count?.groups.size ?? 0 },
      },
      ...route.routes.flatMap((each) => nodes(each, depth + 1)),
    ]
  }
  const { mode, criticalAtOnce } = routing.timing
  return {
    ...{ version: routing.version, timing: mode, criticalAtOnce, looked: open.length },
    routes: [...nodes(routing.root, 0)],
  }
}

const sends = (routing: Routing, route: Route): boolean =>
  routing.receivers.every((each) => each.sendsBy.length === 0) ||
  routing.receivers.some((each) => each.name === route.receiver && each.sendsBy.length > 0)

// Each is asked what was open with it: a storm of more is told enough by its newest.
const mostReplayed = 5_000
// Pages go out by this very process: nothing else waits longer than this for a turn, and whoever asks not for ever.
const atOnceMs = 20
const altogetherMs = 10_000
const shown = 50

export async function replayRules(
  needs: Needs,
  ports: AlertsPorts,
  before: Routing | null,
  after: Routing | null,
  days: number,
) {
  const from = plus(await needs.database.now(), -days * day)
  const rows = await listPastAlerts(needs.database, from, mostReplayed + 1)
  const all = await replay(before, after, rows.slice(0, mostReplayed))
  const told = all.filter((each) => each.before.held === null || each.after.held === null)
  const unreached = await findUnreached(
    needs,
    ports,
    told.map((each) => each.alert),
  )
  // Whatever the rules say of them, nobody hears: they are counted apart.
  const replayed = all.filter(({ alert }) => !unreached.ids.has(alert.id))
  const count = (of: (each: Replayed) => boolean): number => replayed.filter(of).length
  const changed = replayed
    .map((each) => ({ each, difference: differenceOf(each) }))
    .filter((of) => of.difference !== 'same')
  const rank = { 'newly-held': 0, 'newly-told': 1, moved: 2, same: 3 } as const
  const examples = [...changed].sort(
    (a, b) => rank[a.difference] - rank[b.difference] || b.each.alert.openedAt - a.each.alert.openedAt,
  )
  return {
    ...{ from: formatInstant(from), looked: all.length, more: rows.length > all.length },
    toldBefore: count((each) => each.before.held === null),
    toldAfter: count((each) => each.after.held === null),
    newlyHeld: changed.filter((of) => of.difference === 'newly-held').length,
    newlyTold: changed.filter((of) => of.difference === 'newly-told').length,
    moved: changed.filter((of) => of.difference === 'moved').length,
    unreached: unreached.ids.size,
    notes: [
      ...silentIn('As it is', before, all, 'before'),
      ...silentIn('By the other file', after, all, 'after'),
      ...unreached.notes,
    ],
    receivers: receiversOf(all, unreached.ids),
    examples: examples.slice(0, shown).map(({ each: { alert, before: then, after: thus } }) => ({
      ...{ id: alert.id, number: alert.number, title: alert.title, severity: alert.severity },
      openedAt: formatInstant(alert.openedAt),
      before: presentFate(then),
      after: presentFate(thus),
    })),
  }
}

async function replay(
  before: Routing | null,
  after: Routing | null,
  alerts: readonly PastAlert[],
): Promise<readonly Replayed[]> {
  const replayed: Replayed[] = []
  const began = monotonicMs()
  let rested = began
  for (const each of replayAlerts(before, after, alerts)) {
    replayed.push(each)
    const now = monotonicMs()
    if (now - began > altogetherMs) break
    if (now - rested < atOnceMs) continue
    await setImmediate()
    rested = monotonicMs()
  }
  return replayed
}

const presentFate = ({ receivers, telling, held }: Fate) => ({
  ...{ receivers: [...receivers], telling: [...telling], held },
})

function silentIn(
  of: string,
  routing: Routing | null,
  replayed: readonly Replayed[],
  side: 'before' | 'after',
): readonly string[] {
  if (routing === null) return []
  const fates = replayed.map((each) => each[side])
  return describeSilent(routing, fates).map((sentence) => `${of}: ${sentence}`)
}

/** How many alerts each one tells of, and how many lead to it. */
function receiversOf(replayed: readonly Replayed[], unreached: ReadonlySet<string>) {
  const counts = new Map<
    string,
    { name: string; before: number; after: number; routedBefore: number; routedAfter: number }
  >()
  const of = (name: string) => {
    const count = counts.get(name) ?? { name, before: 0, after: 0, routedBefore: 0, routedAfter: 0 }
    counts.set(name, count)
    return count
  }
  for (const { alert, before, after } of replayed) {
    for (const name of before.receivers) of(name).routedBefore += 1
    for (const name of after.receivers) of(name).routedAfter += 1
    if (unreached.has(alert.id)) continue
    for (const name of before.telling) of(name).before += 1
    for (const name of after.telling) of(name).after += 1
  }
  const weight = (each: ReturnType<typeof of>) =>
    [each.before + each.after, each.routedBefore + each.routedAfter] as const
  return [...counts.values()].sort((a, b) => {
    const [[told, routed], [otherTold, otherRouted]] = [weight(a), weight(b)]
    return otherTold - told || otherRouted - routed
  })
}

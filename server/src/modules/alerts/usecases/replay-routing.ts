// The routes with what they get now, and what another file would have decided of the alerts that really came.
import { day } from '../../../kernel/duration.ts'
import { formatInstant, plus } from '../../../kernel/instant.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import {
  closedBecause,
  differenceOf,
  formatMatcher,
  groupIdentity,
  type Replayed,
  type Route,
  type Routing,
  replayAlerts,
  routesFor,
  type TimedRouting,
} from '../core/index.ts'
import type { RouteNode } from '../routing.contract.ts'
import { listOpenLabels, listPastAlerts } from '../routing.store.ts'

export async function treeOf(needs: Needs, routing: TimedRouting) {
  const now = await needs.database.now()
  const open = await listOpenLabels(needs.database)
  const counts = new Map<Route, { open: number; held: number; readonly groups: Set<string> }>()
  for (const { labels, held } of open)
    for (const route of routesFor(routing.root, labels)) {
      const count = counts.get(route) ?? { open: 0, held: 0, groups: new Set<string>() }
      count.open += 1
      if (held) count.held += 1
      count.groups.add(groupIdentity(route, labels).key)
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
const shown = 50

export async function replayRules(needs: Needs, before: Routing | null, after: Routing | null, days: number) {
  const from = plus(await needs.database.now(), -days * day)
  const rows = await listPastAlerts(needs.database, from, mostReplayed + 1)
  const replayed = replayAlerts(before, after, rows.slice(0, mostReplayed))
  const count = (of: (each: Replayed) => boolean): number => replayed.filter(of).length
  const changed = replayed
    .map((each) => ({ each, difference: differenceOf(each) }))
    .filter((of) => of.difference !== 'same')
  const rank = { 'newly-held': 0, 'newly-told': 1, moved: 2, same: 3 } as const
  const examples = [...changed].sort(
    (a, b) => rank[a.difference] - rank[b.difference] || b.each.alert.openedAt - a.each.alert.openedAt,
  )
  return {
    ...{ from: formatInstant(from), looked: replayed.length, more: rows.length > mostReplayed },
    toldBefore: count((each) => each.before.held === null),
    toldAfter: count((each) => each.after.held === null),
    newlyHeld: changed.filter((of) => of.difference === 'newly-held').length,
    newlyTold: changed.filter((of) => of.difference === 'newly-told').length,
    moved: changed.filter((of) => of.difference === 'moved').length,
    receivers: receiversOf(replayed),
    examples: examples.slice(0, shown).map(({ each: { alert, before: then, after: thus } }) => ({
      ...{ id: alert.id, number: alert.number, title: alert.title, severity: alert.severity },
      openedAt: formatInstant(alert.openedAt),
      before: { receivers: [...then.receivers], held: then.held },
      after: { receivers: [...thus.receivers], held: thus.held },
    })),
  }
}

/** How many alerts each one hears of. */
function receiversOf(replayed: readonly Replayed[]) {
  const counts = new Map<string, { name: string; before: number; after: number }>()
  for (const { before, after } of replayed)
    for (const [side, fate] of [
      ['before', before],
      ['after', after],
    ] as const)
      for (const name of fate.held === null ? fate.receivers : []) {
        const count = counts.get(name) ?? { name, before: 0, after: 0 }
        count[side] += 1
        counts.set(name, count)
      }
  return [...counts.values()].sort((a, b) => b.before + b.after - a.before - a.after)
}

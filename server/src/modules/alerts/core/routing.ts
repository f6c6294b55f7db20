// What a routing file decides for one alert at one instant: who it is for, and whether anything keeps it from them.
import type { Instant } from '../../../kernel/instant.ts'
import type { Labels } from './fingerprint.ts'
import { type InhibitRule, inhibitionsOf, rulesAgainst, type Source } from './inhibition.ts'
import { formatMatcher } from './matcher.ts'
import { describeRoute, type Receiver, type Route, routesFor } from './route.ts'
import { contains, type TimeInterval } from './time-interval.ts'
import type { Timing } from './timing.ts'
import { type Asked, asked } from './trace.ts'
import { wallTimeAt } from './wall-time.ts'

export interface Routing {
  readonly root: Route
  readonly receivers: readonly Receiver[]
  readonly inhibitions: readonly InhibitRule[]
  readonly intervals: ReadonlyMap<string, readonly TimeInterval[]>
}

/** As it stands in the store: with its version, and with what was said of its timers. */
export interface TimedRouting extends Routing {
  readonly version: number
  readonly timing: Timing
}

/** `nobody`: every receiver it goes to sends nowhere. `muted`: none of its routes may tell now. */
export type Hold = 'inhibited' | 'muted' | 'nobody'

export interface RoutingVerdict {
  readonly receivers: readonly string[]
  readonly hold: Hold | null
  /** Ids of the alerts that inhibit it. */
  readonly inhibitedBy: readonly string[]
  readonly trace: readonly Asked[]
}

/** `sources` are the open alerts that a rule against it may name; none when `needsSources` says so. */
export function judgeRouting(
  routing: Routing,
  alert: Source,
  sources: readonly Source[],
  now: Instant,
): RoutingVerdict {
  const routes = routesFor(routing.root, alert.labels)
  const receivers = [...new Set(routes.map((route) => route.receiver))]
  const trace: Asked[] = routes.map(describeRoute)
  const inhibitions = inhibitionsOf(alert, sources, routing.inhibitions)
  for (const { rule } of inhibitions) {
    const source = rule.source.map(formatMatcher).join(', ')
    trace.push(asked('inhibition', 'inhibited', `An open alert matches ${source} (line ${rule.line}).`))
  }
  const closed = routes.map((route) => [route, closedBecause(routing, route, now)] as const)
  for (const [route, because] of closed) if (because !== null) trace.push(asked('hours', route.receiver, because))
  const open = closed.filter(([, because]) => because === null).map(([route]) => route)
  const heard = open.filter((route) => sendsAnywhere(routing, route.receiver))
  const hold = inhibitions.length > 0 ? 'inhibited' : open.length === 0 ? 'muted' : heard.length === 0 ? 'nobody' : null
  if (hold === 'nobody')
    trace.push(asked('receiver', 'nobody', `${receivers.join(', ')}: the routing file lets it send nowhere.`))
  return { receivers, hold, inhibitedBy: inhibitions.map((each) => each.by), trace }
}

export function needsSources(routing: Routing, labels: Labels): boolean {
  return rulesAgainst(labels, routing.inhibitions).length > 0
}

/** The routes of an alert whose receivers send anything anywhere. */
export function routesHeard(routing: Routing, labels: Labels): readonly Route[] {
  return routesFor(routing.root, labels).filter((route) => sendsAnywhere(routing, route.receiver))
}

/** A file whose receivers all send nowhere says nothing about who is told: there everybody is. */
function sendsAnywhere(routing: Routing, name: string): boolean {
  const silentFile = routing.receivers.every((each) => each.sendsBy.length === 0)
  return silentFile || (routing.receivers.find((each) => each.name === name)?.sendsBy.length ?? 0) > 0
}

/** Null while the hours of the route let it tell people. */
export function closedBecause(routing: Routing, route: Route, now: Instant): string | null {
  const holds = (name: string) =>
    (routing.intervals.get(name) ?? []).some((each) => contains(each, wallTimeAt(each.zone, now)))
  const muted = route.muteIn.find(holds)
  if (muted !== undefined) return `Muted now by ${muted} (line ${route.line}).`
  if (route.activeIn.length > 0 && !route.activeIn.some(holds))
    return `Active only in ${route.activeIn.join(', ')} (line ${route.line}).`
  return null
}

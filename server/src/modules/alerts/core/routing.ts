// What a routing file decides for one alert at one instant: who it is for, and whether anything keeps it from them.
import type { Instant } from '../../../kernel/instant.ts'
import type { Labels } from './fingerprint.ts'
import { type InhibitRule, inhibitionsOf, probesAgainst, type Source } from './inhibition.ts'
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
  /** Of them, those that tell somebody of it: they send somewhere, and their hours let them. */
  readonly telling: readonly string[]
  readonly hold: Hold | null
  /** Ids of the alerts that inhibit it. */
  readonly inhibitedBy: readonly string[]
  readonly trace: readonly Asked[]
}

/** `sources` are the open alerts that a rule against it may name; found by `probesOf`. */
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
  const sending = hold === null ? heard.filter((route) => sends(routing, route.receiver)) : []
  const telling = [...new Set(sending.map((route) => route.receiver))]
  return { receivers, telling, hold, inhibitedBy: inhibitions.map((each) => each.by), trace }
}

/** What the open alerts have at least that may inhibit one of these; none when no rule speaks of any of them. */
export function probesOf(routing: Routing, alerts: readonly { readonly labels: Labels }[]): readonly Labels[] {
  return alerts.flatMap(({ labels }) => probesAgainst(labels, routing.inhibitions))
}

/** The routes of an alert whose receivers send anything anywhere. */
export function routesHeard(routing: Routing, labels: Labels): readonly Route[] {
  return routesFor(routing.root, labels).filter((route) => sendsAnywhere(routing, route.receiver))
}

/** A file whose receivers all send nowhere says nothing about who is told: there everybody is. */
const sendsAnywhere = (routing: Routing, name: string): boolean => isSilentFile(routing) || sends(routing, name)

const isSilentFile = ({ receivers }: Routing): boolean => receivers.every((each) => each.sendsBy.length === 0)

const sends = ({ receivers }: Routing, name: string): boolean =>
  (receivers.find((each) => each.name === name)?.sendsBy.length ?? 0) > 0

/** For whoever asks what would happen: the receivers an alert goes to that tell nobody of anything. */
export function nameSilent(
  routing: Routing,
  { receivers, hold }: Pick<RoutingVerdict, 'receivers' | 'hold'>,
): readonly Asked[] {
  if (hold === 'nobody') return []
  const silent = receivers.filter((name) => !sends(routing, name))
  if (silent.length === 0) return []
  const because = isSilentFile(routing)
    ? 'No receiver of the routing file sends anywhere: whoever is told is told by the escalation policy of the service.'
    : `${silent.join(', ')}: the routing file lets it send nowhere, so it tells nobody.`
  return [asked('receiver', 'tells nobody', because)]
}

// What is more than these is said by their counts.
const mostSaid = 20

/** For people, of a whole file and the alerts that went through it: which of its receivers tell nobody. */
export function describeSilent(
  routing: Routing,
  fates: readonly Pick<RoutingVerdict, 'receivers' | 'telling'>[],
): readonly string[] {
  if (isSilentFile(routing))
    return ['No receiver sends anywhere: whoever is told is told by the escalation policy of the service.']
  const silent = new Map<string, { came: number; toldByOthers: number }>()
  for (const { name, sendsBy } of routing.receivers)
    if (sendsBy.length === 0) silent.set(name, { came: 0, toldByOthers: 0 })
  for (const { receivers, telling } of fates)
    for (const name of receivers) {
      const count = silent.get(name)
      if (count === undefined) continue
      count.came += 1
      if (telling.length > 0) count.toldByOthers += 1
    }
  return [...silent]
    .filter(([, { came }]) => came > 0)
    .slice(0, mostSaid)
    .map(([name, { came, toldByOthers }]) => {
      const alerts = came === 1 ? 'the one alert that goes' : `the ${came} alerts that go`
      const besides = toldByOthers === 0 ? '' : ` Other receivers tell of ${toldByOthers}.`
      return `${name} sends nowhere: of ${alerts} to it, it tells nobody.${besides}`
    })
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

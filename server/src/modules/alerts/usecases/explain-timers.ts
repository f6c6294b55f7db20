// What the timers of its routes mean for an alert that would open now.
import { formatInstant, type Instant, plus } from '../../../kernel/instant.ts'
import type { AlertSeverity } from '../../../kernel/severity.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import {
  type Asked,
  asked,
  describeTimers,
  goesAtOnce,
  groupIdentity,
  keyIn,
  type Labels,
  type Routing,
  routesHeard,
  routesIn,
  type TimedRouting,
  type Timing,
} from '../core/index.ts'
import { findGroups } from '../route-groups.store.ts'

type Timed = Routing & { readonly timing: Timing }

export function timersFor(routing: Timed, labels: Labels, severity: AlertSeverity | null = null): readonly Asked[] {
  return routesHeard(routing, labels).map((route) => describeTimers(route, labels, routing.timing, severity))
}

export interface Wait {
  readonly waitMs: number
  /** Of its groups that are out already. */
  readonly trace: readonly Asked[]
}

/** Until the first of its groups is told: with its next flush where it is out already. */
export async function waitOf(
  queries: Queries,
  routing: TimedRouting,
  labels: Labels,
  severity: AlertSeverity,
  now: Instant,
): Promise<Wait> {
  if (goesAtOnce(routing.timing, severity)) return { waitMs: 0, trace: [] }
  const order = routesIn(routing.root)
  const groups = routesHeard(routing, labels).map((route) => {
    const { key, name } = groupIdentity(route, order.indexOf(route), labels)
    return { name, key: keyIn(routing.version, key), fresh: plus(now, route.groupWaitMs) }
  })
  const known = await findGroups(
    queries,
    groups.map(({ key }) => key),
  )
  const trace: Asked[] = []
  const times = groups.map(({ key, name, fresh }) => {
    const group = known.get(key)
    if (group === undefined) return fresh
    const sooner = !group.flushed || routing.timing.mode === 'no-interval'
    const at = sooner && fresh < group.flushAt ? fresh : group.flushAt
    trace.push(asked('timers', 'out', `Group ${name} is there already: it is told next at ${formatInstant(at)}.`))
    return at
  })
  return { waitMs: times.length === 0 ? 0 : Math.max(0, Math.min(...times) - now), trace }
}

/** Of groups of its own: what is out now is not looked at. */
export function freshWaitOf(routing: TimedRouting, labels: Labels, severity: AlertSeverity): number {
  if (goesAtOnce(routing.timing, severity)) return 0
  const waits = routesHeard(routing, labels).map((route) => route.groupWaitMs)
  return waits.length === 0 ? 0 : Math.min(...waits)
}

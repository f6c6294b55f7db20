// What the timers of its routes mean for an alert that would open now in a group of its own.
import type { AlertSeverity } from '../../../kernel/severity.ts'
import {
  type Asked,
  describeTimers,
  goesAtOnce,
  type Labels,
  type Routing,
  routesHeard,
  type Timing,
} from '../core/index.ts'

type Timed = Routing & { readonly timing: Timing }

export function timersFor(routing: Timed, labels: Labels, severity: AlertSeverity | null = null): readonly Asked[] {
  return routesHeard(routing, labels).map((route) => describeTimers(route, labels, routing.timing, severity))
}

/** Until the first of its groups would be told. */
export function waitOf(routing: Timed, labels: Labels, severity: AlertSeverity): number {
  if (goesAtOnce(routing.timing, severity)) return 0
  const waits = routesHeard(routing, labels).map((route) => route.groupWaitMs)
  return waits.length === 0 ? 0 : Math.min(...waits)
}

// Whether pages keep to the timers of a routing file, and what that means for one alert.
import { formatDuration } from '../../../kernel/duration.ts'
import type { AlertSeverity } from '../../../kernel/severity.ts'
import type { GroupTimers } from './dispatch.ts'
import type { Labels } from './fingerprint.ts'
import { groupLabels, type Route } from './route.ts'
import { type Asked, asked } from './trace.ts'

/**
 * `as-written`: as Alertmanager. `no-interval`: `group_wait` holds and no first page waits a `group_interval`.
 * `at-once`: the timers are read and nobody waits for them.
 */
export const timingModes = ['as-written', 'no-interval', 'at-once'] as const
export type TimingMode = (typeof timingModes)[number]

export interface Timing {
  readonly mode: TimingMode
  /** What is critical waits for no timer. */
  readonly criticalAtOnce: boolean
}

export const timersOf = (route: Route): GroupTimers => ({
  waitMs: route.groupWaitMs,
  intervalMs: route.groupIntervalMs,
  repeatMs: route.repeatIntervalMs,
})

/** One group of one route: what it is known by inside its file, where the route has this place, and what people call it. */
export function groupIdentity(
  route: Route,
  place: number,
  labels: Labels,
): { readonly key: string; readonly name: string } {
  const pairs = Object.entries(groupLabels(route, labels)).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return { key: JSON.stringify([place, pairs]), name: nameOf(pairs) }
}

/** Groups of one file are none of another's. */
export const keyIn = (version: number, key: string): string => `${version} ${key}`

const nameOf = (pairs: readonly (readonly [string, string])[]): string =>
  `{${pairs.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(', ')}}`

export const goesAtOnce = ({ mode, criticalAtOnce }: Timing, worst: AlertSeverity): boolean =>
  mode === 'at-once' || (criticalAtOnce && worst === 'critical')

/** What a route's timers mean, for people who ask where an alert would go. */
export function describeTimers(route: Route, labels: Labels, timing: Timing, severity: AlertSeverity | null): Asked {
  const { waitMs, intervalMs, repeatMs } = timersOf(route)
  const group = groupIdentity(route, 0, labels).name
  const [wait, interval, repeat] = [waitMs, intervalMs, repeatMs].map(formatDuration)
  if (timing.mode === 'at-once') return asked('timers', 'at once', `Group ${group}; its timers are not kept.`)
  if (severity !== null && goesAtOnce(timing, severity))
    return asked('timers', 'at once', `Group ${group}; what is critical waits for no timer.`)
  const later =
    timing.mode === 'no-interval' ? `what joins later after ${wait} at most` : `what joins later every ${interval}`
  const sentence = `Group ${group}: first told after ${wait}, ${later}, again while it fires after ${repeat}.`
  return asked('timers', wait ?? '', `${sentence} (line ${route.line})`)
}

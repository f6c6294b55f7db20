// Keeps a storm from burying a person: three messages, then one bundle. What is worse than anything they already
// heard always comes through by itself.
import { minute } from '../../../kernel/duration.ts'
import { type Instant, instant } from '../../../kernel/instant.ts'
import { type AlertSeverity, alertSeverities } from '../../../kernel/severity.ts'

export interface BundlingLimits {
  readonly windowMs: number
  /** Single messages one person gets within the window. */
  readonly singles: number
}

export const defaultBundling: BundlingLimits = { windowMs: minute, singles: 3 }

/** A message that went to the person, or a bundle by the highest severity in it. */
export interface RecentMessage {
  readonly at: Instant
  readonly severity: AlertSeverity
}

export type BundlingVerdict =
  | { readonly verdict: 'send'; readonly because: string }
  | { readonly verdict: 'hold'; readonly until: Instant; readonly because: string }

/** `openUntil` is when the bundle already being collected for this person goes out; null when there is none. */
export function judgeBundling(
  recent: readonly RecentMessage[],
  openUntil: Instant | null,
  severity: AlertSeverity,
  now: Instant,
  limits: BundlingLimits = defaultBundling,
): BundlingVerdict {
  const heard = recent.filter((each) => each.at > now - limits.windowMs && each.at <= now)
  const first = heard.reduce<Instant | null>(
    (least, each) => (least === null || each.at < least ? each.at : least),
    null,
  )
  if (heard.length > 0 && heard.every((each) => isWorse(severity, each.severity))) {
    return { verdict: 'send', because: `It is the first ${severity} message within ${limits.windowMs / 1000} s.` }
  }
  if (first === null || (heard.length < limits.singles && openUntil === null)) {
    return { verdict: 'send', because: `Fewer than ${limits.singles} messages within ${limits.windowMs / 1000} s.` }
  }
  const until = openUntil !== null && openUntil > now ? openUntil : instant(first + limits.windowMs)
  const because = `${heard.length} messages within ${limits.windowMs / 1000} s: the next ones come as one.`
  return { verdict: 'hold', until, because }
}

export function isWorse(a: AlertSeverity, b: AlertSeverity): boolean {
  return alertSeverities.indexOf(a) < alertSeverities.indexOf(b)
}

// One alert from its first firing signal to its end. Decides what a signal does to it, and how it ended: a resolve,
// a lease the sender let run out, and a sender that fell silent are three different ends.
import type { Instant } from '../../../kernel/instant.ts'
import { type AlertSeverity, alertSeverities } from '../../../kernel/severity.ts'
import { assumedEnd, type Signal } from './signal.ts'
import { type Asked, asked, type Trace } from './trace.ts'

/** `resolved`: the sender says so. `expired`: it gave an end and did not repeat. `silent`: we waited and heard nothing. `closed`: a person. */
export const endings = ['resolved', 'expired', 'silent', 'closed'] as const
export type Ending = (typeof endings)[number]

export interface Lease {
  readonly until: Instant
  /** Given by the sender, or assumed by the integration's patience. */
  readonly given: boolean
}

export interface Episode {
  readonly startedAt: Instant
  readonly lastSeenAt: Instant
  /** Null: open until somebody says otherwise. */
  readonly lease: Lease | null
  readonly end: { readonly how: Ending; readonly at: Instant } | null
  /** The newest signal: labels are the identity, the rest describes. */
  readonly signal: Signal
  /** The worst it has been. */
  readonly worst: AlertSeverity
}

export interface IntakePolicy {
  /** Patience with a sender that gives no end; null for senders that always resolve. */
  readonly assumedLeaseMs: number | null
}

export type SignalDecision =
  | { readonly kind: 'open'; readonly episode: Episode; readonly trace: Trace }
  /** `changed` empty: only the lease moved, which needs no row at once. */
  | {
      readonly kind: 'refresh'
      readonly episode: Episode
      readonly changed: readonly Changed[]
      /** Worse than it has ever been: people are told again. */
      readonly raised: boolean
      readonly trace: Trace
    }
  | { readonly kind: 'close'; readonly episode: Episode; readonly trace: Trace }
  /** An ended episode learns more about its end. */
  | { readonly kind: 'amend'; readonly episode: Episode; readonly trace: Trace }
  | { readonly kind: 'ignore'; readonly trace: Trace }

export type Changed = 'startedAt' | 'severity' | 'summary' | 'annotations' | 'service'

/** Where an alert's identity ends: the same key by another integration is another alert. */
export function episodeKey(of: { readonly source: string; readonly key: string }): string {
  return `${encodeURIComponent(of.source)}:${encodeURIComponent(of.key)}`
}

/** Usually one decision; two when a signal shows that the open episode had ended and another began. */
export function decideSignal(
  current: Episode | null,
  signal: Signal,
  policy: IntakePolicy,
  now: Instant,
): readonly SignalDecision[] {
  const identity = asked('identity', episodeKey(signal), 'The same integration and key are the same alert.')
  if (current === null) {
    if (signal.status === 'resolved') return [ignore(identity, 'It is resolved and nothing is open.')]
    return [open(signal, policy, now, [identity, asked('state', 'open', 'Nothing is open under this key.')])]
  }
  if (current.end !== null) return [afterEnd(current, current.end, signal, policy, now, identity)]
  return signal.status === 'firing'
    ? whileOpen(current, signal, policy, now, identity)
    : [resolve(current, signal, now, identity)]
}

function afterEnd(
  current: Episode,
  end: { how: Ending; at: Instant },
  signal: Signal,
  policy: IntakePolicy,
  now: Instant,
  identity: Asked,
): SignalDecision {
  if (signal.status === 'firing') {
    const again = `The last one ended (${end.how}); a new one never reopens it.`
    return open(signal, policy, now, [identity, asked('state', 'open', again)])
  }
  const at = signal.endsAt ?? now
  if (signal.startsAt > end.at || at < current.startedAt) {
    return ignore(identity, 'It is resolved and nothing is open.')
  }
  if (end.how === 'expired' || end.how === 'silent') {
    const sentence = `It had ended by itself (${end.how}); now the sender says when.`
    const amended = { ...current, end: { how: 'resolved', at } as const }
    return { kind: 'amend', episode: amended, trace: [identity, asked('state', 'amend', sentence)] }
  }
  if (end.how === 'resolved' && at > end.at) {
    const amended = { ...current, end: { how: 'resolved', at } as const }
    return {
      kind: 'amend',
      episode: amended,
      trace: [identity, asked('end', 'amend', 'Of two resolves the later time holds.')],
    }
  }
  return ignore(identity, 'It had already ended.')
}

function whileOpen(
  current: Episode,
  signal: Signal,
  policy: IntakePolicy,
  now: Instant,
  identity: Asked,
): readonly SignalDecision[] {
  const { lease } = current
  if (lease !== null && signal.startsAt > lease.until) {
    const gap = 'It began after the last one had run out: another episode.'
    const opened = open(signal, policy, now, [identity, asked('interval', 'open', gap)])
    return [runOut(current, lease, [identity]), opened]
  }
  const startedAt = signal.startsAt < current.startedAt ? signal.startsAt : current.startedAt
  const raised = isWorse(signal.severity, current.worst)
  const next: Episode = {
    ...current,
    startedAt,
    lastSeenAt: now,
    lease: mergeLease(lease, leaseOf(signal, policy, now)),
    signal,
    worst: raised ? signal.severity : current.worst,
  }
  const changed = changes(current, next)
  const verdict = raised ? 'raise' : changed.length > 0 ? 'update' : 'refresh'
  const because =
    changed.length === 0
      ? 'It is open and nothing changed; only the lease moves.'
      : `It is open; changed: ${changed.join(', ')}.`
  return [{ kind: 'refresh', episode: next, changed, raised, trace: [identity, asked('state', verdict, because)] }]
}

function resolve(current: Episode, signal: Signal, now: Instant, identity: Asked): SignalDecision {
  const at = signal.endsAt ?? now
  if (at < current.startedAt)
    return ignore(identity, 'It speaks of an earlier episode: it ended before this one began.')
  const episode: Episode = {
    ...current,
    lastSeenAt: now,
    startedAt: signal.startsAt < current.startedAt ? signal.startsAt : current.startedAt,
    end: { how: 'resolved', at },
    // A resolve may come with less than the alarm had; what describes the alarm stays.
    signal: { ...current.signal, status: 'resolved', endsAt: at },
  }
  return { kind: 'close', episode, trace: [identity, asked('state', 'close', 'The sender resolved it.')] }
}

function open(signal: Signal, policy: IntakePolicy, now: Instant, trace: Trace): SignalDecision {
  const episode: Episode = {
    startedAt: signal.startsAt,
    lastSeenAt: now,
    lease: leaseOf(signal, policy, now),
    end: null,
    signal,
    worst: signal.severity,
  }
  return { kind: 'open', episode, trace }
}

function ignore(identity: Asked, because: string): SignalDecision {
  return { kind: 'ignore', trace: [identity, asked('state', 'ignore', because)] }
}

/** What time does to an open episode; null when its lease still holds. */
export function decideExpiry(episode: Episode, now: Instant): SignalDecision | null {
  if (episode.end !== null || episode.lease === null || now < episode.lease.until) return null
  return runOut(episode, episode.lease, [])
}

function runOut(episode: Episode, lease: Lease, before: Trace): SignalDecision {
  const how = lease.given ? 'expired' : 'silent'
  const because = lease.given
    ? 'The sender said until when it holds and did not repeat it.'
    : 'The sender gave no end and was not heard again; it may still go on.'
  const ended: Episode = { ...episode, end: { how, at: lease.until } }
  return { kind: 'close', episode: ended, trace: [...before, asked('lease', how, because)] }
}

function leaseOf(signal: Signal, policy: IntakePolicy, now: Instant): Lease | null {
  if (signal.endsAt !== null) return { until: signal.endsAt, given: true }
  const until = assumedEnd(now, policy.assumedLeaseMs)
  return until === null ? null : { until, given: false }
}

/** The newest holds, unless an older one was given by the sender and reaches further (two senders of one alert). */
function mergeLease(older: Lease | null, newer: Lease | null): Lease | null {
  return older?.given === true && newer !== null && older.until > newer.until ? older : newer
}

function changes(before: Episode, after: Episode): readonly Changed[] {
  const [old, now] = [before.signal, after.signal]
  const changed: Changed[] = []
  if (before.startedAt !== after.startedAt) changed.push('startedAt')
  if (old.severity !== now.severity) changed.push('severity')
  if (old.summary !== now.summary) changed.push('summary')
  if (old.service !== now.service) changed.push('service')
  const names = new Set([...Object.keys(old.annotations), ...Object.keys(now.annotations)])
  if ([...names].some((name) => old.annotations[name] !== now.annotations[name])) changed.push('annotations')
  return changed
}

export function isWorse(a: AlertSeverity, b: AlertSeverity): boolean {
  return alertSeverities.indexOf(a) < alertSeverities.indexOf(b)
}

// What keeps beginning and ending is marked: once for the storm, and until it has calmed, not at every turn of it.
import { formatDuration, hour } from '../../../kernel/duration.ts'
import { type Instant, plus } from '../../../kernel/instant.ts'
import type { AlertSeverity } from '../../../kernel/severity.ts'
import { type Asked, asked } from './trace.ts'

/** An episode of the same alert that is over. */
export interface PastEpisode {
  readonly openedAt: Instant
  readonly endedAt: Instant
  /** Over by itself: nobody had answered, nobody closed it, and its sender did not just fall silent. */
  readonly healed: boolean
  /** The worst it was. */
  readonly worst: AlertSeverity
  readonly flapping: boolean
}

const windowMs = 2 * hour
/** Weighted changes: a change now counts 1, one two hours ago nothing. Three episodes in half an hour enter. */
export const flappingFrom = 5
export const calmFrom = 2

/** What changes in the last two hours weigh, the newest the most; its own beginning is one of them. */
export function restlessness(past: readonly PastEpisode[], at: Instant): number {
  const weight = (change: Instant): number => (change > at ? 1 : Math.max(0, 1 - (at - change) / windowMs))
  return past.reduce((sum, { openedAt, endedAt }) => sum + weight(openedAt) + weight(endedAt), 1)
}

export interface FlappingVerdict {
  readonly flapping: boolean
  /** Null when there is nothing to say: it does not flap and did not. */
  readonly asked: Asked | null
}

/** `past`: newest first. Between the two thresholds it stays what it was. */
export function judgeFlapping(past: readonly PastEpisode[], at: Instant): FlappingVerdict {
  const before = past[0]?.flapping ?? false
  const weight = restlessness(past, at)
  const flapping = before ? weight > calmFrom : weight >= flappingFrom
  if (!flapping && !before) return { flapping, asked: null }
  const since = plus(at, -windowMs)
  const times = past.filter(({ openedAt }) => openedAt >= since).length + 1
  const span = formatDuration(windowMs)
  const because = flapping
    ? `It began ${times} times in ${span}: it is flapping until it has calmed.`
    : `It was flapping and has calmed: it began ${times === 1 ? 'once' : `${times} times`} in ${span}.`
  return { flapping, asked: asked('flapping', flapping ? 'flapping' : 'calm', because) }
}

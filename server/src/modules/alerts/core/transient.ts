// What usually heals by itself may wait before anybody is woken: learnt from its own episodes by plain counting, and
// only where its service says for how long.
import { formatDuration, minute } from '../../../kernel/duration.ts'
import type { AlertSeverity } from '../../../kernel/severity.ts'
import { isWorse } from './episode.ts'
import type { PastEpisode } from './flapping.ts'
import { type Asked, asked } from './trace.ts'

/** Fewer tell nothing. */
export const leastEpisodes = 8
/** Of them so many have to have healed by themselves. */
const leastHealed = 0.8
/** The longest of these are looked at, the newest first. */
export const mostEpisodes = 20
const longestPauseMs = 30 * minute
const stepMs = 30_000

const longestLabel = 'mainstay.dev/transient-pause'
const criticalLabel = 'mainstay.dev/transient-pause-critical'

/** How long an alert of this severity may wait by the labels of its service; null when people are told at once. */
export function readPause(labels: Readonly<Record<string, string>>, severity: AlertSeverity): number | null {
  const text = labels[longestLabel]
  if (text === undefined || (severity === 'critical' && labels[criticalLabel] !== 'true')) return null
  const match = /^(\d{1,4})(s|m)$/.exec(text)
  if (match === null) return null
  const longest = Number(match[1]) * (match[2] === 's' ? 1_000 : minute)
  return longest > 0 ? Math.min(longest, longestPauseMs) : null
}

export interface PauseVerdict {
  /** From its beginning; null when people are told at once. */
  readonly pauseMs: number | null
  readonly asked: Asked
}

/** `past`: newest first. */
export function judgePause(worst: AlertSeverity, past: readonly PastEpisode[], longestMs: number): PauseVerdict {
  const now = (because: string): PauseVerdict => ({ pauseMs: null, asked: asked('pause', 'told now', because) })
  const sample = past.filter((each) => !isWorse(worst, each.worst)).slice(0, mostEpisodes)
  if (sample.length === 0) return now('It was never this bad before: nobody waits.')
  if (sample.length < leastEpisodes)
    return now(`It was here ${times(sample.length)} before; from ${leastEpisodes} on it is known how it ends.`)
  const healed = sample.filter((each) => each.healed).map(({ openedAt, endedAt }) => Math.max(0, endedAt - openedAt))
  if (healed.length / sample.length < leastHealed)
    return now(`It healed by itself in ${healed.length} of ${times(sample.length)} only.`)
  const pauseMs = Math.max(stepMs, Math.ceil(quantile(healed, 0.9) / stepMs) * stepMs)
  const within = healed.filter((each) => each <= pauseMs).length
  const usually = `It heals by itself within ${formatDuration(pauseMs)} in ${within} of ${times(sample.length)}`
  if (pauseMs > longestMs)
    return now(`${usually}, which is longer than its service lets it wait (${formatDuration(longestMs)}).`)
  return { pauseMs, asked: asked('pause', 'waits', `${usually}: people are told after ${formatDuration(pauseMs)}.`) }
}

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`)

/** The least value that so many do not exceed. */
function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0
}

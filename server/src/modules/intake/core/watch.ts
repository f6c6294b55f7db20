// When the silence of a source is an alarm.
import { formatDuration } from '../../../kernel/duration.ts'
import { type Instant, plus } from '../../../kernel/instant.ts'
import type { AlertSource } from './source.ts'

export interface Listened {
  /** Null: it has never spoken, and what was never connected is not an outage. */
  readonly beatAt: Instant | null
  readonly silentSince: Instant | null
}

export type Silence =
  | { readonly kind: 'alarm'; readonly since: Instant; readonly sentence: string }
  | { readonly kind: 'recovered'; readonly sentence: string }
  | { readonly kind: 'none' }

export function judgeSilence(
  source: Pick<AlertSource, 'title' | 'heartbeat'>,
  { beatAt, silentSince }: Listened,
  now: Instant,
): Silence {
  const { heartbeat, title } = source
  if (heartbeat === null || beatAt === null)
    return silentSince === null
      ? { kind: 'none' }
      : { kind: 'recovered', sentence: `${title} is not watched any more.` }
  const due = plus(beatAt, heartbeat.everyMs + heartbeat.graceMs)
  if (now < due)
    return silentSince === null ? { kind: 'none' } : { kind: 'recovered', sentence: `${title} speaks again.` }
  if (silentSince !== null) return { kind: 'none' }
  const wanted = `a sign of life is due every ${formatDuration(heartbeat.everyMs)}`
  return {
    kind: 'alarm',
    since: beatAt,
    sentence: `${title} has been silent for ${formatDuration(Math.floor((now - beatAt) / 1000) * 1000)}; ${wanted}.`,
  }
}

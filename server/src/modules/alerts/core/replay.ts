// What two sets of rules say of the same alerts, each at the time it began, with what was open then.

import type { Instant } from '../../../kernel/instant.ts'
import type { AlertSeverity, Urgency } from '../../../kernel/severity.ts'
import type { Labels } from './fingerprint.ts'
import type { Source } from './inhibition.ts'
import { type Hold, judgeRouting, type Routing } from './routing.ts'

export interface PastAlert {
  readonly id: string
  readonly number: number
  readonly title: string
  readonly severity: AlertSeverity
  readonly service: string | null
  readonly team: string | null
  readonly urgency: Urgency
  readonly labels: Labels
  readonly openedAt: Instant
  /** Null while it is open. */
  readonly endedAt: Instant | null
}

export interface Fate {
  readonly receivers: readonly string[]
  /** Of them, those that tell somebody; none where the escalation policies of the services alone decide. */
  readonly telling: readonly string[]
  readonly held: Hold | null
}

export interface Replayed {
  readonly alert: PastAlert
  readonly before: Fate
  readonly after: Fate
}

export type Difference = 'newly-held' | 'newly-told' | 'moved' | 'same'

// Of one alert: so that the rules of a large file asked of the alerts of a storm are tens of milliseconds, not seconds.
const mostPairs = 1_000_000
const fewestSources = 100

/** What may inhibit, the first ones, as many as can be asked about at once by a file of that many rules. */
export function sourcesWithin(routing: Routing, sources: readonly Source[]): readonly Source[] {
  return sources.slice(0, Math.max(fewestSources, Math.floor(mostPairs / Math.max(1, routing.inhibitions.length))))
}

/**
 * Null is no routing file: then everybody is told by their service's policy. The newest first and one by one: many rules
 * take long over many alerts, and whoever asks rests between them, or has enough.
 */
export function* replayAlerts(
  before: Routing | null,
  after: Routing | null,
  alerts: readonly PastAlert[],
): Generator<Replayed> {
  const sorted = [...alerts].sort((a, b) => b.openedAt - a.openedAt || b.number - a.number)
  for (const [index, alert] of sorted.entries()) {
    const self = { id: alert.id, labels: alert.labels }
    const open = sorted.slice(index + 1).filter(({ endedAt }) => endedAt === null || endedAt > alert.openedAt)
    const fate = (routing: Routing | null): Fate => {
      if (routing === null) return { receivers: [], telling: [], held: null }
      const { receivers, telling, hold } = judgeRouting(routing, self, sourcesWithin(routing, open), alert.openedAt)
      return { receivers, telling, held: hold }
    }
    yield { alert, before: fate(before), after: fate(after) }
  }
}

export function differenceOf({ before, after }: Pick<Replayed, 'before' | 'after'>): Difference {
  if (before.held === null && after.held !== null) return 'newly-held'
  if (before.held !== null && after.held === null) return 'newly-told'
  // Who tells is what counts. Where no receiver of either tells anybody, only the names of their routes differ.
  const tells = before.telling.length + after.telling.length > 0
  const [then, thus] = tells ? [before.telling, after.telling] : [before.receivers, after.receivers]
  const same = then.join('\n') === thus.join('\n')
  return same || after.held !== null ? 'same' : 'moved'
}

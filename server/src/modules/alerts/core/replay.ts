// What two sets of rules say of the same alerts, each at the time it began, with what was open then.

import type { Instant } from '../../../kernel/instant.ts'
import type { AlertSeverity } from '../../../kernel/severity.ts'
import type { Labels } from './fingerprint.ts'
import type { Source } from './inhibition.ts'
import { type Hold, judgeRouting, type Routing } from './routing.ts'

export interface PastAlert {
  readonly id: string
  readonly number: number
  readonly title: string
  readonly severity: AlertSeverity
  readonly labels: Labels
  readonly openedAt: Instant
  /** Null while it is open. */
  readonly endedAt: Instant | null
}

export interface Fate {
  readonly receivers: readonly string[]
  readonly held: Hold | null
}

export interface Replayed {
  readonly alert: PastAlert
  readonly before: Fate
  readonly after: Fate
}

export type Difference = 'newly-held' | 'newly-told' | 'moved' | 'same'

/** Null is no routing file: then everybody is told by their service's policy. Answers in the order the alerts began. */
export function replayAlerts(
  before: Routing | null,
  after: Routing | null,
  alerts: readonly PastAlert[],
): readonly Replayed[] {
  const sorted = [...alerts].sort((a, b) => a.openedAt - b.openedAt || a.number - b.number)
  let open: { readonly source: Source; readonly endedAt: Instant | null }[] = []
  return sorted.map((alert) => {
    open = open.filter(({ endedAt }) => endedAt === null || endedAt > alert.openedAt)
    const self = { id: alert.id, labels: alert.labels }
    const sources = open.map(({ source }) => source)
    open.push({ source: self, endedAt: alert.endedAt })
    const fate = (routing: Routing | null): Fate => {
      if (routing === null) return { receivers: [], held: null }
      const { receivers, hold } = judgeRouting(routing, self, sources, alert.openedAt)
      return { receivers, held: hold }
    }
    return { alert, before: fate(before), after: fate(after) }
  })
}

export function differenceOf({ before, after }: Pick<Replayed, 'before' | 'after'>): Difference {
  if (before.held === null && after.held !== null) return 'newly-held'
  if (before.held !== null && after.held === null) return 'newly-told'
  const same = before.receivers.join('\n') === after.receivers.join('\n')
  return same || after.held !== null ? 'same' : 'moved'
}

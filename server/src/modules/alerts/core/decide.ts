// A batch of signals against what is open: the one call an intake makes between loading and saving.
import type { Instant } from '../../../kernel/instant.ts'
import { decideSignal, type Episode, episodeKey, type IntakePolicy, type SignalDecision } from './episode.ts'
import type { Signal } from './signal.ts'

export interface DecidedSignal {
  readonly signal: Signal
  readonly key: string
  readonly decisions: readonly SignalDecision[]
}

export interface DecidedBatch {
  /** In the order the signals came; a later one sees what an earlier one did. */
  readonly decided: readonly DecidedSignal[]
  /** The last state of every episode the batch opened, changed or ended, by key; an ended one replaced by its successor. */
  readonly episodes: ReadonlyMap<string, Episode>
}

/** `known` holds, by `episodeKey`, the newest episode of each key of the batch, open or ended. */
export function decide(
  known: ReadonlyMap<string, Episode>,
  signals: readonly Signal[],
  policy: IntakePolicy,
  now: Instant,
): DecidedBatch {
  const episodes = new Map<string, Episode>()
  const decided = signals.map((signal) => {
    const key = episodeKey(signal)
    const decisions = decideSignal(episodes.get(key) ?? known.get(key) ?? null, signal, policy, now)
    for (const decision of decisions) if (decision.kind !== 'ignore') episodes.set(key, decision.episode)
    return { signal, key, decisions }
  })
  return { decided, episodes }
}

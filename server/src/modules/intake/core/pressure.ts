// What is taken in when a source sends more than it may. An alarm nobody knows of and an end always pass, and so does
// one that became worse; only repeats of what is open are held back, and they are counted.
import type { AlertSeverity } from '../../../kernel/severity.ts'
import { isWorse, type Signal } from '../../alerts/core/index.ts'

/** A bucket that fills by the minute. One for each source and process. */
export interface Allowance {
  readonly tokens: number
  /** Milliseconds of any clock that only goes forward. */
  readonly at: number
}

export function refill(allowance: Allowance | null, perMinute: number, at: number): Allowance {
  if (allowance === null) return { tokens: perMinute, at }
  const gained = (Math.max(0, at - allowance.at) * perMinute) / 60_000
  return { tokens: Math.min(perMinute, allowance.tokens + gained), at }
}

export interface Pressed {
  readonly taken: readonly Signal[]
  /** The newest repeat of each key: taken in later, together. */
  readonly held: readonly Signal[]
  /** How many repeats these stand for. */
  readonly counted: number
  readonly allowance: Allowance
}

/** `open` holds the severity of each open alert by its key. Order is kept: an end never overtakes its alarm. */
export function press(
  signals: readonly Signal[],
  open: ReadonlyMap<string, AlertSeverity>,
  allowance: Allowance,
): Pressed {
  const taken: Signal[] = []
  const held = new Map<string, Signal>()
  const now = new Map(open)
  let tokens = allowance.tokens
  let counted = 0
  for (const signal of signals) {
    const known = now.get(signal.key)
    const isRepeat = signal.status === 'firing' && known !== undefined && !isWorse(signal.severity, known)
    if (isRepeat && tokens < 1) {
      held.set(signal.key, signal)
      counted += 1
      continue
    }
    tokens = Math.max(0, tokens - 1)
    // What comes after says more than the repeat that was held.
    held.delete(signal.key)
    taken.push(signal)
    if (signal.status === 'resolved') now.delete(signal.key)
    else if (known === undefined || isWorse(signal.severity, known)) now.set(signal.key, signal.severity)
  }
  return { taken, held: [...held.values()], counted, allowance: { ...allowance, tokens } }
}

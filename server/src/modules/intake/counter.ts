// What one process knows of the deliveries it takes: counts, allowances, repeats that wait. Written every two seconds;
// a process that dies loses counts and repeats, never an alarm nobody knows of.
import type { Instant } from '../../kernel/instant.ts'
import type { Signal } from '../alerts/core/index.ts'
import { type Allowance, refill } from './core/index.ts'
import type { Tally } from './intake.store.ts'

export type Counted = 'deliveries' | 'signals' | 'counted' | 'orphans' | 'refused'

type Open = { -readonly [K in keyof Tally]: Tally[K] }

export interface Counter {
  add(source: string, what: Counted, count: number): void
  received(source: string, at: Instant, beat: boolean): void
  used(token: string, at: Instant): void
  allowance(source: string, perMinute: number): Allowance
  spend(source: string, left: Allowance): void
  hold(source: string, signals: readonly Signal[]): void
  /** Whether a payload of this source should be kept now: one a second. */
  sampleDue(source: string): boolean
  /** What happened since it was last taken. */
  take(): {
    readonly tallies: readonly Tally[]
    readonly used: readonly { readonly id: string; readonly at: Instant }[]
    readonly held: readonly { readonly source: string; readonly signals: readonly Signal[] }[]
  }
}

/** Repeats of so many alerts wait at once; more only count. */
const mostHeld = 5_000
const sampleEveryMs = 1_000

export function createCounter(monotonicMs: () => number): Counter {
  let tallies = new Map<string, Open>()
  let used = new Map<string, Instant>()
  let held = new Map<string, Map<string, Signal>>()
  const allowances = new Map<string, Allowance>()
  const sampled = new Map<string, number>()
  const of = (source: string): Open => {
    const known = tallies.get(source)
    if (known !== undefined) return known
    const fresh: Open = {
      source,
      ...{ deliveries: 0, signals: 0, counted: 0, orphans: 0, refused: 0 },
      ...{ receivedAt: null, beatAt: null },
    }
    tallies.set(source, fresh)
    return fresh
  }
  return {
    add: (source, what, count) => {
      of(source)[what] += count
    },
    received: (source, at, beat) => {
      const tally = of(source)
      tally.receivedAt = at
      if (beat) tally.beatAt = at
    },
    used: (token, at) => void used.set(token, at),
    allowance: (source, perMinute) => refill(allowances.get(source) ?? null, perMinute, monotonicMs()),
    spend: (source, left) => void allowances.set(source, left),
    hold: (source, signals) => {
      const own = held.get(source) ?? new Map<string, Signal>()
      held.set(source, own)
      for (const signal of signals) if (own.has(signal.key) || own.size < mostHeld) own.set(signal.key, signal)
    },
    sampleDue: (source) => {
      const now = monotonicMs()
      if (now - (sampled.get(source) ?? Number.NEGATIVE_INFINITY) < sampleEveryMs) return false
      sampled.set(source, now)
      return true
    },
    take: () => {
      const taken = {
        tallies: [...tallies.values()],
        used: [...used].map(([id, at]) => ({ id, at })),
        held: [...held].map(([source, own]) => ({ source, signals: [...own.values()] })),
      }
      tallies = new Map()
      used = new Map()
      held = new Map()
      return taken
    },
  }
}

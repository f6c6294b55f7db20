// Overrides: a person covers another, joins as an extra responder, or steps out, for an interval and with a reason.
import type { Fault } from '../../../kernel/app-error.ts'
import type { Interval } from '../../../kernel/interval.ts'

interface OverrideOf extends Interval {
  readonly id: string
  readonly reason: string
}

export type Override =
  /** `person` serves instead of `covers`; without `covers`, instead of whoever has the turn. */
  | (OverrideOf & {
      readonly kind: 'replace'
      readonly person: string
      readonly covers?: string
      /** Only in this rotation; without it, wherever the covered person is on call. */
      readonly rotation?: string
    })
  | (OverrideOf & { readonly kind: 'add'; readonly person: string })
  | (OverrideOf & { readonly kind: 'remove'; readonly person: string; readonly rotation?: string })

export type Source =
  | {
      readonly kind: 'rotation'
      readonly rotation: string
      readonly turn: number
      /** Set when the member whose turn it is has left and this person takes the rest. */
      readonly standInFor: string | null
    }
  | {
      readonly kind: 'override'
      readonly change: 'replace' | 'add'
      /** Every override on the way, in the order applied: A→B and B→C puts C on call through both. */
      readonly overrides: readonly string[]
      readonly rotation: string | null
      /** Who would have been on call. */
      readonly insteadOf: string | null
      readonly reason: string
    }

/** One place on the schedule at an instant, before overrides. */
export interface Place {
  readonly person: string
  readonly rotation: string
  readonly turn: number
  readonly standInFor: string | null
}

export interface Holding {
  readonly person: string
  readonly source: Source
}

/**
 * Applies the overrides in force at one instant; `active` in the order they were made, the last one made wins.
 * Covers chain (A→B, B→C gives C) and a swap of two people on call together (A→B, B→A) exchanges them:
 * a chain never returns to a person it has passed.
 */
export function applyOverrides(places: readonly Place[], active: readonly Override[]): readonly Holding[] {
  const held: Holding[] = []
  for (const place of places) {
    const { person, ...turn } = place
    const taken = follow(person, place.rotation, active, true)
    if (taken === null) continue
    if (taken.last === null) held.push({ person, source: { kind: 'rotation', ...turn } })
    else held.push({ person: taken.person, source: covering('replace', taken, place.rotation, person) })
  }
  for (const [index, extra] of active.entries()) {
    if (extra.kind !== 'add') continue
    const taken = follow(extra.person, null, active.slice(index + 1), false)
    if (taken === null) continue
    const chain = { ...taken, last: taken.last ?? extra, passed: [extra.id, ...taken.passed] }
    held.push({ person: taken.person, source: covering('add', chain, null, taken.last === null ? null : extra.person) })
  }
  return held
}

interface Taken {
  readonly person: string
  readonly last: Override | null
  readonly passed: readonly string[]
}

function covering(change: 'replace' | 'add', taken: Taken, rotation: string | null, insteadOf: string | null): Source {
  const reason = taken.last?.reason ?? ''
  return { kind: 'override', change, overrides: taken.passed, rotation, insteadOf, reason }
}

/** Null when the chain ends in a removal. */
function follow(first: string, rotation: string | null, active: readonly Override[], rostered: boolean): Taken | null {
  const seen = new Set([first])
  const passed: string[] = []
  let person = first
  let last: Override | null = null
  for (;;) {
    const next = active.findLast((each) => {
      if (each.kind === 'add' || (each.rotation !== undefined && each.rotation !== rotation)) return false
      if (each.kind === 'remove') return each.person === person
      if (seen.has(each.person)) return false
      // "Instead of whoever has the turn" speaks of the rota, not of a person who already covers.
      return each.covers === undefined ? rostered && person === first : each.covers === person
    })
    if (next === undefined) return { person, last, passed }
    if (next.kind === 'remove') return null
    person = next.person
    seen.add(person)
    passed.push(next.id)
    last = next
  }
}

export function checkOverride(override: Override, rotations: readonly string[], pointer = ''): readonly Fault[] {
  const faults: Fault[] = []
  if (override.start >= override.end) {
    faults.push({ pointer: `${pointer}/end`, detail: 'The override ends before it begins.' })
  }
  if (override.reason.trim() === '') {
    faults.push({ pointer: `${pointer}/reason`, detail: 'Say why, in a few words: it is shown to everyone affected.' })
  }
  if (override.kind === 'replace' && override.covers === override.person) {
    faults.push({ pointer: `${pointer}/covers`, detail: `${override.person} cannot cover for themselves.` })
  }
  if (override.kind !== 'add' && override.rotation !== undefined && !rotations.includes(override.rotation)) {
    const known = rotations.map((each) => `"${each}"`).join(', ')
    const detail = `The schedule has no rotation "${override.rotation}"; it has ${known}.`
    faults.push({ pointer: `${pointer}/rotation`, detail })
  }
  return faults
}

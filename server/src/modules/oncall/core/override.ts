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
    } & Scope)
  | (OverrideOf & { readonly kind: 'add'; readonly person: string })
  | (OverrideOf & { readonly kind: 'remove'; readonly person: string } & Scope)

/** Where it holds, one of the two at most; without either, wherever the person is on call. */
interface Scope {
  readonly rotation?: string
  /** The name of a custom shift. */
  readonly shift?: string
}

/** One assignment outside every rotation: fills a hole, or adds a second pair of eyes. */
export interface CustomShift extends Interval {
  readonly name: string
  readonly person: string
  readonly reason?: string
}

export type Origin =
  | {
      readonly kind: 'rotation'
      readonly rotation: string
      readonly turn: number
      /** Set when the member whose turn it is has left and this person takes the rest. */
      readonly standInFor: string | null
    }
  | { readonly kind: 'custom-shift'; readonly shift: string; readonly reason: string | null }

export type Source =
  | Origin
  | {
      readonly kind: 'override'
      readonly change: 'replace' | 'add'
      /** Every override on the way, in the order applied: A→B and B→C puts C on call through both. */
      readonly overrides: readonly string[]
      readonly rotation: string | null
      /** Set when it covers a custom shift. */
      readonly shift?: string
      /** Who would have been on call. */
      readonly insteadOf: string | null
      readonly reason: string
    }

/** One place on the schedule at an instant, before overrides. */
export interface Place {
  readonly person: string
  readonly origin: Origin
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
  for (const { person, origin } of places) {
    const taken = follow(person, origin, active)
    if (taken === null) continue
    if (taken.last === null) held.push({ person, source: origin })
    else held.push({ person: taken.person, source: covering('replace', taken, origin, person) })
  }
  for (const [index, extra] of active.entries()) {
    if (extra.kind !== 'add') continue
    const taken = follow(extra.person, null, active.slice(index + 1))
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

function covering(
  change: 'replace' | 'add',
  taken: Taken,
  origin: Origin | null,
  insteadOf: string | null,
): Extract<Source, { kind: 'override' }> {
  const reason = taken.last?.reason ?? ''
  const rotation = origin?.kind === 'rotation' ? origin.rotation : null
  const covered = { kind: 'override', change, overrides: taken.passed, rotation, insteadOf, reason } as const
  return origin?.kind === 'custom-shift' ? { ...covered, shift: origin.shift } : covered
}

/** Null when the chain ends in a removal. An extra responder has no origin. */
function follow(first: string, origin: Origin | null, active: readonly Override[]): Taken | null {
  const seen = new Set([first])
  const passed: string[] = []
  let person = first
  let last: Override | null = null
  for (;;) {
    const next = active.findLast((each) => {
      if (each.kind === 'add' || !inScope(each, origin)) return false
      if (each.kind === 'remove') return each.person === person
      if (seen.has(each.person)) return false
      // "Instead of whoever has the turn" speaks of the rota, not of a person who already covers.
      return each.covers === undefined ? origin !== null && person === first : each.covers === person
    })
    if (next === undefined) return { person, last, passed }
    if (next.kind === 'remove') return null
    person = next.person
    seen.add(person)
    passed.push(next.id)
    last = next
  }
}

function inScope({ rotation, shift }: Scope, origin: Origin | null): boolean {
  if (rotation !== undefined) return origin?.kind === 'rotation' && origin.rotation === rotation
  return shift === undefined || (origin?.kind === 'custom-shift' && origin.shift === shift)
}

export interface KnownSources {
  readonly rotations: readonly string[]
  readonly shifts: readonly string[]
}

export function checkOverride(override: Override, known: KnownSources, pointer = ''): readonly Fault[] {
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
  if (override.kind === 'add') return faults
  const { rotation, shift } = override
  if (rotation !== undefined && shift !== undefined) {
    faults.push({
      pointer: `${pointer}/shift`,
      detail: 'An override holds in a rotation or in a custom shift, not in both.',
    })
  }
  for (const [name, names, field, word] of [
    [rotation, known.rotations, 'rotation', 'rotation'],
    [shift, known.shifts, 'shift', 'custom shift'],
  ] as const) {
    if (name === undefined || names.includes(name)) continue
    const has = names.length === 0 ? 'none' : names.map((each) => `"${each}"`).join(', ')
    faults.push({ pointer: `${pointer}/${field}`, detail: `The schedule has no ${word} "${name}"; it has ${has}.` })
  }
  return faults
}

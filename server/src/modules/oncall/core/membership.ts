// Whose turn it is when members join and leave on dates. Computed from the dates alone: adding someone from a date
// never changes a turn before that date, and the others keep their order after it.
import type { Instant } from '../../../kernel/instant.ts'
import type { Grid } from './grid.ts'
import type { Member, Rotation } from './rotation.ts'

interface Era {
  /** The era holds from this slot on, until the next era. */
  readonly firstSlot: number
  readonly firstPosition: number
  /** The position that would have been the first active member's, so the holder is a remainder. */
  readonly base: number
  /** Indices into `members`, in their order. */
  readonly active: readonly number[]
}

export interface Roster {
  readonly rotation: Rotation
  readonly grid: Grid
  readonly eras: readonly Era[]
  /** Every instant at which somebody joins or leaves, sorted. */
  readonly boundaries: readonly Instant[]
}

const unbegun = Number.NEGATIVE_INFINITY

/** Dates after `horizon` change nothing before it and are left out. */
export function rosterOf(rotation: Rotation, grid: Grid, horizon: Instant): Roster {
  const dates = rotation.members.flatMap((member) => [member.since, member.until])
  const known = dates.filter((each) => each !== undefined && each <= horizon)
  const boundaries = [...new Set(known.filter((each) => each !== undefined))].sort((a, b) => a - b)
  const first = rotation.members.flatMap((member, index) => (member.since === undefined ? [index] : []))
  const eras: Era[] = [{ firstSlot: unbegun, firstPosition: unbegun, base: 0, active: first }]
  let before = -1
  for (const at of boundaries) {
    const firstSlot = grid.firstFrom(at)
    const position = grid.position(firstSlot)
    const last = eras.at(-1)
    if (last === undefined) break
    // Two dates inside one turn: the later one decides, and the order goes on from the era before both.
    if (last.firstSlot === firstSlot) eras.pop()
    if (position > grid.firstPosition) {
      // Several turns may share a position: whoever had the one before it, by the era of that time.
      const governing = eras.findLast((each) => each.firstPosition < position)
      before = (governing === undefined ? null : holderIndex(governing, position - 1)) ?? before
    }
    const active = rotation.members.flatMap((member, index) => (isActive(member, at) ? [index] : []))
    const next = active.findIndex((index) => index > before)
    const base = before === -1 ? 0 : position - Math.max(next, 0)
    eras.push({ firstSlot, firstPosition: position, base, active })
  }
  return { rotation, grid, eras, boundaries }
}

export interface Holder {
  readonly person: string
  /** The member whose turn it is, when that one has left (or nobody had joined) and this person takes the rest. */
  readonly standInFor: string | null
}

/** Who serves at an instant of a slot; empty when no member is active, or the place is left empty on purpose. */
export function holdersAt(roster: Roster, slot: number, at: Instant): readonly Holder[] {
  const { members, assign } = roster.rotation
  if (assign === 'everyone') {
    const people = members.flatMap((each) => (each.person !== null && isActive(each, at) ? [each.person] : []))
    return [...new Set(people)].map((person) => ({ person, standInFor: null }))
  }
  const era = roster.eras.findLast((each) => each.firstSlot <= slot)
  const index = era === undefined ? null : holderIndex(era, roster.grid.position(slot))
  const owner = index === null ? undefined : members[index]
  if (owner !== undefined && isActive(owner, at))
    return owner.person === null ? [] : [{ person: owner.person, standInFor: null }]
  for (let step = 1; step <= members.length; step += 1) {
    const candidate = members[((index ?? -1) + step) % members.length]
    if (candidate !== undefined && candidate.person !== null && isActive(candidate, at))
      return [{ person: candidate.person, standInFor: owner?.person ?? null }]
  }
  return []
}

function holderIndex(era: Era, position: number): number | null {
  const count = era.active.length
  return count === 0 ? null : (era.active[(((position - era.base) % count) + count) % count] ?? null)
}

function isActive(member: Member, at: Instant): boolean {
  return (member.since === undefined || at >= member.since) && (member.until === undefined || at < member.until)
}

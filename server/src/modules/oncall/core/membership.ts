// Whose turn it is when members join and leave on dates. Computed from the dates alone: adding someone from a date
// never changes a turn before that date, and the others keep their order after it.
import type { Instant } from '../../../kernel/instant.ts'
import { handoffAt, type Member, type Rotation, turnAt } from './rotation.ts'

interface Era {
  /** The era holds from this turn on, until the next era. */
  readonly firstTurn: number
  /** The turn that would have been the first active member's, so the holder is a remainder. */
  readonly base: number
  /** Indices into `members`, in their order. */
  readonly active: readonly number[]
}

export interface Roster {
  readonly rotation: Rotation
  readonly eras: readonly Era[]
  /** Every instant at which somebody joins or leaves, sorted. */
  readonly boundaries: readonly Instant[]
}

export function rosterOf(rotation: Rotation): Roster {
  const dates = rotation.members.flatMap((member) => [member.since, member.until])
  const boundaries = [...new Set(dates.filter((each) => each !== undefined))].sort((a, b) => a - b)
  const first = rotation.members.flatMap((member, index) => (member.since === undefined ? [index] : []))
  const eras: Era[] = [{ firstTurn: Number.NEGATIVE_INFINITY, base: 0, active: first }]
  let before = -1
  for (const at of boundaries) {
    const under = turnAt(rotation, at)
    const firstTurn = handoffAt(rotation, under) === at ? under : under + 1
    const last = eras.at(-1)
    if (last === undefined) break
    // Two dates inside one turn: the later one decides, and the order goes on from the era before both.
    if (last.firstTurn === firstTurn) eras.pop()
    else before = holderIndex(last, firstTurn - 1) ?? before
    const active = rotation.members.flatMap((member, index) => (isActive(member, at) ? [index] : []))
    const next = active.findIndex((index) => index > before)
    const base = before === -1 ? 0 : firstTurn - Math.max(next, 0)
    eras.push({ firstTurn, base, active })
  }
  return { rotation, eras, boundaries }
}

export interface Holder {
  readonly person: string
  /** The member whose turn it is, when that one has left (or nobody had joined) and this person takes the rest. */
  readonly standInFor: string | null
}

/** Who serves at an instant of a turn; null when no member is active. */
export function holderAt(roster: Roster, turn: number, at: Instant): Holder | null {
  const { members } = roster.rotation
  const era = roster.eras.findLast((each) => each.firstTurn <= turn)
  const index = era === undefined ? null : holderIndex(era, turn)
  const owner = index === null ? undefined : members[index]
  if (owner !== undefined && isActive(owner, at)) return { person: owner.person, standInFor: null }
  for (let step = 1; step <= members.length; step += 1) {
    const candidate = members[((index ?? -1) + step) % members.length]
    if (candidate !== undefined && isActive(candidate, at)) {
      return { person: candidate.person, standInFor: owner?.person ?? null }
    }
  }
  return null
}

function holderIndex(era: Era, turn: number): number | null {
  const count = era.active.length
  return count === 0 ? null : (era.active[(((turn - era.base) % count) + count) % count] ?? null)
}

function isActive(member: Member, at: Instant): boolean {
  return (member.since === undefined || at >= member.since) && (member.until === undefined || at < member.until)
}

// A rotation: people taking turns on a wall-clock grid. The position is computed from the start, never stored,
// so two processes or an import cannot disagree about whose turn it is.
import type { Fault } from '../../../kernel/app-error.ts'
import { day, hour } from '../../../kernel/duration.ts'
import type { Instant } from '../../../kernel/instant.ts'
import { checkZone, instantOf, parseWall, type Wall, wall, wallAt } from './wall-clock.ts'

export const turnUnits = ['hour', 'day', 'week', 'month'] as const
export type TurnUnit = (typeof turnUnits)[number]

export interface Turn {
  readonly unit: TurnUnit
  /** 2 weeks is `{ unit: 'week', every: 2 }`. */
  readonly every: number
}

/** A person takes turns whose hand-off lies in [since, until). Leaving in the middle of a turn gives the rest away. */
export interface Member {
  readonly person: string
  readonly since?: Instant
  readonly until?: Instant
}

export interface Rotation {
  readonly name: string
  readonly zone: string
  /** Local wall time `2026-03-02T09:00`. Anchors the grid, which also runs backwards from it. */
  readonly start: string
  readonly turn: Turn
  /** In the order they take turns; the first one has the turn that begins at `start`. */
  readonly members: readonly Member[]
  /** Outside [since, until) the rotation is empty. */
  readonly since?: Instant
  readonly until?: Instant
}

const longestTurn: Readonly<Record<TurnUnit, number>> = { hour: 24 * 366, day: 366, week: 104, month: 24 }
const mostMembers = 200

export function checkRotation(rotation: Rotation, pointer = ''): readonly Fault[] {
  const faults: Fault[] = []
  const zone = checkZone(rotation.zone, `${pointer}/zone`)
  if (zone !== null) faults.push(zone)
  if (parseWall(rotation.start) === null) {
    const detail = `"${rotation.start}" is not a local time. Write it as 2026-03-02T09:00, without an offset.`
    faults.push({ pointer: `${pointer}/start`, detail })
  }
  const most = longestTurn[rotation.turn.unit]
  if (!Number.isInteger(rotation.turn.every) || rotation.turn.every < 1 || rotation.turn.every > most) {
    const detail = `A turn lasts 1 to ${most} ${rotation.turn.unit}s, not ${rotation.turn.every}.`
    faults.push({ pointer: `${pointer}/turn/every`, detail })
  }
  if (rotation.members.length === 0) {
    faults.push({ pointer: `${pointer}/members`, detail: 'A rotation needs at least one member.' })
  }
  if (rotation.members.length > mostMembers) {
    faults.push({ pointer: `${pointer}/members`, detail: `A rotation has at most ${mostMembers} members.` })
  }
  for (const [index, member] of rotation.members.entries()) {
    if (member.since !== undefined && member.until !== undefined && member.since >= member.until) {
      const detail = `${member.person} leaves before joining: "until" must be later than "since".`
      faults.push({ pointer: `${pointer}/members/${index}/until`, detail })
    }
  }
  if (rotation.since !== undefined && rotation.until !== undefined && rotation.since >= rotation.until) {
    faults.push({ pointer: `${pointer}/until`, detail: 'The rotation ends before it begins.' })
  }
  return faults
}

/** When turn `index` begins. Turn 0 begins at `start`; negative turns lie before it. */
export function handoffAt(rotation: Rotation, index: number): Instant {
  return instantOf(rotation.zone, boundary(rotation, index))
}

/**
 * The turn under way at an instant, whatever the distance from the start: one conversion to wall time, one division,
 * and at least one conversion back. Only inside a repeated hour does it step on, at most once per repeated turn.
 */
export function turnAt(rotation: Rotation, at: Instant): number {
  let index = indexAt(rotation, wallAt(rotation.zone, at))
  while (handoffAt(rotation, index + 1) <= at) index += 1
  return index
}

function indexAt(rotation: Rotation, local: Wall): number {
  const start = anchor(rotation)
  const { unit, every } = rotation.turn
  if (unit !== 'month') return Math.floor((local - start) / (every * unitMs[unit]))
  const index = Math.floor((months(local) - months(start)) / every)
  return boundary(rotation, index) > local ? index - 1 : index
}

function boundary(rotation: Rotation, index: number): Wall {
  const start = anchor(rotation)
  const { unit, every } = rotation.turn
  if (unit !== 'month') return wall(start + index * every * unitMs[unit])
  // Always counted from the anchor, so 31 → 28 → 31: a short month never moves the later ones.
  const from = new Date(start)
  const month = from.getUTCMonth() + index * every
  const last = new Date(Date.UTC(from.getUTCFullYear(), month + 1, 0)).getUTCDate()
  const date = Math.min(from.getUTCDate(), last)
  return wall(Date.UTC(from.getUTCFullYear(), month, date) + (start - Math.floor(start / day) * day))
}

const unitMs = { hour, day, week: 7 * day } as const

function months(local: Wall): number {
  const date = new Date(local)
  return date.getUTCFullYear() * 12 + date.getUTCMonth()
}

function anchor(rotation: Rotation): Wall {
  const start = parseWall(rotation.start)
  if (start === null) throw new Error(`Rotation ${rotation.name} was not checked: its start is "${rotation.start}".`)
  return start
}

// A rotation: people taking turns on a wall-clock grid. The position is computed from the start, never stored,
// so two processes or an import cannot disagree about whose turn it is.
import type { Fault } from '../../../kernel/app-error.ts'
import { day, hour } from '../../../kernel/duration.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { WeekWindow } from './hours.ts'
import { checkRecurringShift, type RecurringShift } from './recurrence.ts'
import { checkZone, instantOf, parseWall, type Wall, wall, wallAt } from './wall-clock.ts'

export const turnUnits = ['hour', 'day', 'week', 'month', 'quarter'] as const
export type TurnUnit = (typeof turnUnits)[number]

export interface Turn {
  readonly unit: TurnUnit
  /** 2 weeks is `{ unit: 'week', every: 2 }`. */
  readonly every: number
}

/** A person takes turns whose hand-off lies in [since, until). Leaving in the middle of a turn gives the rest away. */
export interface Member {
  /** Null is an empty place in the order: a turn that nobody takes, on purpose. */
  readonly person: string | null
  readonly since?: Instant
  readonly until?: Instant
}

interface RotationOf {
  readonly name: string
  readonly zone: string
  /** In the order they take turns; the first one has the turn that begins at `start`. */
  readonly members: readonly Member[]
  /** One after the other, or everybody at once. One after the other unless said. */
  readonly assign?: 'in-turn' | 'everyone'
  /** How many turns or shifts one person takes before the next one. 1 unless said. */
  readonly perMember?: number
  /** Hours of the week in which the rotation is on call; always unless said. */
  readonly hours?: readonly WeekWindow[]
  /**
   * What moves the order on. `calendar`: every turn, also one that lies outside the hours. `served`: only turns with
   * hours in them, so that no one is passed over again and again.
   */
  readonly advance?: 'calendar' | 'served'
  /** While a rotation of a higher layer has somebody on call, those of lower layers have not. 0 unless said. */
  readonly layer?: number
  /** Outside [since, until) the rotation is empty. */
  readonly since?: Instant
  readonly until?: Instant
}

/** Turns follow one another without a break. */
export interface TurnRotation extends RotationOf {
  /** Local wall time `2026-03-02T09:00`. Anchors the grid, which also runs backwards from it. */
  readonly start: string
  readonly turn: Turn
  readonly shifts?: never
}

/** Shifts that recur; between them the rotation is empty. */
export interface ShiftRotation extends RotationOf {
  readonly shifts: readonly RecurringShift[]
  readonly start?: never
  readonly turn?: never
}

export type Rotation = TurnRotation | ShiftRotation

const longestTurn: Readonly<Record<TurnUnit, number>> = { hour: 24 * 366, day: 366, week: 104, month: 24, quarter: 8 }
const mostMembers = 200
const mostShifts = 50
const mostLayers = 20

export function checkRotation(rotation: Rotation, pointer = ''): readonly Fault[] {
  const faults: Fault[] = []
  const zone = checkZone(rotation.zone, `${pointer}/zone`)
  if (zone !== null) faults.push(zone)
  faults.push(...(rotation.shifts === undefined ? checkTurns(rotation, pointer) : checkShifts(rotation, pointer)))
  if (rotation.members.length === 0) {
    faults.push({ pointer: `${pointer}/members`, detail: 'A rotation needs at least one member.' })
  }
  if (rotation.members.length > mostMembers) {
    faults.push({ pointer: `${pointer}/members`, detail: `A rotation has at most ${mostMembers} members.` })
  }
  for (const [index, member] of rotation.members.entries()) {
    if (member.since !== undefined && member.until !== undefined && member.since >= member.until) {
      const detail = `${member.person ?? 'The empty place'} leaves before joining: "until" must be later than "since".`
      faults.push({ pointer: `${pointer}/members/${index}/until`, detail })
    }
  }
  if (!isWhole(rotation.perMember ?? 1, 1, 1000)) {
    faults.push({ pointer: `${pointer}/perMember`, detail: 'Each person takes 1 to 1000 turns in a row.' })
  }
  if (!isWhole(rotation.layer ?? 0, 0, mostLayers)) {
    faults.push({ pointer: `${pointer}/layer`, detail: `A layer is a whole number from 0 to ${mostLayers}.` })
  }
  if (rotation.since !== undefined && rotation.until !== undefined && rotation.since >= rotation.until) {
    faults.push({ pointer: `${pointer}/until`, detail: 'The rotation ends before it begins.' })
  }
  return faults
}

function checkTurns(rotation: TurnRotation, pointer: string): readonly Fault[] {
  const faults: Fault[] = []
  if (parseWall(rotation.start) === null) {
    const detail = `"${rotation.start}" is not a local time. Write it as 2026-03-02T09:00, without an offset.`
    faults.push({ pointer: `${pointer}/start`, detail })
  }
  const most = longestTurn[rotation.turn.unit]
  if (!isWhole(rotation.turn.every, 1, most)) {
    const detail = `A turn lasts 1 to ${most} ${rotation.turn.unit}s, not ${rotation.turn.every}.`
    faults.push({ pointer: `${pointer}/turn/every`, detail })
  }
  return faults
}

function checkShifts(rotation: ShiftRotation, pointer: string): readonly Fault[] {
  if (rotation.shifts.length === 0 || rotation.shifts.length > mostShifts)
    return [{ pointer: `${pointer}/shifts`, detail: `A rotation has 1 to ${mostShifts} recurring shifts.` }]
  return rotation.shifts.flatMap((each, index) => checkRecurringShift(each, `${pointer}/shifts/${index}`))
}

function isWhole(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most
}

/** When turn `index` begins. Turn 0 begins at `start`; negative turns lie before it. */
export function handoffAt(rotation: TurnRotation, index: number): Instant {
  return instantOf(rotation.zone, wallHandoffAt(rotation, index))
}

/**
 * The turn under way at an instant, whatever the distance from the start: one conversion to wall time, one division,
 * and at least one conversion back. Only inside a repeated hour does it step on, at most once per repeated turn.
 */
export function turnAt(rotation: TurnRotation, at: Instant): number {
  let index = indexAt(rotation, wallAt(rotation.zone, at))
  while (handoffAt(rotation, index + 1) <= at) index += 1
  return index
}

function indexAt(rotation: TurnRotation, local: Wall): number {
  const start = anchor(rotation)
  const { lengthMs, months } = turnLength(rotation.turn)
  if (months === 0) return Math.floor((local - start) / lengthMs)
  const index = Math.floor((monthOf(local) - monthOf(start)) / months)
  return wallHandoffAt(rotation, index) > local ? index - 1 : index
}

export function wallHandoffAt(rotation: TurnRotation, index: number): Wall {
  const start = anchor(rotation)
  const { lengthMs, months } = turnLength(rotation.turn)
  if (months === 0) return wall(start + index * lengthMs)
  // Always counted from the anchor, so 31 → 28 → 31: a short month never moves the later ones.
  const from = new Date(start)
  const month = from.getUTCMonth() + index * months
  const last = new Date(Date.UTC(from.getUTCFullYear(), month + 1, 0)).getUTCDate()
  const date = Math.min(from.getUTCDate(), last)
  return wall(Date.UTC(from.getUTCFullYear(), month, date) + (start - Math.floor(start / day) * day))
}

/** A length on the wall clock, or a number of months; the other one is 0. */
export function turnLength({ unit, every }: Turn): { readonly lengthMs: number; readonly months: number } {
  if (unit === 'month') return { lengthMs: 0, months: every }
  if (unit === 'quarter') return { lengthMs: 0, months: every * 3 }
  return { lengthMs: every * { hour, day, week: 7 * day }[unit], months: 0 }
}

function monthOf(local: Wall): number {
  const date = new Date(local)
  return date.getUTCFullYear() * 12 + date.getUTCMonth()
}

function anchor(rotation: TurnRotation): Wall {
  const start = parseWall(rotation.start)
  if (start === null) throw new Error(`Rotation ${rotation.name} was not checked: its start is "${rotation.start}".`)
  return start
}

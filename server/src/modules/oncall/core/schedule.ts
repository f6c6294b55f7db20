// Who is on call: rotations side by side, then overrides. The answer is a set of people, each with where it comes from.
// `onCallAt` and `finalSchedule` share one rule for overrides and find the turns by different roads; a property holds
// them together.
import type { Fault } from '../../../kernel/app-error.ts'
import { day } from '../../../kernel/duration.ts'
import type { Instant } from '../../../kernel/instant.ts'
import { contains, gaps, type Interval, overlaps } from '../../../kernel/interval.ts'
import { applyOverrides, checkOverride, type Holding, type Override, type Place, type Source } from './override.ts'
import { checkRotation, type Rotation } from './rotation.ts'
import { type ServedTurn, turnServedAt, turnsIn } from './turns.ts'

export interface Schedule {
  readonly name: string
  /** In parallel: everyone who has a turn is on call. */
  readonly rotations: readonly Rotation[]
  /** In the order they were made. */
  readonly overrides: readonly Override[]
}

export interface Shift extends Interval {
  readonly person: string
  readonly source: Source
}

export interface FinalSchedule {
  /** Sorted by start, then person. Two shifts overlap when two people (or two sources) are on call together. */
  readonly shifts: readonly Shift[]
  /** Instants of the window with nobody on call. No tolerance: a hole of one minute is a hole. */
  readonly gaps: readonly Interval[]
}

/** Edges refuse longer windows: an hourly rotation over this is 9,600 shifts. */
export const longestWindowMs = 400 * day

export function checkSchedule(schedule: Schedule): readonly Fault[] {
  const names = schedule.rotations.map((rotation) => rotation.name)
  const faults = schedule.rotations.flatMap((rotation, index) => checkRotation(rotation, `/rotations/${index}`))
  for (const [index, name] of names.entries()) {
    if (names.indexOf(name) === index) continue
    faults.push({ pointer: `/rotations/${index}/name`, detail: `There are two rotations named "${name}".` })
  }
  const overrides = schedule.overrides.flatMap((each, index) => checkOverride(each, names, `/overrides/${index}`))
  return [...faults, ...overrides]
}

/** Everyone on call at an instant; a person twice when two sources put them there. */
export function onCallAt(schedule: Schedule, at: Instant): readonly Holding[] {
  const places = schedule.rotations.map((each) => turnServedAt(each, at)).filter((each) => each !== null)
  return applyOverrides(
    places,
    schedule.overrides.filter((each) => contains(each, at)),
  )
}

/** Each person once, in the order of the rotations, then the extra responders. */
export function peopleOnCallAt(schedule: Schedule, at: Instant): readonly string[] {
  return [...new Set(onCallAt(schedule, at).map((each) => each.person))]
}

export function finalSchedule(schedule: Schedule, window: Interval): FinalSchedule {
  if (window.start >= window.end) return { shifts: [], gaps: [] }
  const turns = schedule.rotations.map((rotation) => turnsIn(rotation, window))
  const relevant = schedule.overrides.filter((each) => overlaps(each, window))
  const starts = cuts(window, [...turns.flat(), ...relevant])
  const cursors = turns.map(() => 0)
  const shifts: Shift[] = []
  let open = new Map<string, number>()
  for (const [index, start] of starts.entries()) {
    const end = starts[index + 1] ?? window.end
    const places: Place[] = []
    for (const [which, served] of turns.entries()) {
      const turn = advance(served, cursors, which, start)
      if (turn !== null && turn.start <= start) places.push(placeOf(turn))
    }
    const stillOpen = new Map<string, number>()
    const active = relevant.filter((each) => contains(each, start))
    for (const { person, source } of applyOverrides(places, active)) {
      const key = JSON.stringify([person, source])
      const before = open.get(key)
      const shift = before === undefined ? undefined : shifts[before]
      if (before !== undefined && shift !== undefined) {
        shifts[before] = { ...shift, end }
        stillOpen.set(key, before)
      } else stillOpen.set(key, shifts.push({ person, start, end, source }) - 1)
    }
    open = stillOpen
  }
  const sorted = shifts.sort((a, b) => a.start - b.start || (a.person < b.person ? -1 : a.person > b.person ? 1 : 0))
  return { shifts: sorted, gaps: gaps(window, sorted) }
}

function cuts(window: Interval, edges: readonly Interval[]): readonly Instant[] {
  const inside = edges.flatMap((each) => [each.start, each.end]).filter((at) => at > window.start && at < window.end)
  return [...new Set([window.start, ...inside])].sort((a, b) => a - b)
}

/** Moves a rotation's cursor to the turn that has not ended at `start`; each turn is passed once in a whole sweep. */
function advance(served: readonly ServedTurn[], cursors: number[], which: number, start: Instant): ServedTurn | null {
  let at = cursors[which] ?? 0
  for (let turn = served[at]; turn !== undefined && turn.end <= start; turn = served[at]) at += 1
  cursors[which] = at
  return served[at] ?? null
}

function placeOf(turn: ServedTurn): Place {
  return { person: turn.person, rotation: turn.rotation, turn: turn.turn, standInFor: turn.standInFor }
}

/** Where a shift comes from, for a person to read. */
export function explainSource(source: Source): string {
  if (source.kind === 'rotation') {
    const stand = source.standInFor === null ? '' : `, taking the rest of ${source.standInFor}'s turn`
    return `on call in rotation ${source.rotation}${stand}`
  }
  if (source.change === 'add' && source.insteadOf === null) return `added: ${source.reason}`
  return `covering for ${source.insteadOf ?? 'the rota'}: ${source.reason}`
}

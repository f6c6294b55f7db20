// Who is on call: rotations side by side or in layers, custom shifts, then overrides. The answer is a set of people,
// each with where it comes from. `onCallAt` and `finalSchedule` share one rule for layers and overrides; an oracle that
// walks minutes holds both.
import type { Fault } from '../../../kernel/app-error.ts'
import { day } from '../../../kernel/duration.ts'
import type { Instant } from '../../../kernel/instant.ts'
import { contains, gaps, type Interval, overlaps } from '../../../kernel/interval.ts'
import { type WeekWindow, windowsIn } from './hours.ts'
import {
  applyOverrides,
  type CustomShift,
  checkOverride,
  type Holding,
  type KnownSources,
  type Override,
  type Place,
  type Source,
} from './override.ts'
import { checkRotation, type Rotation } from './rotation.ts'
import { turnsIn, turnsServedAt } from './turns.ts'

export interface Schedule {
  readonly name: string
  /** Side by side: everyone who has a turn is on call, but for rotations below a layer that has somebody. */
  readonly rotations: readonly Rotation[]
  readonly shifts?: readonly CustomShift[]
  /** In the order they were made. */
  readonly overrides: readonly Override[]
  /** When somebody must be on call; always unless said. */
  readonly coverage?: { readonly zone: string; readonly hours: readonly WeekWindow[] }
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
const mostCustomShifts = 1000

export function knownSources(schedule: Pick<Schedule, 'rotations' | 'shifts'>): KnownSources {
  const rotations = schedule.rotations.map((each) => each.name)
  return { rotations, shifts: (schedule.shifts ?? []).map((each) => each.name) }
}

export function checkSchedule(schedule: Schedule): readonly Fault[] {
  const { rotations } = knownSources(schedule)
  const shifts = schedule.shifts ?? []
  const faults = schedule.rotations.flatMap((rotation, index) => checkRotation(rotation, `/rotations/${index}`))
  for (const index of repeated(rotations))
    faults.push({
      pointer: `/rotations/${index}/name`,
      detail: `There are two rotations named "${rotations[index]}".`,
    })
  for (const index of repeated(shifts.map((each) => each.name)))
    faults.push({
      pointer: `/customShifts/${index}/name`,
      detail: `There are two custom shifts named "${shifts[index]?.name}".`,
    })
  for (const [index, each] of shifts.entries()) {
    if (each.start < each.end) continue
    faults.push({ pointer: `/customShifts/${index}/end`, detail: 'The shift ends before it begins.' })
  }
  if (shifts.length > mostCustomShifts)
    faults.push({ pointer: '/customShifts', detail: `A schedule has at most ${mostCustomShifts} custom shifts.` })
  const known = knownSources(schedule)
  const overrides = schedule.overrides.flatMap((each, index) => checkOverride(each, known, `/overrides/${index}`))
  return [...faults, ...overrides]
}

function repeated(names: readonly string[]): readonly number[] {
  return names.flatMap((name, index) => (names.indexOf(name) === index ? [] : [index]))
}

/** Everyone on call at an instant; a person twice when two sources put them there. */
export function onCallAt(schedule: Schedule, at: Instant): readonly Holding[] {
  const turns = schedule.rotations.flatMap((rotation, order) =>
    turnsServedAt(rotation, at).map((each) => rostered(rotation, order, each)),
  )
  const custom = (schedule.shifts ?? []).filter((each) => contains(each, at)).map(customPlace)
  return applyOverrides(
    placesOf([...turns, ...custom]),
    schedule.overrides.filter((each) => contains(each, at)),
  )
}

/** Each person once, in the order of the rotations, then the extra responders. */
export function peopleOnCallAt(schedule: Schedule, at: Instant): readonly string[] {
  return [...new Set(onCallAt(schedule, at).map((each) => each.person))]
}

/** O((turns + overrides) · log + cuts · people at once): each turn enters and leaves the sweep once. */
export function finalSchedule(schedule: Schedule, window: Interval): FinalSchedule {
  if (window.start >= window.end) return { shifts: [], gaps: [] }
  const rotas = schedule.rotations.flatMap((rotation, order) =>
    turnsIn(rotation, window).map((each) => rostered(rotation, order, each)),
  )
  const custom = (schedule.shifts ?? []).filter((each) => overlaps(each, window)).map(customPlace)
  const sweep = sweepOf([...rotas, ...custom])
  const ordered = schedule.overrides.map((each, order) => ({ ...each, order }))
  const covers = sweepOf(ordered.filter((each) => overlaps(each, window)))
  const starts = cuts(window, [...rotas, ...custom, ...schedule.overrides])
  const shifts: Shift[] = []
  let open = new Map<string, number>()
  for (const [index, start] of starts.entries()) {
    const end = starts[index + 1] ?? window.end
    const stillOpen = new Map<string, number>()
    for (const { person, source } of applyOverrides(placesOf(sweep(start)), covers(start))) {
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

interface Ordered extends Interval {
  readonly order: number
}

/** Asked for ascending instants: what holds then, in its order. */
function sweepOf<T extends Ordered>(all: readonly T[]): (at: Instant) => readonly T[] {
  const waiting = [...all].sort((a, b) => a.start - b.start)
  let next = 0
  let active: readonly T[] = []
  return (at) => {
    const kept = active.filter((each) => each.end > at)
    const before = next
    for (let each = waiting[next]; each !== undefined && each.start <= at; each = waiting[next]) next += 1
    const coming = waiting.slice(before, next).filter((each) => each.end > at)
    if (coming.length > 0 || kept.length < active.length)
      active = [...kept, ...coming].sort((a, b) => a.order - b.order)
    return active
  }
}

type Rostered = Ordered & Place & { readonly layer: number | null }

function rostered(rotation: Rotation, order: number, turn: ReturnType<typeof turnsIn>[number]): Rostered {
  const { person, start, end } = turn
  const origin = { kind: 'rotation', rotation: turn.rotation, turn: turn.turn, standInFor: turn.standInFor } as const
  return { person, start, end, order, layer: rotation.layer ?? 0, origin }
}

function customPlace({ name, person, start, end, reason }: CustomShift): Rostered {
  const origin = { kind: 'custom-shift', shift: name, reason: reason ?? null } as const
  return { person, start, end, order: Number.MAX_SAFE_INTEGER, layer: null, origin }
}

/** Layers show through where the ones above are empty; custom shifts stand beside all of them. */
function placesOf(all: readonly Rostered[]): readonly Place[] {
  const top = all.reduce((highest, each) => Math.max(highest, each.layer ?? 0), 0)
  return all.filter((each) => each.layer === null || each.layer === top)
}

/** The gaps that lie in hours in which somebody must be on call. */
export function missingCover(schedule: Schedule, found: readonly Interval[]): readonly Interval[] {
  const { coverage } = schedule
  if (coverage === undefined) return found
  return found.flatMap((gap) => windowsIn(coverage.zone, coverage.hours, gap))
}

/** Where a shift comes from, for a person to read. */
export function explainSource(source: Source): string {
  if (source.kind === 'rotation') {
    const stand = source.standInFor === null ? '' : `, taking the rest of ${source.standInFor}'s turn`
    return `on call in rotation ${source.rotation}${stand}`
  }
  if (source.kind === 'custom-shift')
    return `custom shift ${source.shift}${source.reason === null ? '' : `: ${source.reason}`}`
  if (source.change === 'add' && source.insteadOf === null) return `added: ${source.reason}`
  return `covering for ${source.insteadOf ?? 'the rota'}: ${source.reason}`
}

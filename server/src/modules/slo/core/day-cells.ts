// The roll-up: a day of an objective (UTC) as 96 quarter hours of whole numbers. Every zone in use since 2000 lies whole
// quarter hours from UTC, so days, months, quarters and years of any place are sums of cells, with 23 or 25 hours where
// clocks change. A slice belongs to the quarter hour it begins in.
import { day, minute } from '../../../kernel/duration.ts'
import { type Instant, instant } from '../../../kernel/instant.ts'
import { packColumns, packedLength, unpackColumn } from '../../telemetry/core/index.ts'
import type { CoveredSlices } from './exclusion.ts'
import { type CollectedSlices, stepStates, type TallySpec, walkSteps } from './member-tally.ts'

export const cellMs = 15 * minute
export const cellsOfDay = day / cellMs

// The order in which they are stored.
const columnNames = [
  ...(['expected', 'measured', 'unborn', 'good', 'bad', 'spent', 'total', 'badSeconds', 'unknownSeconds'] as const),
] as const
type ColumnName = (typeof columnNames)[number]

/**
 * Of each quarter hour: seconds that were expected, measured, or lie before the beginning; events; what they spent in
 * the units of the method; seconds in which too little was good, or of which something is not known.
 */
export type DayCells = Readonly<Record<ColumnName, Float64Array>>
export type CellSum = Record<ColumnName, number>

export const emptyCells = (): DayCells => ({
  expected: new Float64Array(cellsOfDay),
  measured: new Float64Array(cellsOfDay),
  unborn: new Float64Array(cellsOfDay),
  good: new Float64Array(cellsOfDay),
  bad: new Float64Array(cellsOfDay),
  spent: new Float64Array(cellsOfDay),
  total: new Float64Array(cellsOfDay),
  badSeconds: new Float64Array(cellsOfDay),
  unknownSeconds: new Float64Array(cellsOfDay),
})

export const emptyCellSum = (): CellSum => ({
  ...{ expected: 0, measured: 0, unborn: 0, good: 0, bad: 0, spent: 0, total: 0, badSeconds: 0, unknownSeconds: 0 },
})

export const packCells = (cells: DayCells): Uint8Array => packColumns(columnNames.map((name) => cells[name]))

export function unpackCells(bytes: Uint8Array): DayCells {
  if (packedLength(bytes) !== cellsOfDay) throw new RangeError('A day has another number of cells.')
  const cells = emptyCells()
  for (const [index, name] of columnNames.entries()) unpackColumn(bytes, index, cells[name])
  return cells
}

export function copyCell(from: DayCells, into: DayCells, cell: number): void {
  for (const name of columnNames) into[name][cell] = from[name][cell] ?? 0
}

/** Adds the cells [from, to) of a day. */
export function addCells(into: CellSum, cells: DayCells, from = 0, to = cellsOfDay): void {
  for (const name of columnNames) {
    const column = cells[name]
    let sum = into[name]
    for (let cell = from; cell < to; cell += 1) sum += column[cell] ?? 0
    into[name] = sum
  }
}

export const dayOf = (at: number): Instant => instant(Math.floor(at / day) * day)

/** The days (UTC) that a stretch touches. */
export function daysOf(from: number, until: number): readonly Instant[] {
  const days: Instant[] = []
  for (let at: number = dayOf(from); at < until; at += day) days.push(instant(at))
  return days
}

/** Steps in which failing is told: as long as a slice, a minute at least. */
export const stepFor = (sliceMs: number): number => Math.max(minute, sliceMs)

export interface RolledDay {
  /** As measured. */
  readonly raw: DayCells
  /** With what is excluded; null when nothing is. */
  readonly counted: DayCells | null
}

/** The days of a stretch from its slices. Steps that a day ends in belong to the day they begin in. */
export function rollDays(spec: TallySpec, slices: CollectedSlices): ReadonlyMap<Instant, RolledDay> {
  const raw = cellsByDay({ ...spec, covered: [] }, slices)
  const counted = spec.covered.length === 0 ? null : cellsByDay(spec, slices)
  return new Map(
    [...raw].map(([start, cells]) => {
      const touched = coveredWithin(spec.covered, start, spec.sliceMs).length > 0
      return [start, { raw: cells, counted: touched ? (counted?.get(start) ?? null) : null }]
    }),
  )
}

export interface HourSum {
  readonly start: Instant
  readonly good: number
  readonly bad: number
  readonly measuredMs: number
}

/** Days of events of which hours are all that is kept: an hour lies in its first quarter, what was measured in all four. */
export function rollHours(hours: readonly HourSum[], begun: Instant): ReadonlyMap<Instant, RolledDay> {
  const days = new Map<Instant, DayCells>()
  for (const { start, good, bad, measuredMs } of hours) {
    const at = dayOf(start)
    const cells = days.get(at) ?? wholeDay(at, begun)
    days.set(at, cells)
    const cell = (start - at) / cellMs
    cells.good[cell] = good
    cells.bad[cell] = bad
    cells.spent[cell] = bad
    cells.total[cell] = good + bad
    // Whole seconds: the quarters of which something was expected share them, and the last takes the rest.
    let left = Math.round(measuredMs / 1_000)
    let open = [0, 1, 2, 3].filter((quarter) => (cells.expected[cell + quarter] ?? 0) > 0).length
    for (let quarter = cell; quarter < cell + 4; quarter += 1) {
      const expected = cells.expected[quarter] ?? 0
      const measured = expected === 0 ? 0 : Math.min(expected, Math.floor(left / open))
      if (expected > 0) open -= 1
      left -= measured
      cells.measured[quarter] = measured
      cells.unknownSeconds[quarter] = expected - measured
    }
  }
  return new Map([...days].map(([at, raw]) => [at, { raw, counted: null }]))
}

/** All of it expected, nothing of it measured. */
function wholeDay(start: Instant, begun: Instant): DayCells {
  const cells = emptyCells()
  for (let cell = 0; cell < cellsOfDay; cell += 1) {
    const expected = (start + cell * cellMs < begun ? 0 : cellMs) / 1_000
    cells.expected[cell] = expected
    cells.unknownSeconds[cell] = expected
    cells.unborn[cell] = cellMs / 1_000 - expected
  }
  return cells
}

function cellsByDay(spec: TallySpec, slices: CollectedSlices): ReadonlyMap<Instant, DayCells> {
  const days = new Map<Instant, DayCells>()
  const [seconds, stepSeconds] = [spec.sliceMs / 1_000, spec.stepMs / 1_000]
  walkSteps(spec, slices, (step, state, sum) => {
    const at = spec.from + step * spec.stepMs
    const start = dayOf(at)
    let cells = days.get(start)
    if (cells === undefined) {
      cells = emptyCells()
      days.set(start, cells)
    }
    const cell = Math.floor((at - start) / cellMs)
    const add = (name: ColumnName, value: number) => {
      const column = cells[name]
      column[cell] = (column[cell] ?? 0) + value
    }
    add('expected', sum.expected * seconds)
    add('measured', sum.measured * seconds)
    add('unborn', sum.unborn * seconds)
    add('good', sum.good)
    add('bad', sum.bad)
    add('spent', sum.spent)
    add('total', sum.total)
    if (state === stepStates.bad) add('badSeconds', stepSeconds)
    if (state === stepStates.unknown) add('unknownSeconds', stepSeconds)
  })
  return days
}

/** What covers slices that begin in a day, numbered from its first slice. */
export function coveredWithin(
  covered: readonly CoveredSlices[],
  dayStart: Instant,
  sliceMs: number,
): readonly CoveredSlices[] {
  const [first, end] = [Math.ceil(dayStart / sliceMs), Math.ceil((dayStart + day) / sliceMs)]
  return covered
    .map(({ from, to, mode }) => ({ from: Math.max(first, from) - first, to: Math.min(end, to) - first, mode }))
    .filter(({ from, to }) => from < to)
}

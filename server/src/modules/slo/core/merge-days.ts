// A day rolled anew against the day as it was stored. Slices go after a while, and those of a changed slice length at
// once: a quarter hour of which more was measured before stays as it was. Exclusions that change afterwards are laid over
// whole quarter hours then; one that is cut in two follows its larger part.
import { day } from '../../../kernel/duration.ts'
import type { Instant } from '../../../kernel/instant.ts'
import { cellMs, cellsOfDay, copyCell, coveredWithin, type DayCells, emptyCells, type RolledDay } from './day-cells.ts'
import type { CoveredSlices } from './exclusion.ts'
import type { ExclusionMode } from './ring.ts'
import type { SpendRule } from './spend.ts'

export interface KeptDay extends RolledDay {
  /** What was laid over it, as `coverText` writes it. */
  readonly covered: string
  /** Quarter hours that an exclusion cut in two when their slices were gone. */
  readonly coarse: number
  /** Some of it was rolled under an earlier definition, and could not be rolled anew. */
  readonly held: boolean
}

/** `60-120d,300-330g`: numbers of slices from the day's first. `b` and the first of the objective's life, if within. */
export function coverText(
  covered: readonly CoveredSlices[],
  order: { readonly start: Instant; readonly sliceMs: number; readonly born: Instant | null },
): string {
  const { start, sliceMs, born } = order
  const within = born !== null && born > start && born < start + day
  const beginning = within ? [`b${Math.floor(born / sliceMs) - Math.ceil(start / sliceMs)}`] : []
  return [
    ...beginning,
    ...coveredWithin(covered, start, sliceMs).map(
      ({ from, to, mode }) => `${from}-${to}${mode === 'drop' ? 'd' : 'g'}`,
    ),
  ].join(',')
}

interface MergeOrder {
  readonly start: Instant
  readonly sliceMs: number
  readonly rule: SpendRule
  readonly covered: readonly CoveredSlices[]
  readonly born: Instant | null
  /** Null when no slice is kept of the day. */
  readonly rolled: RolledDay | null
  readonly before: Omit<KeptDay, 'held'> | null
  /** Of `before` only hours were kept, whose events lie in their first quarters: an hour is taken or left as a whole. */
  readonly byHours?: boolean
}

const quarters = 4

export function mergeDay(order: MergeOrder): KeptDay | null {
  const { rolled, before } = order
  const covered = coverText(order.covered, order)
  if (before === null) return rolled === null ? null : { ...rolled, covered, coarse: 0, held: false }
  const raw = emptyCells()
  const counted = emptyCells()
  const isCovered = coveredWithin(order.covered, order.start, order.sliceMs).length > 0
  const [modes, former] = [cellModes(order, covered), cellModes(order, before.covered)]
  let coarse = 0
  let held = false
  for (let cell = 0; cell < cellsOfDay; cell += 1) {
    const from = order.byHours === true ? cell - (cell % quarters) : cell
    const to = order.byHours === true ? from + quarters : cell + 1
    const measured = (cells: DayCells) => cells.measured.slice(from, to).reduce((sum, each) => sum + each, 0)
    if (rolled !== null && measured(rolled.raw) >= measured(before.raw)) {
      copyCell(rolled.raw, raw, cell)
      copyCell(rolled.counted ?? rolled.raw, counted, cell)
      continue
    }
    held ||= (before.raw.measured[cell] ?? 0) > 0
    copyCell(before.raw, raw, cell)
    if (modes[cell]?.text === former[cell]?.text) {
      copyCell(before.counted ?? before.raw, counted, cell)
      // What was decided by halves before stays so.
      if (before.coarse > 0 && modes[cell]?.cut === true) coarse += 1
      continue
    }
    if (modes[cell]?.cut === true) coarse += 1
    layOver(order, { raw: before.raw, counted, cell, mode: modes[cell]?.mode ?? null })
  }
  // What nothing covers counts as it was measured.
  return { raw, counted: isCovered ? counted : null, covered, coarse, held }
}

/** Two counts of one day, one after the other: where both saw something, no event is in both. */
export function joinDays(day: RolledDay | null, other: RolledDay): RolledDay {
  if (day === null) return other
  const isCovered = day.counted !== null || other.counted !== null
  const counted = isCovered ? joinCells(day.counted ?? day.raw, other.counted ?? other.raw) : null
  return { raw: joinCells(day.raw, other.raw), counted }
}

function joinCells(a: DayCells, b: DayCells): DayCells {
  const joined = emptyCells()
  for (let cell = 0; cell < cellsOfDay; cell += 1) {
    const [seenA, seenB] = [a.measured[cell] ?? 0, b.measured[cell] ?? 0]
    copyCell(seenB > seenA ? b : a, joined, cell)
    if (seenA === 0 || seenB === 0) continue
    for (const name of ['good', 'bad', 'spent', 'total', 'badSeconds'] as const)
      joined[name][cell] = (a[name][cell] ?? 0) + (b[name][cell] ?? 0)
    const expected = joined.expected[cell] ?? 0
    joined.measured[cell] = Math.min(expected, seenA + seenB)
    joined.unknownSeconds[cell] = Math.max(0, expected - seenA - seenB)
  }
  return joined
}

interface CellMode {
  /** What covers the cell, relative to it; equal texts cover alike. */
  readonly text: string
  readonly cut: boolean
  /** Of the larger part. */
  readonly mode: ExclusionMode | null
}

function cellModes({ start, sliceMs }: MergeOrder, covered: string): readonly CellMode[] {
  const first = Math.ceil(start / sliceMs)
  const parts = covered.split(',').flatMap((text) => {
    const match = /^(\d+)-(\d+)([dg])$/.exec(text)
    if (match === null) return []
    const at = (number: string | undefined) => (first + Number(number)) * sliceMs - start
    return [{ from: at(match[1]), to: at(match[2]), mode: match[3] === 'd' ? ('drop' as const) : ('good' as const) }]
  })
  return Array.from({ length: cellsOfDay }, (_, cell): CellMode => {
    const [from, to] = [cell * cellMs, (cell + 1) * cellMs]
    const within = parts
      .map((part) => ({ ...part, from: Math.max(from, part.from), to: Math.min(to, part.to) }))
      .filter((part) => part.from < part.to)
    const lengthOf = (mode: ExclusionMode) =>
      within.filter((part) => part.mode === mode).reduce((all, part) => all + part.to - part.from, 0)
    const [drop, good] = [lengthOf('drop'), lengthOf('good')]
    const all = drop + good
    return {
      text: within.map((part) => `${part.from}-${part.to}${part.mode}`).join(),
      cut: all > 0 && Math.max(drop, good) < cellMs,
      mode: 2 * all < cellMs ? null : drop >= good ? 'drop' : 'good',
    }
  })
}

function layOver(
  { rule, sliceMs }: Pick<MergeOrder, 'rule' | 'sliceMs'>,
  order: {
    readonly raw: DayCells
    readonly counted: DayCells
    readonly cell: number
    readonly mode: ExclusionMode | null
  },
): void {
  const { raw, counted, cell, mode } = order
  // Dropped time is neither expected nor counted.
  if (mode === 'drop') return
  copyCell(raw, counted, cell)
  if (mode === null) return
  const [good, bad] = [raw.good[cell] ?? 0, raw.bad[cell] ?? 0]
  const expected = raw.expected[cell] ?? 0
  counted.measured[cell] = expected
  counted.good[cell] = good + bad
  counted.bad[cell] = 0
  counted.spent[cell] = 0
  counted.total[cell] = rule.byEvents ? good + bad : Math.round((expected * 1_000) / sliceMs) * rule.forgiven.total
  counted.badSeconds[cell] = 0
  counted.unknownSeconds[cell] = 0
}

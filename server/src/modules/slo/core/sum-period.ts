// A period of an objective as the sum of its quarter hours. A day of which nothing is stored was expected all the same:
// it is not known, and never good.
import { day } from '../../../kernel/duration.ts'
import { type Instant, instant } from '../../../kernel/instant.ts'
import type { Interval } from '../../../kernel/interval.ts'
import { addCells, cellMs, cellsOfDay, type DayCells, dayOf, emptyCellSum } from './day-cells.ts'
import type { CoveredSlices } from './exclusion.ts'
import type { SpendRule } from './spend.ts'
import type { WindowSum } from './window.ts'

export interface StoredDay {
  readonly cells: DayCells
  readonly coarse: number
  /**
   * `earlier`: counted by a definition of before, and by now nobody can count it anew. `hours`: of the time before there
   * was a roll-up, only sums of hours were kept; how many minutes failed is not known.
   */
  readonly by: 'this-definition' | 'earlier' | 'hours'
}

export interface PeriodOf {
  readonly period: Interval
  /** How far it was told of; nothing is expected beyond. */
  readonly until: Instant
  /** Nothing was expected before; null: nothing was ever measured. */
  readonly begun: Instant | null
  readonly sliceMs: number
  readonly rule: SpendRule
  /** What is excluded: of days of which nothing is stored, too. */
  readonly covered: readonly CoveredSlices[]
  readonly days: ReadonlyMap<Instant, StoredDay>
}

export interface PeriodTotal {
  /** `measured`, `expected` and `unborn` in seconds: a period may hold slices of several lengths. */
  readonly sum: WindowSum
  readonly badSeconds: number
  readonly unknownSeconds: number
  readonly coarseCells: number
  readonly earlierDays: number
  readonly hourDays: number
}

/** Period and `until` lie on quarter hours, but for a present that goes on. */
export function sumPeriod({ period, until, begun, sliceMs, rule, covered, days }: PeriodOf): PeriodTotal {
  const end = Math.min(period.end, until)
  const cells = emptyCellSum()
  let [coarseCells, earlierDays, hourDays, lost] = [0, 0, 0, 0]
  for (let start: number = dayOf(period.start); start < end; start += day) {
    const [from, to] = [Math.max(period.start, start), Math.min(end, start + day)]
    const known = days.get(instant(start))
    if (known === undefined) {
      const birth = begun === null ? to : Math.min(to, Math.max(from, begun))
      lost += leftOf(birth, to, { covered, sliceMs }) / 1_000
      cells.unborn += leftOf(from, birth, { covered, sliceMs }) / 1_000
      continue
    }
    coarseCells += known.coarse
    if (known.by === 'earlier') earlierDays += 1
    if (known.by === 'hours') hourDays += 1
    addCells(cells, known.cells, (from - start) / cellMs, Math.min(cellsOfDay, Math.ceil((to - start) / cellMs)))
  }
  const gaps = Math.round((lost * 1_000) / sliceMs)
  const { good, bad } = cells
  return {
    sum: {
      lengthMs: Math.max(0, end - period.start),
      end: instant(end),
      good,
      bad,
      // Events spend by themselves, whatever a day was counted by.
      spent: rule.byEvents ? bad : cells.spent + gaps * rule.gap.spent,
      total: rule.byEvents ? good + bad : cells.total + gaps * rule.gap.total,
      measured: cells.measured,
      expected: cells.expected + lost,
      unborn: cells.unborn,
    },
    badSeconds: cells.badSeconds,
    unknownSeconds: cells.unknownSeconds + lost,
    coarseCells,
    earlierDays,
    hourDays,
  }
}

/** Of a stretch, what is not dropped. */
function leftOf(from: number, to: number, { covered, sliceMs }: Pick<PeriodOf, 'covered' | 'sliceMs'>): number {
  let left = to - from
  for (const each of covered) {
    if (each.mode !== 'drop') continue
    left -= Math.max(0, Math.min(to, each.to * sliceMs) - Math.max(from, each.from * sliceMs))
  }
  return left
}

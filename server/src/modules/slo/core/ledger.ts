// Who spent the budget: failures of each slice go to the incidents, changes and dependencies that were on at the time.
// Every failure is counted in exactly one line, so the lines add up to the total, to the event and to the percent.

import { minute } from '../../../kernel/duration.ts'
import { type Instant, plus } from '../../../kernel/instant.ts'
import { type Interval, overlaps } from '../../../kernel/interval.ts'
import { compare, divide, type Rational, rational } from '../../../kernel/rational.ts'
import { apportion } from '../../telemetry/core/index.ts'

export type CauseKind = 'incident' | 'change' | 'dependency'

export interface Cause {
  readonly kind: CauseKind
  readonly id: string
  readonly during: Interval
  /** How likely it is the reason, against others at the same time: a whole number, 1 when nothing is known. */
  readonly weight: number
}

export interface SpentSlice {
  readonly start: Instant
  readonly spent: number
}

export interface LedgerLine {
  /** `background`: what fails on an ordinary minute. `unknown`: more than that, and nothing was on. */
  readonly kind: CauseKind | 'background' | 'unknown'
  readonly id: string | null
  readonly spent: number
  /** Of all that was spent, in hundredths of a percent; the lines add up to exactly 10,000. */
  readonly basisPoints: number
  /** Of the whole budget, exactly; above 1 when the line alone overspent it. */
  readonly budgetShare: Rational | null
}

export interface Ledger {
  readonly spent: number
  readonly lines: readonly LedgerLine[]
}

/** A slice whose failures are of several parts: groups, and whatever is beside them. */
export interface PartedSlice extends SpentSlice {
  /** Whole numbers that add up to `spent`, as many in each slice. */
  readonly parts: readonly number[]
}

/** A table that adds up both ways: down to what each part spent, across to the lines of the whole. */
export interface PartedLedger extends Ledger {
  readonly lines: readonly (LedgerLine & { readonly parts: readonly number[] })[]
}

// Harm begins before it is noticed and dies down after it is called over: an incident also gets the unbroken failures
// on both sides of it, no further than this, a pause no longer than that.
const runReachMs = 30 * minute
const runPauseMs = minute

export interface LedgerOptions {
  readonly baseline: number
  readonly allowed: Rational
  readonly sliceMs: number
}

/**
 * `baseline` is what a slice spends on an ordinary day (a median before the stretch); only the excess is anybody's.
 * Slices with the same causes are split together, once: splitting single failures would favour the first cause.
 * Slices are sorted by start. Cost: slices × causes.
 */
export function attribute(slices: readonly SpentSlice[], causes: readonly Cause[], options: LedgerOptions): Ledger {
  const parted = slices.map((each) => ({ ...each, parts: [each.spent] }))
  const { spent, lines } = attributeParts(parted, causes, options)
  return { spent, lines: lines.map(({ parts: _, ...line }) => line) }
}

/** The same for the parts of each slice: a cause gets of a part what it gets of the whole, in whole failures. */
export function attributeParts(
  slices: readonly PartedSlice[],
  causes: readonly Cause[],
  options: LedgerOptions,
): PartedLedger {
  const { sliceMs } = options
  const none = (slices[0]?.parts ?? []).map(() => 0)
  const failing = slices.filter(({ spent }) => spent > options.baseline)
  const reaches = causes.map((cause) => (cause.kind === 'change' ? null : withItsRun(cause.during, failing, sliceMs)))
  const spentBy = causes.map(() => [...none])
  const [background, unknown] = [[...none], [...none]]
  const groups = new Map<string, { readonly active: readonly number[]; readonly excess: number[] }>()
  for (const { start, spent, parts } of slices) {
    const usual = sharesOf(Math.min(spent, options.baseline), parts)
    add(background, usual)
    if (spent <= options.baseline) continue
    const excess = parts.map((part, index) => part - (usual[index] ?? 0))
    const active = activeIn({ start, end: plus(start, sliceMs) }, causes, reaches)
    if (active.length === 0) add(unknown, excess)
    else {
      const key = active.join(' ')
      const group = groups.get(key) ?? { active, excess: [...none] }
      add(group.excess, excess)
      groups.set(key, group)
    }
  }
  for (const { active, excess } of groups.values()) {
    const given = apportion(
      sumOf(excess),
      active.map((index) => causes[index]?.weight ?? 0),
    )
    // One cause after the other, of what the others left: so no part gives more failures than it had.
    const left = [...excess]
    for (const [position, index] of active.entries()) {
      const shares = sharesOf(given[position] ?? 0, left)
      add(spentBy[index] ?? [], shares)
      for (const [part, share] of shares.entries()) left[part] = (left[part] ?? 0) - share
    }
  }
  const named = causes.map(({ kind, id }, index) => ({ kind, id, parts: spentBy[index] ?? none }))
  const lines = [
    ...named.sort((a, b) => sumOf(b.parts) - sumOf(a.parts)),
    { kind: 'unknown' as const, id: null, parts: unknown },
    { kind: 'background' as const, id: null, parts: background },
  ]
    .map((line) => ({ ...line, spent: sumOf(line.parts) }))
    .filter((line) => line.spent > 0)
  const points = apportion(
    10_000,
    lines.map((line) => line.spent),
  )
  const share = (spent: number) => (options.allowed.num === 0n ? null : divide(rational(spent), options.allowed))
  return {
    spent: slices.reduce((all, each) => all + each.spent, 0),
    lines: lines.map((line, index) => ({ ...line, basisPoints: points[index] ?? 0, budgetShare: share(line.spent) })),
  }
}

const sumOf = (parts: readonly number[]): number => parts.reduce((all, each) => all + each, 0)

function add(to: number[], parts: readonly number[]): void {
  for (const [index, part] of parts.entries()) to[index] = (to[index] ?? 0) + part
}

/** In whole numbers, none above its part; nearly always there is one. */
const sharesOf = (total: number, parts: readonly number[]): readonly number[] =>
  parts.length === 1 ? [total] : apportion(total, parts)

/** The causes that were on during a slice; where none was, the incidents whose run of failures it belongs to. */
function activeIn(slice: Interval, causes: readonly Cause[], reaches: readonly (Interval | null)[]): readonly number[] {
  const those = (during: (index: number) => Interval | null | undefined) =>
    causes.flatMap(({ weight }, index) => {
      const each = during(index) ?? null
      return weight > 0 && each !== null && overlaps(each, slice) ? [index] : []
    })
  const on = those((index) => causes[index]?.during)
  return on.length > 0 ? on : those((index) => reaches[index])
}

function withItsRun(during: Interval, failing: readonly SpentSlice[], sliceMs: number): Interval {
  const pause = Math.max(runPauseMs, sliceMs)
  let { start, end } = during
  for (const each of failing) {
    const eachEnd = plus(each.start, sliceMs)
    if (eachEnd <= end) continue
    if (each.start - end > pause || each.start >= during.end + runReachMs) break
    end = eachEnd
  }
  for (let index = failing.length - 1; index >= 0; index -= 1) {
    const at = failing[index]?.start ?? start
    if (at >= start) continue
    const thenEnd = plus(at, sliceMs)
    if (start - thenEnd > pause || thenEnd <= during.start - runReachMs) break
    start = at
  }
  return { start, end }
}

/** Whether one cause alone spent more than a share of the budget: the question of error-budget policies. */
export function spentMoreThan(line: LedgerLine, share: Rational): boolean {
  return line.budgetShare === null ? line.spent > 0 : compare(line.budgetShare, share) > 0
}

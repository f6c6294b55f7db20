// Who spent the budget of a window: every bad event in exactly one row.
import { AppError } from '../../../kernel/app-error.ts'
import { formatInstant, type Instant, instant } from '../../../kernel/instant.ts'
import { multiply, rational, toNumber } from '../../../kernel/rational.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import { apportion } from '../../telemetry/core/index.ts'
import { findStream, readResolved, type Stream } from '../../telemetry/index.ts'
import { budgetFraction } from '../core/budget.ts'
import { periodAt } from '../core/calendar.ts'
import { asExcluded, type CoveredSlices, coveredSlices, coverTime, modeOf } from '../core/exclusion.ts'
import { attributeParts, type LedgerLine, type PartedLedger, type PartedSlice } from '../core/ledger.ts'
import type { ExclusionMode } from '../core/ring.ts'
import { compileSpend, type Spend, type SpendRule, spendOf } from '../core/spend.ts'
import type { TimedSlice } from '../core/window.ts'
import type { Definition } from '../definition.ts'
import { concerns, type ExclusionRow, listExclusions } from '../exclusions.store.ts'
import type { ObjectiveRow } from '../objectives.store.ts'
import type { PossibleCause, SloPorts } from '../slo.ports.ts'
import { readStates } from '../states.store.ts'
import { needObjective } from './describe-objectives.ts'

type CauseKind = 'incident' | 'change' | 'dependency' | 'background' | 'unknown'

export interface LedgerReply {
  readonly rows: {
    from: string
    to: string
    bad: number
    share: number
    budgetShare: number | null
    cause: { kind: CauseKind; id: string | null; label: string }
  }[]
  readonly total: number
  readonly excluded: {
    id: string
    source: 'declared' | 'correction' | 'maintenance'
    mode: ExclusionMode
    reason: string
    author: string
    bad: number
  }[]
}

/** A change is held to account for what follows it within the hour, unless an incident says otherwise. */
export const changeReachMs = 3_600_000

export interface ComputedLedger {
  /** Parts of each line: those of the groups that were asked for, in their order, and the rest last. */
  readonly ledger: PartedLedger
  /** Slices of each group that was asked for, as they count; what is missing was a slice without its events. */
  readonly parts: readonly ReadonlyMap<number, Spend>[]
  /** Everything that counted, in the units of the method. */
  readonly total: number
  readonly rule: SpendRule
  readonly causes: readonly PossibleCause[]
  readonly exclusions: readonly (ExclusionRow & { readonly covers: boolean; readonly spent: number })[]
  /** What would have been spent under exclusions, overlaps once. */
  readonly excludedSpent: number
}

/** The ledger of a stretch, exactly. */
export async function computeLedger(
  queries: Queries,
  ports: Pick<SloPorts, 'causes'>,
  objective: ObjectiveRow,
  { from, to, groups = [] }: { readonly from: Instant; readonly to: Instant; readonly groups?: readonly number[] },
): Promise<ComputedLedger> {
  const { definition } = objective
  const { sliceMs } = definition
  const stream = await findStream(queries, objective.name)
  const start = Math.ceil(from / sliceMs) * sliceMs
  const slices = stream === null ? [] : await readResolved(queries, stream, start, to)
  const exclusions = (await listExclusions(queries)).filter((each) => concerns(each, objective))
  const covered = coveredSlices(coverTime(exclusions, { start: from, end: to }), sliceMs)
  const rule = compileSpend(definition.budgeting)
  const parts: ReadonlyMap<number, Spend>[] = []
  if (stream !== null)
    for (const key of groups) parts.push(await readSpends(queries, { ...stream, key }, { start, to, rule, covered }))
  const spent: PartedSlice[] = []
  let [total, excludedSpent] = [0, 0]
  for (const each of slices) {
    const mode = modeOf(covered, each.start / sliceMs)
    const spend = spendOf(rule, asExcluded(each.slice, mode))
    total += spend.total
    if (spend.spent > 0)
      spent.push({ start: each.start, spent: spend.spent, parts: partsOf(spend.spent, each.start, parts) })
    if (mode !== null) excludedSpent += spendOf(rule, each.slice).spent
  }
  const causes = (await ports.causes?.(queries, definition.service, from, to)) ?? []
  const ledger = attributeParts(
    spent,
    causes.map((cause) => ({ kind: cause.kind, id: cause.id, during: during(cause, to), weight: 1 })),
    {
      baseline: baselineOf(slices, spent),
      allowed: multiply(budgetFraction(definition.target), rational(total)),
      sliceMs,
    },
  )
  return {
    ledger,
    parts,
    total,
    rule,
    causes,
    excludedSpent,
    exclusions: exclusions.map((each) => {
      const own = coveredSlices(coverTime([each], { start: from, end: to }), sliceMs)
      const bad = slices.reduce((all, { start: at, slice }) => {
        return modeOf(own, at / sliceMs) === null ? all : all + spendOf(rule, slice).spent
      }, 0)
      return { ...each, covers: own.length > 0, spent: bad }
    }),
  }
}

async function readSpends(
  queries: Queries,
  stream: Stream,
  of: {
    readonly start: number
    readonly to: Instant
    readonly rule: SpendRule
    readonly covered: readonly CoveredSlices[]
  },
): Promise<ReadonlyMap<number, Spend>> {
  const slices = await readResolved(queries, stream, of.start, of.to)
  return new Map(
    slices.map(({ start, slice }) => [
      start,
      spendOf(of.rule, asExcluded(slice, modeOf(of.covered, start / stream.sliceMs))),
    ]),
  )
}

/** What the groups that were asked for have of it, and the rest of all others. */
function partsOf(spent: number, start: Instant, parts: readonly ReadonlyMap<number, Spend>[]): readonly number[] {
  const own = parts.map((part) => part.get(start)?.spent ?? 0)
  const rest = spent - own.reduce((all, each) => all + each, 0)
  // A sender that tells of more successes than events of one group takes failures of the others from the whole.
  return rest >= 0 ? [...own, rest] : [...apportion(spent, own), 0]
}

export async function readLedger(
  queries: Queries,
  ports: SloPorts,
  order: { name: string; from: Instant | null; to: Instant | null },
): Promise<LedgerReply> {
  const objective = await needObjective(queries, order.name)
  const { from, to } = await rangeOf(queries, objective.definition, order)
  if (from >= to || to - from > 400 * 86_400_000)
    throw new AppError('invalid', 'telemetry.bad-range', 'The range ends before it begins, or is longer than 400 days.')
  const { ledger, causes, rule, exclusions } = await computeLedger(queries, ports, objective, { from, to })
  const labels = new Map(causes.map((cause) => [`${cause.kind} ${cause.id}`, cause]))
  return {
    rows: ledger.lines.map((line) =>
      rowOf(line, labels.get(`${line.kind} ${line.id}`) ?? null, { from, to, unit: rule.unit }),
    ),
    total: Math.round(ledger.spent / rule.unit),
    excluded: exclusions.flatMap(({ id, source, mode, reason, author, covers, spent }) =>
      covers ? [{ id, source, mode, reason, author, bad: Math.round(spent / rule.unit) }] : [],
    ),
  }
}

/** Unless told otherwise, the window as it was judged last: then the rows add up to the budget that was spent. */
export async function rangeOf(
  queries: Queries,
  definition: Definition,
  order: { name: string; from: Instant | null; to: Instant | null },
): Promise<{ from: Instant; to: Instant }> {
  const [state] = order.to === null ? await readStates(queries, [order.name]) : []
  const to = order.to ?? state?.asOf ?? (await queries.now())
  const { calendar, windowMs } = definition
  const usual = calendar === undefined ? instant(to - windowMs) : periodAt(calendar, instant(to - 1)).start
  return { from: order.from ?? usual, to }
}

function during({ kind, from, to }: PossibleCause, end: Instant): { start: Instant; end: Instant } {
  if (to !== null) return { start: from, end: to }
  return { start: from, end: kind === 'change' ? instant(Math.min(end, from + changeReachMs)) : end }
}

// A median of fewer says what happened lately, not what is ordinary: a first failure would become the custom.
const ordinarySlices = 120

/** What an ordinary slice spends: the median over all measured slices of the stretch. */
function baselineOf(slices: readonly TimedSlice[], spent: readonly { readonly spent: number }[]): number {
  if (slices.length < ordinarySlices) return 0
  const quiet = slices.length - spent.length
  const middle = Math.floor(slices.length / 2)
  if (quiet > middle) return 0
  return [...spent.map((each) => each.spent)].sort((a, b) => a - b)[middle - quiet] ?? 0
}

const words = { background: 'What fails on an ordinary day', unknown: 'Not known' } as const

export function rowOf(
  line: LedgerLine,
  cause: PossibleCause | null,
  { from, to, unit }: { from: Instant; to: Instant; unit: number },
): LedgerReply['rows'][number] {
  const span = cause === null ? { start: from, end: to } : during(cause, to)
  const label =
    line.kind === 'background' || line.kind === 'unknown' ? words[line.kind] : (cause?.label ?? line.id ?? '')
  return {
    from: formatInstant(instant(Math.max(from, span.start))),
    to: formatInstant(instant(Math.min(to, span.end))),
    bad: Math.round(line.spent / unit),
    share: line.basisPoints / 10_000,
    budgetShare: line.budgetShare === null ? null : toNumber(line.budgetShare),
    cause: { kind: line.kind, id: line.id, label },
  }
}

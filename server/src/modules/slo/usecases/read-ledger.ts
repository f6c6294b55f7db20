// Who spent the budget of a window: every bad event in exactly one row.
import { AppError } from '../../../kernel/app-error.ts'
import { formatInstant, type Instant, instant } from '../../../kernel/instant.ts'
import { multiply, rational, toNumber } from '../../../kernel/rational.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import { findStream, readResolved } from '../../telemetry/index.ts'
import { budgetFraction } from '../core/budget.ts'
import { periodAt } from '../core/calendar.ts'
import { asExcluded, coveredSlices, coverTime, modeOf } from '../core/exclusion.ts'
import { attribute, type LedgerLine, type SpentSlice } from '../core/ledger.ts'
import type { ExclusionMode } from '../core/ring.ts'
import { compileSpend, spendOf } from '../core/spend.ts'
import type { TimedSlice } from '../core/window.ts'
import type { Definition } from '../definition.ts'
import { concerns, listExclusions } from '../exclusions.store.ts'
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
    source: 'declared' | 'correction'
    mode: ExclusionMode
    reason: string
    author: string
    bad: number
  }[]
}

/** A change is held to account for what follows it within the hour, unless an incident says otherwise. */
export const changeReachMs = 3_600_000

export async function readLedger(
  queries: Queries,
  ports: SloPorts,
  order: { name: string; from: Instant | null; to: Instant | null },
): Promise<LedgerReply> {
  const objective = await needObjective(queries, order.name)
  const { definition } = objective
  const { sliceMs } = definition
  const { from, to } = await rangeOf(queries, definition, order)
  if (from >= to || to - from > 400 * 86_400_000)
    throw new AppError('invalid', 'telemetry.bad-range', 'The range ends before it begins, or is longer than 400 days.')
  const stream = await findStream(queries, order.name)
  const start = Math.ceil(from / sliceMs) * sliceMs
  const slices = stream === null ? [] : await readResolved(queries, stream, start, to)
  const exclusions = (await listExclusions(queries)).filter((each) => concerns(each, objective))
  const covered = coveredSlices(coverTime(exclusions, { start: from, end: to }), sliceMs)
  const rule = compileSpend(definition.budgeting)
  const spent: SpentSlice[] = []
  let total = 0
  for (const each of slices) {
    const spend = spendOf(rule, asExcluded(each.slice, modeOf(covered, each.start / sliceMs)))
    total += spend.total
    if (spend.spent > 0) spent.push({ start: each.start, spent: spend.spent })
  }
  const causes = (await ports.causes?.(queries, definition.service, from, to)) ?? []
  const ledger = attribute(
    spent,
    causes.map((cause) => ({ kind: cause.kind, id: cause.id, during: during(cause, to), weight: 1 })),
    { baseline: baselineOf(slices, spent), allowed: multiply(budgetFraction(definition.target), rational(total)) },
  )
  const labels = new Map(causes.map((cause) => [`${cause.kind} ${cause.id}`, cause]))
  return {
    rows: ledger.lines.map((line) =>
      rowOf(line, labels.get(`${line.kind} ${line.id}`) ?? null, { from, to, unit: rule.unit }),
    ),
    total: Math.round(ledger.spent / rule.unit),
    excluded: exclusions.flatMap((each) => {
      const own = coveredSlices(coverTime([each], { start: from, end: to }), sliceMs)
      const bad = slices.reduce((all, { start: at, slice }) => {
        return modeOf(own, at / sliceMs) === null ? all : all + spendOf(rule, slice).spent
      }, 0)
      const { id, source, mode, reason, author } = each
      return own.length === 0 ? [] : [{ id, source, mode, reason, author, bad: Math.round(bad / rule.unit) }]
    }),
  }
}

/** Unless told otherwise, the window as it was judged last: then the rows add up to the budget that was spent. */
async function rangeOf(
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

/** What an ordinary slice spends: the median over all measured slices of the stretch. */
function baselineOf(slices: readonly TimedSlice[], spent: readonly SpentSlice[]): number {
  const quiet = slices.length - spent.length
  const middle = Math.floor(slices.length / 2)
  if (quiet > middle) return 0
  return [...spent.map((each) => each.spent)].sort((a, b) => a - b)[middle - quiet] ?? 0
}

const words = { background: 'What fails on an ordinary day', unknown: 'Not known' } as const

function rowOf(
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

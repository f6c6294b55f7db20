// The counts of one stream, as slices for the engine and as steps for charts.
import { AppError } from '../../../kernel/app-error.ts'
import { minute } from '../../../kernel/duration.ts'
import { type Instant, instant } from '../../../kernel/instant.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import { closeSlice, resolveSides, type Slice, type SliceState } from '../core/index.ts'
import { blockSlices, visitBlocks } from '../slice-blocks.store.ts'
import { readSlices, type SliceRow, sumSteps } from '../slices.store.ts'
import type { Stream } from '../stream.ts'
import { findStream } from '../streams.store.ts'
import { mostSteps } from '../telemetry.contract.ts'

/** Good and bad as the form of the stream derives them; a row exists only when the stretch was measured. */
export function resolveSlice(row: Pick<SliceRow, 'good' | 'bad' | 'total'>, stream: Pick<Stream, 'source'>): Slice {
  return closeSlice(resolveSides(row, stream.source.form), true)
}

export async function readResolved(
  queries: Queries,
  stream: Stream,
  from: number,
  to: number,
): Promise<readonly { start: Instant; slice: Slice }[]> {
  const rows = await readSlices(queries, stream.key, from, to)
  return rows.map((row) => ({ start: row.sliceStart, slice: resolveSlice(row, stream) }))
}

/** The slices of a block as the form of their stream derives them. Written anew for each call. */
export interface ResolvedBlock {
  /** Slices are numbered from the epoch. */
  readonly first: number
  readonly measured: Uint8Array
  readonly good: Float64Array
  readonly bad: Float64Array
}

/** The past of many streams in one question: for whoever sums months of it. */
export async function visitHistory(
  queries: Queries,
  wanted: readonly { readonly stream: Stream; readonly from: number; readonly to: number }[],
  visit: (stream: Stream, block: ResolvedBlock) => void,
): Promise<void> {
  const streams = new Map(wanted.map(({ stream }) => [stream.key, stream]))
  const ranges = wanted.map(({ stream, from, to }) => ({ key: stream.key, sliceMs: stream.sliceMs, from, to }))
  await visitBlocks(queries, ranges, (key, block) => {
    const stream = streams.get(key)
    if (stream === undefined) return
    const { form } = stream.source
    if (form !== 'good-bad')
      for (let cell = 0; cell < blockSlices; cell += 1) {
        if (block.measured[cell] !== 1) continue
        const total = block.total[cell] ?? 0
        const told = Math.min(total, (form === 'good-total' ? block.good[cell] : block.bad[cell]) ?? 0)
        block.good[cell] = form === 'good-total' ? told : total - told
        block.bad[cell] = form === 'good-total' ? total - told : told
      }
    visit(stream, block)
  })
}

export interface Step {
  readonly start: Instant
  readonly good: number
  readonly bad: number
  readonly state: SliceState
}

export async function readSteps(
  queries: Queries,
  order: { name: string; from: Instant; to: Instant; stepMs: number | null },
): Promise<{ stepMs: number; slices: readonly Step[] }> {
  const stream = await findStream(queries, order.name)
  if (stream === null)
    throw new AppError('not-found', 'telemetry.unknown-objective', `Nothing is counted under "${order.name}".`)
  const span = order.to - order.from
  const stepMs = order.stepMs ?? stepFor(span, stream.sliceMs)
  const wrong =
    span <= 0
      ? 'The range ends before it begins.'
      : stepMs % stream.sliceMs !== 0
        ? `The step must be a multiple of the slice, ${stream.sliceMs} ms.`
        : span / stepMs > mostSteps
          ? `The range holds more than ${mostSteps} steps. Take a longer step.`
          : null
  if (wrong !== null)
    throw new AppError('invalid', 'telemetry.bad-range', wrong, { faults: [{ pointer: '?step', detail: wrong }] })
  const from = Math.floor(order.from / stepMs) * stepMs
  const found = new Map(
    (await sumSteps(queries, stream, { from, to: order.to, stepMs })).map((row) => [Number(row.start), row]),
  )
  const slices: Step[] = []
  for (let at = from; at < order.to; at += stepMs) {
    const row = found.get(at)
    const slice: Slice = row === undefined ? { state: 'gap' } : resolveSlice(row, stream)
    const { good, bad } = slice.state === 'closed' ? slice : { good: 0, bad: 0 }
    slices.push({ start: instant(at), good, bad, state: slice.state })
  }
  return { stepMs, slices }
}

/** The shortest step of whole slices that keeps a chart under 500 points. */
function stepFor(span: number, sliceMs: number): number {
  const steps = [sliceMs, minute, 5 * minute, 15 * minute, 60 * minute, 360 * minute, 1440 * minute]
  const fitting = steps.find((step) => step % sliceMs === 0 && span / step <= 500)
  return fitting ?? Math.ceil(span / 500 / sliceMs) * sliceMs
}

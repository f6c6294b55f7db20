// Objectives from the store: after a restart all of them, a month of minutes each. Read in small parts, so that whoever
// pages people in this process has its turns in between.
import { type Instant, instant } from '../../../kernel/instant.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import { closeSlice, type Slice } from '../../telemetry/core/index.ts'
import { type Stream, visitHistory, type Watermark } from '../../telemetry/index.ts'
import { loadRing } from '../core/load-ring.ts'
import { longestWindow } from '../definition.ts'
import type { ExclusionRow } from '../exclusions.store.ts'
import type { ObjectiveRow } from '../objectives.store.ts'
import type { KeptState } from '../states.store.ts'
import { closableUntil, coverOf, noMemory, type Running, ringSpecOf, startRunning } from './running-objective.ts'

export interface LoadOrder {
  readonly row: ObjectiveRow
  readonly stream: Stream
  readonly state: KeptState | null
  readonly watermark: Watermark | undefined
  readonly exclusions: readonly ExclusionRow[]
}

// Some ten milliseconds of work, and some megabytes, between two turns of the event loop.
const atOnce = 8

export async function loadRunning(
  queries: Queries,
  orders: readonly LoadOrder[],
  now: Instant,
): Promise<readonly Running[]> {
  const loaded: Running[] = []
  for (let from = 0; from < orders.length; from += atOnce)
    loaded.push(...(await loadPart(queries, orders.slice(from, from + atOnce), now)))
  return loaded
}

async function loadPart(queries: Queries, orders: readonly LoadOrder[], now: Instant): Promise<readonly Running[]> {
  const begun = new Map(orders.map((order) => [order.stream.key, begin(order, now)]))
  const wanted = orders.map(({ row, stream }) => {
    const until = begun.get(stream.key)?.until ?? now
    return { stream, from: until - longestWindow(row.definition), to: Number.MAX_SAFE_INTEGER }
  })
  await visitHistory(queries, wanted, (stream, block) => {
    const order = begun.get(stream.key)
    if (order === undefined) return
    order.load.take(block)
    const first = Math.max(0, order.until / stream.sliceMs - block.first)
    for (let place = first; place < block.measured.length; place += 1) {
      if (block.measured[place] !== 1) continue
      const counts = { good: block.good[place] ?? 0, bad: block.bad[place] ?? 0 }
      order.open.set(instant((block.first + place) * stream.sliceMs), closeSlice(counts, true))
    }
  })
  return [...begun.values()].map(({ order: { row, stream, state, exclusions }, load, open, cover }) =>
    startRunning({ row, stream, ring: load.finish(), open, memory: state?.memory ?? noMemory, exclusions, cover }),
  )
}

function begin(order: LoadOrder, now: Instant) {
  const { row, state, watermark } = order
  const { sliceMs } = row.definition
  const closable = closableUntil(watermark, sliceMs, now)
  // Never back behind what was judged: a window that moves back would say something else of the same time.
  const judgedUntil = state !== null && state.asOf % sliceMs === 0 ? state.asOf : closable
  const until = judgedUntil > closable ? judgedUntil : closable
  const spec = ringSpecOf(row, until)
  const cover = coverOf(order.exclusions, spec, until)
  return { order, until, cover, load: loadRing(spec, until, cover.slices), open: new Map<Instant, Slice>() }
}

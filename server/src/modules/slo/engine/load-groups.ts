// Groups from the store. A group was measured when the whole was: its slices without events have no row, and are filled
// in from the whole's. So a group costs what happened in it, and a silent source is a gap for each of its groups.
import { type Instant, instant } from '../../../kernel/instant.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import { closeSlice, type Slice } from '../../telemetry/core/index.ts'
import { type GroupStream, type ResolvedBlock, type Stream, visitHistory } from '../../telemetry/index.ts'
import { chunkSlices } from '../core/cells.ts'
import { loadRing } from '../core/load-ring.ts'
import { closedUntil, type RingSpec } from '../core/ring.ts'
import { longestWindow } from '../definition.ts'
import type { GroupRow } from '../groups.store.ts'
import { noMemory, type Running, startRunning } from './running-objective.ts'

// As of objectives: some ten milliseconds of work between two turns of the event loop.
const atOnce = 8

export type LoadedGroup = readonly [GroupStream, Running]

export async function loadGroups(
  queries: Queries,
  whole: Running,
  groups: readonly { readonly stream: GroupStream; readonly stored: GroupRow | null }[],
): Promise<readonly LoadedGroup[]> {
  if (groups.length === 0) return []
  const measured = await readMeasured(queries, whole)
  const loaded: LoadedGroup[] = []
  for (let from = 0; from < groups.length; from += atOnce)
    loaded.push(...(await loadPart(queries, whole, groups.slice(from, from + atOnce), measured)))
  return loaded
}

/** Groups are looked at from here on; before, only the whole was counted. */
export function groupedFrom({ stream }: Pick<Running, 'stream'>): number {
  const { groupedSince, sliceMs } = stream
  return groupedSince === null ? Number.NEGATIVE_INFINITY : Math.ceil(groupedSince / sliceMs) * sliceMs
}

type Measured = ReadonlyMap<number, Uint8Array>

const rangeOf = (whole: Running) => ({
  from: closedUntil(whole.ring) - longestWindow(whole.row.definition),
  to: Number.MAX_SAFE_INTEGER,
})

async function readMeasured(queries: Queries, whole: Running): Promise<Measured> {
  const { stream } = whole
  const first = groupedFrom(whole) / stream.sliceMs
  const measured = new Map<number, Uint8Array>()
  await visitHistory(queries, [{ stream, ...rangeOf(whole) }], (_, block) => {
    const mask = Uint8Array.from(block.measured)
    if (block.first < first) mask.fill(0, 0, Math.min(chunkSlices, first - block.first))
    measured.set(block.first, mask)
  })
  return measured
}

async function loadPart(
  queries: Queries,
  whole: Running,
  groups: readonly { readonly stream: GroupStream; readonly stored: GroupRow | null }[],
  measured: Measured,
): Promise<readonly LoadedGroup[]> {
  const until = closedUntil(whole.ring)
  const { sliceMs } = whole.stream
  const begun = new Map(groups.map((group) => [group.stream.key, begin(whole, group, until)]))
  await visitHistory(
    queries,
    [...begun.values()].map(({ stream }) => ({ stream, ...rangeOf(whole) })),
    (stream, block) => {
      const group = begun.get(stream.key)
      if (group === undefined) return
      const first = Math.max(0, until / sliceMs - block.first)
      for (let place = first; place < block.measured.length; place += 1) {
        if (block.measured[place] !== 1) continue
        const counts = { good: block.good[place] ?? 0, bad: block.bad[place] ?? 0 }
        group.open.set(instant((block.first + place) * sliceMs), closeSlice(counts, true))
      }
      group.taken.add(block.first)
      group.load.take(withMeasured(block, measured.get(block.first)))
    },
  )
  return [...begun.values()].map((group) => {
    for (const [first, mask] of measured)
      if (!group.taken.has(first)) group.load.take({ first, measured: mask, good: noCounts, bad: noCounts })
    const { stream, open, cover } = group
    const memory = { ...noMemory, tiers: group.stored?.memory ?? [] }
    const { row, exclusions } = whole
    const running = startRunning({ row, stream, ring: group.load.finish(), open, memory, exclusions, cover })
    return [group.group, running]
  })
}

const noCounts = new Float64Array(chunkSlices)

/** Slices in which the whole was measured and nothing of the group happened. The block is ours until the next call. */
function withMeasured(block: ResolvedBlock, mask: Uint8Array | undefined): ResolvedBlock {
  for (let place = 0; mask !== undefined && place < chunkSlices; place += 1)
    if (mask[place] === 1 && block.measured[place] !== 1) {
      block.measured[place] = 1
      block.good[place] = 0
      block.bad[place] = 0
    }
  return block
}

function begin(
  whole: Running,
  { stream: group, stored }: { readonly stream: GroupStream; readonly stored: GroupRow | null },
  until: Instant,
) {
  const stream: Stream = { ...whole.stream, key: group.key }
  const born = instant(Math.max(whole.ring.spec.born, groupedFrom(whole)))
  const spec: RingSpec = { ...whole.ring.spec, born }
  const { cover } = whole
  const open = new Map<Instant, Slice>()
  return { group, stored, stream, cover, open, taken: new Set<number>(), load: loadRing(spec, until, cover.slices) }
}

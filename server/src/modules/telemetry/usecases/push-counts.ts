// Adds pushed counts to their slices, all of a batch or none of it.
import { createHash } from 'node:crypto'
import type { Actor } from '../../../kernel/actor.ts'
import { AppError, type Fault } from '../../../kernel/app-error.ts'
import { day, minute } from '../../../kernel/duration.ts'
import { type Instant, parseInstant } from '../../../kernel/instant.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { groupValues, type SideCounts, type SideForm, sliceStartOf } from '../core/index.ts'
import { lockSources, openSources, rememberBatch, saveSources } from '../series.store.ts'
import { addToSlices, type SliceAddition, saveFeeds } from '../slices.store.ts'
import type { Stream } from '../stream.ts'
import { findStreamsNamed } from '../streams.store.ts'
import { addToGroups, type GroupCount } from './count-groups.ts'

export interface PushOrder {
  readonly batchId?: string
  readonly counts: readonly {
    readonly objective?: string
    readonly indicator?: string
    readonly at?: string
    readonly good?: number
    readonly bad?: number
    readonly labels?: Readonly<Record<string, string>>
  }[]
}

const oldest = 7 * day
const newest = 5 * minute

export async function pushCounts(
  needs: Needs,
  order: PushOrder,
  actor: Actor,
): Promise<{ accepted: number; repeated: boolean }> {
  return needs.database.transaction(async (tx) => {
    const now = await tx.now()
    const name = `push:${actor.name}`
    if (order.batchId !== undefined) {
      const content = createHash('sha256').update(JSON.stringify(order.counts)).digest('hex')
      const known = await rememberBatch(tx, name, order.batchId, content)
      if (known === 'known') return { accepted: 0, repeated: true }
      if (known === 'other-content')
        throw new AppError(
          'conflict',
          'telemetry.batch-differs',
          `The batch ${order.batchId} was taken before with other counts. Use a new id for new counts.`,
        )
    }
    const names = order.counts.flatMap((count) => [count.objective ?? [], count.indicator ?? []].flat())
    const placed = placeCounts(order, await findStreamsNamed(tx, [...new Set(names)]), now)
    await lockSources(tx, [name])
    const source = (await openSources(tx, 'push', [name], now)).get(name)
    await addToSlices(tx, [...placed.additions, ...(await addToGroups(tx, placed.groups))])
    if (source !== undefined) {
      await saveFeeds(
        tx,
        [...placed.lastAt].map(([stream, lastAt]) => ({ stream, source: source.key, lastAt })),
      )
      const samples = order.counts.length
      await saveSources(tx, [{ key: source.key, samples, matched: samples, findings: source.findings }], now)
    }
    return { accepted: order.counts.length, repeated: false }
  })
}

interface Placed {
  readonly additions: readonly SliceAddition[]
  readonly groups: readonly GroupCount[]
  readonly lastAt: ReadonlyMap<number, Instant>
}

function placeCounts(order: PushOrder, streams: readonly Stream[], now: Instant): Placed {
  const faults: Fault[] = []
  const codes = new Set<string>()
  const additions = new Map<string, SliceAddition>()
  const groups: GroupCount[] = []
  const lastAt = new Map<number, Instant>()
  const refuse = (code: string, pointer: string, detail: string) => {
    codes.add(code)
    faults.push({ pointer, detail })
  }
  for (const [index, count] of order.counts.entries()) {
    const pointer = `/counts/${index}`
    const at = count.at === undefined ? now : (parseInstant(count.at) ?? now)
    if (at < now - oldest) refuse('telemetry.too-late', `${pointer}/at`, 'Counts are taken for the last seven days.')
    if (at > now + newest) refuse('telemetry.too-late', `${pointer}/at`, 'It lies more than five minutes ahead of us.')
    const wanted = streams.filter((stream) => stream.id === count.objective || stream.indicator === count.indicator)
    const pushed = wanted.filter((stream) => stream.source.kind === 'push')
    if (pushed.length === 0) {
      const asked = count.objective ?? count.indicator ?? ''
      if (wanted.length === 0) refuse('telemetry.unknown-objective', pointer, `Nothing is counted under "${asked}".`)
      else refuse('telemetry.not-pushed', pointer, `"${asked}" takes its counts from ${wanted[0]?.source.kind}.`)
    }
    for (const stream of pushed) {
      const sliceStart = sliceStartOf(at, stream.sliceMs)
      const key = `${stream.key} ${sliceStart}`
      const found = additions.get(key)
      const sides = sidesOf(stream.source.kind === 'push' ? stream.source.form : 'good-bad', count)
      const sum = (side: keyof SideCounts) => (found?.[side] ?? 0) + sides[side]
      const corrected = now - sliceStart > 3 * Math.max(stream.sliceMs, minute)
      additions.set(key, {
        stream: stream.key,
        sliceStart,
        good: sum('good'),
        bad: sum('bad'),
        total: sum('total'),
        corrected,
      })
      if (stream.grouping !== null) {
        const values = groupValues(stream.grouping, (label) => count.labels?.[label])
        groups.push({ stream, values, sliceStart, ...sides, corrected })
      }
      if (!Number.isSafeInteger(sum('good') + sum('bad') + sum('total')))
        refuse('telemetry.too-many-counts', pointer, 'The counts of a slice pass 2^53.')
      if (at > (lastAt.get(stream.key) ?? 0)) lastAt.set(stream.key, at)
    }
  }
  const [code] = codes
  if (code !== undefined)
    throw new AppError(
      code === 'telemetry.unknown-objective' ? 'not-found' : 'invalid',
      code,
      faults.length === 1 ? (faults[0]?.detail ?? '') : `${faults.length} counts cannot be taken; nothing was added.`,
      { faults: faults.slice(0, 100) },
    )
  return { additions: [...additions.values()], groups, lastAt }
}

function sidesOf(form: SideForm, { good = 0, bad = 0 }: { readonly good?: number; readonly bad?: number }): SideCounts {
  if (form === 'good-bad') return { good, bad, total: 0 }
  return form === 'good-total' ? { good, bad: 0, total: good + bad } : { good: 0, bad, total: good + bad }
}

// Adds what was counted of a stream to its groups, too. Called in the transaction that counts the stream, with the same
// amounts, so that the groups add up to the whole whatever happens.
import type { Instant } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import { admitGroups, groupKey, isSameGrouping, type SideCounts } from '../core/index.ts'
import { findGroupKeys, lockMembership, noteOthers, openGroups, readMembership } from '../groups.store.ts'
import type { SliceAddition } from '../slices.store.ts'
import type { Stream } from '../stream.ts'

export interface GroupCount extends SideCounts {
  readonly stream: Stream
  readonly values: readonly string[]
  readonly sliceStart: Instant
  readonly corrected: boolean
}

export async function addToGroups(tx: Tx, counts: readonly GroupCount[]): Promise<readonly SliceAddition[]> {
  const byStream = new Map<number, { stream: Stream; counts: GroupCount[] }>()
  for (const count of counts) {
    if (count.good === 0 && count.bad === 0 && count.total === 0) continue
    const found = byStream.get(count.stream.key)
    if (found === undefined) byStream.set(count.stream.key, { stream: count.stream, counts: [count] })
    else found.counts.push(count)
  }
  const additions: SliceAddition[] = []
  // In the order of their keys: two writers wait for each other's decisions in one order.
  for (const { stream, counts: own } of [...byStream.values()].sort((a, b) => a.stream.key - b.stream.key)) {
    const place = await placesOf(tx, stream, new Map(own.map(({ values }) => [groupKey(values), values])))
    additions.push(...summed(own, place))
  }
  return additions
}

type Place = (key: string) => number | null

async function placesOf(tx: Tx, stream: Stream, wanted: ReadonlyMap<string, readonly string[]>): Promise<Place> {
  const known = await findGroupKeys(tx, stream, [...wanted.values()])
  const without = [...wanted.keys()].filter((key) => !known.has(key))
  if (without.length === 0) return (key) => known.get(key) ?? null
  let others = await othersWhenFull(tx, stream)
  if (others === null) {
    const rule = await lockMembership(tx, stream)
    // Another rule holds by now: these counts are of before, and stay in the whole alone.
    if (rule === null || !isSameGrouping(rule, stream.grouping)) return (key) => known.get(key) ?? null
    const members = await readMembership(tx, stream)
    const since = await findGroupKeys(
      tx,
      stream,
      without.map((key) => wanted.get(key) ?? []),
    )
    for (const [key, group] of since) known.set(key, group)
    const admitted = admitGroups(
      rule,
      members.groups,
      without.filter((key) => !known.has(key)),
    )
    const opened = await openGroups(tx, stream, [
      ...admitted.fresh.map((key) => wanted.get(key) ?? []),
      ...(admitted.others.length > 0 && members.others === null ? [null] : []),
    ])
    for (const [key, group] of opened) if (key !== null) known.set(key, group)
    others = members.others ?? opened.get(null) ?? null
  }
  const sharing = without.filter((key) => !known.has(key))
  if (sharing.length > 0) await noteOthers(tx, stream.key, sharing)
  return (key) => known.get(key) ?? others
}

/** The usual case once there is no room: nothing is decided, so nobody waits. */
async function othersWhenFull(tx: Tx, stream: Stream): Promise<number | null> {
  const { groups, others } = await readMembership(tx, stream)
  return groups >= (stream.grouping?.most ?? 0) ? others : null
}

function summed(counts: readonly GroupCount[], place: Place): readonly SliceAddition[] {
  const sums = new Map<string, SliceAddition>()
  for (const { values, sliceStart, good, bad, total, corrected } of counts) {
    const stream = place(groupKey(values))
    if (stream === null) continue
    const key = `${stream} ${sliceStart}`
    const sum = sums.get(key)
    sums.set(key, {
      stream,
      sliceStart,
      good: (sum?.good ?? 0) + good,
      bad: (sum?.bad ?? 0) + bad,
      total: (sum?.total ?? 0) + total,
      corrected: corrected || (sum?.corrected ?? false),
    })
  }
  return [...sums.values()]
}

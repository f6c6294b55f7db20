// Around counting in memory: senders and series as they stand in the database before, and what senders told behind it.
import { type Instant, instant } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import { type PackedSeries, trackOf } from '../core/index.ts'
import { type CountedRequest, namesHash } from '../count-batch.ts'
import { addFindings } from '../counting-rules.ts'
import type { FoldMemory, KeptSource } from '../fold-memory.ts'
import type { Counted } from '../match-points.ts'
import type { Way } from '../read-body.ts'
import { loadSeries, openSources, readTargets, type SeriesRow, saveSources } from '../series.store.ts'
import { type FeedRow, readFeeds, saveFeeds } from '../slices.store.ts'

/** Senders of something that counts, as they stand in the database. */
export async function meetSenders(
  tx: Tx,
  memory: FoldMemory,
  prepared: readonly CountedRequest[],
  now: Instant,
): Promise<void> {
  const wanted = new Map<Way['kind'], Set<string>>()
  const want = ({ kind }: Way, name: string) => {
    const names = wanted.get(kind)
    if (names === undefined) wanted.set(kind, new Set([name]))
    else names.add(name)
  }
  for (const { way, batch, matched } of prepared) {
    for (const use of batch?.uses ?? [])
      if ((use.targets.length > 0 || way.keepsAll) && (use.source === null || use.source.gone))
        want(way, use.sourceName)
    for (const source of matched?.sources ?? []) if (source.matched > 0 || way.keepsAll) want(way, source.name)
  }
  for (const [kind, all] of wanted) {
    const names = [...all].filter((name) => !memory.sources.has(name))
    if (names.length > 0) await openSenders(tx, memory, { kind, names, now })
  }
}

export async function openSenders(
  tx: Tx,
  memory: FoldMemory,
  { kind, names, now }: { readonly kind: Way['kind']; readonly names: readonly string[]; readonly now: Instant },
): Promise<void> {
  const byKey = new Map<number, KeptSource>()
  for (const { name, key, findings } of (await openSources(tx, kind, names, now)).values())
    byKey.set(key, memory.keepSource({ name, key, findings }, now))
  for (const feed of await readFeeds(tx, [...byKey.keys()]))
    byKey.get(feed.source)?.feeds.set(feed.stream, { lastAt: feed.lastAt, moved: false, measured: false, cells: null })
}

/** Series that are not known may be known from before there were packs. */
export async function adoptSeries(tx: Tx, memory: FoldMemory, prepared: readonly CountedRequest[]): Promise<void> {
  const wanted = new Map<string, { stream: number; series: string; source: string; names: string; way: Way }>()
  const want = (way: Way, { id, stream, series, source, names }: Counted) => {
    if (!memory.series.has(id)) wanted.set(id, { stream: stream.key, series, source, names, way })
  }
  for (const { way, batch, matched } of prepared) {
    for (const { targets } of batch?.uses ?? [])
      for (const { series, counted } of targets) if (series === null || series.gone) want(way, counted)
    for (const series of matched?.series ?? []) want(way, series)
  }
  if (wanted.size === 0) return
  for (const row of await loadSeries(tx, [...wanted.values()])) memory.add(packedFrom(row))
  const targets = [...wanted.values()]
    .filter(({ way }) => way.wholeTargets)
    .map((each) => ({ ...each, target: `${each.source} ${namesHash(each.names)}` }))
  const byTarget = new Map(targets.map((each) => [`${each.stream} ${each.target}`, each]))
  for (const { stream, target, firstAt, lastAt } of await readTargets(tx, targets)) {
    const found = byTarget.get(`${stream} ${target}`)
    const source = found === undefined ? undefined : memory.sources.get(found.source)
    if (found === undefined || source === undefined) continue
    const report = memory.reportOf(stream, source.key, namesHash(found.names))
    report.firstAt = Math.min(report.firstAt, firstAt)
    report.lastAt = Math.max(report.lastAt, lastAt)
  }
}

/** As it was remembered before there were packs. */
export const packedFrom = (row: SeriesRow): PackedSeries => ({
  ...row,
  target: row.target?.slice(-12) ?? null,
  mind: row.state.kind === 'counter' ? { kind: 'counter', track: trackOf(row.state.state) } : row.state,
})

export async function saveHeard(tx: Tx, heard: readonly KeptSource[], now: Instant): Promise<void> {
  const moved: FeedRow[] = []
  for (const { key, feeds } of heard)
    for (const [stream, feed] of feeds)
      if (feed.moved) moved.push({ stream, source: key, lastAt: instant(feed.lastAt) })
  await saveFeeds(tx, moved)
  const news = heard.map((source) => {
    const { samples, matched, findings } = source.all
    if (findings.length > 0) source.findings = addFindings(source.findings, findings, now)
    return { key: source.key, samples, matched, findings: findings.length === 0 ? null : source.findings }
  })
  await saveSources(tx, news, now)
}

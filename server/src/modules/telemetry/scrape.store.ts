// All SQL on what is remembered of endpoints that are scraped: how far each was counted, its series, and what moved of them since.
import type { Instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { sql, timestamp } from '../../platform/database/queries.ts'
import type { Findings } from './series.store.ts'
import type { PackRow, SeriesStore } from './series-keeping.ts'

export interface ScrapeFold {
  /** Another one, when it was forgotten meanwhile. */
  readonly id: number
  readonly turn: number
  readonly packedTurn: number
  readonly samples: number
  readonly besideAt: Instant | null
  /** Its sender, as it stands there now; null when there is none yet. */
  readonly source: { readonly key: number; readonly samples: number; readonly findings: Findings } | null
  readonly revision: number
  readonly now: Instant
}

type Row = Omit<ScrapeFold, 'source'> & { key: number | null; told: number; findings: Findings }

/** Locks it: a target is counted by one process at a time. */
export async function openFold(tx: Tx, dataSource: string, sourceName: string): Promise<ScrapeFold> {
  const take = () =>
    tx.maybe(sql<Row>`
      select f.id, f.turn, f.packed_turn as "packedTurn", f.samples, f.beside_at as "besideAt", s.key, coalesce(s.samples, 0) as told,
        coalesce(s.findings, '{}') as findings, r.revision, mainstay_now() as now
      from scrape_folds f cross join telemetry_registry r left join telemetry_sources s on s.name = ${sourceName}
      where f.data_source = ${dataSource} for update of f`)
  let row = await take()
  if (row === null) {
    await tx.run(sql`insert into scrape_folds (data_source) values (${dataSource}) on conflict do nothing`)
    row = await take()
  }
  if (row === null) throw new Error('A target that is scraped was forgotten in this moment.')
  const { key, told, findings, ...fold } = row
  return { ...fold, source: key === null ? null : { key, samples: told, findings } }
}

export interface FoldNews {
  readonly turn: number
  readonly packed: boolean
  readonly samples: number
  readonly besideAt: Instant | null
}

export async function saveScrapeFold(
  tx: Tx,
  dataSource: string,
  { turn, packed, samples, besideAt }: FoldNews,
): Promise<void> {
  await tx.run(sql`
    update scrape_folds set turn = ${turn}::bigint, packed_turn = case when ${packed} then ${turn}::bigint else packed_turn end,
      samples = ${samples}, beside_at = ${besideAt === null ? sql`null` : timestamp(besideAt)}, at = mainstay_now()
    where data_source = ${dataSource}`)
}

/** `turn`: the one that is being counted. */
export const scrapedSeries = (dataSource: string, turn: number): SeriesStore => ({
  loadPacks: (tx) =>
    tx.many(sql<PackRow>`select pack, packed from scrape_packs where data_source = ${dataSource} order by pack`),
  savePack: async (tx, { pack, packed }) => {
    await tx.run(sql`
      insert into scrape_packs (data_source, pack, packed) values (${dataSource}, ${pack}, ${packed})
      on conflict (data_source, pack) do update set packed = excluded.packed`)
  },
  dropPacks: async (tx, packs) => {
    if (packs.length > 0)
      await tx.run(sql`delete from scrape_packs where data_source = ${dataSource} and pack = any(${[...packs]})`)
  },
  appendMoves: async (tx, packed) => {
    await tx.run(sql`insert into scrape_moves (data_source, turn, packed) values (${dataSource}, ${turn}, ${packed})`)
  },
  loadMoves: (tx) => loadMovesSince(tx, dataSource, 0),
  dropMoves: async (tx) => {
    await tx.run(sql`delete from scrape_moves where data_source = ${dataSource}`)
  },
})

/** What others moved behind a turn. */
export async function loadMovesSince(tx: Tx, dataSource: string, turn: number): Promise<readonly Buffer[]> {
  const rows = await tx.many(sql<{ packed: Buffer }>`
    select packed from scrape_moves where data_source = ${dataSource} and turn > ${turn} order by turn`)
  return rows.map((row) => row.packed)
}

/** Endpoints that nobody scrapes any more; what was silent for so long is forgotten, as everywhere. */
export async function dropOldFolds(tx: Tx, before: Instant): Promise<number> {
  return tx.run(sql`delete from scrape_folds where at < ${timestamp(before)}`)
}

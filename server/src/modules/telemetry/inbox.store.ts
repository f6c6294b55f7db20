// All SQL on what was accepted and is not counted yet, on who counts it, and on the packs of what is remembered of series and what moved since.
import type { Instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { type Queries, sql } from '../../platform/database/queries.ts'
import type { RemoteWriteVersion } from './core/index.ts'
import type { PackRow, SeriesStore } from './series-keeping.ts'

export type OtlpForm = 'otlp' | 'otlp+gzip' | 'otlp-json' | 'otlp-json+gzip'
/** How a body is to be read. */
export type BodyForm = RemoteWriteVersion | OtlpForm

export interface PostedBody {
  readonly form: BodyForm
  /** How much work it is to count it, as if each sample was read the quick way. */
  readonly weight: number
  /** As it was sent. */
  readonly body: Buffer
}

/** A body that is kept, and when it was accepted. */
export interface KeptBody {
  readonly id: number
  readonly at: Instant
}

/** In the order of the bodies. */
export async function appendBodies(tx: Tx, posted: readonly PostedBody[]): Promise<readonly KeptBody[]> {
  const values = posted.map(
    ({ form, weight, body }) => sql`(${form}, ${weight}::int, ${body.length}::int, ${body}::bytea)`,
  )
  return tx.many(
    sql<KeptBody>`insert into sample_inbox (version, samples, bytes, body) values ${sql.join(values)} returning id, at`,
  )
}

export interface WaitingBody {
  readonly id: number
  readonly form: BodyForm
  readonly at: Instant
  /** Null when the caller has it. */
  readonly body: Buffer | null
}

/** The oldest, up to so much, and at least one. The caller's rollback gives them back. */
export async function takeWaiting(
  tx: Tx,
  most: { readonly bodies: number; readonly weight: number },
  known: readonly number[],
): Promise<readonly WaitingBody[]> {
  const rows = await tx.many(sql<WaitingBody>`
    with oldest as (select id, samples from sample_inbox where not aside order by id limit ${most.bodies}),
      upto as (select id, sum(samples) over (order by id) - samples as before from oldest)
    delete from sample_inbox i using upto u where i.id = u.id and u.before < ${most.weight}
    returning i.id, i.version as form, i.at, case when i.id = any(${[...known]}::bigint[]) then null else i.body end as body`)
  return [...rows].sort((a, b) => a.id - b.id)
}

export interface Waiting {
  /** When the oldest was accepted; null when nothing waits. */
  readonly oldest: Instant | null
  readonly bodies: number
  readonly bytes: number
  readonly aside: number
}

export async function readWaiting(queries: Queries): Promise<Waiting> {
  return queries.one(sql<Waiting>`
    select min(at) filter (where not aside) as oldest, count(*) filter (where not aside)::int as bodies,
      coalesce(sum(bytes) filter (where not aside), 0)::bigint as bytes, count(*) filter (where aside)::int as aside
    from sample_inbox`)
}

/** The first that waits is put aside: it could not be counted, alone and again. */
export async function putFirstAside(tx: Tx): Promise<void> {
  await tx.run(sql`
    update sample_inbox set aside = true where id = (select min(id) from sample_inbox where not aside)`)
}

export async function dropAside(tx: Tx, olderThanMs: number): Promise<number> {
  return tx.run(sql`
    delete from sample_inbox where aside and at < mainstay_now() - make_interval(secs => ${olderThanMs / 1000})`)
}

export interface FoldRow {
  readonly owner: string
  readonly turn: number
  readonly at: Instant
}

/** Null when somebody else is counting. */
export async function lockFold(tx: Tx): Promise<FoldRow | null> {
  const take = () => tx.maybe(sql<FoldRow>`select owner, turn, at from sample_fold for update skip locked`)
  const found = await take()
  if (found !== null) return found
  const added = await tx.run(sql`insert into sample_fold default values on conflict do nothing`)
  return added === 0 ? null : take()
}

export async function saveFold(tx: Tx, owner: string, turn: number): Promise<void> {
  await tx.run(sql`update sample_fold set owner = ${owner}, turn = ${turn}, at = mainstay_now()`)
}

/** What is remembered of series that are sent. */
export const sentSeries: SeriesStore = {
  loadPacks: (tx) => tx.many(sql<PackRow>`select pack, packed from series_packs order by pack`),
  savePack: async (tx, { pack, packed }) => {
    await tx.run(sql`
      insert into series_packs (pack, packed) values (${pack}, ${packed})
      on conflict (pack) do update set packed = excluded.packed`)
  },
  dropPacks: async (tx, packs) => {
    if (packs.length > 0) await tx.run(sql`delete from series_packs where pack = any(${[...packs]})`)
  },
  appendMoves: async (tx, packed) => {
    await tx.run(sql`insert into series_moves (packed) values (${packed})`)
  },
  loadMoves: async (tx) => {
    const rows = await tx.many(sql<{ packed: Buffer }>`select packed from series_moves order by id`)
    return rows.map((row) => row.packed)
  },
  dropMoves: async (tx) => {
    await tx.run(sql`delete from series_moves`)
  },
}

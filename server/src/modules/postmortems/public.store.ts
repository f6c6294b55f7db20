// All SQL on public versions.
import type { Instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { json, type Queries, type RawBuilder, sql, timestamp } from '../../platform/database/queries.ts'
import type { PublicChoices, PublicCopy } from './core/index.ts'

export interface PublicRow {
  readonly postmortemId: string
  readonly choices: PublicChoices
  readonly copy: PublicCopy | null
  readonly copyHash: string | null
  /** Of the publication it was made of. */
  readonly ofHash: string | null
  readonly preparedBy: string | null
  readonly preparedActor: string | null
  readonly preparedAt: Instant | null
  readonly served: PublicCopy | null
  readonly servedHash: string | null
  readonly servedOf: string | null
  readonly approvedBy: string | null
  readonly approvedAt: Instant | null
  readonly token: string | null
  readonly withdrawnBy: string | null
  readonly withdrawnAt: Instant | null
  readonly withdrawnBecause: string | null
}

const columns = sql`postmortem_id as "postmortemId", choices, copy, copy_hash as "copyHash", of_hash as "ofHash", prepared_by as "preparedBy",
  prepared_actor as "preparedActor", prepared_at as "preparedAt", served, served_hash as "servedHash", served_of as "servedOf",
  approved_by as "approvedBy", approved_at as "approvedAt", token, withdrawn_by as "withdrawnBy", withdrawn_at as "withdrawnAt",
  withdrawn_because as "withdrawnBecause"`
const time = (at: Instant | null): RawBuilder<unknown> => (at === null ? sql`null::timestamptz` : timestamp(at))
const copyOf = (copy: PublicCopy | null): RawBuilder<unknown> => (copy === null ? sql`null::jsonb` : json(copy))

/** Whoever writes holds the row of the postmortem. */
export async function findPublic(queries: Queries, id: string): Promise<PublicRow | null> {
  return queries.maybe(sql<PublicRow>`select ${columns} from postmortem_publics where postmortem_id = ${id}`)
}

export async function findServed(queries: Queries, token: string): Promise<PublicRow | null> {
  return queries.maybe(
    sql<PublicRow>`select ${columns} from postmortem_publics where token = ${token} and served is not null`,
  )
}

export async function savePublic(tx: Tx, row: PublicRow): Promise<void> {
  await tx.run(sql`
    insert into postmortem_publics (postmortem_id, choices, copy, copy_hash, of_hash, prepared_by, prepared_actor, prepared_at, served, served_hash,
      served_of, approved_by, approved_at, token, withdrawn_by, withdrawn_at, withdrawn_because)
    values (${row.postmortemId}, ${json(row.choices)}, ${copyOf(row.copy)}, ${row.copyHash}, ${row.ofHash}, ${row.preparedBy}, ${row.preparedActor},
      ${time(row.preparedAt)}, ${copyOf(row.served)}, ${row.servedHash}, ${row.servedOf}, ${row.approvedBy}, ${time(row.approvedAt)}, ${row.token},
      ${row.withdrawnBy}, ${time(row.withdrawnAt)}, ${row.withdrawnBecause})
    on conflict (postmortem_id) do update set choices = excluded.choices, copy = excluded.copy, copy_hash = excluded.copy_hash,
      of_hash = excluded.of_hash, prepared_by = excluded.prepared_by, prepared_actor = excluded.prepared_actor, prepared_at = excluded.prepared_at,
      served = excluded.served, served_hash = excluded.served_hash, served_of = excluded.served_of, approved_by = excluded.approved_by,
      approved_at = excluded.approved_at, token = excluded.token, withdrawn_by = excluded.withdrawn_by, withdrawn_at = excluded.withdrawn_at,
      withdrawn_because = excluded.withdrawn_because`)
}

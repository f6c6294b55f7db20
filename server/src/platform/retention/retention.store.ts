// All SQL on the round under way and on legal holds.
import type { Instant } from '../../kernel/instant.ts'
import type { JsonObject } from '../../kernel/json.ts'
import type { Tx } from '../database/database.ts'
import { json, type Queries, sql, timestamp } from '../database/queries.ts'
import type { Cursor } from './keep-rule.ts'

export interface RuleProgress extends JsonObject {
  readonly after: Cursor | null
  readonly removed: number
  readonly heldBack: number
  readonly done: boolean
}
export type Progress = Readonly<Record<string, RuleProgress>>

export interface RoundRow {
  readonly number: number
  readonly startedAt: Instant | null
  readonly finishedAt: Instant | null
  readonly progress: Progress
  readonly last: Progress | null
}

const roundColumns = sql`number, started_at as "startedAt", finished_at as "finishedAt", progress, last`

export async function findRound(queries: Queries): Promise<RoundRow> {
  return queries.one(sql<RoundRow>`select ${roundColumns} from retention_round`)
}

/** Batches, and whoever places a hold, take turns: no batch commits without having seen every hold placed before it. */
export async function lockRound(tx: Tx): Promise<RoundRow> {
  return tx.one(sql<RoundRow>`select ${roundColumns} from retention_round for update`)
}

export async function saveRound(tx: Tx, row: RoundRow): Promise<void> {
  const at = (time: Instant | null) => (time === null ? sql`null::timestamptz` : timestamp(time))
  await tx.run(sql`
    update retention_round set number = ${row.number}, started_at = ${at(row.startedAt)}, finished_at = ${at(row.finishedAt)},
      progress = ${json(row.progress)}, last = ${row.last === null ? sql`null::jsonb` : json(row.last)}`)
}

export type HoldKind = 'everything' | 'service' | 'incident' | 'person'

export interface HoldRow {
  readonly id: string
  readonly kind: HoldKind
  /** A name, or the id of an incident; empty for everything. */
  readonly about: string
  readonly label: string
  readonly reason: string
  readonly placedBy: string
  readonly placedAt: Instant
}

const holdColumns = sql`id, kind, about, label, reason, placed_by as "placedBy", placed_at as "placedAt"`

// Read with every batch; more than a thousand holds are one on everything.
export const mostHolds = 1_000

/** In force, the newest first. */
export async function listHolds(queries: Queries): Promise<readonly HoldRow[]> {
  return queries.many(sql<HoldRow>`
    select ${holdColumns} from legal_holds where lifted_at is null order by placed_at desc, id desc limit ${mostHolds}`)
}

/** Null when the same is held already. */
export async function insertHold(tx: Tx, hold: Omit<HoldRow, 'placedAt'>): Promise<HoldRow | null> {
  return tx.maybe(sql<HoldRow>`
    insert into legal_holds (id, kind, about, label, reason, placed_by)
    values (${hold.id}, ${hold.kind}, ${hold.about}, ${hold.label}, ${hold.reason}, ${hold.placedBy})
    on conflict (kind, about) where lifted_at is null do nothing returning ${holdColumns}`)
}

export async function liftHold(tx: Tx, id: string, by: string): Promise<HoldRow | null> {
  return tx.maybe(sql<HoldRow>`
    update legal_holds set lifted_by = ${by}, lifted_at = mainstay_now() where id = ${id} and lifted_at is null
    returning ${holdColumns}`)
}

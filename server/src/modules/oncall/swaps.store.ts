// All SQL on swap requests.
import type { Instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { type Queries, type RawBuilder, sql, timestamp } from '../../platform/database/queries.ts'
import type { Swap } from './core/index.ts'

export interface SwapRow extends Swap {
  readonly id: string
  readonly schedule: string
  readonly reason: string
  readonly answeredBy: string | null
  readonly answeredAt: Instant | null
  readonly note: string | null
  readonly createdAt: Instant
}

interface Stored extends Omit<SwapRow, 'back'> {
  readonly backStart: Instant | null
  readonly backEnd: Instant | null
}

const columns = sql`id, schedule, asker, starts_at as start, ends_at as "end", candidate, back_starts_at as "backStart",
  back_ends_at as "backEnd", reason, state, answered_by as "answeredBy", answered_at as "answeredAt", note, created_at as "createdAt"`
const orNull = (at: Instant | undefined): RawBuilder<unknown> =>
  at === undefined ? sql`null::timestamptz` : timestamp(at)

function toRow({ backStart, backEnd, ...row }: Stored): SwapRow {
  return { ...row, back: backStart === null || backEnd === null ? null : { start: backStart, end: backEnd } }
}

export async function insertSwap(
  tx: Tx,
  swap: Omit<SwapRow, 'createdAt' | 'answeredBy' | 'answeredAt' | 'note'>,
): Promise<SwapRow> {
  const row = await tx.one(sql<Stored>`
    insert into swap_requests (id, schedule, asker, starts_at, ends_at, candidate, back_starts_at, back_ends_at, reason, state)
    values (${swap.id}, ${swap.schedule}, ${swap.asker}, ${timestamp(swap.start)}, ${timestamp(swap.end)}, ${swap.candidate},
      ${orNull(swap.back?.start)}, ${orNull(swap.back?.end)}, ${swap.reason}, ${swap.state})
    returning ${columns}`)
  return toRow(row)
}

export async function lockSwap(tx: Tx, id: string): Promise<SwapRow | null> {
  const row = await tx.maybe(sql<Stored>`select ${columns} from swap_requests where id = ${id} for update`)
  return row === null ? null : toRow(row)
}

export async function answerSwap(
  tx: Tx,
  id: string,
  answer: { readonly state: Swap['state']; readonly by: string; readonly note: string | null },
): Promise<SwapRow> {
  const row = await tx.one(sql<Stored>`
    update swap_requests set state = ${answer.state}, answered_by = ${answer.by}, answered_at = mainstay_now(), note = ${answer.note}
    where id = ${id} returning ${columns}`)
  return toRow(row)
}

export interface SwapFilter {
  readonly schedule: string | null
  /** Only those that can still be answered. */
  readonly open: boolean
}

export async function listSwaps(
  queries: Queries,
  filter: SwapFilter,
  before: { at: Instant; id: string } | null,
  limit: number,
): Promise<readonly SwapRow[]> {
  const rows = await queries.many(sql<Stored>`
    select ${columns} from swap_requests
    where (${filter.schedule}::text is null or schedule = ${filter.schedule})
      and ${filter.open ? sql`state = 'open' and starts_at > mainstay_now()` : sql`true`}
      and (${before === null ? sql`true` : sql`(created_at, id) < (${timestamp(before.at)}, ${before.id}::uuid)`})
    order by created_at desc, id desc limit ${limit}`)
  return rows.map(toRow)
}

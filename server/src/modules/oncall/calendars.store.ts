// All SQL on feeds and on what was read from other calendars.
import type { Instant } from '../../kernel/instant.ts'
import type { Interval } from '../../kernel/interval.ts'
import type { Tx } from '../../platform/database/database.ts'
import { type Queries, sql, timestamp } from '../../platform/database/queries.ts'

export const feedKinds = ['person', 'schedule', 'team'] as const

export interface FeedRow {
  readonly id: string
  readonly kind: (typeof feedKinds)[number]
  readonly name: string
  readonly createdBy: string
  readonly createdAt: Instant
  readonly lastReadAt: Instant | null
}

const columns = sql`id, kind, name, created_by as "createdBy", created_at as "createdAt", last_read_at as "lastReadAt"`

export async function insertFeed(
  tx: Tx,
  feed: Pick<FeedRow, 'id' | 'kind' | 'name' | 'createdBy'> & { readonly tokenHash: Buffer },
): Promise<FeedRow> {
  return tx.one(sql<FeedRow>`
    insert into calendar_feeds (id, kind, name, token_hash, created_by)
    values (${feed.id}, ${feed.kind}, ${feed.name}, ${feed.tokenHash}, ${feed.createdBy}) returning ${columns}`)
}

export async function countFeeds(queries: Queries, createdBy: string): Promise<number> {
  const row = await queries.one(
    sql<{ count: number }>`select count(*)::int as count from calendar_feeds where created_by = ${createdBy}`,
  )
  return row.count
}

export async function listFeeds(queries: Queries, createdBy: string): Promise<readonly FeedRow[]> {
  return queries.many(
    sql<FeedRow>`select ${columns} from calendar_feeds where created_by = ${createdBy} order by created_at desc, id desc limit 100`,
  )
}

export async function removeFeed(tx: Tx, id: string, createdBy: string): Promise<FeedRow | null> {
  return tx.maybe(
    sql<FeedRow>`delete from calendar_feeds where id = ${id} and created_by = ${createdBy} returning ${columns}`,
  )
}

/** Also notes that it was read, once a minute at most. */
export async function findFeedByToken(queries: Queries, tokenHash: Buffer): Promise<FeedRow | null> {
  const feed = await queries.maybe(sql<FeedRow>`select ${columns} from calendar_feeds where token_hash = ${tokenHash}`)
  if (feed !== null)
    await queries.run(sql`
      update calendar_feeds set last_read_at = mainstay_now()
      where id = ${feed.id} and (last_read_at is null or last_read_at < mainstay_now() - interval '1 minute')`)
  return feed
}

export interface HolidayRow extends Interval {
  readonly name: string
}

export async function listHolidays(
  queries: Queries,
  schedule: string,
  window: Interval,
): Promise<readonly HolidayRow[]> {
  return queries.many(sql<HolidayRow>`
    select name, starts_at as start, ends_at as "end" from schedule_holidays
    where schedule = ${schedule} and ends_at > ${timestamp(window.start)} and starts_at < ${timestamp(window.end)}
    order by starts_at, name limit 1000`)
}

/** What a calendar says of the time ahead takes the place of what was read before. */
export async function replaceHolidays(
  tx: Tx,
  schedule: string,
  from: Instant,
  rows: readonly HolidayRow[],
): Promise<void> {
  await tx.run(sql`delete from schedule_holidays where schedule = ${schedule} and starts_at >= ${timestamp(from)}`)
  for (const { name, start, end } of rows)
    await tx.run(sql`
      insert into schedule_holidays (schedule, name, starts_at, ends_at)
      values (${schedule}, ${name}, ${timestamp(start)}, ${timestamp(end)}) on conflict do nothing`)
}

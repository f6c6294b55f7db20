// All SQL on lists of alerts, as people and programs page through them.
import type { Instant } from '../../kernel/instant.ts'
import { type Queries, sql, timestamp } from '../../platform/database/queries.ts'
import { type AlertStatus, alertStatuses } from './alerts.contract.ts'
import { type AlertRow, alertColumns } from './alerts.store.ts'

export interface AlertFilter {
  readonly status: AlertStatus | 'open' | null
  readonly service: string | null
  readonly team: string | null
  readonly rule?: string | null
  readonly severity: string | null
  readonly incident: string | null
  readonly number?: number | null
  readonly search: string | null
  readonly from: Instant | null
  readonly to: Instant | null
}

/** The newest thousand of what is over, and what is open: both by index, then by their ids. */
const ofRule = (rule: string) => sql`alerts.id = any(array(
  (select outcome.alert_id from alert_outcomes outcome where outcome.rule = ${rule} order by outcome.opened_at desc limit 1000)
  union all (select here.id from alerts here where here.status <> 'resolved' and here.signal ->> 'rule' = ${rule} limit 1000)))`

export async function listAlertRows(
  queries: Queries,
  filter: AlertFilter,
  before: { at: Instant; id: string } | null,
  limit: number,
): Promise<readonly AlertRow[]> {
  const like = filter.search === null ? null : `%${filter.search.toLowerCase().replaceAll(/[\\%_]/g, '\\$&')}%`
  const status =
    filter.status === null
      ? sql`true`
      : filter.status === 'open'
        ? sql`status <> 'resolved'`
        : sql`status = ${filter.status}`
  const when = [
    filter.service === null ? null : sql`service = ${filter.service}`,
    filter.team === null ? null : sql`team = ${filter.team}`,
    filter.rule == null ? null : ofRule(filter.rule),
    filter.severity === null ? null : sql`severity = ${filter.severity}`,
    filter.incident === null ? null : sql`incident_id = ${filter.incident}`,
    filter.number == null ? null : sql`number = ${filter.number}`,
    like === null ? null : sql`(lower(title) like ${like} or service like ${like})`,
    filter.from === null ? null : sql`coalesce(ended_at, 'infinity') >= ${timestamp(filter.from)}`,
    filter.to === null ? null : sql`opened_at < ${timestamp(filter.to)}`,
    before === null ? null : sql`(opened_at, id) < (${timestamp(before.at)}, ${before.id}::uuid)`,
  ].filter((each) => each !== null)
  const newest = sql`order by opened_at desc, id desc limit ${limit}`
  const named = [filter.service, filter.incident, filter.number ?? null, filter.rule ?? null].some(
    (each) => each !== null,
  )
  // What names few is found by that. Else the newest of each status by its index: a million that are over cost nothing.
  if (named || (filter.status !== null && filter.status !== 'open'))
    return queries.many(
      sql<AlertRow>`select ${alertColumns} from alerts where ${sql.join([status, ...when], sql` and `)} ${newest}`,
    )
  const wanted = alertStatuses.filter((each) => filter.status === null || each !== 'resolved')
  return queries.many(sql<AlertRow>`
    select ${alertColumns} from alerts where id = any(array(
      select found.id from unnest(${wanted}::text[]) as one (wanted)
      cross join lateral (select id from alerts where ${sql.join([sql`status = one.wanted`, ...when], sql` and `)} ${newest}) found))
    ${newest}`)
}

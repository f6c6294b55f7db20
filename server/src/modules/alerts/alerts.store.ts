// All SQL on alerts and their trace.
import { type Instant, instant } from '../../kernel/instant.ts'
import type { AlertSeverity, Tier, Urgency } from '../../kernel/severity.ts'
import type { Tx } from '../../platform/database/database.ts'
import { json, type Queries, type RawBuilder, sql, timestamp } from '../../platform/database/queries.ts'
import type { AlertStatus } from './alerts.contract.ts'
import type { Answer, Asked, Ending, Episode, Hold, Signal } from './core/index.ts'
import { insertLeases, lockLeases, saveLeases } from './leases.store.ts'
import { hasRunbook } from './quality.store.ts'
import { type Postponed, postponing } from './turns.store.ts'

export interface AlertRow {
  readonly id: string
  readonly number: number
  readonly source: string
  readonly key: string
  readonly status: AlertStatus
  readonly severity: AlertSeverity
  readonly worst: AlertSeverity
  readonly urgency: Urgency
  readonly service: string | null
  readonly team: string | null
  readonly tier: Tier | null
  readonly title: string
  readonly signal: Signal
  readonly startedAt: Instant
  readonly openedAt: Instant
  readonly lastSeenAt: Instant
  readonly leaseUntil: Instant | null
  readonly leaseGiven: boolean | null
  readonly count: number
  readonly answeredBy: string | null
  readonly answeredAt: Instant | null
  readonly snoozedUntil: Instant | null
  readonly acknowledgedAt: Instant | null
  readonly endedAt: Instant | null
  readonly ended: Ending | null
  readonly incidentId: string | null
  readonly silencedBy: string | null
  /** The alert whose page it joined; null when it has a page of its own, or none. */
  readonly pagedWith: string | null
  readonly pagedWithNumber: number | null
  /** Why the routing file keeps it from people; null when it does not. */
  readonly heldBecause: Hold | null
  /** Whether it was worth it, as people say; null while nobody has said. */
  readonly useful: boolean | null
  /** It kept beginning and ending when it began. */
  readonly flapping: boolean
  readonly version: number
}

// What a repeated signal moves stands in the lease while the alert is open (leases.store.ts).
const lease = (column: string) =>
  sql`(select lease.${sql.ref(column)} from alert_leases lease where lease.alert_id = alerts.id)`
const leased = (column: string) =>
  sql`case when alerts.status = 'resolved' then alerts.${sql.ref(column)} else coalesce(${lease(column)}, alerts.${sql.ref(column)}) end`

export const alertColumns = sql`id, number, source, key, status, severity, worst, urgency, service, team, tier, title, signal,
  started_at as "startedAt", opened_at as "openedAt", ${leased('last_seen_at')} as "lastSeenAt", ${lease('lease_until')} as "leaseUntil", ${lease('lease_given')} as "leaseGiven",
  ${leased('count')} as count, answered_by as "answeredBy", answered_at as "answeredAt", snoozed_until as "snoozedUntil", acknowledged_at as "acknowledgedAt",
  ended_at as "endedAt", ended, incident_id as "incidentId", silenced_by as "silencedBy",
  paged_with as "pagedWith", paged_with_number as "pagedWithNumber", held_because as "heldBecause", useful, flapping, version`

const orNull = (at: Instant | null): RawBuilder<unknown> => (at === null ? sql`null::timestamptz` : timestamp(at))

export function toEpisode(row: AlertRow): Episode {
  return {
    startedAt: row.startedAt,
    lastSeenAt: row.lastSeenAt,
    lease: row.leaseUntil === null ? null : { until: row.leaseUntil, given: row.leaseGiven ?? false },
    end: row.endedAt === null || row.ended === null ? null : { how: row.ended, at: row.endedAt },
    signal: {
      ...row.signal,
      startsAt: instant(row.signal.startsAt),
      endsAt: row.signal.endsAt === null ? null : instant(row.signal.endsAt),
    },
    worst: row.worst,
  }
}

export function answerOf(row: AlertRow): Answer {
  if (row.answeredBy === null || row.answeredAt === null) return { kind: 'unanswered' }
  if (row.status === 'snoozed' && row.snoozedUntil !== null)
    return { kind: 'snoozed', by: row.answeredBy, at: row.answeredAt, until: row.snoozedUntil }
  return { kind: 'acknowledged', by: row.answeredBy, at: row.answeredAt }
}

/**
 * The newest episode of each key, open ones locked, in key order so that two batches never wait for each other in a ring.
 * One index look-up for each key.
 */
export async function lockNewest(tx: Tx, source: string, keys: readonly string[]): Promise<readonly AlertRow[]> {
  const sorted = [...new Set(keys)].sort()
  await tx.run(sql`
    select id from alerts where source = ${source} and key = any(${sorted}) and status <> 'resolved' order by key for update`)
  return tx.many(sql<AlertRow>`
    select newest.* from unnest(${sorted}::text[]) as wanted (wanted_key)
    cross join lateral (select ${alertColumns} from alerts where source = ${source} and key = wanted_key order by opened_at desc, number desc limit 1) newest`)
}

export interface NewAlert {
  readonly id: string
  readonly episode: Episode
  readonly urgency: Urgency
  readonly service: string | null
  readonly team: string | null
  readonly tier: Tier | null
  readonly silencedBy: string | null
  readonly heldBecause: Hold | null
}

/** One statement for all; the caller gives them in key order, so that two batches never wait for each other in a ring. */
export async function insertAlerts(tx: Tx, alerts: readonly NewAlert[]): Promise<readonly AlertRow[]> {
  if (alerts.length === 0) return []
  const of = <T>(value: (alert: NewAlert) => T): T[] => alerts.map(value)
  const time = (at: Instant): string => new Date(at).toISOString()
  const inserted = await tx.many(sql<AlertRow>`
    insert into alerts (id, source, key, status, severity, worst, urgency, service, team, tier, title, signal, started_at, last_seen_at, silenced_by, held_because)
    select id, source, key, 'firing', severity, worst, urgency, service, team, tier, title, signal, started_at, seen_at, silenced_by, held_because
    from unnest(${of(({ id }) => id)}::uuid[], ${of(({ episode }) => episode.signal.source)}::text[], ${of(({ episode }) => episode.signal.key)}::text[],
      ${of(({ episode }) => episode.signal.severity)}::text[], ${of(({ episode }) => episode.worst)}::text[], ${of(({ urgency }) => urgency)}::text[],
      ${of(({ service }) => service)}::text[], ${of(({ team }) => team)}::text[], ${of(({ tier }) => tier)}::smallint[],
      ${of(({ episode }) => episode.signal.summary)}::text[], ${of(({ episode }) => JSON.stringify(episode.signal))}::jsonb[],
      ${of(({ episode }) => time(episode.startedAt))}::timestamptz[], ${of(({ episode }) => time(episode.lastSeenAt))}::timestamptz[],
      ${of(({ silencedBy }) => silencedBy)}::uuid[], ${of(({ heldBecause }) => heldBecause)}::text[])
      as fresh (id, source, key, severity, worst, urgency, service, team, tier, title, signal, started_at, seen_at, silenced_by, held_because)
    returning ${alertColumns}`)
  await insertLeases(
    tx,
    alerts.map(({ id, episode }) => ({ alertId: id, episode })),
  )
  const leases = new Map(alerts.map(({ id, episode }) => [id, episode.lease]))
  return inserted.map((row) => {
    const given = leases.get(row.id) ?? null
    return { ...row, leaseUntil: given?.until ?? null, leaseGiven: given?.given ?? null }
  })
}

export async function updateEpisode(
  tx: Tx,
  id: string,
  episode: Episode,
  more: { urgency: Urgency; signals: number },
): Promise<AlertRow> {
  await saveLeases(tx, [{ alertId: id, episode, signals: more.signals }])
  return tx.one(sql<AlertRow>`
    update alerts set severity = ${episode.signal.severity}, worst = ${episode.worst}, urgency = ${more.urgency}, title = ${episode.signal.summary}, signal = ${json(episode.signal)},
      started_at = ${timestamp(episode.startedAt)}, version = version + 1
    where id = ${id} returning ${alertColumns}`)
}

export interface Ended {
  readonly id: string
  readonly episode: Episode
  readonly end: { readonly how: Ending; readonly at: Instant }
  /** Taken in by the end and not counted yet. */
  readonly signals: number
}

/** One statement for all. The lease goes with the end, else the next signal would find nothing to open; what became of it stays. */
export async function endAlerts(tx: Tx, ends: readonly Ended[]): Promise<void> {
  if (ends.length === 0) return
  const of = <T>(value: (end: Ended) => T): T[] => ends.map(value)
  const time = (at: Instant): string => new Date(at).toISOString()
  await tx.run(sql`
    with ends as materialized (
      select * from unnest(${of(({ id }) => id)}::uuid[], ${of(({ end }) => end.how)}::text[], ${of(({ end }) => time(end.at))}::timestamptz[],
        ${of(({ episode }) => time(episode.startedAt))}::timestamptz[], ${of(({ episode }) => time(episode.lastSeenAt))}::timestamptz[],
        ${of(({ episode }) => JSON.stringify(episode.signal))}::jsonb[], ${of(({ signals }) => signals)}::bigint[])
        as one (id, how, at, started_at, seen_at, signal, signals)),
    leases as (delete from alert_leases lease using ends where lease.alert_id = ends.id returning lease.alert_id, lease.count),
    over as (update alerts set status = 'resolved', ended = ends.how, ended_at = ends.at, started_at = ends.started_at, last_seen_at = ends.seen_at, signal = ends.signal,
      snoozed_until = null, count = coalesce(leases.count, alerts.count) + ends.signals, version = version + 1
      from ends left join leases on leases.alert_id = ends.id
      where alerts.id = ends.id returning alerts.*)
    insert into alert_outcomes (alert_id, rule, service, team, severity, opened_at, ended_at, ended, told_at, answered, useful, has_runbook)
    select id, nullif(signal ->> 'rule', ''), service, team, worst, opened_at, ended_at, ended, told_at, acknowledged_at is not null, useful, ${hasRunbook(sql`signal`)}
    from over
    on conflict (alert_id) do update set ended_at = excluded.ended_at, ended = excluded.ended`)
}

export async function saveAnswer(tx: Tx, id: string, answer: Answer): Promise<AlertRow> {
  const status: AlertStatus = answer.kind === 'unanswered' ? 'firing' : answer.kind
  return tx.one(sql<AlertRow>`
    update alerts set status = ${status}, answered_by = ${answer.kind === 'unanswered' ? null : answer.by},
      answered_at = ${orNull(answer.kind === 'unanswered' ? null : answer.at)}, snoozed_until = ${orNull(answer.kind === 'snoozed' ? answer.until : null)},
      acknowledged_at = coalesce(acknowledged_at, ${orNull(answer.kind === 'unanswered' ? null : answer.at)}), version = version + 1
    where id = ${id} returning ${alertColumns}`)
}

// Locks the row: two people may acknowledge in the same second.
export async function lockAlert(tx: Tx, id: string): Promise<AlertRow | null> {
  return tx.maybe(sql<AlertRow>`select ${alertColumns} from alerts where id = ${id} for update`)
}

/** In key order, as batches of signals lock theirs. */
export async function lockAlerts(tx: Tx, ids: readonly string[]): Promise<readonly AlertRow[]> {
  return tx.many(
    sql<AlertRow>`select ${alertColumns} from alerts where id = any(${[...ids]}::uuid[]) order by key for update`,
  )
}

export async function findAlert(queries: Queries, id: string): Promise<AlertRow | null> {
  return queries.maybe(sql<AlertRow>`select ${alertColumns} from alerts where id = ${id}`)
}

export async function findOpenByKey(queries: Queries, source: string, key: string): Promise<AlertRow | null> {
  return queries.maybe(
    sql<AlertRow>`select ${alertColumns} from alerts where source = ${source} and key = ${key} and status <> 'resolved'`,
  )
}

/** By any sender, the one heard last: what programs without our keys know an alert by. */
export async function findOpenByFingerprint(queries: Queries, fingerprint: string): Promise<AlertRow | null> {
  return queries.maybe(sql<AlertRow>`
    select ${alertColumns} from alerts where status <> 'resolved' and signal ->> 'fingerprint' = ${fingerprint} order by last_seen_at desc limit 1`)
}

/** Alerts whose lease ran out or whose snooze is over, locked; other processes take the rest. */
export async function lockRunOut(tx: Tx, limit: number): Promise<readonly AlertRow[]> {
  const rows = await tx.many(sql<AlertRow>`
    select ${alertColumns} from alerts
    where status <> 'resolved' and id = any(array(
      (select alert_id from alert_leases where lease_until <= mainstay_now() limit ${limit})
      union all
      (select id from alerts where status = 'snoozed' and snoozed_until <= mainstay_now() limit ${limit})))
    order by key limit ${limit} for update skip locked`)
  // A repetition may have moved a lease between the look and the lock.
  const leases = await lockLeases(
    tx,
    rows.map((row) => row.id),
  )
  return rows.map((row) => ({ ...row, ...leases.get(row.id) }))
}

/** Unanswered ones: what a new silence may hold back. */
export async function lockFiring(tx: Tx, limit: number): Promise<readonly AlertRow[]> {
  return tx.many(
    sql<AlertRow>`select ${alertColumns} from alerts where status = 'firing' order by key limit ${limit} for update skip locked`,
  )
}

export async function lockHeldBy(tx: Tx, silence: string, limit: number): Promise<readonly AlertRow[]> {
  return tx.many(
    sql<AlertRow>`select ${alertColumns} from alerts where status <> 'resolved' and silenced_by = ${silence} order by key limit ${limit} for update`,
  )
}

/** Open alerts held back by a silence that is none of the active ones any more. */
export async function lockHeld(tx: Tx, active: readonly string[], limit: number): Promise<readonly AlertRow[]> {
  return tx.many(sql<AlertRow>`
    select ${alertColumns} from alerts
    where status <> 'resolved' and silenced_by is not null and silenced_by <> all(${[...active]}::uuid[])
    order by key limit ${limit} for update skip locked`)
}

export async function setSilence(tx: Tx, id: string, silence: string | null): Promise<AlertRow> {
  return tx.one(
    sql<AlertRow>`update alerts set silenced_by = ${silence}, version = version + 1 where id = ${id} returning ${alertColumns}`,
  )
}

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
  return queries.many(sql<AlertRow>`
    select ${alertColumns} from alerts where ${sql.join([status, ...when], sql` and `)} order by opened_at desc, id desc limit ${limit}`)
}

/** Alerts of these incidents, the newest first. */
export async function listAlertsOfIncidents(
  queries: Queries,
  incidents: readonly string[],
  limit: number,
): Promise<readonly AlertRow[]> {
  return queries.many(sql<AlertRow>`
    select ${alertColumns} from alerts where incident_id = any(${[...incidents]}::uuid[])
    order by opened_at desc, id desc limit ${limit}`)
}

export async function countOpen(
  queries: Queries,
): Promise<{ firing: number; acknowledged: number; snoozed: number; critical: number; warning: number; info: number }> {
  return queries.one(sql<{
    firing: number
    acknowledged: number
    snoozed: number
    critical: number
    warning: number
    info: number
  }>`
    select count(*) filter (where status = 'firing')::int as firing, count(*) filter (where status = 'acknowledged')::int as acknowledged,
      count(*) filter (where status = 'snoozed')::int as snoozed, count(*) filter (where severity = 'critical')::int as critical,
      count(*) filter (where severity = 'warning')::int as warning, count(*) filter (where severity = 'info')::int as info
    from alerts where status <> 'resolved'`)
}

/** Incident by alert. The caller holds the alerts, in their order. */
export async function linkIncidents(tx: Tx, links: ReadonlyMap<string, string>): Promise<void> {
  if (links.size === 0) return
  await tx.run(sql`
    update alerts set incident_id = link.incident_id, version = version + 1
    from unnest(${[...links.keys()]}::uuid[], ${[...links.values()]}::uuid[]) as link (alert_id, incident_id) where alerts.id = link.alert_id`)
}

/** Those that any of these alerts belongs to, in one order for everybody. */
export async function listIncidentsOf(queries: Queries, alerts: readonly string[]): Promise<readonly string[]> {
  const rows = await queries.many(sql<{ id: string }>`
    select distinct incident_id as id from alerts where id = any(${[...alerts]}::uuid[]) and incident_id is not null order by 1`)
  return rows.map((row) => row.id)
}

/** What paging says when somebody is told, by a page of its own or with another. */
const told: readonly string[] = ['paged', 'assigned', 'joined']

interface AlsoTold {
  /** Alerts that flap. */
  readonly flapping: readonly string[]
  readonly postponed: readonly Postponed[]
}

/** With the step that tells people of an alert it is known since when; one statement, whatever else was decided. */
export async function addTrace(
  tx: Tx,
  rows: readonly { alertId: string; asked: Asked }[],
  { flapping, postponed }: AlsoTold = { flapping: [], postponed: [] },
): Promise<void> {
  if (rows.length === 0) return
  const since = rows.filter(({ asked }) => asked.rule === 'paging' && told.includes(asked.verdict))
  const steps = sql`
    insert into alert_trace (alert_id, rule, verdict, because)
    select * from unnest(${rows.map((row) => row.alertId)}::uuid[], ${rows.map((row) => row.asked.rule)}::text[], ${rows.map((row) => row.asked.verdict)}::text[], ${rows.map((row) => row.asked.because)}::text[])`
  const changed = [...new Set([...since.map((row) => row.alertId), ...flapping])]
  if (changed.length === 0 && postponed.length === 0) await tx.run(steps)
  else {
    const late = postponed.length === 0 ? sql`` : sql`, late as (${postponing(postponed)})`
    await tx.run(sql`
      with steps as (${steps}) ${late}
      update alerts set told_at = case when id = any(${since.map((row) => row.alertId)}::uuid[]) then coalesce(told_at, mainstay_now()) else told_at end,
        flapping = flapping or id = any(${[...flapping]}::uuid[])
      where id = any(${changed}::uuid[])
        and (told_at is null or (not flapping and id = any(${[...flapping]}::uuid[])))`)
  }
}

export async function listTrace(queries: Queries, alertId: string): Promise<readonly (Asked & { at: Instant })[]> {
  return queries.many(
    sql<
      Asked & { at: Instant }
    >`select at, rule, verdict, because from alert_trace where alert_id = ${alertId} order by id limit 500`,
  )
}

export async function saveOrphan(
  queries: Queries,
  orphan: { source: string; because: string; body: string },
): Promise<void> {
  await queries.run(
    sql`insert into orphan_signals (source, because, body) values (${orphan.source}, ${orphan.because}, ${orphan.body.slice(0, 65_536).replaceAll('\u0000', '\ufffd').toWellFormed()})`,
  )
}

export async function listOrphans(
  queries: Queries,
  limit: number,
): Promise<readonly { id: number; receivedAt: Instant; source: string; because: string; body: string }[]> {
  return queries.many(sql<{ id: number; receivedAt: Instant; source: string; because: string; body: string }>`
    select id, received_at as "receivedAt", source, because, body from orphan_signals order by received_at desc, id desc limit ${limit}`)
}

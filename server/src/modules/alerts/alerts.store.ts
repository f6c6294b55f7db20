// All SQL on alerts and their trace.
import { invariant } from '../../kernel/app-error.ts'
import { type Instant, instant } from '../../kernel/instant.ts'
import type { Urgency } from '../../kernel/severity.ts'
import type { Tx } from '../../platform/database/database.ts'
import { json, type Queries, type RawBuilder, sql, timestamp } from '../../platform/database/queries.ts'
import { type AlertRow, type NewAlert, newRow } from './alert-row.ts'
import type { AlertStatus } from './alerts.contract.ts'
import { type Answer, type Asked, type Ending, type Episode, episodeKey } from './core/index.ts'
import { deletingLabels, insertingLabels, saveLabels } from './labels.store.ts'
import { insertingLeases, lockLeases, saveLeases } from './leases.store.ts'
import { hasRunbook } from './quality.store.ts'
import { addingTurns, type NewTurn, type Postponed, postponing } from './turns.store.ts'

export type { AlertRow } from './alert-row.ts'

// What a repeated signal moves stands in the lease while the alert is open (leases.store.ts).
const columnsWith = (lease: (column: string) => RawBuilder<unknown>) => {
  const leased = (column: string) =>
    sql`case when alerts.status = 'resolved' then alerts.${sql.ref(column)} else coalesce(${lease(column)}, alerts.${sql.ref(column)}) end`
  return sql`id, number, source, key, status, severity, worst, urgency, service, team, tier, title, signal,
  started_at as "startedAt", opened_at as "openedAt", ${leased('last_seen_at')} as "lastSeenAt", ${lease('lease_until')} as "leaseUntil", ${lease('lease_given')} as "leaseGiven",
  ${leased('count')} as count, answered_by as "answeredBy", answered_at as "answeredAt", snoozed_until as "snoozedUntil", acknowledged_at as "acknowledgedAt",
  ended_at as "endedAt", ended, incident_id as "incidentId", silenced_by as "silencedBy",
  paged_with as "pagedWith", paged_with_number as "pagedWithNumber", held_because as "heldBecause", useful, flapping, version`
}

/** Of some alerts: each lease is looked up. */
export const alertColumns = columnsWith(
  (column) => sql`(select lease.${sql.ref(column)} from alert_leases lease where lease.alert_id = alerts.id)`,
)

/** Of all open alerts at once, from `alertsWithLeases`. */
export const joinedColumns = columnsWith((column) => sql`lease.${sql.ref(column)}`)
export const alertsWithLeases = sql`alerts left join alert_leases lease on lease.alert_id = alerts.id`

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

// Rows are locked `for no key update`: what refers to an alert (turns, traces, members of groups) is written meanwhile and
// waits for nobody.

/**
 * The newest episode of each key, open ones locked, in key order so that two batches never wait for each other in a ring.
 * The open one is the newest whatever the times say: the clock may have gone back since. Two index look-ups for each key.
 * With them comes what names of new ones are made with.
 */
export async function lockNewest(
  tx: Tx,
  named: readonly { readonly source: string; readonly key: string }[],
): Promise<{ readonly now: Instant; readonly newest: readonly AlertRow[]; readonly salt: string }> {
  const distinct = [...new Map(named.map((each) => [`${each.source}\u0000${each.key}`, each])).values()]
  const wanted = sql`unnest(${distinct.map(({ source }) => source)}::text[], ${distinct.map(({ key }) => key)}::text[]) as wanted (wanted_source, wanted_key)`
  // The clock when the locks are held.
  const holding = tx.one(sql<{ now: Instant; salt: string; held: number }>`
    with held as (
      select id from ${wanted} join alerts on source = wanted_source and key = wanted_key and status <> 'resolved' order by key, source for no key update of alerts),
    counted as materialized (select count(*)::int as held from held)
    select mainstay_now() as now, held, salt from counted, alert_names`)
  // By a statement of its own, which sees what was committed until they were held.
  const reading = tx.many(sql<AlertRow>`
    select ${joinedColumns} from ${wanted} join alerts on alerts.id = coalesce(
      (select id from alerts open where open.source = wanted_source and open.key = wanted_key and open.status <> 'resolved'),
      (select id from alerts past where past.source = wanted_source and past.key = wanted_key order by opened_at desc, number desc limit 1))
    left join alert_leases lease on lease.alert_id = alerts.id`)
  const [{ now, salt }, newest] = await Promise.all([holding, reading])
  return { now, newest, salt }
}

/** One statement for all, one of each key, in the caller's key order: no two batches wait in a ring. In that order they come back. */
export async function insertAlerts(tx: Tx, alerts: readonly NewAlert[]): Promise<readonly AlertRow[]> {
  if (alerts.length === 0) return []
  const time = (at: Instant): string => new Date(at).toISOString()
  const fresh = alerts.map(({ episode, ...given }) => ({
    ...given,
    ...{
      source: episode.signal.source,
      key: episode.signal.key,
      severity: episode.signal.severity,
      worst: episode.worst,
    },
    ...{
      title: episode.signal.summary,
      signal: episode.signal,
      started: time(episode.startedAt),
      seen: time(episode.lastSeenAt),
    },
  }))
  // A name is taken when the clock went back by an hour: then the newer one gets any name.
  const written = await tx.many(sql<{ id: string; number: number; source: string; key: string; openedAt: Instant }>`
    with fresh as materialized (
      select coalesce((select gen_random_uuid() from alerts taken where taken.id = one.id), one.id) as id, one.id as named, source, key, severity, worst, urgency, service, team,
        tier, title, signal, started, seen, "silencedBy", "heldBecause"
      from jsonb_to_recordset(${json(fresh)}) as one (id uuid, source text, key text, severity text, worst text, urgency text, service text, team text,
        tier smallint, title text, signal jsonb, started timestamptz, seen timestamptz, "silencedBy" uuid, "heldBecause" text)),
    leases as (${insertingLeases(alerts.map(({ id, episode }) => ({ alertId: id, episode })))}),
    labels as (${insertingLabels})
    insert into alerts (id, source, key, status, severity, worst, urgency, service, team, tier, title, signal, started_at, last_seen_at, silenced_by, held_because)
    select id, source, key, 'firing', severity, worst, urgency, service, team, tier, title, signal, started, seen, "silencedBy", "heldBecause" from fresh
    returning id, number, source, key, opened_at as "openedAt"`)
  const given = new Map(written.map(({ source, key, ...row }) => [episodeKey({ source, key }), row]))
  return alerts.map((alert) => {
    const row = given.get(episodeKey(alert.episode.signal))
    invariant(row !== undefined, 'an inserted alert comes back')
    return newRow(alert, row)
  })
}

export async function updateEpisode(
  tx: Tx,
  id: string,
  episode: Episode,
  more: { urgency: Urgency; signals: number },
): Promise<AlertRow> {
  await saveLeases(tx, [{ alertId: id, episode, signals: more.signals }])
  await saveLabels(tx, id, episode.signal)
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

export async function endAlerts(tx: Tx, ends: readonly Ended[]): Promise<void> {
  if (ends.length > 0) await tx.run(sql`with ${endingAlerts(ends)} select`)
}

/**
 * One statement for all, or part of one. The lease goes with the end, else the next signal would find nothing to open; what
 * became of it stays.
 */
function endingAlerts(ends: readonly Ended[]): RawBuilder<unknown> {
  const time = (at: Instant): string => new Date(at).toISOString()
  const given = ends.map(({ id, episode, end, signals }) => ({
    ...{ id, how: end.how, at: time(end.at), started: time(episode.startedAt), seen: time(episode.lastSeenAt) },
    ...{ signal: episode.signal, signals },
  }))
  return sql`ends as materialized (
      select * from jsonb_to_recordset(${json(given)}) as one (id uuid, how text, at timestamptz, started timestamptz, seen timestamptz, signal jsonb, signals bigint)),
    leases as (delete from alert_leases lease using ends where lease.alert_id = ends.id returning lease.alert_id, lease.count),
    labels as (${deletingLabels}),
    over as (update alerts set status = 'resolved', ended = ends.how, ended_at = ends.at, started_at = ends.started, last_seen_at = ends.seen, signal = ends.signal,
      snoozed_until = null, count = coalesce(leases.count, alerts.count) + ends.signals, version = version + 1
      from ends left join leases on leases.alert_id = ends.id
      where alerts.id = ends.id returning alerts.*),
    outcomes as (insert into alert_outcomes (alert_id, rule, service, team, severity, opened_at, ended_at, ended, told_at, answered, useful, has_runbook)
    select id, nullif(signal ->> 'rule', ''), service, team, worst, opened_at, ended_at, ended, told_at, acknowledged_at is not null, useful, ${hasRunbook(sql`signal`)}
    from over
    on conflict (alert_id) do update set ended_at = excluded.ended_at, ended = excluded.ended)`
}

export async function saveAnswer(tx: Tx, id: string, answer: Answer): Promise<AlertRow> {
  const status: AlertStatus = answer.kind === 'unanswered' ? 'firing' : answer.kind
  return tx.one(sql<AlertRow>`
    update alerts set status = ${status}, answered_by = ${answer.kind === 'unanswered' ? null : answer.by},
      answered_at = ${orNull(answer.kind === 'unanswered' ? null : answer.at)}, snoozed_until = ${orNull(answer.kind === 'snoozed' ? answer.until : null)},
      acknowledged_at = coalesce(acknowledged_at, ${orNull(answer.kind === 'unanswered' ? null : answer.at)}), version = version + 1
    where id = ${id} returning ${alertColumns}`)
}

/** The same person takes all of them, at one moment. */
export async function saveAcknowledged(
  tx: Tx,
  ids: readonly string[],
  by: string,
  at: Instant,
): Promise<readonly AlertRow[]> {
  if (ids.length === 0) return []
  return tx.many(sql<AlertRow>`
    update alerts set status = 'acknowledged', answered_by = ${by}, answered_at = ${timestamp(at)}, snoozed_until = null,
      acknowledged_at = coalesce(acknowledged_at, ${timestamp(at)}), version = version + 1
    where id = any(${[...ids]}::uuid[]) returning ${alertColumns}`)
}

// Locks the row: two people may acknowledge in the same second.
export async function lockAlert(tx: Tx, id: string): Promise<AlertRow | null> {
  return tx.maybe(sql<AlertRow>`select ${alertColumns} from alerts where id = ${id} for no key update`)
}

/** In key order, as batches of signals lock theirs. */
export async function lockAlerts(tx: Tx, ids: readonly string[]): Promise<readonly AlertRow[]> {
  return tx.many(
    sql<AlertRow>`select ${joinedColumns} from ${alertsWithLeases} where id = any(${[...ids]}::uuid[]) order by key for no key update of alerts`,
  )
}

export async function findAlert(queries: Queries, id: string): Promise<AlertRow | null> {
  return queries.maybe(sql<AlertRow>`select ${alertColumns} from alerts where id = ${id}`)
}

export async function findAlerts(queries: Queries, ids: readonly string[]): Promise<readonly AlertRow[]> {
  if (ids.length === 0) return []
  return queries.many(
    sql<AlertRow>`select ${joinedColumns} from ${alertsWithLeases} where id = any(${[...ids]}::uuid[])`,
  )
}

export async function findOpenByKey(queries: Queries, source: string, key: string): Promise<AlertRow | null> {
  return queries.maybe(
    sql<AlertRow>`select ${alertColumns} from alerts where source = ${source} and key = ${key} and status <> 'resolved'`,
  )
}

// No index holds when leases run out, so that moving one stays cheap: all are looked at, and the clock is asked once, not for each.
export const leasesRunOut = sql`alert_leases where lease_until <= (select mainstay_now())`
export const snoozesOver = sql`alerts where status = 'snoozed' and snoozed_until <= (select mainstay_now())`

/** Alerts whose lease ran out or whose snooze is over, locked; other processes take the rest. */
export async function lockRunOut(tx: Tx, limit: number): Promise<readonly AlertRow[]> {
  const rows = await tx.many(sql<AlertRow>`
    select ${alertColumns} from alerts
    where status <> 'resolved' and id = any(array(
      (select alert_id from ${leasesRunOut} limit ${limit})
      union all
      (select id from ${snoozesOver} limit ${limit})))
    order by key limit ${limit} for no key update skip locked`)
  // A repetition may have moved a lease between the look and the lock.
  const leases = await lockLeases(
    tx,
    rows.map((row) => row.id),
  )
  return rows.map((row) => ({ ...row, ...leases.get(row.id) }))
}

const mostAsked = 20_000

/** Unanswered ones: what a new silence may hold back. */
export async function listFiring(queries: Queries): Promise<readonly Pick<AlertRow, 'id' | 'signal' | 'team'>[]> {
  return queries.many(
    sql<Pick<AlertRow, 'id' | 'signal' | 'team'>>`
      select id, signal, team from alerts where status = 'firing' order by opened_at desc limit ${mostAsked}`,
  )
}

/** Of these; others hold the rest. */
export async function lockFiring(tx: Tx, ids: readonly string[]): Promise<readonly AlertRow[]> {
  if (ids.length === 0) return []
  return tx.many(sql<AlertRow>`
    select ${alertColumns} from alerts where id = any(${[...ids]}::uuid[]) and status = 'firing'
    order by key for no key update skip locked`)
}

/** Unanswered ones of these services that something else holds, or nothing. */
export async function lockFiringOf(
  tx: Tx,
  services: readonly string[],
  except: string,
  limit: number,
): Promise<readonly AlertRow[]> {
  return tx.many(
    sql<AlertRow>`select ${alertColumns} from alerts where status = 'firing' and service = any(${[...services]}::text[]) and silenced_by is distinct from ${except}::uuid
      order by key limit ${limit} for update skip locked`,
  )
}

export async function lockHeldBy(tx: Tx, silence: string, limit: number): Promise<readonly AlertRow[]> {
  return tx.many(
    sql<AlertRow>`select ${alertColumns} from alerts where status <> 'resolved' and silenced_by = ${silence} order by key limit ${limit} for no key update`,
  )
}

export const silencedOpen = sql`alerts where status <> 'resolved' and silenced_by is not null`

/** Open alerts held back by a silence that is none of the active ones any more. */
export async function lockHeld(tx: Tx, active: readonly string[], limit: number): Promise<readonly AlertRow[]> {
  return tx.many(sql<AlertRow>`
    select ${alertColumns} from ${silencedOpen} and silenced_by <> all(${[...active]}::uuid[])
    order by key limit ${limit} for no key update skip locked`)
}

export async function setSilence(tx: Tx, id: string, silence: string | null): Promise<AlertRow> {
  return tx.one(
    sql<AlertRow>`update alerts set silenced_by = ${silence}, version = version + 1 where id = ${id} returning ${alertColumns}`,
  )
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

/** Whether one of the incident's is open that comes from elsewhere; as soon as one is found, whatever their number. */
export async function hasOpenAlert(queries: Queries, incident: string, except: string): Promise<boolean> {
  const { found } = await queries.one(sql<{ found: boolean }>`
    select exists (select from alerts where incident_id = ${incident} and status <> 'resolved' and source <> ${except}) as found`)
  return found
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
  const steps = insertingTrace(rows)
  const changed = [...new Set([...since.map((row) => row.alertId), ...flapping])]
  if (changed.length === 0 && postponed.length === 0) tx.later(steps)
  else {
    const late = postponed.length === 0 ? sql`` : sql`, late as (${postponing(postponed)})`
    tx.later(sql`
      with steps as (${steps}) ${late}
      update alerts set told_at = case when id = any(${since.map((row) => row.alertId)}::uuid[]) then coalesce(told_at, mainstay_now()) else told_at end,
        flapping = flapping or id = any(${[...flapping]}::uuid[])
      where id = any(${changed}::uuid[])
        and (told_at is null or (not flapping and id = any(${[...flapping]}::uuid[])))`)
  }
}

const insertingTrace = (rows: readonly { alertId: string; asked: Asked }[]): RawBuilder<unknown> => sql`
  insert into alert_trace (alert_id, rule, verdict, because, more)
  select "alertId", rule, verdict, because, more
  from jsonb_to_recordset(${json(together(rows))}) as taken ("alertId" uuid, rule text, verdict text, because text, more jsonb)`

/** What a round of signals leaves behind: ends, reasons, and turns of those who are to hear of it; one statement. */
export async function writeRound(
  tx: Tx,
  of: {
    readonly ends: readonly Ended[]
    readonly trace: readonly { alertId: string; asked: Asked }[]
    readonly turns: readonly NewTurn[]
  },
): Promise<void> {
  const parts = [
    ...(of.ends.length === 0 ? [] : [endingAlerts(of.ends)]),
    ...(of.trace.length === 0 ? [] : [sql`steps as (${insertingTrace(of.trace)})`]),
    ...(of.turns.length === 0 ? [] : [sql`turns as (${addingTurns(of.turns)})`]),
  ]
  if (parts.length > 0) tx.later(sql`with ${sql.join(parts)} select`)
}

interface Taken extends Asked {
  readonly alertId: string
  /** What came with it. */
  readonly more?: readonly (readonly [rule: string, verdict: string, because: string])[]
}

/** One row for each alert: its steps of this transaction, in their order. */
function together(rows: readonly { alertId: string; asked: Asked }[]): readonly Taken[] {
  const steps = new Map<string, [Asked, ...Asked[]]>()
  for (const { alertId, asked } of rows) {
    const known = steps.get(alertId)
    if (known === undefined) steps.set(alertId, [asked])
    else known.push(asked)
  }
  return [...steps].map(([alertId, [{ rule, verdict, because }, ...others]]) => ({
    ...{ alertId, rule, verdict, because },
    ...(others.length === 0 ? {} : { more: others.map((each) => [each.rule, each.verdict, each.because] as const) }),
  }))
}

export async function listTrace(queries: Queries, alertId: string): Promise<readonly (Asked & { at: Instant })[]> {
  return queries.many(sql<Asked & { at: Instant }>`
    with own as (select id, at, rule, verdict, because, more from alert_trace where alert_id = ${alertId} order by id limit 500)
    select at, rule, verdict, because from (
      select id, 0 as place, at, rule, verdict, because from own
      union all
      select id, place, at, step ->> 0, step ->> 1, step ->> 2 from own, jsonb_array_elements(more) with ordinality as other (step, place)) steps
    order by id, place limit 500`)
}

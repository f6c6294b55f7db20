// All SQL on escalations and pages.
import type { Instant } from '../../kernel/instant.ts'
import type { AlertSeverity, Tier, Urgency } from '../../kernel/severity.ts'
import type { Tx } from '../../platform/database/database.ts'
import { json, type Queries, type RawBuilder, sql, timestamp } from '../../platform/database/queries.ts'
import type { PageFacts } from '../notifications/core/index.ts'
import { type Escalation, type EscalationPolicy, type PersonPage, wakeAt } from './core/index.ts'

/** What is known of the alert; who is paged and why is added for each page. */
export type AlertFacts = Omit<PageFacts, 'because'>

export interface EscalationRow {
  readonly id: string
  readonly alertId: string
  readonly service: string | null
  readonly policyName: string
  readonly chosen: string
  readonly urgency: Urgency
  readonly severity: AlertSeverity
  readonly tier: Tier | null
  readonly facts: AlertFacts
  readonly state: Escalation
  readonly nextAt: Instant | null
  readonly openedAt: Instant
  readonly closedAt: Instant | null
}

interface Stored extends Omit<EscalationRow, 'state'> {
  readonly policy: EscalationPolicy
  readonly rest: Omit<Escalation, 'policy'>
}

const columns = sql`id, alert_id as "alertId", service, policy, policy_name as "policyName", chosen, urgency, severity, tier, facts,
  state as rest, next_at as "nextAt", opened_at as "openedAt", closed_at as "closedAt"`

const orNull = (at: Instant | null): RawBuilder<unknown> => (at === null ? sql`null::timestamptz` : timestamp(at))
const toRow = ({ policy, rest, ...row }: Stored): EscalationRow => ({ ...row, state: { ...rest, policy } })

export function insertEscalation(
  tx: Tx,
  row: Omit<EscalationRow, 'nextAt' | 'openedAt' | 'closedAt' | 'policyName'>,
): void {
  const { policy, ...rest } = row.state
  tx.later(sql`
    insert into escalations (id, alert_id, service, policy, policy_name, chosen, urgency, severity, tier, facts, state, phase, next_at)
    values (${row.id}, ${row.alertId}, ${row.service}, ${json(policy)}, ${policy.name}, ${row.chosen}, ${row.state.urgency}, ${row.severity}, ${row.tier},
      ${json(row.facts)}, ${json(rest)}, ${rest.phase.kind}, ${orNull(wakeAt(row.state))})`)
}

export async function saveEscalation(tx: Tx, id: string, state: Escalation, now: Instant): Promise<void> {
  const { policy, ...rest } = state
  await tx.run(sql`
    update escalations set policy = ${json(policy)}, policy_name = ${policy.name}, urgency = ${state.urgency}, state = ${json(rest)},
      phase = ${rest.phase.kind}, next_at = ${orNull(wakeAt(state))},
      closed_at = ${rest.phase.kind === 'resolved' ? timestamp(now) : sql`null`}
    where id = ${id}`)
}

/** False when nothing is escalated for the alert, or its pages say that already. */
/** Answers the alerts of those that say something else now. */
export async function saveFacts(
  tx: Tx,
  pages: readonly { readonly alertId: string; readonly facts: AlertFacts }[],
): Promise<ReadonlySet<string>> {
  if (pages.length === 0) return new Set()
  const rows = await tx.many(sql<{ alertId: string }>`
    update escalations set facts = told.facts
    from jsonb_to_recordset(${json(pages)}) as told ("alertId" uuid, facts jsonb)
    where alert_id = told."alertId" and phase <> 'resolved' and escalations.facts <> told.facts
    returning alert_id as "alertId"`)
  return new Set(rows.map((row) => row.alertId))
}

export async function lockEscalation(tx: Tx, id: string): Promise<EscalationRow | null> {
  const row = await tx.maybe(sql<Stored>`select ${columns} from escalations where id = ${id} for update`)
  return row === null ? null : toRow(row)
}

export async function lockOpenOfAlert(tx: Tx, alertId: string): Promise<EscalationRow | null> {
  const row = await tx.maybe(
    sql<Stored>`select ${columns} from escalations where alert_id = ${alertId} and phase <> 'resolved' for update`,
  )
  return row === null ? null : toRow(row)
}

/** The open one, else the newest that is over. */
export async function lockNewestOfAlert(tx: Tx, alertId: string): Promise<EscalationRow | null> {
  const row = await tx.maybe(
    sql<Stored>`select ${columns} from escalations where alert_id = ${alertId} order by phase = 'resolved', opened_at desc limit 1 for update`,
  )
  return row === null ? null : toRow(row)
}

/** The newest one, open or over. */
export async function findOfAlert(queries: Queries, alertId: string): Promise<EscalationRow | null> {
  const row = await queries.maybe(
    sql<Stored>`select ${columns} from escalations where alert_id = ${alertId} order by opened_at desc limit 1`,
  )
  return row === null ? null : toRow(row)
}

/** Where the newest one of each stands, open or over; without its policy and facts, which are most of a row. */
export async function listPhases(
  queries: Queries,
  alertIds: readonly string[],
): Promise<ReadonlyMap<string, Escalation['phase']>> {
  if (alertIds.length === 0) return new Map()
  const rows = await queries.many(sql<{ alertId: string; phase: Escalation['phase'] }>`
    select distinct on (alert_id) alert_id as "alertId", state -> 'phase' as phase from escalations
    where alert_id = any(${[...alertIds]}::uuid[]) order by alert_id, opened_at desc`)
  return new Map(rows.map((row) => [row.alertId, row.phase]))
}

/** Open ones whose people a schedule decides. */
export async function lockOpenOfSchedule(tx: Tx, schedule: string): Promise<readonly EscalationRow[]> {
  const rows = await tx.many(sql<Stored>`
    select ${columns} from escalations where phase in ('escalating', 'exhausted')
      and jsonb_path_exists(policy, '$.levels[*].targets[*] ? (@.schedule == $name)', ${json({ name: schedule })})
    order by id for update`)
  return rows.map(toRow)
}

export async function listOverdueEscalations(
  tx: Tx,
  before: Instant,
  limit: number,
): Promise<
  readonly {
    readonly id: string
    readonly alertId: string
    readonly service: string | null
    readonly nextAt: Instant
  }[]
> {
  return tx.many(sql<{ id: string; alertId: string; service: string | null; nextAt: Instant }>`
    select id, alert_id as "alertId", service, next_at as "nextAt" from escalations
    where next_at < ${timestamp(before)} and phase <> 'resolved' order by next_at limit ${limit}`)
}

export async function takeTurn(tx: Tx, policy: string): Promise<number> {
  const { turn } = await tx.one(sql<{ turn: number }>`
    insert into policy_turns (policy, turn) values (${policy}, 0)
    on conflict (policy) do update set turn = policy_turns.turn + 1 returning turn`)
  return turn
}

/** What the next alert would begin with. */
export async function peekTurn(queries: Queries, policy: string): Promise<number> {
  const row = await queries.maybe(sql<{ turn: number }>`select turn from policy_turns where policy = ${policy}`)
  return row === null ? 0 : row.turn + 1
}

export async function countOpenEscalations(queries: Queries): Promise<number> {
  const row = await queries.one(
    sql<{ count: number }>`select count(*)::int as count from escalations where phase <> 'resolved'`,
  )
  return row.count
}

export interface PageRow {
  readonly id: string
  readonly escalationId: string
  readonly alertId: string
  readonly service: string | null
  readonly step: number
  readonly level: number | null
  readonly round: number
  readonly person: string
  readonly at: Instant
  readonly because: string
}

export function insertPage(tx: Tx, page: PageRow): void {
  tx.later(sql`
    insert into pages (id, escalation_id, alert_id, service, step, level, round, person, at, because)
    values (${page.id}, ${page.escalationId}, ${page.alertId}, ${page.service}, ${page.step}, ${page.level}, ${page.round}, ${page.person},
      ${timestamp(page.at)}, ${page.because})
    on conflict (id) do nothing`)
}

/** Those that go on by themselves or wait for something, the soonest first. */
export async function listWaitingEscalations(queries: Queries, limit: number): Promise<readonly EscalationRow[]> {
  const rows = await queries.many(sql<Stored>`
    select ${columns} from escalations where phase <> 'resolved' order by next_at nulls last, opened_at desc limit ${limit}`)
  return rows.map(toRow)
}

export interface PageFilter {
  readonly alertId: string | null
  readonly person: string | null
}

export async function listPageRows(
  queries: Queries,
  filter: PageFilter,
  before: { at: Instant; id: string } | null,
  limit: number,
): Promise<readonly PageRow[]> {
  return queries.many(sql<PageRow>`
    select id, escalation_id as "escalationId", alert_id as "alertId", service, step, level, round, person, at, because from pages
    where (${filter.alertId}::uuid is null or alert_id = ${filter.alertId})
      and (${filter.person}::text is null or person = ${filter.person})
      and (${before === null ? sql`true` : sql`(at, id) < (${timestamp(before.at)}, ${before.id}::uuid)`})
    order by at desc, id desc limit ${limit}`)
}

/** How often people were paged about each service, in a stretch of time. */
export async function countPagesByService(
  queries: Queries,
  from: Instant,
  to: Instant,
): Promise<ReadonlyMap<string, number>> {
  const rows = await queries.many(sql<{ service: string; count: number }>`
    select service, count(*)::int as count from pages
    where service is not null and at >= ${timestamp(from)} and at < ${timestamp(to)} group by service`)
  return new Map(rows.map((row) => [row.service, row.count]))
}

export async function listOpenEscalations(
  queries: Queries,
  after: { at: Instant; id: string } | null,
  limit: number,
): Promise<readonly EscalationRow[]> {
  const rows = await queries.many(sql<Stored>`
    select ${columns} from escalations where phase <> 'resolved'
      and (${after === null ? sql`true` : sql`(opened_at, id) < (${timestamp(after.at)}, ${after.id}::uuid)`})
    order by opened_at desc, id desc limit ${limit}`)
  return rows.map(toRow)
}

/** Whoever answers, answers every page of it that nobody had answered. */
export async function markAnswered(tx: Tx, escalationId: string, by: string, at: Instant): Promise<void> {
  await tx.run(sql`
    update pages set answered_at = ${timestamp(at)}, answered_by = ${by} where escalation_id = ${escalationId} and answered_at is null`)
}

export async function markOver(tx: Tx, escalationId: string, at: Instant): Promise<void> {
  await tx.run(
    sql`update pages set over_at = ${timestamp(at)} where escalation_id = ${escalationId} and over_at is null`,
  )
}

/** Of a quarter, of everybody of a big team; a person with more pages than this has other worries. */
const mostPages = 100_000

/** Pages with what became of them, by time; of everybody when nobody is named. */
export async function listPersonPages(
  queries: Queries,
  of: { readonly people: readonly string[] | null; readonly from: Instant; readonly to: Instant },
): Promise<readonly PersonPage[]> {
  return queries.many(sql<PersonPage>`
    select p.person, p.at, p.escalation_id as escalation, p.service, p.answer_known as "answerKnown", p.answered_by as "answeredBy",
      p.answered_at as "answeredAt", coalesce(p.over_at, e.closed_at) as "overAt"
    from pages p join escalations e on e.id = p.escalation_id
    where ${of.people === null ? sql`true` : sql`p.person = any(${[...of.people]})`}
      and p.at >= ${timestamp(of.from)} and p.at < ${timestamp(of.to)}
    order by p.at, p.id limit ${mostPages}`)
}

/** What paged these people in a stretch of time, each once, by its first page; 500 at most. */
export async function listEscalationsOf(
  queries: Queries,
  of: { readonly people: readonly string[]; readonly from: Instant; readonly to: Instant },
): Promise<readonly EscalationRow[]> {
  const rows = await queries.many(sql<Stored>`
    select ${columns} from escalations where id in (
      select escalation_id from pages where person = any(${[...of.people]}) and at >= ${timestamp(of.from)} and at < ${timestamp(of.to)})
    order by opened_at, id limit 500`)
  return rows.map(toRow)
}

/** Open ones that these people were told of, whenever that was; 200 at most. */
export async function listOpenOfPeople(queries: Queries, people: readonly string[]): Promise<readonly EscalationRow[]> {
  const rows = await queries.many(sql<Stored>`
    select ${columns} from escalations e where phase <> 'resolved'
      and exists (select from pages p where p.escalation_id = e.id and p.person = any(${[...people]}))
    order by opened_at, id limit 200`)
  return rows.map(toRow)
}

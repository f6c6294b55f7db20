// All SQL on change_holds and change_exceptions.
import type { Instant } from '../../kernel/instant.ts'
import type { Tx } from '../../platform/database/database.ts'
import { json, type Queries, sql, timestamp } from '../../platform/database/queries.ts'
import type { ChangeException, Hold } from './core/change-decision.ts'
import type { Approvers } from './core/policy.ts'

export interface HoldRow extends Hold {
  readonly episodeId: string
  readonly service: string
  readonly objective: string
  readonly step: string
  readonly sentence: string
  readonly endsWhen: string
  readonly approvers: Approvers
  readonly endedBecause: string | null
}

const columns = sql`id, episode_id as "episodeId", kind, service, policy, objective, step, sentence, ends_when as "endsWhen", allows,
  approvers, since, until, ended_at as "endedAt", ended_because as "endedBecause"`

const maybeAt = (at: Instant | null) => (at === null ? sql`null::timestamptz` : timestamp(at))

export async function insertHold(tx: Tx, row: Omit<HoldRow, 'endedAt' | 'endedBecause'>): Promise<void> {
  await tx.run(sql`
    insert into change_holds (id, episode_id, kind, service, policy, objective, step, sentence, ends_when, allows, approvers, since, until)
    values (${row.id}, ${row.episodeId}, ${row.kind}, ${row.service}, ${row.policy}, ${row.objective}, ${row.step}, ${row.sentence},
      ${row.endsWhen}, ${[...row.allows]}, ${json(row.approvers)}, ${timestamp(row.since)}, ${maybeAt(row.until)})`)
}

export async function endHoldsOf(tx: Tx, episodeId: string, at: Instant, because: string): Promise<void> {
  await tx.run(sql`
    update change_holds set ended_at = ${timestamp(at)}, ended_because = ${because}
    where episode_id = ${episodeId} and ended_at is null`)
}

/** Those whose time is up, ended with it. */
export async function endExpired(tx: Tx, now: Instant, because: string): Promise<readonly HoldRow[]> {
  return tx.many(sql<HoldRow>`
    update change_holds set ended_at = until, ended_because = ${because}
    where ended_at is null and until <= ${timestamp(now)} returning ${columns}`)
}

export async function listHolds(
  queries: Queries,
  filter: { readonly service: string | null; readonly objective: string | null; readonly inForceAt: Instant | null },
  before: { readonly since: Instant; readonly id: string } | null,
  limit: number,
): Promise<readonly HoldRow[]> {
  const { inForceAt: at } = filter
  const inForce =
    at === null
      ? sql`true`
      : sql`since <= ${timestamp(at)} and (until is null or until > ${timestamp(at)}) and (ended_at is null or ended_at > ${timestamp(at)})`
  return queries.many(sql<HoldRow>`
    select ${columns} from change_holds
    where (${filter.service}::text is null or service = ${filter.service})
      and (${filter.objective}::text is null or objective = ${filter.objective}) and ${inForce}
      and (${before === null ? sql`true` : sql`(since, id) < (${timestamp(before.since)}, ${before.id}::uuid)`})
    order by since desc, id desc limit ${limit}`)
}

export interface ExceptionRow extends ChangeException {
  readonly service: string
  readonly reason: string
  readonly askedBy: string
  readonly askedAt: Instant
  readonly approver: string | null
  readonly approvedBy: string | null
  readonly withdrawnBy: string | null
  readonly withdrawnReason: string | null
}

const exceptionColumns = sql`id, service, policy, reason, asked_by as "askedBy", asked_at as "askedAt", approver, approved_by as "approvedBy",
  approved_at as "approvedAt", starts_at as "from", until, withdrawn_at as "withdrawnAt", withdrawn_by as "withdrawnBy",
  withdrawn_reason as "withdrawnReason"`

export async function insertException(tx: Tx, row: ExceptionRow): Promise<void> {
  await tx.run(sql`
    insert into change_exceptions (id, service, policy, reason, asked_by, asked_at, approver, approved_by, approved_at, starts_at, until)
    values (${row.id}, ${row.service}, ${row.policy}, ${row.reason}, ${row.askedBy}, ${timestamp(row.askedAt)}, ${row.approver},
      ${row.approvedBy}, ${maybeAt(row.approvedAt)}, ${timestamp(row.from)}, ${timestamp(row.until)})`)
}

export async function lockException(tx: Tx, id: string): Promise<ExceptionRow | null> {
  return tx.maybe(sql<ExceptionRow>`select ${exceptionColumns} from change_exceptions where id = ${id} for update`)
}

export async function findException(queries: Queries, id: string): Promise<ExceptionRow | null> {
  return queries.maybe(sql<ExceptionRow>`select ${exceptionColumns} from change_exceptions where id = ${id}`)
}

export async function approveException(tx: Tx, id: string, by: string, at: Instant): Promise<void> {
  await tx.run(sql`update change_exceptions set approved_by = ${by}, approved_at = ${timestamp(at)} where id = ${id}`)
}

export async function withdrawException(
  tx: Tx,
  order: { readonly id: string; readonly by: string; readonly reason: string; readonly at: Instant },
): Promise<void> {
  await tx.run(sql`
    update change_exceptions set withdrawn_at = ${timestamp(order.at)}, withdrawn_by = ${order.by}, withdrawn_reason = ${order.reason}
    where id = ${order.id}`)
}

/** Newest first; `openAt`: neither withdrawn nor expired by then. */
export async function listExceptions(
  queries: Queries,
  filter: { readonly service: string | null; readonly openAt: Instant | null },
  before: { readonly askedAt: Instant; readonly id: string } | null,
  limit: number,
): Promise<readonly ExceptionRow[]> {
  const { openAt } = filter
  return queries.many(sql<ExceptionRow>`
    select ${exceptionColumns} from change_exceptions
    where (${filter.service}::text is null or service = ${filter.service})
      and (${openAt === null ? sql`true` : sql`withdrawn_at is null and until > ${timestamp(openAt)}`})
      and (${before === null ? sql`true` : sql`(asked_at, id) < (${timestamp(before.askedAt)}, ${before.id}::uuid)`})
    order by asked_at desc, id desc limit ${limit}`)
}

/** What may be in force for a service at an instant; the core decides what is. */
export async function listExceptionsAround(
  queries: Queries,
  service: string,
  at: Instant,
): Promise<readonly ExceptionRow[]> {
  return queries.many(sql<ExceptionRow>`
    select ${exceptionColumns} from change_exceptions
    where service = ${service} and starts_at <= ${timestamp(at)} and until > ${timestamp(at)} order by until desc, id limit 500`)
}

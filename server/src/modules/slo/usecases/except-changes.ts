// Exceptions: changes pass in spite of a policy, for a reason, by the word of somebody who may give it, for a while.
import type { Actor } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import { formatDuration } from '../../../kernel/duration.ts'
import { formatInstant, type Instant } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import type { EventType } from '../../../platform/journal/journal.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { findService } from '../../catalog/index.ts'
import { maySanction } from '../core/change-decision.ts'
import { type Approvers, appliesTo, type BudgetPolicy } from '../core/policy.ts'
import {
  type ExceptionRow,
  insertException,
  listExceptions,
  lockException,
  approveException as saveApproval,
  withdrawException as saveWithdrawal,
} from '../holds.store.ts'
import {
  type ChangeExceptionReply,
  type ExceptionData,
  exceptionApproved,
  exceptionAsked,
  exceptionWithdrawn,
} from '../policies.contract.ts'
import { listPolicies } from '../policies.store.ts'
import type { SloPorts } from '../slo.ports.ts'
import { readBudgets } from '../states.store.ts'
import { approversText, needPolicy, presentException } from './describe-policies.ts'
import { listScopedJourneys } from './list-scoped.ts'

const mostOpen = 50
const noGrace = 60_000

export interface AskOrder {
  readonly service: string
  readonly policy: string | null
  readonly reason: string
  readonly from: Instant | null
  readonly until: Instant
  readonly approver: string | null
  readonly actor: Actor
}

export async function askException(needs: Needs, ports: SloPorts, order: AskOrder): Promise<ChangeExceptionReply> {
  return needs.database.transaction(async (tx) => {
    const { service, policy, reason, until, actor } = order
    const found = await findService(tx, service)
    if (found === null) throw new AppError('not-found', 'slo.unknown-service', `There is no service ${service}.`)
    const now = await tx.now()
    const from = order.from ?? now
    const concerned = policy === null ? await policiesOf(tx, service) : [await needPolicy(tx, policy)]
    checkTimes({ from, until, now }, concerned)
    if ((await listExceptions(tx, { service, openAt: now }, null, mostOpen)).length >= mostOpen)
      throw new AppError('limited', 'slo.too-many-exceptions', `${service} has ${mostOpen} open exceptions already.`)
    const needed = concerned.map((each) => each.approvers)
    const own = mayApprove(actor, needed, found.team)
    const by = await shownName(tx, ports, actor)
    const approver = own ? null : await needApprover(tx, ports, order.approver, needed, found.team)
    const row: ExceptionRow = {
      ...{ id: needs.newId(), service, policy, reason, from, until, approver },
      askedBy: by,
      askedAt: now,
      approvedBy: own ? by : null,
      approvedAt: own ? now : null,
      withdrawnAt: null,
      withdrawnBy: null,
      withdrawnReason: null,
    }
    await insertException(tx, row)
    await tell(tx, needs, { row, event: own ? exceptionApproved : exceptionAsked, actor, reason })
    if (approver !== null)
      await ports.tell?.(tx, {
        occasion: `change-exception ${row.id}`,
        person: approver,
        because: `${by} asks for your word.`,
        head: `${by} asks for an exception for ${service}`,
        sentence: `Changes of ${service} should pass until ${formatInstant(until)}: ${reason}`,
        link: `${needs.publicUrl}/budget-policies`,
      })
    return presentException(row, now)
  })
}

/** Every policy of the service, whether it holds anything now or not: the exception lifts whatever comes in its time. */
async function policiesOf(tx: Tx, service: string): Promise<readonly BudgetPolicy[]> {
  const { team = null, tier = null } = (await findService(tx, service)) ?? {}
  const objectives = (await readBudgets(tx, { services: [service] })).map((each) => ({ ...each, team, tier }))
  const journeys = (await listScopedJourneys(tx)).filter((each) => each.services.includes(service))
  return (await listPolicies(tx)).filter(({ scope }) =>
    [...objectives, ...journeys].some((each) => appliesTo(scope, each)),
  )
}

const usualApprovers: Approvers = { role: 'editor', teams: [] }

function mayApprove(actor: Actor, needed: readonly Approvers[], team: string | null): boolean {
  if (actor.kind !== 'person' && actor.kind !== 'key') return false
  return (needed.length === 0 ? [usualApprovers] : needed).every((each) => maySanction(actor, each, team))
}

async function needApprover(
  tx: Tx,
  ports: SloPorts,
  name: string | null,
  needed: readonly Approvers[],
  team: string | null,
): Promise<string> {
  const who = approversText(needed[0] ?? usualApprovers)
  if (name === null)
    throw new AppError('invalid', 'slo.no-approver', `It needs the word of ${who}. Name one as \`approver\`.`, {
      faults: [{ pointer: '/approver', detail: `Name ${who}.` }],
    })
  const authority = (await ports.authorityOf?.(tx, name)) ?? null
  const isEnough =
    authority !== null &&
    (needed.length === 0 ? [usualApprovers] : needed).every((each) => maySanction(authority, each, team))
  if (!isEnough)
    throw new AppError('invalid', 'slo.insufficient-approver', `${name} may not say so: it needs ${who}.`, {
      faults: [{ pointer: '/approver', detail: `It needs ${who}.` }],
    })
  return name
}

function checkTimes(
  { from, until, now }: { readonly from: Instant; readonly until: Instant; readonly now: Instant },
  concerned: readonly BudgetPolicy[],
): void {
  const longest = Math.min(...concerned.map((each) => each.longestExceptionMs), 366 * 86_400_000)
  const detail =
    until <= now || until <= from
      ? 'It ends in the future, after it begins.'
      : from < now - noGrace
        ? 'It cannot begin in the past: what was held up then stays held up.'
        : until - Math.max(now, from) > longest
          ? `It lasts ${formatDuration(longest)} at most.`
          : null
  if (detail !== null)
    throw new AppError('invalid', 'slo.bad-exception', detail, { faults: [{ pointer: '/until', detail }] })
}

const shownName = async (queries: Queries, ports: SloPorts, actor: Actor): Promise<string> =>
  (await ports.declaredNameOf?.(queries, actor)) ?? actor.name

export async function approveException(
  needs: Needs,
  ports: SloPorts,
  order: { readonly id: string; readonly actor: Actor },
): Promise<ChangeExceptionReply> {
  return needs.database.transaction(async (tx) => {
    const row = await needException(tx, order.id)
    const now = await tx.now()
    if (row.approvedAt !== null || row.withdrawnAt !== null || row.until <= now) throw over()
    const team = (await findService(tx, row.service))?.team ?? null
    const concerned = row.policy === null ? await policiesOf(tx, row.service) : await declared(tx, row.policy)
    const needed = concerned.map((each) => each.approvers)
    if (!mayApprove(order.actor, needed, team))
      throw new AppError(
        'forbidden',
        'slo.insufficient-approver',
        `It needs the word of ${approversText(needed[0] ?? usualApprovers)}.`,
      )
    const by = await shownName(tx, ports, order.actor)
    await saveApproval(tx, row.id, by, now)
    const approved = { ...row, approvedBy: by, approvedAt: now }
    await tell(tx, needs, { row: approved, event: exceptionApproved, actor: order.actor, reason: row.reason })
    return presentException(approved, now)
  })
}

const declared = async (tx: Tx, name: string) => (await listPolicies(tx)).filter((policy) => policy.name === name)

export async function withdrawException(
  needs: Needs,
  ports: SloPorts,
  order: { readonly id: string; readonly reason: string; readonly actor: Actor },
): Promise<ChangeExceptionReply> {
  return needs.database.transaction(async (tx) => {
    const row = await needException(tx, order.id)
    const now = await tx.now()
    if (row.withdrawnAt !== null || row.until <= now) throw over()
    const by = await shownName(tx, ports, order.actor)
    await saveWithdrawal(tx, { id: row.id, by, reason: order.reason, at: now })
    const withdrawn = { ...row, withdrawnAt: now, withdrawnBy: by, withdrawnReason: order.reason }
    await tell(tx, needs, { row: withdrawn, event: exceptionWithdrawn, actor: order.actor, reason: order.reason })
    return presentException(withdrawn, now)
  })
}

const over = () =>
  new AppError('conflict', 'slo.exception-over', 'The exception is approved, expired or withdrawn already.')

async function needException(tx: Tx, id: string): Promise<ExceptionRow> {
  const row = await lockException(tx, id)
  if (row === null) throw new AppError('not-found', 'slo.unknown-exception', 'There is no such exception.')
  return row
}

async function tell(
  tx: Tx,
  needs: Needs,
  told: {
    readonly row: ExceptionRow
    readonly event: EventType<ExceptionData>
    readonly actor: Actor
    readonly reason: string
  },
): Promise<void> {
  const { row, event, actor, reason } = told
  await needs.journal.publish(tx, event, {
    actor,
    subject: { kind: 'change-exception', id: row.id },
    links: [
      { kind: 'service', id: row.service },
      ...(row.policy === null ? [] : [{ kind: 'budget-policy', id: row.policy }]),
    ],
    reason,
    data: { exception: row.id, service: row.service, policy: row.policy, until: formatInstant(row.until) },
  })
}

// What people read of policies: steps in words, what is entered, what holds changes up.
import { AppError } from '../../../kernel/app-error.ts'
import { formatInstant, type Instant } from '../../../kernel/instant.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import { isEffective } from '../core/change-decision.ts'
import {
  type Approvers,
  actionSentence,
  appliesTo,
  type BudgetPolicy,
  type Scope,
  stepSentence,
} from '../core/policy.ts'
import { type Subject, subjectOf, subjectView } from '../core/subject.ts'
import { type ActRow, type EpisodeRow, listActs, listEpisodes, listOpenEpisodes } from '../episodes.store.ts'
import { type ExceptionRow, type HoldRow, listExceptionsAround } from '../holds.store.ts'
import type { BudgetPolicyView, ChangeExceptionReply, ChangeHold, PolicyEpisode } from '../policies.contract.ts'
import { findPolicy, listPolicies } from '../policies.store.ts'
import { listPolicySubjects, type PolicySubject } from './list-scoped.ts'
import { needSubject } from './need-subject.ts'

const shownEpisodes = 100
const maybe = (at: Instant | null): string | null => (at === null ? null : formatInstant(at))

const stepsOf = ({ steps }: BudgetPolicy) =>
  steps.map((step) => ({
    name: step.name,
    sentence: stepSentence(step),
    actions: step.actions.map((action) => ({ kind: action.kind, sentence: actionSentence(action) })),
  }))

export async function describePolicies(queries: Queries): Promise<BudgetPolicyView[]> {
  const subjects = await listPolicySubjects(queries)
  const open = await listOpenEpisodes(queries)
  return (await listPolicies(queries)).map((policy) => ({
    ...viewOf(policy, subjects),
    entered: open.filter((each) => each.policy === policy.name).length,
  }))
}

export async function needPolicy(queries: Queries, name: string): Promise<BudgetPolicy> {
  const policy = await findPolicy(queries, name)
  if (policy === null) throw new AppError('not-found', 'slo.unknown-policy', `There is no error-budget policy ${name}.`)
  return policy
}

export async function describePolicy(queries: Queries, name: string) {
  const policy = await needPolicy(queries, name)
  const subjects = await listPolicySubjects(queries)
  const rows = await listEpisodes(queries, { policy: name, objective: null }, shownEpisodes)
  return {
    ...viewOf(policy, subjects),
    entered: rows.filter((row) => row.leftAt === null).length,
    approvers: approversText(policy.approvers),
    longestExceptionMs: policy.longestExceptionMs,
    appliesTo: namesOf(policy, subjects, 'objective'),
    episodes: await present(queries, rows),
  }
}

/** Of an objective by its name, or of a journey by its key. */
export async function describePoliciesOf(queries: Queries, key: string) {
  await needSubject(queries, key)
  const [scoped] = await listPolicySubjects(queries, [key])
  const policies = (await listPolicies(queries)).filter(
    (policy) => scoped !== undefined && appliesTo(policy.scope, scoped),
  )
  const episodes = await present(queries, await listEpisodes(queries, { policy: null, objective: key }, shownEpisodes))
  return policies.map((policy) => ({
    name: policy.name,
    displayName: policy.displayName,
    steps: stepsOf(policy).map((step) => {
      const own = episodes.filter((each) => each.policy === policy.name && each.step === step.name)
      return {
        ...step,
        entered: own.filter((each) => each.leftAt === null),
        last: own.find((each) => each.leftAt !== null) ?? null,
      }
    }),
  }))
}

function viewOf(policy: BudgetPolicy, subjects: readonly PolicySubject[]) {
  const { name, displayName, description, team } = policy
  return {
    ...{ name, displayName, description, team, scope: scopeText(policy.scope), steps: stepsOf(policy) },
    objectives: namesOf(policy, subjects, 'objective').length,
    journeys: namesOf(policy, subjects, 'journey'),
  }
}

const namesOf = ({ scope }: BudgetPolicy, subjects: readonly PolicySubject[], wanted: Subject['kind']): string[] =>
  subjects.flatMap((each) => {
    const { kind, name } = subjectOf(each.name)
    return kind === wanted && appliesTo(scope, each) ? [name] : []
  })

export async function present(queries: Queries, rows: readonly EpisodeRow[]): Promise<PolicyEpisode[]> {
  const acts = await listActs(
    queries,
    rows.map((row) => row.id),
  )
  return rows.map((row) => ({
    ...row,
    ...subjectView(row.objective),
    enteredAt: formatInstant(row.enteredAt),
    clearSince: maybe(row.clearSince),
    leftAt: maybe(row.leftAt),
    acts: acts.filter((each) => each.episodeId === row.id).map(presentAct),
  }))
}

const presentAct = ({ kind, at, sentence }: ActRow) => ({ kind, at: formatInstant(at), sentence })

function scopeText({ objectives, journeys, services, teams, tiers }: Scope): string {
  const parts = [
    ...objectives,
    ...journeys.map((journey) => `journey ${journey}`),
    ...services.map((service) => `service ${service}`),
    ...teams.map((team) => `team ${team}`),
    ...tiers.map((tier) => `tier ${tier}`),
  ]
  return parts.length === 0 ? 'all objectives' : parts.join(', ')
}

export function approversText({ role, teams }: Approvers): string {
  if (role === 'admin') return 'an administrator'
  const of = ['the team of the service', ...teams.map((team) => `team ${team}`)].join(' or ')
  return `${role === 'editor' ? 'an editor' : 'a responder'} of ${of}, or an administrator`
}

export function presentHold(hold: HoldRow, sanction: ExceptionRow | null): ChangeHold {
  const { id, kind, service, policy, objective, step, sentence, endsWhen, endedBecause } = hold
  return {
    ...{ id, kind, service, policy, ...subjectView(objective), step, sentence, endsWhen, endedBecause },
    allows: [...hold.allows],
    approvers: approversText(hold.approvers),
    since: formatInstant(hold.since),
    until: maybe(hold.until),
    endedAt: maybe(hold.endedAt),
    excepted:
      sanction === null
        ? null
        : {
            id: sanction.id,
            approvedBy: sanction.approvedBy ?? '',
            reason: sanction.reason,
            until: formatInstant(sanction.until),
          },
  }
}

/** Each with the exception that lifts it at an instant. */
export async function presentHolds(queries: Queries, holds: readonly HoldRow[], at: Instant): Promise<ChangeHold[]> {
  const exceptions = new Map<string, readonly ExceptionRow[]>()
  for (const service of new Set(holds.map((hold) => hold.service)))
    exceptions.set(service, await listExceptionsAround(queries, service, at))
  return holds.map((hold) => {
    const found = (exceptions.get(hold.service) ?? []).find(
      (each) => isEffective(each, at) && (each.policy === null || each.policy === hold.policy),
    )
    return presentHold(hold, hold.endedAt === null ? (found ?? null) : null)
  })
}

export function presentException(row: ExceptionRow, now: Instant): ChangeExceptionReply {
  const { id, service, policy, reason, askedBy, approver, approvedBy } = row
  return {
    ...{ id, service, policy, reason, askedBy, approver, approvedBy },
    state: stateOf(row, now),
    askedAt: formatInstant(row.askedAt),
    approvedAt: maybe(row.approvedAt),
    from: formatInstant(row.from),
    until: formatInstant(row.until),
    withdrawn:
      row.withdrawnAt === null
        ? null
        : { at: formatInstant(row.withdrawnAt), by: row.withdrawnBy ?? '', reason: row.withdrawnReason ?? '' },
  }
}

function stateOf(row: ExceptionRow, now: Instant): ChangeExceptionReply['state'] {
  if (row.withdrawnAt !== null) return 'withdrawn'
  if (row.until <= now) return 'expired'
  if (row.approvedAt === null) return 'asked'
  return isEffective(row, now) ? 'in-force' : 'planned'
}

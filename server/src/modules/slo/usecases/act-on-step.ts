// What a step does when it is entered: in the transaction that enters it, so exactly once for each episode.
import { automation } from '../../../kernel/actor.ts'
import { formatDuration } from '../../../kernel/duration.ts'
import { type Instant, plus } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { findResources } from '../../catalog/index.ts'
import {
  type Audience,
  actionSentence,
  type BudgetPolicy,
  endSentence,
  type PolicyAction,
  type PolicyStep,
} from '../core/policy.ts'
import { subjectLink, subjectPath, subjectView, subjectWords } from '../core/subject.ts'
import { insertAct, insertTask } from '../episodes.store.ts'
import { insertHold } from '../holds.store.ts'
import { policyActed } from '../policies.contract.ts'
import type { SloPorts } from '../slo.ports.ts'

export interface ActOrder {
  readonly policy: BudgetPolicy
  readonly step: PolicyStep
  readonly episode: {
    readonly id: string
    readonly policy: string
    readonly objective: string
    readonly service: string
    readonly step: string
    readonly sentence: string
    readonly enteredAt: Instant
  }
  /** Of the service, or of the journey. */
  readonly team: string | null
  /** Whose changes are held up: the objective's, or all that a journey passes through. */
  readonly services: readonly string[]
}

export const actor = automation('slo.apply-policies')

/** Subject and links of everything that is told about an episode. */
export function about(
  of: { readonly policy: string; readonly objective: string; readonly service: string },
  services: readonly string[] = of.service === '' ? [] : [of.service],
) {
  return {
    subject: { kind: 'budget-policy', id: of.policy },
    links: [subjectLink(of.objective), ...services.map((id) => ({ kind: 'service', id }))],
  }
}

export async function act(tx: Tx, needs: Needs, ports: SloPorts, order: ActOrder): Promise<void> {
  const { episode, step } = order
  for (const [position, action] of step.actions.entries()) {
    const sentence = await carryOut(tx, needs, ports, order, { action, position })
    await insertAct(tx, { episodeId: episode.id, position, kind: action.kind, at: episode.enteredAt, sentence })
    const { policy, objective, service } = episode
    await needs.journal.publish(tx, policyActed, {
      actor,
      ...about(episode, order.services),
      reason: episode.sentence,
      data: {
        policy,
        ...subjectView(objective),
        service,
        step: step.name,
        episode: episode.id,
        action: action.kind,
        sentence,
      },
    })
  }
}

interface Placed<Action extends PolicyAction = PolicyAction> {
  readonly action: Action
  readonly position: number
}

/** Answers what was done, in words. */
async function carryOut(tx: Tx, needs: Needs, ports: SloPorts, order: ActOrder, placed: Placed): Promise<string> {
  const { action, position } = placed
  switch (action.kind) {
    case 'notify':
      return tellAll(tx, needs, ports, order, { action, position })
    case 'open-task':
      return openTask(tx, needs, order, action)
    case 'require-approval':
    case 'freeze-changes':
      return hold(tx, needs, order, action)
  }
}

async function tellAll(
  tx: Tx,
  needs: Needs,
  ports: SloPorts,
  { policy, episode }: ActOrder,
  { action, position }: Placed<Extract<PolicyAction, { kind: 'notify' }>>,
): Promise<string> {
  const people = await peopleOf(tx, ports, action.to, episode.enteredAt)
  const [told, unreached]: [string[], string[]] = [[], []]
  for (const person of people) {
    const isTold = await ports.tell?.(tx, {
      occasion: `budget-policy ${episode.id} ${position}`,
      person,
      because: `The policy ${policy.displayName} says so.`,
      head: `${policy.displayName}: ${subjectWords(episode.objective)} entered ${episode.step}`,
      sentence: episode.sentence,
      link: `${needs.publicUrl}${subjectPath(episode.objective)}`,
    })
    if (isTold === true) told.push(person)
    else unreached.push(person)
  }
  if (people.length === 0) return 'Nobody was told: nobody is in what the policy names.'
  const missed = unreached.length === 0 ? '' : ` Without a contact that works: ${unreached.join(', ')}.`
  return `${told.length === 0 ? 'Nobody was told.' : `Told ${told.join(', ')}.`}${missed}`
}

/** The people behind teams, schedules and names. */
export async function peopleOf(tx: Tx, ports: SloPorts, to: Audience, at: Instant): Promise<readonly string[]> {
  const teams = await findResources(
    tx,
    to.teams.map((name) => ({ kind: 'Team', name })),
  )
  const members = teams.flatMap(({ document }) =>
    Array.isArray(document.spec.members) ? document.spec.members.filter((each) => typeof each === 'string') : [],
  )
  const onCall = to.schedules.length === 0 ? [] : ((await ports.onCallIn?.(tx, to.schedules, at)) ?? [])
  return [...new Set([...to.people, ...members, ...onCall])]
}

async function openTask(
  tx: Tx,
  needs: Needs,
  { episode, team }: ActOrder,
  { title, owner, dueMs }: Extract<PolicyAction, { kind: 'open-task' }>,
): Promise<string> {
  const { id: episodeId, policy, objective, service, sentence: because, enteredAt } = episode
  const holder = owner ?? { kind: 'team' as const, name: team }
  await insertTask(tx, {
    id: needs.newId(),
    episodeId,
    policy,
    objective,
    service,
    title,
    because,
    ownerKind: holder.kind,
    owner: holder.name,
    openedAt: enteredAt,
    dueAt: plus(enteredAt, dueMs),
  })
  const owned = service !== '' ? 'service' : 'journey'
  return `Opened the task “${title}” for ${holder.name ?? `nobody: the ${owned} has no team`}.`
}

async function hold(
  tx: Tx,
  needs: Needs,
  { policy, step, episode, services }: ActOrder,
  action: Extract<PolicyAction, { kind: 'require-approval' | 'freeze-changes' }>,
): Promise<string> {
  const { id: episodeId, objective, sentence, enteredAt } = episode
  const kind = action.kind === 'freeze-changes' ? 'freeze' : 'approval'
  for (const service of services)
    await insertHold(tx, {
      id: needs.newId(),
      episodeId,
      kind,
      service,
      policy: policy.name,
      objective,
      step: step.name,
      sentence,
      endsWhen: `${endSentence(step)}${action.lastsMs === null ? '' : ` At the latest after ${formatDuration(action.lastsMs)}.`}`,
      allows: action.allows,
      approvers: policy.approvers,
      since: enteredAt,
      until: action.lastsMs === null ? null : plus(enteredAt, action.lastsMs),
    })
  return services.length === 0
    ? 'Nothing is held up: no service of it is known.'
    : `For ${services.join(', ')}: ${actionSentence(action)}.`
}

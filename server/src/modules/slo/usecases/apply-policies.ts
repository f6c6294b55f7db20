// Applies error-budget policies to objectives and journeys: which steps begin and end, and what is done, each once. The look is made
// outside, the decision again under the policy's lock: whoever comes second finds it done.
import type { Instant } from '../../../kernel/instant.ts'
import { toNumber } from '../../../kernel/rational.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { decidePolicy, type PolicyDecision, type Standing } from '../core/decide-policy.ts'
import { appliesTo, type BudgetPolicy } from '../core/policy.ts'
import { subjectOf, subjectView } from '../core/subject.ts'
import {
  type EpisodeRow,
  holdEpisode,
  insertEpisode,
  leaveEpisode,
  listOpenEpisodes,
  listOpenOf,
} from '../episodes.store.ts'
import { endExpired, endHoldsOf } from '../holds.store.ts'
import { holdExpired, stepEntered, stepLeft } from '../policies.contract.ts'
import { listPolicies, lockPolicy, noteLook } from '../policies.store.ts'
import type { SloPorts } from '../slo.ports.ts'
import { about, act, actor } from './act-on-step.ts'
import { listPolicySubjects, type PolicySubject } from './list-scoped.ts'
import { budgetStanding, fullStanding } from './read-standing.ts'

export interface ApplyOrder {
  /** Names, and keys of journeys. Null: all, and whatever is left over of policies and objectives that are gone. */
  readonly objectives: readonly string[] | null
  /** Whether shares of causes are looked at: they cost a walk over the window's slices. */
  readonly causes: boolean
}

interface Look {
  readonly policy: string
  readonly row: PolicySubject
  readonly standing: Standing
  readonly causes: boolean
}

/** Answers how many steps began or ended. */
export async function applyPolicies(needs: Needs, ports: SloPorts, order: ApplyOrder): Promise<number> {
  const { database } = needs
  const policies = await listPolicies(database)
  const open = await listOpenEpisodes(database)
  if (policies.length === 0 && open.length === 0) return 0
  const scoped = await listPolicySubjects(database, order.objectives ?? undefined)
  let changed = 0
  const pairs = new Set<string>()
  for (const policy of policies)
    for (const row of scoped) {
      if (!appliesTo(policy.scope, row)) continue
      pairs.add(`${policy.name} ${row.name}`)
      const standing = order.causes ? await fullStanding(database, ports, policy, row) : budgetStanding(policy, row)
      if (standing === null) continue
      const own = open.filter((each) => each.policy === policy.name && each.objective === row.name)
      const look = { policy: policy.name, row, standing, causes: order.causes }
      if (isNothing(decideSeen(policy, look, own))) continue
      changed += await database.transaction((tx) => settle(tx, needs, ports, look))
    }
  if (order.objectives !== null) return changed
  for (const episode of open) {
    if (pairs.has(`${episode.policy} ${episode.objective}`)) continue
    const because = policies.some((policy) => policy.name === episode.policy)
      ? `The policy does not apply to the ${subjectOf(episode.objective).kind} any more.`
      : 'The policy is not declared any more.'
    changed += await database.transaction(async (tx) => leave(tx, needs, episode, await tx.now(), because))
  }
  await database.transaction((tx) => endLastedHolds(tx, needs))
  return changed
}

/** What was not looked at says nothing, not even that it is unknown: an episode about a cause stays as it is. */
function decideSeen(
  policy: BudgetPolicy,
  { standing, causes }: Pick<Look, 'standing' | 'causes'>,
  open: readonly EpisodeRow[],
): PolicyDecision {
  const aboutCauses = new Set(policy.steps.flatMap(({ name, when }) => (when.kind === 'remaining' ? [] : [name])))
  const seen = causes ? open : open.filter((each) => !aboutCauses.has(each.step))
  return decidePolicy(policy, standing, seen)
}

const isNothing = ({ entered, left, held }: PolicyDecision) => entered.length + left.length + held.length === 0

async function settle(tx: Tx, needs: Needs, ports: SloPorts, look: Look): Promise<number> {
  const { row, standing } = look
  const policy = await lockPolicy(tx, look.policy)
  if (policy === null || !(await noteLook(tx, policy.name, row.name, standing.asOf))) return 0
  const open = await listOpenOf(tx, policy.name, row.name)
  const { entered, left, held } = decideSeen(policy, look, open)
  const now = await tx.now()
  let changed = 0
  for (const { id, clearSince } of held) await holdEpisode(tx, id, clearSince)
  for (const { id, because } of left) {
    const episode = open.find((each) => each.id === id)
    if (episode !== undefined) changed += await leave(tx, needs, episode, now, because)
  }
  for (const each of entered) {
    const place = { policy: policy.name, service: row.service, step: each.step.name }
    const episode = {
      id: needs.newId(),
      ...place,
      objective: row.name,
      cause: each.cause,
      causeLabel: each.causeLabel,
      reading: toNumber(each.reading),
      sentence: each.sentence,
      enteredAt: now,
    }
    if (!(await insertEpisode(tx, episode))) continue
    changed += 1
    await needs.journal.publish(tx, stepEntered, {
      actor,
      ...about(episode, row.services),
      reason: each.sentence,
      data: {
        ...place,
        ...subjectView(row.name),
        episode: episode.id,
        cause: each.cause,
        reading: episode.reading,
        sentence: each.sentence,
      },
    })
    await act(tx, needs, ports, { policy, step: each.step, episode, team: row.team, services: row.services })
  }
  return changed
}

async function leave(tx: Tx, needs: Needs, episode: EpisodeRow, now: Instant, because: string): Promise<number> {
  if (!(await leaveEpisode(tx, episode.id, now, because))) return 0
  await endHoldsOf(tx, episode.id, now, because)
  const { policy, objective, service, step } = episode
  await needs.journal.publish(tx, stepLeft, {
    actor,
    ...about(episode),
    reason: because,
    data: { policy, ...subjectView(objective), service, step, episode: episode.id, sentence: because },
  })
  return 1
}

async function endLastedHolds(tx: Tx, needs: Needs): Promise<void> {
  const because = 'It lasted as long as the policy says.'
  for (const hold of await endExpired(tx, await tx.now(), because)) {
    const { policy, objective, service, step, kind } = hold
    await needs.journal.publish(tx, holdExpired, {
      actor,
      ...about(hold),
      reason: because,
      data: { policy, ...subjectView(objective), service, step, kind, hold: hold.id },
    })
  }
}

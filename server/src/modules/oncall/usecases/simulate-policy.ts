// "Who is paged if this fires on Sunday at 03:00": the real policy, schedules, contacts and rules, run ahead of time.
import { AppError } from '../../../kernel/app-error.ts'
import { formatInstant, type Instant } from '../../../kernel/instant.ts'
import type { Urgency } from '../../../kernel/severity.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { canBePaged } from '../../notifications/core/index.ts'
import { listDeliveryRows, type Reach } from '../../notifications/index.ts'
import { type EscalationPolicy, judgeReadiness, simulate } from '../core/index.ts'
import { oncallKinds } from '../kinds/kinds.ts'
import { readPolicy } from '../kinds/read-spec.ts'
import type { EscalationPolicySpec } from '../kinds/schemas.ts'
import type { OncallPorts } from '../oncall.ports.ts'
import { peekTurn } from '../oncall.store.ts'
import { findPolicy } from './choose-policy.ts'
import { loadDirectory } from './load-directory.ts'

export async function simulatePolicy(
  needs: Needs,
  ports: OncallPorts,
  order: {
    readonly name: string
    readonly at: Instant | null
    readonly urgency: Urgency
    /** As edited, not saved; null for the policy as it stands. */
    readonly spec: EscalationPolicySpec | null
  },
) {
  const { database } = needs
  const policy = order.spec === null ? await findPolicy(database, order.name) : readEdited(order.name, order.spec)
  if (policy === null) throw unknownPolicy(order.name)
  const now = await database.now()
  const at = order.at ?? now
  const { schedules, reach } = await loadDirectory(database, needs, ports.notifier, {
    policies: [policy],
    people: [],
    at,
  })
  const turn = await peekTurn(database, order.name)
  const { messages, trace, findings, complete } = simulate({
    policy,
    schedules,
    people: reach,
    at,
    urgency: order.urgency,
    turn,
  })
  const labels = new Map(
    [...reach.values()].flatMap(({ person, contacts }) => contacts.map((each) => [`${person} ${each.id}`, each.label])),
  )
  return {
    at: formatInstant(at),
    steps: messages.map((each) => ({
      ...each,
      at: formatInstant(each.at),
      contact: labels.get(`${each.person} ${each.contact}`) ?? each.contact,
    })),
    trace: trace.map((each) => ({ ...each, at: formatInstant(each.at) })),
    findings: findings.map((each) => ({ ...each })),
    readiness: await readinessOf(
      database,
      [...new Set(messages.map((each) => each.person)), ...silentOf(policy, reach)],
      reach,
      now,
    ),
    complete,
  }
}

function readEdited(name: string, spec: EscalationPolicySpec): EscalationPolicy {
  const document = { apiVersion: 'mainstay.dev/v1', kind: 'EscalationPolicy', metadata: { name }, spec }
  const faults = oncallKinds.find((each) => each.kind === 'EscalationPolicy')?.admit(document).faults ?? []
  if (faults.length > 0)
    throw new AppError('invalid', 'oncall.policy-refused', 'The policy cannot be kept as it is.', { faults })
  return readPolicy(document)
}

/** Named by the policy and unreachable: they get no message, which is what has to be seen. */
function silentOf(policy: EscalationPolicy, reach: ReadonlyMap<string, Reach>): readonly string[] {
  const named = policy.levels.flatMap((level) =>
    level.targets.flatMap((each) => (each.kind === 'person' ? [each.person] : [])),
  )
  const all = [...new Set([...named, ...(policy.fallbackOwner === null ? [] : [policy.fallbackOwner])])]
  return all.filter((person) => !canBePaged(reach.get(person)?.contacts ?? []))
}

const mostPeople = 50
/** The newest messages of a person: enough to hold the last one that left. */
const looksBack = 50

async function readinessOf(
  queries: Queries,
  people: readonly string[],
  reach: ReadonlyMap<string, Reach>,
  now: Instant,
) {
  const found = []
  for (const person of people.slice(0, mostPeople)) {
    const rows = await listDeliveryRows(queries, { alertId: null, pageId: null, person }, null, looksBack)
    const reached = rows.flatMap(({ phase, contact, endedAt }) =>
      phase === 'sent' && endedAt !== null ? [{ contact, at: endedAt }] : [],
    )
    const mine = reach.get(person)
    const { state, sentences, lastReachedAt } = judgeReadiness(
      mine ?? { contacts: [], rules: { high: [], low: [] } },
      reached,
      now,
    )
    found.push({
      person,
      state,
      sentences: [...sentences],
      channels: (mine?.contacts ?? []).map(({ kind, label, verified }) => ({ kind, label, verified })),
      lastReachedAt: lastReachedAt === null ? null : formatInstant(lastReachedAt),
    })
  }
  return found
}

export const unknownPolicy = (name: string): AppError =>
  new AppError('not-found', 'oncall.unknown-policy', `There is no escalation policy ${name}.`)

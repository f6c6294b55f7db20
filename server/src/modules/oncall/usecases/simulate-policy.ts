// "Who is paged if this fires on Sunday at 03:00": the real policy, schedules, contacts and rules, run ahead of time.
import { AppError } from '../../../kernel/app-error.ts'
import { formatInstant, type Instant } from '../../../kernel/instant.ts'
import type { Urgency } from '../../../kernel/severity.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { canBePaged } from '../../notifications/core/index.ts'
import { listDeliveryRows, type Reach } from '../../notifications/index.ts'
import { type EscalationPolicy, judgeReadiness, simulate, type Teams } from '../core/index.ts'
import { oncallKinds } from '../kinds/kinds.ts'
import { readPolicy } from '../kinds/read-spec.ts'
import type { EscalationPolicySpec } from '../kinds/schemas.ts'
import type { OncallPorts } from '../oncall.ports.ts'
import { peekTurn } from '../oncall.store.ts'
import { alsoTelling, type ChosenPolicy, choosePolicy, findPolicy, lastResortPolicy } from './choose-policy.ts'
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
  const policy = order.spec === null ? await findPolicy(needs.database, order.name) : readEdited(order.name, order.spec)
  if (policy === null) throw unknownPolicy(order.name)
  const { found } = await run(needs, ports, { policy, turnOf: order.name, at: order.at, urgency: order.urgency })
  return found
}

/** Whom an alert of this service would page at an instant, by the policy that would be chosen for it, as when it is opened. */
export async function simulatePaging(
  needs: Needs,
  ports: OncallPorts,
  of: {
    readonly service: string | null
    readonly team: string | null
    readonly urgency: Urgency
    readonly at: Instant
  },
) {
  const { database } = needs
  const by = async ({ policy, because }: ChosenPolicy) => {
    const { found, unrouted } = await run(needs, ports, {
      ...{ policy, turnOf: policy.name, at: of.at, urgency: of.urgency },
    })
    return { policy: policy.name, because, reaches: !unrouted, ...found }
  }
  const chosen = await choosePolicy(database, ports, { policy: null, service: of.service, team: of.team })
  const own = await by(chosen)
  if (own.reaches) return own
  const resort = alsoTelling(await lastResortPolicy(database, ports), chosen.policy)
  const because = `policy ${own.policy} (${own.because}) reaches nobody; ${resort.because}`
  const other = await by({ ...resort, because })
  return other.reaches ? other : own
}

async function run(
  needs: Needs,
  ports: OncallPorts,
  order: {
    readonly policy: EscalationPolicy
    readonly turnOf: string
    readonly at: Instant | null
    readonly urgency: Urgency
  },
) {
  const { database } = needs
  const { policy } = order
  const now = await database.now()
  const at = order.at ?? now
  const { schedules, teams, webhooks, reach } = await loadDirectory(database, needs, ports.notifier, {
    policies: [policy],
    people: [],
    at,
  })
  const turn = await peekTurn(database, order.turnOf)
  const run = simulate({
    policy,
    schedules,
    people: reach,
    teams,
    webhooks,
    at,
    urgency: order.urgency,
    turn,
  })
  const { messages, trace, findings, unrouted, complete } = run
  const labels = new Map(
    [...reach.values()].flatMap(({ person, contacts }) => contacts.map((each) => [`${person} ${each.id}`, each.label])),
  )
  const found = {
    at: formatInstant(at),
    steps: messages.map((each) => ({
      ...each,
      at: formatInstant(each.at),
      contact: labels.get(`${each.person} ${each.contact}`) ?? each.contact,
    })),
    webhooks: run.webhooks.map((each) => ({ ...each, at: formatInstant(each.at) })),
    trace: trace.map((each) => ({ ...each, at: formatInstant(each.at) })),
    findings: findings.map((each) => ({ ...each })),
    readiness: await readinessOf(
      database,
      [...new Set(messages.map((each) => each.person)), ...silentOf(policy, teams, reach)],
      reach,
      now,
    ),
    complete,
  }
  return { found, unrouted }
}

function readEdited(name: string, spec: EscalationPolicySpec): EscalationPolicy {
  const document = { apiVersion: 'mainstay.dev/v1', kind: 'EscalationPolicy', metadata: { name }, spec }
  const faults = oncallKinds.find((each) => each.kind === 'EscalationPolicy')?.admit(document).faults ?? []
  if (faults.length > 0)
    throw new AppError('invalid', 'oncall.policy-refused', 'The policy cannot be kept as it is.', { faults })
  return readPolicy(document)
}

/** Named by the policy and unreachable: they get no message, which is what has to be seen. */
function silentOf(policy: EscalationPolicy, teams: Teams, reach: ReadonlyMap<string, Reach>): readonly string[] {
  const named = policy.levels.flatMap((level) =>
    level.targets.flatMap((each) =>
      each.kind === 'person' ? [each.person] : each.kind === 'team' ? (teams.get(each.team) ?? []) : [],
    ),
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

// Which policy an alert is paged by. There is always an answer: an alert that reaches nobody is the worst outcome.
import { minute } from '../../../kernel/duration.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import { describeTeam, findResource, findService } from '../../catalog/index.ts'
import { defaultAckTimeoutMs, type EscalationPolicy, type Level, type Target } from '../core/index.ts'
import { readPolicy } from '../kinds/read-spec.ts'
import type { OncallPorts } from '../oncall.ports.ts'

/** The policy of this name is for everything that names none. */
export const defaultPolicyName = 'default'

export interface ChosenPolicy {
  readonly policy: EscalationPolicy
  readonly because: string
}

interface Asked {
  readonly policy: string | null
  readonly service: string | null
  readonly team: string | null
}

/** Where the answers come from: the database, or what was read from it before. */
export interface PolicyLook {
  readonly service: (
    name: string,
  ) => Promise<{ readonly escalationPolicy: string | null; readonly team: string | null } | null>
  readonly policy: (name: string) => Promise<EscalationPolicy | null>
  readonly team: (name: string) => Promise<{ readonly lead: string | null; readonly members: readonly string[] } | null>
  readonly lastResort: () => Promise<readonly string[]>
}

export async function choosePolicy(
  queries: Queries,
  ports: Pick<OncallPorts, 'lastResort'>,
  of: Asked,
): Promise<ChosenPolicy> {
  return choosePolicyBy(
    {
      service: (name) => findService(queries, name),
      policy: (name) => findPolicy(queries, name),
      team: async (name) => {
        const found = await describeTeam(queries, name).catch(() => null)
        return found === null ? null : { lead: found.lead, members: found.members.map((member) => member.name) }
      },
      lastResort: () => ports.lastResort(queries),
    },
    of,
  )
}

export async function choosePolicyBy(look: PolicyLook, of: Asked): Promise<ChosenPolicy> {
  const service = of.service === null ? null : await look.service(of.service)
  const missing: string[] = []
  const candidates = [
    { name: of.policy, because: 'asked for by name' },
    { name: service?.escalationPolicy ?? null, because: `named by service ${of.service}` },
    { name: defaultPolicyName, because: 'the default policy' },
  ]
  for (const { name, because } of candidates) {
    if (name === null) continue
    const policy = await look.policy(name)
    if (policy !== null) return { policy, because: [...missing, because].join('; ') }
    missing.push(`there is no policy ${name}`)
  }
  const team = service?.team ?? of.team
  const found = team === null ? null : await look.team(team)
  if (found !== null && found.members.length > 0) {
    const lead = found.lead
    const rest = found.members.filter((name) => name !== lead)
    const levels = [lead === null ? [] : [lead], rest].filter((people) => people.length > 0)
    return {
      policy: policyOf(`team ${team}`, levels.map(peopleOf)),
      because: [...missing, `the people of team ${team}`].join('; '),
    }
  }
  const { policy, because } = administratorsPolicy(await look.lastResort())
  return { policy, because: [...missing, 'nobody owns it', because].join('; ') }
}

/** Also for a policy that turns out to reach nobody at all. */
export async function lastResortPolicy(
  queries: Queries,
  ports: Pick<OncallPorts, 'lastResort'>,
): Promise<ChosenPolicy> {
  return administratorsPolicy(await ports.lastResort(queries))
}

/** Machines that the policy names hear of it also when other people do. */
export function alsoTelling(resort: ChosenPolicy, { levels }: EscalationPolicy): ChosenPolicy {
  const webhooks = levels.flatMap((level) => level.targets.filter((each) => each.kind === 'webhook'))
  const [first, ...rest] = resort.policy.levels
  if (webhooks.length === 0 || first === undefined) return resort
  const told = { ...first, targets: [...first.targets, ...webhooks] }
  return { ...resort, policy: { ...resort.policy, levels: [told, ...rest] } }
}

export function administratorsPolicy(people: readonly string[]): ChosenPolicy {
  return {
    policy: policyOf('administrators', people.length === 0 ? [] : [peopleOf(people)]),
    because: 'the administrators',
  }
}

export async function findPolicy(queries: Queries, name: string): Promise<EscalationPolicy | null> {
  const stored = await findResource(queries, { kind: 'EscalationPolicy', name })
  return stored === null ? null : readPolicy(stored.document)
}

const peopleOf = (people: readonly string[]): readonly Target[] => people.map((person) => ({ kind: 'person', person }))

/** For who is named without a policy of their own. */
export function policyOf(name: string, levels: readonly (readonly Target[])[]): EscalationPolicy {
  return {
    name,
    levels: levels.map((targets): Level => ({ targets, waitMs: 5 * minute, strategy: 'everyone' })),
    repeat: 3,
    ackTimeoutMs: defaultAckTimeoutMs,
    pageOnHandOver: false,
    fallbackOwner: null,
  }
}

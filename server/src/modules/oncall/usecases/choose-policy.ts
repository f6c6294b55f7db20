// Which policy an alert is paged by. There is always an answer: an alert that reaches nobody is the worst outcome.
import { minute } from '../../../kernel/duration.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import { describeTeam, findResource, findService } from '../../catalog/index.ts'
import { defaultAckTimeoutMs, type EscalationPolicy, type Level } from '../core/index.ts'
import { readPolicy } from '../kinds/read-spec.ts'
import type { OncallPorts } from '../oncall.ports.ts'

/** The policy of this name is for everything that names none. */
export const defaultPolicyName = 'default'

export interface ChosenPolicy {
  readonly policy: EscalationPolicy
  readonly because: string
}

export async function choosePolicy(
  queries: Queries,
  ports: Pick<OncallPorts, 'lastResort'>,
  of: { readonly policy: string | null; readonly service: string | null; readonly team: string | null },
): Promise<ChosenPolicy> {
  const service = of.service === null ? null : await findService(queries, of.service)
  const missing: string[] = []
  const candidates = [
    { name: of.policy, because: 'asked for by name' },
    { name: service?.escalationPolicy ?? null, because: `named by service ${of.service}` },
    { name: defaultPolicyName, because: 'the default policy' },
  ]
  for (const { name, because } of candidates) {
    if (name === null) continue
    const policy = await findPolicy(queries, name)
    if (policy !== null) return { policy, because: [...missing, because].join('; ') }
    missing.push(`there is no policy ${name}`)
  }
  const team = service?.team ?? of.team
  const found = team === null ? null : await describeTeam(queries, team).catch(() => null)
  if (found !== null && found.members.length > 0) {
    const lead = found.lead
    const rest = found.members.map((member) => member.name).filter((name) => name !== lead)
    const levels = [lead === null ? [] : [lead], rest].filter((people) => people.length > 0)
    return { policy: policyOf(`team ${team}`, levels), because: [...missing, `the people of team ${team}`].join('; ') }
  }
  const { policy, because } = await lastResortPolicy(queries, ports)
  return { policy, because: [...missing, 'nobody owns it', because].join('; ') }
}

/** Also for a policy that turns out to reach nobody at all. */
export async function lastResortPolicy(
  queries: Queries,
  ports: Pick<OncallPorts, 'lastResort'>,
): Promise<ChosenPolicy> {
  const people = await ports.lastResort(queries)
  return { policy: policyOf('administrators', people.length === 0 ? [] : [people]), because: 'the administrators' }
}

export async function findPolicy(queries: Queries, name: string): Promise<EscalationPolicy | null> {
  const stored = await findResource(queries, { kind: 'EscalationPolicy', name })
  return stored === null ? null : readPolicy(stored.document)
}

function policyOf(name: string, levels: readonly (readonly string[])[]): EscalationPolicy {
  return {
    name,
    levels: levels.map(
      (people): Level => ({
        targets: people.map((person) => ({ kind: 'person', person })),
        waitMs: 5 * minute,
        strategy: 'everyone',
      }),
    ),
    repeat: 3,
    ackTimeoutMs: defaultAckTimeoutMs,
    pageOnHandOver: false,
    fallbackOwner: null,
  }
}

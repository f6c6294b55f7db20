// Who there is to page: people, contacts, personal rules, rotations in real time zones, policies, services. Made from
// the seed; small enough to read, odd enough to be worth paging.
import { day, hour, minute } from '../../src/kernel/duration.ts'
import { type Instant, instant } from '../../src/kernel/instant.ts'
import { tiers } from '../../src/kernel/severity.ts'
import type { Dependency } from '../../src/modules/catalog/core/index.ts'
import type { Contact, ContactKind, PersonalRules } from '../../src/modules/notifications/core/index.ts'
import type { EscalationPolicy, Level, Schedule, Target, TurnRotation } from '../../src/modules/oncall/core/index.ts'
import { administrator, defaultPolicyName, machines } from './product/escalating.ts'
import type { PersonRow, ServiceRow, TeamRow } from './product/rows.ts'
import type { Random } from './random.ts'

export interface Organisation {
  readonly start: Instant
  readonly people: readonly PersonRow[]
  readonly schedules: readonly Schedule[]
  readonly teams: readonly TeamRow[]
  readonly policies: readonly EscalationPolicy[]
  readonly services: readonly ServiceRow[]
  readonly dependencies: readonly Dependency[]
}

export const kinds: readonly ContactKind[] = ['webpush', 'ntfy', 'sms', 'email']
const zones = [
  'UTC',
  'Europe/Berlin',
  'Europe/Dublin',
  'America/New_York',
  'America/St_Johns',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Africa/Casablanca',
] as const
// Shortly before clocks change somewhere, and any other day.
const starts = [Date.UTC(2026, 2, 5), Date.UTC(2026, 9, 5), Date.UTC(2027, 2, 8), Date.UTC(2026, 5, 1)] as const
export const teams = ['blue', 'green'] as const

export function organisationOf(random: Random): Organisation {
  const start = instant(random.pick(starts) + random.whole(0, 10) * day + random.whole(0, 24 * 60) * minute)
  const names = Array.from({ length: random.whole(4, 8) }, (_, index) => `person-${index + 1}`)
  const people = [...names.map((name) => personOf(random, name)), administratorOf()]
  const schedules = Array.from({ length: random.whole(1, 3) }, (_, index) =>
    scheduleOf(random, `rota-${index + 1}`, names, start),
  )
  const known = schedules.map((each) => each.name)
  const policies = [defaultPolicyName, 'first', 'second', 'third']
    .slice(0, random.whole(2, 4))
    .map((name) => policyOf(random, name, names, known))
  const services = Array.from(
    { length: random.whole(3, 6) },
    (_, index): ServiceRow => ({
      name: `service-${index + 1}`,
      team: random.pick(teams),
      tier: random.pick(tiers),
      policy: random.chance(0.85) ? random.pick(policies).name : null,
    }),
  )
  const dependencies = services.flatMap(({ name }, index): Dependency[] => {
    const to = services[random.whole(0, services.length - 1)]?.name ?? name
    return index > 0 && to !== name && random.chance(0.4) ? [{ from: name, to, strength: 'hard' }] : []
  })
  const inTeams = teams.map((name) => ({ name, people: random.shuffle(names).slice(0, random.whole(0, 3)) }))
  return { start, people, schedules, teams: inTeams, policies, services, dependencies }
}

/** The last resort: always reachable, and quickly. */
function administratorOf(): PersonRow {
  const email: Contact = { id: 'email', kind: 'email', label: administrator, verified: true }
  return { name: administrator, contacts: [email], rules: { high: [], low: [] } }
}

function personOf(random: Random, name: string): PersonRow {
  const email: Contact = { id: 'email', kind: 'email', label: name, verified: random.chance(0.9) }
  const saved = kinds
    .filter((kind) => kind !== 'email' && random.chance(0.55))
    .map((kind): Contact => ({ id: `${kind}-1`, kind, label: name, verified: random.chance(0.85) }))
  const contacts = [email, ...saved]
  return { name, contacts, rules: rulesOf(random, contacts) }
}

export function rulesOf(random: Random, contacts: readonly Contact[]): PersonalRules {
  if (random.chance(0.35)) return { high: [], low: [] }
  const steps = (least: number) =>
    Array.from({ length: random.whole(least, 4) }, (_, index) => ({
      delayMs: index === 0 && random.chance(0.85) ? 0 : random.pick([1, 2, 3, 5, 10]) * minute,
      contact: random.pick(contacts).id,
    }))
  return { high: steps(1), low: steps(0) }
}

function scheduleOf(random: Random, name: string, names: readonly string[], start: Instant): Schedule {
  const rotations = Array.from({ length: random.chance(0.25) ? 2 : 1 }, (_, index) =>
    rotationOf(random, `${name}-${index + 1}`, names, start),
  )
  return { name, rotations, overrides: [] }
}

function rotationOf(random: Random, name: string, names: readonly string[], start: Instant): TurnRotation {
  const order = random.shuffle(names).slice(0, random.whole(2, 4))
  const members = order.map((person) => ({ person: random.chance(0.04) ? null : person }))
  const date = new Date(start - random.whole(0, 40) * day).toISOString().slice(0, 10)
  const time = random.pick(['09:00', '08:30', '17:00', '00:00', '20:00'])
  const turn = { unit: random.chance(0.7) ? 'day' : 'week', every: random.chance(0.85) ? 1 : 2 } as const
  return { name, zone: random.pick(zones), members, start: `${date}T${time}`, turn }
}

export function policyOf(
  random: Random,
  name: string,
  names: readonly string[],
  schedules: readonly string[],
): EscalationPolicy {
  const target = (): Target =>
    random.chance(0.6)
      ? { kind: 'schedule', schedule: random.pick(schedules) }
      : random.chance(0.2)
        ? { kind: 'team', team: random.pick(teams) }
        : { kind: 'person', person: random.pick(names) }
  const levels = Array.from({ length: random.whole(1, 3) }, (): Level => {
    const targets = Array.from({ length: random.whole(1, 2) }, target)
    const waitMs = random.pick([1, 2, 5, 5, 10, 15]) * minute
    return { targets, waitMs, strategy: random.chance(0.25) ? 'round-robin' : 'everyone' }
  })
  return {
    name,
    levels,
    repeat: random.whole(0, 2),
    ackTimeoutMs: random.chance(0.3) ? null : random.pick([10, 30, 60]) * minute,
    pageOnHandOver: random.chance(0.6),
    fallbackOwner: random.chance(0.8) ? administrator : null,
  }
}

/** With a chance of its own, so that what people are asked stays as it was: machines beside people, and before them. */
export function withMachines(random: Random, policy: EscalationPolicy): EscalationPolicy {
  const named = [...machines]
  const levels = policy.levels.flatMap((level): Level[] => {
    const machine = { kind: 'webhook', webhook: random.pick(named) } as const
    const way = random.next()
    if (way < 0.25) return [{ ...level, targets: [...level.targets, machine] }]
    if (way < 0.4) return [{ ...level, targets: [machine] }, level]
    return way < 0.45 ? [{ ...level, targets: [machine] }] : [level]
  })
  return { ...policy, levels }
}

export const longestOverrideMs = 12 * hour

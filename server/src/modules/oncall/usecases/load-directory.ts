// Reads what an escalation may ask about people: schedules with their overrides, and who can be reached.
import { day } from '../../../kernel/duration.ts'
import { type Instant, plus } from '../../../kernel/instant.ts'
import type { JsonObject } from '../../../kernel/json.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { findResources, type StoredResource } from '../../catalog/index.ts'
import { canBePaged } from '../../notifications/core/index.ts'
import type { Notifier, Reach } from '../../notifications/index.ts'
import {
  checkSchedule,
  type Directory,
  directoryOf,
  type EscalationPolicy,
  type Schedule,
  type Teams,
} from '../core/index.ts'
import { readSchedule } from '../kinds/read-spec.ts'
import { listOverrides, type OverrideRow, toOverride } from '../overrides.store.ts'

/** As far ahead as a hand-over during a page is looked for. */
export const directoryHorizonMs = 8 * day

export async function loadSchedules(
  queries: Queries,
  log: Needs['log'],
  names: readonly string[],
  from: Instant,
  to: Instant,
): Promise<readonly Schedule[]> {
  const stored = await findResources(
    queries,
    [...new Set(names)].map((name) => ({ kind: 'Schedule', name })),
  )
  return toSchedules(log, stored, await listOverrides(queries, names, from, to))
}

/** A schedule that cannot be computed counts as empty: its level is skipped and said so, and the page goes on. */
export function toSchedules(
  log: Needs['log'],
  stored: readonly StoredResource[],
  overrides: readonly OverrideRow[],
): readonly Schedule[] {
  return stored.map((each) => {
    const own = overrides.filter((row) => row.schedule === each.name).map(toOverride)
    const schedule = readSchedule(each.document, own)
    const faults = checkSchedule(schedule)
    if (faults.length === 0) return schedule
    // An override may name a rotation that was renamed since; the rota itself still holds.
    const bare = { ...schedule, overrides: [] }
    log.error('A schedule does not hold as it is stored.', { schedule: each.name, fault: faults[0]?.detail })
    return checkSchedule(bare).length === 0 ? bare : { ...bare, rotations: [] }
  })
}

/** Who is in each of these teams, the lead first. */
export async function loadTeamPeople(queries: Queries, names: readonly string[]): Promise<Teams> {
  if (names.length === 0) return new Map()
  const stored = await findResources(
    queries,
    [...new Set(names)].map((name) => ({ kind: 'Team', name })),
  )
  return new Map(stored.map(({ name, document: { spec } }) => [name, peopleOfTeam(spec)]))
}

export function peopleOfTeam({ lead, members }: JsonObject): readonly string[] {
  const all = [lead, ...(Array.isArray(members) ? members : [])]
  return [...new Set(all.filter((each): each is string => typeof each === 'string'))]
}

export interface Loaded {
  readonly directory: Directory
  readonly schedules: readonly Schedule[]
  readonly teams: Teams
  readonly webhooks: ReadonlySet<string>
  readonly reach: ReadonlyMap<string, Reach>
}

export async function loadDirectory(
  queries: Queries,
  needs: Pick<Needs, 'log'>,
  notifier: Pick<Notifier, 'reachOf' | 'knownWebhooks'>,
  of: { readonly policies: readonly EscalationPolicy[]; readonly people: readonly string[]; readonly at: Instant },
): Promise<Loaded> {
  const targets = of.policies.flatMap((policy) => policy.levels.flatMap((level) => level.targets))
  const names = targets.flatMap((target) => (target.kind === 'schedule' ? [target.schedule] : []))
  const horizon = plus(of.at, directoryHorizonMs)
  const [schedules, teams] = await Promise.all([
    loadSchedules(queries, needs.log, names, plus(of.at, -day), horizon),
    loadTeamPeople(
      queries,
      targets.flatMap((target) => (target.kind === 'team' ? [target.team] : [])),
    ),
  ])
  const people = new Set([
    ...of.people,
    ...targets.flatMap((target) => (target.kind === 'person' ? [target.person] : [])),
    ...of.policies.flatMap((policy) => (policy.fallbackOwner === null ? [] : [policy.fallbackOwner])),
    ...schedules.flatMap((schedule) => [
      ...schedule.rotations.flatMap((rotation) => rotation.members.flatMap((member) => member.person ?? [])),
      ...(schedule.shifts ?? []).map((shift) => shift.person),
      ...schedule.overrides.map((override) => override.person),
    ]),
    ...[...teams.values()].flat(),
  ])
  const named = targets.flatMap((target) => (target.kind === 'webhook' ? [target.webhook] : []))
  const [webhooks, reach] = await Promise.all([
    notifier.knownWebhooks(queries, named),
    notifier.reachOf(queries, [...people]),
  ])
  const canReach = (person: string) => canBePaged(reach.get(person)?.contacts ?? [])
  const directory = directoryOf(schedules, canReach, directoryHorizonMs, teams, webhooks)
  return { directory, schedules, teams, webhooks, reach }
}

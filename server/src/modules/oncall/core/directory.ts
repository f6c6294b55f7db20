// What an escalation may ask about people at the instant of a step. Schedules are read at step time, never before.
import { day } from '../../../kernel/duration.ts'
import type { Instant } from '../../../kernel/instant.ts'
import { nextHandOver } from './hand-over.ts'
import { peopleOnCallAt, type Schedule } from './schedule.ts'

export interface Directory {
  /** Empty when nobody is on call or there is no such schedule. */
  readonly onCall: (schedule: string, at: Instant) => readonly string[]
  /** The next instant at which that answer changes, if it is near enough to matter; null otherwise. */
  readonly changesAt: (schedule: string, at: Instant) => Instant | null
  /** Everybody of a team, its lead first; empty when there is no such team. */
  readonly inTeam: (team: string) => readonly string[]
  /** False for someone deleted, disabled, or without a verified contact. */
  readonly canReach: (person: string) => boolean
  /** False for one that was removed since the policy was copied. */
  readonly hasWebhook: (webhook: string) => boolean
}

export type Teams = ReadonlyMap<string, readonly string[]>

export function directoryOf(
  schedules: readonly Schedule[],
  canReach: (person: string) => boolean,
  horizonMs = 8 * day,
  teams: Teams = new Map(),
  webhooks: ReadonlySet<string> = new Set(),
): Directory {
  const byName = new Map(schedules.map((each) => [each.name, each]))
  return {
    onCall: (name, at) => {
      const schedule = byName.get(name)
      return schedule === undefined ? [] : peopleOnCallAt(schedule, at)
    },
    changesAt: (name, at) => {
      const schedule = byName.get(name)
      return schedule === undefined ? null : (nextHandOver(schedule, at, horizonMs)?.at ?? null)
    },
    inTeam: (name) => teams.get(name) ?? [],
    canReach,
    hasWebhook: (name) => webhooks.has(name),
  }
}

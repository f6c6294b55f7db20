// When a postmortem is due, and why then: the days its severity has, by the calendar its team keeps.
import { day } from '../../../kernel/duration.ts'
import { type Instant, plus } from '../../../kernel/instant.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import { readPolicy } from '../../incidents/index.ts'
import { instantOf, wall, wallAt } from '../../oncall/core/index.ts'
import { addWorkingDays, holidaysBetween, ruleFor, utcDays, type WorkDays } from '../core/index.ts'
import { readPolicyOfReviews } from '../kinds/postmortem-policy.ts'
import type { PostmortemsPorts } from '../postmortems.ports.ts'

type Ports = Pick<PostmortemsPorts, 'holidaysOf'>

// 60 working days with the longest holidays of the world fit into it.
const aheadMs = 180 * day

export interface TeamDays {
  readonly days: WorkDays
  /** In words; null: Monday to Friday in UTC, because nobody keeps holidays. */
  readonly calendar: string | null
}

export async function workDaysOf(queries: Queries, ports: Ports, team: string | null, now: Instant): Promise<TeamDays> {
  const { teams, everyone } = (await readPolicyOfReviews(queries)).calendars
  const schedule = (team === null ? undefined : teams[team]) ?? everyone
  const window = { start: plus(now, -day), end: plus(now, aheadMs) }
  const kept = (await ports.holidaysOf?.(queries, { schedule, team }, window)) ?? null
  if (kept === null) return { days: utcDays, calendar: null }
  const { zone, holidays } = kept
  const days: WorkDays = {
    localOf: (at) => wallAt(zone, at),
    instantOf: (local) => instantOf(zone, wall(local)),
    holidays,
  }
  return { days, calendar: `${kept.schedule} (${zone})` }
}

export async function dueOf(
  queries: Queries,
  ports: Ports,
  of: { readonly severity: string; readonly team: string | null; readonly now: Instant },
): Promise<{ readonly dueAt: Instant; readonly because: string }> {
  const { severity, team, now } = of
  const own = ruleFor(await readPolicyOfReviews(queries), severity).dueDays
  const count = own ?? (await readPolicy(queries)).postmortemDueDays
  const { days, calendar } = await workDaysOf(queries, ports, team, now)
  const dueAt = addWorkingDays(now, count, days)
  const left = holidaysBetween(now, dueAt, days)
  const working = `${count} working ${count === 1 ? 'day' : 'days'}`
  const by = calendar === null ? 'Monday to Friday in UTC' : `by the calendar of ${calendar}`
  const without = left === 0 ? '' : `, without ${left} ${left === 1 ? 'holiday' : 'holidays'}`
  return { dueAt, because: `${working}${own === null ? '' : ` for ${severity}`}, ${by}${without}.` }
}

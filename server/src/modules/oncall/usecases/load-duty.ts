// Who of a team was on call when, and what paged them: what health and pay are counted from.
import { day } from '../../../kernel/duration.ts'
import { type Instant, plus } from '../../../kernel/instant.ts'
import type { Interval } from '../../../kernel/interval.ts'
import type { JsonValue } from '../../../kernel/json.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { listByKind, type StoredResource } from '../../catalog/index.ts'
import { listHolidays } from '../calendars.store.ts'
import { daysElsewhere, knownZone, type OnCallTerms, type PersonDuty, type Schedule } from '../core/index.ts'
import { termsOf } from '../kinds/read-terms.ts'
import type { OncallPorts } from '../oncall.ports.ts'
import { listPersonPages } from '../oncall.store.ts'
import { listOverrides } from '../overrides.store.ts'
import { type FinalRecord, recallFinal } from './keep-history.ts'
import { holidaysOf } from './lint-schedule.ts'
import { toSchedules } from './load-directory.ts'

const mostTeams = 1_000
const mostSchedules = 500
const mostTerms = 1_000
/** A stretch of duty begins where its shift began, which may be before the time that is asked for. */
export const leadMs = 8 * day

const text = (value: JsonValue | undefined): string | null => (typeof value === 'string' ? value : null)
const texts = (value: JsonValue | undefined): readonly string[] =>
  Array.isArray(value) ? value.flatMap((each) => text(each) ?? []) : []

export interface DutyTeam {
  readonly name: string
  readonly displayName: string
  readonly lead: string | null
  readonly members: readonly string[]
}

export interface ScheduleDuty extends FinalRecord {
  readonly name: string
  readonly displayName: string
  readonly team: string
  readonly zone: string
  readonly schedule: Schedule
  readonly holidays: readonly Interval[]
}

export async function loadTeams(queries: Queries): Promise<readonly DutyTeam[]> {
  return (await listByKind(queries, 'Team', null, mostTeams)).map(({ name, document: { metadata, spec } }) => ({
    name,
    displayName: metadata.displayName ?? name,
    lead: text(spec.lead),
    members: texts(spec.members),
  }))
}

export async function loadTerms(queries: Queries): Promise<(team: string | null) => OnCallTerms> {
  const documents = (await listByKind(queries, 'OnCallTerms', null, mostTerms)).map((each) => each.document)
  return (team) => termsOf(documents, team)
}

/** Schedules of one team, or of all teams, with who was on call: behind now by the record. */
export async function loadDuties(
  needs: Pick<Needs, 'database' | 'log'>,
  team: string | null,
  window: Interval,
): Promise<readonly ScheduleDuty[]> {
  const { database, log } = needs
  const stored = (await listByKind(database, 'Schedule', null, mostSchedules)).filter(({ document: { spec } }) =>
    team === null ? text(spec.team) !== null : text(spec.team) === team,
  )
  const wide = { start: plus(window.start, -leadMs), end: window.end }
  const names = stored.map((each) => each.name)
  const overrides = await listOverrides(database, names, wide.start, wide.end)
  const schedules = new Map(toSchedules(log, stored, overrides).map((each) => [each.name, each]))
  const found: ScheduleDuty[] = []
  for (const each of stored) {
    const schedule = schedules.get(each.name)
    if (schedule !== undefined) found.push(await dutyOf(database, each, schedule, wide))
  }
  return found
}

/** Of one schedule, whether it has a team or not. */
export async function loadDuty(
  needs: Pick<Needs, 'database' | 'log'>,
  stored: StoredResource,
  window: Interval,
): Promise<ScheduleDuty | null> {
  const wide = { start: plus(window.start, -leadMs), end: window.end }
  const overrides = await listOverrides(needs.database, [stored.name], wide.start, wide.end)
  const [schedule] = toSchedules(needs.log, [stored], overrides)
  return schedule === undefined ? null : dutyOf(needs.database, stored, schedule, wide)
}

async function dutyOf(
  queries: Queries,
  { name, document }: StoredResource,
  schedule: Schedule,
  window: Interval,
): Promise<ScheduleDuty> {
  const zone = text(document.spec.zone) ?? 'UTC'
  const imported = await listHolidays(queries, name, window)
  return {
    ...(await recallFinal(queries, schedule, window)),
    name,
    displayName: document.metadata.displayName ?? name,
    team: text(document.spec.team) ?? '',
    zone,
    schedule,
    holidays: [...holidaysOf(document, zone).map((each) => each.span), ...imported],
  }
}

/** Of the people on these schedules and of `others`: their duty there, and everything that paged them. */
export async function loadPeopleDuty(
  needs: Pick<Needs, 'database'>,
  ports: Pick<OncallPorts, 'notifier'>,
  duties: readonly Pick<ScheduleDuty, 'shifts' | 'zone' | 'holidays'>[],
  of: {
    readonly others: readonly string[]
    readonly from: Instant
    readonly to: Instant
    /** Where people are to be taken to live, whatever they say by now. */
    readonly zones?: ReadonlyMap<string, string>
  },
): Promise<readonly (PersonDuty & { readonly displayName: string })[]> {
  const people = [
    ...new Set([...duties.flatMap((each) => each.shifts.map(({ person }) => person)), ...of.others]),
  ].sort()
  const described = await ports.notifier.describe(needs.database, people)
  const pages = await listPersonPages(needs.database, { people, from: plus(of.from, -day), to: of.to })
  return people.map((person) => {
    const serving = duties.filter((each) => each.shifts.some((shift) => shift.person === person))
    // Without a zone of their own people live where their schedule does.
    const own = of.zones?.get(person) ?? described.get(person)?.timeZone ?? ''
    const zone = knownZone(own) ?? (serving[0] ?? duties[0])?.zone ?? 'UTC'
    return {
      person,
      displayName: described.get(person)?.displayName ?? person,
      zone,
      shifts: serving.flatMap((each) => each.shifts.filter((shift) => shift.person === person)),
      pages: pages.filter((page) => page.person === person),
      holidays: serving.flatMap((each) => each.holidays.map((span) => daysElsewhere(span, each.zone, zone))),
    }
  })
}

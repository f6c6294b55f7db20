// Who was on call for which team, by the record: also of schedules that are gone or are another team's by now. What pay
// and health are counted from.
import { instant } from '../../../kernel/instant.ts'
import { type Interval, intersection } from '../../../kernel/interval.ts'
import { isJsonObject } from '../../../kernel/json.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import type { ResourceDocument } from '../../../platform/resources/resource-kind.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { listByKind, listVersions } from '../../catalog/index.ts'
import { listHolidays } from '../calendars.store.ts'
import { finalSchedule, type Schedule, type Shift } from '../core/index.ts'
import { type HistoryMark, type Kept, listKept, listKeptNames, listMarks } from '../history.store.ts'
import { listOverrides } from '../overrides.store.ts'
import { holidaysOf } from './lint-schedule.ts'
import { toSchedules } from './load-directory.ts'

const mostSchedules = 500
/** Versions of one schedule that are looked through for its team at a time. */
const mostVersions = 1_000

export interface TeamDuty {
  readonly schedule: string
  /** Null: of no team. */
  readonly team: string | null
  readonly zone: string
  readonly holidays: readonly Interval[]
  readonly shifts: readonly Shift[]
  /** Of the window: where it is known who was on call, or that nobody was. */
  readonly known: readonly Interval[]
}

export interface DutyRecord {
  readonly duties: readonly TeamDuty[]
  /** Somebody was on call then and nothing says for which team. */
  readonly teamless: readonly Interval[]
}

export async function loadRecord(needs: Pick<Needs, 'database' | 'log'>, window: Interval): Promise<DutyRecord> {
  const { database, log } = needs
  const stored = await listByKind(database, 'Schedule', null, mostSchedules)
  const present = new Map(stored.map((each) => [each.name, each.document]))
  const overrides = await listOverrides(database, [...present.keys()], window.start, window.end)
  const schedules = new Map(toSchedules(log, stored, overrides).map((each) => [each.name, each]))
  const names = [...new Set([...present.keys(), ...(await listKeptNames(database, window))])]
  const marks = await listMarks(database, names)
  const duties: TeamDuty[] = []
  const teamless: Interval[] = []
  for (const name of names) {
    const past = await pastOf(database, name, present.get(name) ?? null, await listKept(database, [name], window))
    const ahead = aheadOf(schedules.get(name), marks.get(name), window)
    const facts = await factsOf(database, name, past.definition, window)
    const since = marks.get(name)?.since ?? window.start
    const known = intersection(window, { start: since, end: window.end })
    const team = teamIn(present.get(name) ?? null)
    const byTeam = new Map<string | null, Shift[]>([[team, [...ahead]]])
    for (const { team: of, ...shift } of past.shifts) {
      const inside = intersection(shift, beforeMark(window, marks.get(name)))
      if (inside !== null) byTeam.set(of, [...(byTeam.get(of) ?? []), { ...shift, ...inside }])
    }
    for (const [of, shifts] of byTeam)
      duties.push({ schedule: name, team: of, ...facts, shifts, known: known === null ? [] : [known] })
    teamless.push(...past.teamless)
  }
  return { duties, teamless }
}

type Definition = Pick<ResourceDocument, 'spec'>

interface Past {
  /** The last one there was. */
  readonly definition: Definition | null
  readonly shifts: readonly (Shift & { readonly team: string | null })[]
  readonly teamless: readonly Interval[]
}

/** What was kept before teams were kept with it is the team's that its definition named then. */
async function pastOf(
  queries: Queries,
  name: string,
  present: Definition | null,
  kept: readonly Kept[],
): Promise<Past> {
  if (present !== null && kept.every((each) => each.team !== null))
    return { definition: present, shifts: kept, teamless: [] }
  const versions = (await listVersions(queries, { kind: 'Schedule', name }, mostVersions)).flatMap(
    ({ at, document }) => (isJsonObject(document?.spec) ? [{ at, definition: { spec: document.spec } }] : []),
  )
  const shifts: (Shift & { team: string | null })[] = []
  const teamless: Interval[] = []
  for (const each of kept) {
    // Newest first.
    const then = versions.find(({ at }) => at <= each.start) ?? versions.at(-1)
    const definition = then?.definition ?? present
    if (each.team !== null) shifts.push(each)
    else if (definition === null) {
      teamless.push(each)
      shifts.push(each)
    } else shifts.push({ ...each, team: teamIn(definition) })
  }
  return { definition: present ?? versions[0]?.definition ?? null, shifts, teamless }
}

/** From where the record ends on, as the definition has it. */
function aheadOf(schedule: Schedule | undefined, mark: HistoryMark | undefined, window: Interval): readonly Shift[] {
  if (schedule === undefined) return []
  const start = instant(Math.max(mark?.until ?? window.start, window.start))
  return start >= window.end ? [] : finalSchedule(schedule, { start, end: window.end }).shifts
}

const beforeMark = ({ start, end }: Interval, mark: HistoryMark | undefined): Interval => ({
  start,
  end: instant(Math.min(end, mark?.until ?? start)),
})

async function factsOf(queries: Queries, name: string, definition: Definition | null, window: Interval) {
  const zone = typeof definition?.spec.zone === 'string' ? definition.spec.zone : 'UTC'
  const own = definition === null ? [] : holidaysOf(definition, zone).map((each) => each.span)
  return { zone, holidays: [...own, ...(await listHolidays(queries, name, window))] }
}

const teamIn = (definition: Definition | null): string | null =>
  typeof definition?.spec.team === 'string' ? definition.spec.team : null

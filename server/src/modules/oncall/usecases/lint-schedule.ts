// Looks at a schedule before it is saved, with what only the house knows: contacts, holidays, other schedules.
import { day } from '../../../kernel/duration.ts'
import { type Instant, instant, plus } from '../../../kernel/instant.ts'
import { isJsonObject } from '../../../kernel/json.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import type { ResourceDocument } from '../../../platform/resources/resource-kind.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { listByKind } from '../../catalog/index.ts'
import { canBePaged } from '../../notifications/core/index.ts'
import { listHolidays } from '../calendars.store.ts'
import {
  type Finding,
  finalSchedule,
  type Holiday,
  instantOf,
  lintSchedule,
  parseWall,
  type Schedule,
  wall,
} from '../core/index.ts'
import type { OncallPorts } from '../oncall.ports.ts'
import { listOverrides } from '../overrides.store.ts'
import { toSchedules } from './load-directory.ts'

/** Twelve weeks: every member of a usual rota has had a weekend. */
export const lintAheadMs = 84 * day
const mostSchedules = 500

export async function lintDocument(
  queries: Queries,
  needs: Pick<Needs, 'log'>,
  ports: Pick<OncallPorts, 'notifier'>,
  document: ResourceDocument,
  schedule: Schedule,
): Promise<readonly Finding[]> {
  const now = await queries.now()
  const window = { start: now, end: plus(now, lintAheadMs) }
  const { shifts } = finalSchedule(schedule, window)
  const people = [...new Set(shifts.map((each) => each.person))]
  const reach = await ports.notifier.reachOf(queries, people)
  const zone = typeof document.spec.zone === 'string' ? document.spec.zone : 'UTC'
  return lintSchedule(schedule, {
    zone,
    window,
    holidays: [
      ...holidaysOf(document, zone),
      ...(await listHolidays(queries, schedule.name, window)).map(({ name, ...span }) => ({ name, span })),
    ],
    unreachable: new Set(people.filter((each) => !canBePaged(reach.get(each)?.contacts ?? []))),
    elsewhere: await shiftsElsewhere(queries, needs, schedule.name, people, window),
  })
}

async function shiftsElsewhere(
  queries: Queries,
  needs: Pick<Needs, 'log'>,
  name: string,
  people: readonly string[],
  window: { readonly start: Instant; readonly end: Instant },
) {
  const stored = (await listByKind(queries, 'Schedule', null, mostSchedules)).filter((each) => each.name !== name)
  const overrides = await listOverrides(
    queries,
    stored.map((each) => each.name),
    window.start,
    window.end,
  )
  // Only those that these people are on: the rest need not be computed.
  const near = toSchedules(needs.log, stored, overrides).filter(({ rotations, shifts = [], overrides: covers }) =>
    [...rotations.flatMap((each) => each.members), ...shifts, ...covers].some(
      ({ person }) => person !== null && people.includes(person),
    ),
  )
  return near.flatMap((each) =>
    finalSchedule(each, window).shifts.map(({ person, start, end }) => ({ person, start, end, schedule: each.name })),
  )
}

/** Days as they are declared, from midnight to midnight on the wall clock. */
export function holidaysOf({ spec }: Pick<ResourceDocument, 'spec'>, zone: string): readonly Holiday[] {
  const declared = Array.isArray(spec.holidays) ? spec.holidays.filter(isJsonObject) : []
  return declared.flatMap(({ name, date, until }) => {
    const first = parseWall(`${date}T00:00`)
    const last = parseWall(`${until ?? date}T00:00`)
    if (first === null || last === null || last < first) return []
    const start = instantOf(zone, first)
    return [{ name: String(name), span: { start, end: instant(instantOf(zone, wall(last + day))) } }]
  })
}

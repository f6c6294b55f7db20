// Read models: who is on call now, the final schedule, what one person wants to know.
import { day } from '../../../kernel/duration.ts'
import { formatInstant, type Instant, plus } from '../../../kernel/instant.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { listByKind } from '../../catalog/index.ts'
import { canBePaged } from '../../notifications/core/index.ts'
import {
  explainSource,
  type Holding,
  nextChange,
  nextHandOver,
  onCallAt,
  peopleOnCallAt,
  type Schedule,
} from '../core/index.ts'
import type { OncallPorts } from '../oncall.ports.ts'
import { listOverrides } from '../overrides.store.ts'
import { recallFinal } from './keep-history.ts'
import { directoryHorizonMs, toSchedules } from './load-directory.ts'

const mostSchedules = 500
/** "Until" and "next shift" look this far ahead. */
const horizonMs = 90 * day

export async function loadEverySchedule(needs: Pick<Needs, 'log'>, queries: Queries, at: Instant) {
  const stored = await listByKind(queries, 'Schedule', null, mostSchedules)
  const names = stored.map((each) => each.name)
  const overrides = await listOverrides(queries, names, plus(at, -day), plus(at, horizonMs))
  const titles = new Map(stored.map((each) => [each.name, each.document.metadata.displayName ?? each.name]))
  return { schedules: toSchedules(needs.log, stored, overrides), titles }
}

/** At an instant behind now the answer is what was kept, whatever the definitions say today. */
export async function describeNow(needs: Needs, ports: OncallPorts, at: Instant | null) {
  const { database } = needs
  const present = await database.now()
  const now = at ?? present
  const { schedules, titles } = await loadEverySchedule(needs, database, now)
  const then = new Map<string, readonly Holding[]>()
  for (const schedule of schedules) {
    const record = now < present ? await recallFinal(database, schedule, { start: now, end: plus(now, 1) }) : null
    then.set(schedule.name, record?.shifts ?? onCallAt(schedule, now))
  }
  const names = await displayNames(database, [...then.values()].flat())
  return {
    asOf: formatInstant(now),
    schedules: schedules.map((schedule) => {
      const next = nextHandOver(schedule, now, directoryHorizonMs)
      const seen = new Set<string>()
      const holdings = (then.get(schedule.name) ?? []).filter(({ person }) => !seen.has(person) && seen.add(person))
      return {
        name: schedule.name,
        displayName: titles.get(schedule.name) ?? schedule.name,
        people: holdings.map(({ person, source }) => ({
          person,
          displayName: names.get(person) ?? person,
          until: untilOf(schedule, person, now),
          source: explainSource(source),
        })),
        next: next === null ? null : { at: formatInstant(next.at), people: [...peopleOnCallAt(schedule, next.at)] },
      }
    }),
  }

  async function displayNames(queries: Queries, all: readonly Holding[]): Promise<ReadonlyMap<string, string>> {
    const people = [...new Set(all.map((each) => each.person))]
    const reach = await ports.notifier.describe(queries, people)
    return new Map([...reach].map(([person, { displayName }]) => [person, displayName]))
  }
}

function untilOf(schedule: Schedule, person: string, now: Instant): string | null {
  const standing = nextChange([schedule], person, now, horizonMs)
  return standing.state === 'on-call' && standing.until !== null ? formatInstant(standing.until) : null
}

export async function describeMe(needs: Needs, ports: OncallPorts, person: string | null) {
  const nobody = { person, onCall: false, schedules: [], until: null, nextShift: null, reachable: false }
  if (person === null) return { ...nobody, contacts: [], rules: { high: 0, low: 0 } }
  const { database } = needs
  const now = await database.now()
  const { schedules } = await loadEverySchedule(needs, database, now)
  const reach = (await ports.notifier.reachOf(database, [person])).get(person)
  const contacts = (reach?.contacts ?? []).map(({ id, kind, label, verified }) => ({ id, kind, label, verified }))
  const rules = { high: reach?.rules.high.length ?? 0, low: reach?.rules.low.length ?? 0 }
  const standing = nextChange(schedules, person, now, horizonMs)
  const able = { contacts, rules, reachable: canBePaged(reach?.contacts ?? []) }
  if (standing.state === 'on-call') {
    const until = standing.until === null ? null : formatInstant(standing.until)
    return { ...nobody, ...able, onCall: true, schedules: [...standing.schedules], until }
  }
  const { next } = standing
  const nextShift = next === null ? null : { start: formatInstant(next.start), end: formatInstant(next.end) }
  return { ...nobody, ...able, schedules: [...standing.schedules], nextShift }
}

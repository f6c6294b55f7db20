// PagerDuty's schedules as its REST API v2 answers them: layers of users with a turn in seconds, and restrictions.
import { day, hour, second } from '../../kernel/duration.ts'
import { type Instant, parseInstant } from '../../kernel/instant.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/json.ts'
import { formatWall, knownZone, wallAt, weekdays } from '../../modules/oncall/core/index.ts'
import type {
  ImportedPerson,
  ImportedRotation,
  ImportedSchedule,
  ScheduleExport,
} from '../../modules/oncall/import.ports.ts'
import { notesOfWebhooks } from '../../modules/oncall/import.ports.ts'

const objects = (value: JsonValue | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? value.filter(isJsonObject) : []
const text = (value: JsonValue | undefined): string => (typeof value === 'string' ? value : '')
const number = (value: JsonValue | undefined): number => (typeof value === 'number' ? value : Number.NaN)

/** One schedule, `{schedule}`, or several, `{schedules}`; the users beside them give addresses. */
export function readPagerDutySchedules(body: JsonObject, now: Instant): ScheduleExport | null {
  const all = [...(isJsonObject(body.schedule) ? [body.schedule] : []), ...objects(body.schedules)]
  if (!all.some((each) => Array.isArray(each.schedule_layers))) return null
  const people = new Map<string, ImportedPerson>()
  const notes: string[] = []
  for (const user of objects(body.users))
    people.set(text(user.id), {
      key: text(user.id),
      name: text(user.name) || text(user.summary),
      email: text(user.email) || null,
    })
  const personOf = (user: JsonObject): string => {
    const key = text(user.id)
    const known = people.get(key)
    if (known === undefined)
      people.set(key, { key, name: text(user.name) || text(user.summary) || key, email: text(user.email) || null })
    return key
  }
  const schedules = all.map((schedule): ImportedSchedule => {
    const zone = knownZone(text(schedule.time_zone)) ?? 'UTC'
    if (zone !== text(schedule.time_zone))
      notes.push(`${text(schedule.name)}: zone "${text(schedule.time_zone)}" is not known; UTC is taken.`)
    const name = text(schedule.name) || text(schedule.summary) || 'schedule'
    const layers = objects(schedule.schedule_layers).filter((layer) => {
      const end = parseInstant(text(layer.end))
      return end === null || end > now
    })
    // The API lists the layer that wins first.
    const rotations = layers.flatMap((layer, index) => {
      const read = readLayer(layer, zone, layers.length - 1 - index, personOf)
      if ('note' in read) notes.push(`${name}, ${text(layer.name)}: ${read.note}`)
      return 'note' in read ? [] : [read]
    })
    if (layers.length > 1) notes.push(`${name}: ${layers.map((each) => text(each.name)).join(' over ')}.`)
    const final = isJsonObject(schedule.final_schedule)
      ? objects(schedule.final_schedule.rendered_schedule_entries)
      : []
    const rendered = final.flatMap((entry) => {
      const [start, end] = [parseInstant(text(entry.start)), parseInstant(text(entry.end))]
      if (start === null || end === null || !isJsonObject(entry.user)) return []
      return [{ start, end, person: personOf(entry.user) }]
    })
    if (
      objects(
        isJsonObject(schedule.overrides_subschedule) ? schedule.overrides_subschedule.rendered_schedule_entries : [],
      ).length > 0
    )
      notes.push(`${name}: overrides are not taken over; make those that lie ahead again.`)
    return { name, zone, rotations, rendered }
  })
  const hooks = [...objects(body.extensions), ...objects(body.webhook_subscriptions), ...objects(body.webhooks)]
  notes.push(...notesOfWebhooks(hooks.map(nameOfHook)))
  return { source: 'PagerDuty', people: [...people.values()], schedules, notes }
}

/** An extension has a name; a subscription only what is said about it, or its number. */
const nameOfHook = (hook: JsonObject): string =>
  text(hook.name) || text(hook.summary) || text(hook.description) || text(hook.id)

function readLayer(
  layer: JsonObject,
  zone: string,
  precedence: number,
  personOf: (user: JsonObject) => string,
): ImportedRotation | { readonly note: string } {
  const start = parseInstant(text(layer.rotation_virtual_start))
  const turn = turnOf(number(layer.rotation_turn_length_seconds) * second)
  if (start === null) return { note: 'has no rotation_virtual_start.' }
  if (turn === null)
    return { note: `a turn of ${layer.rotation_turn_length_seconds} seconds is no whole number of hours.` }
  const [since, until] = [parseInstant(text(layer.start)), parseInstant(text(layer.end))]
  const hours = objects(layer.restrictions).map(readRestriction)
  const members = objects(layer.users).map((each) => personOf(isJsonObject(each.user) ? each.user : each))
  if (members.length === 0) return { note: 'has no users.' }
  return {
    name: text(layer.name) || `layer ${precedence + 1}`,
    start: formatWall(wallAt(zone, start)),
    turn,
    layer: precedence,
    members,
    ...(hours.length === 0 ? {} : { hours }),
    ...(since === null ? {} : { since: text(layer.start) }),
    ...(until === null ? {} : { until: text(layer.end) }),
  }
}

/** Whole days keep the wall clock, as people expect of a named zone. */
function turnOf(ms: number): { unit: 'week' | 'day' | 'hour'; every: number } | null {
  for (const [unit, length] of [
    ['week', 7 * day],
    ['day', day],
    ['hour', hour],
  ] as const)
    if (ms > 0 && ms % length === 0) return { unit, every: ms / length }
  return null
}

function readRestriction(restriction: JsonObject): NonNullable<ImportedRotation['hours']>[number] {
  const from = text(restriction.start_time_of_day).slice(0, 5)
  const start = Number(from.slice(0, 2)) * 60 + Number(from.slice(3, 5))
  const minutes = Math.round(number(restriction.duration_seconds) / 60)
  const weekday = number(restriction.start_day_of_week)
  const end = start + minutes
  const clock = `${two(Math.floor(end / 60) % 24)}:${two(end % 60)}`
  if (!Number.isInteger(weekday)) return { from, to: clock }
  const first = weekdays[(weekday - 1 + 7) % 7] ?? 'mon'
  const last = weekdays[(weekday - 1 + Math.floor(end / 1440)) % 7] ?? 'mon'
  return { from: `${first} ${from}`, to: `${last} ${clock}` }
}

const two = (value: number): string => String(value).padStart(2, '0')

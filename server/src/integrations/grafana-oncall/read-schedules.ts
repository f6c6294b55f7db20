// Grafana OnCall's schedules: the lists of its API v1 in one file, `{schedules, on_call_shifts, users}`, each also as
// the page `{results}` that the API answers.
import { day, minute, second } from '../../kernel/duration.ts'
import { formatInstant, type Instant, parseInstant } from '../../kernel/instant.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/json.ts'
import {
  formatWall,
  instantOf,
  knownZone,
  parseWall,
  wall,
  wallAt,
  weekdayOf,
} from '../../modules/oncall/core/index.ts'
import type {
  ImportedPerson,
  ImportedRotation,
  ImportedSchedule,
  ScheduleExport,
} from '../../modules/oncall/import.ports.ts'
import { notesOfWebhooks } from '../../modules/oncall/import.ports.ts'

const list = (value: JsonValue | undefined): readonly JsonObject[] => {
  const items = isJsonObject(value) ? value.results : value
  return Array.isArray(items) ? items.filter(isJsonObject) : []
}
const text = (value: JsonValue | undefined): string => (typeof value === 'string' ? value : '')
const texts = (value: JsonValue | undefined): readonly string[] =>
  Array.isArray(value) ? value.flatMap((each) => (typeof each === 'string' ? [each] : [])) : []
const number = (value: JsonValue | undefined, otherwise: number): number =>
  typeof value === 'number' ? value : otherwise

export function readGrafanaSchedules(body: JsonObject, now: Instant): ScheduleExport | null {
  if (body.on_call_shifts === undefined || body.schedules === undefined) return null
  const shifts = new Map(list(body.on_call_shifts).map((each) => [text(each.id), each]))
  const people = list(body.users).map(
    (each): ImportedPerson => ({
      key: text(each.id),
      name: text(each.name) || text(each.username),
      email: text(each.email) || null,
    }),
  )
  const notes: string[] = []
  const schedules = list(body.schedules).flatMap((schedule): ImportedSchedule[] => {
    const name = text(schedule.name) || 'schedule'
    if (schedule.type === 'ical') {
      notes.push(`${name} is read from a calendar (${text(schedule.ical_url_primary)}): read that calendar instead.`)
      return []
    }
    const zone = knownZone(text(schedule.time_zone)) ?? 'UTC'
    if (zone !== text(schedule.time_zone))
      notes.push(`${name}: zone "${text(schedule.time_zone)}" is not known; UTC is taken.`)
    const rotations = texts(schedule.shifts).flatMap((id) => {
      const shift = shifts.get(id)
      if (shift === undefined) {
        notes.push(`${name}: shift ${id} is not in the file.`)
        return []
      }
      const until = parseInstant(withZone(text(shift.until)))
      if (until !== null && until <= now) return []
      const read = readShift(shift, zone)
      if ('note' in read) notes.push(`${name}, ${text(shift.name)}: ${read.note}`)
      return 'note' in read ? [] : read.rotations
    })
    return [{ name, zone, rotations, rendered: [] }]
  })
  const hooks = [...list(body.webhooks), ...list(body.actions)]
  const names = new Map(hooks.map((each) => [text(each.id), text(each.name) || text(each.id)]))
  // A step of an escalation that calls one names it by its number.
  const steps = list(body.escalation_policies).filter((each) => each.type === 'trigger_webhook')
  const called = steps.map((each) => text(each.action_to_trigger) || text(each.webhook_to_trigger))
  notes.push(...notesOfWebhooks([...names.values(), ...called.filter((id) => !names.has(id))]))
  return { source: 'Grafana OnCall', people, schedules, notes }
}

/** Its times stand without an offset and mean UTC. */
function withZone(time: string): string {
  return time === '' || /(Z|[+-]\d{2}:\d{2})$/i.test(time) ? time : `${time}Z`
}

const frequencies = ['hourly', 'daily', 'weekly', 'monthly']

function readShift(
  shift: JsonObject,
  scheduleZone: string,
): { readonly rotations: readonly ImportedRotation[] } | { readonly note: string } {
  const zone = text(shift.time_zone) === '' ? scheduleZone : knownZone(text(shift.time_zone))
  if (zone === null) return { note: `zone "${text(shift.time_zone)}" is not known.` }
  const local = parseWall(text(shift.start).slice(0, 19))
  const lengthMs = number(shift.duration, 0) * second
  if (local === null || lengthMs < minute) return { note: 'has no start or no duration.' }
  // With a zone of its own the start is a local time; without one it is UTC.
  const utc = parseInstant(withZone(text(shift.start)))
  const start = text(shift.time_zone) !== '' || utc === null ? local : wallAt(zone, utc)
  // Users change with the week, so counting begins on its first day, also when the shift began in the middle of one.
  const weekly =
    shift.type === 'rolling_users' && text(shift.frequency).toLowerCase() === 'weekly' && texts(shift.by_day).length > 0
  const anchor = weekly ? wall(start - weekdayOf(Math.floor(start / day)) * day) : start
  const since = weekly ? { since: formatInstant(instantOf(zone, start)) } : {}
  const until = text(shift.until) === '' ? {} : { until: withZone(text(shift.until)) }
  const groups =
    shift.type === 'rolling_users' && Array.isArray(shift.rolling_users)
      ? shift.rolling_users.map((each) => texts(each))
      : [texts(shift.users)]
  if (groups.every((each) => each.length === 0)) return { note: 'has no users.' }
  const repeat = repeatOf(shift)
  if (repeat === null) return { note: `frequency "${text(shift.frequency)}" is not understood.` }
  const of = {
    zone,
    layer: number(shift.level, 0),
    ...since,
    ...until,
    shifts: [
      { start: formatWall(anchor), end: formatWall(wall(anchor + lengthMs)), ...(repeat === '' ? {} : { repeat }) },
    ],
  }
  const name = text(shift.name) || 'shift'
  const ordered = rotate(groups, number(shift.start_rotation_from_user_index, 0))
  if (shift.type !== 'rolling_users')
    return { rotations: [{ ...of, name, members: groups[0] ?? [], assign: 'everyone' }] }
  // Several users of one turn serve together: the order runs once for each seat.
  const seats = Math.max(...ordered.map((each) => each.length))
  return {
    rotations: Array.from({ length: seats }, (_, seat) => ({
      ...of,
      name: seats === 1 ? name : `${name} seat ${seat + 1}`,
      members: ordered.map((each) => each[seat] ?? null),
      ...(number(shift.interval, 1) > 1 || texts(shift.by_day).length > 1 ? { perMember: perTurn(shift) } : {}),
    })),
  }
}

/** Empty for a shift that happens once; null when its frequency is not known. */
function repeatOf(shift: JsonObject): string | null {
  if (shift.type === 'single_event') return ''
  const frequency = text(shift.frequency).toLowerCase()
  if (!frequencies.includes(frequency)) return null
  const days = texts(shift.by_day)
  // Its interval says how often people change; the shifts in between go on.
  const interval = shift.type === 'rolling_users' ? 1 : number(shift.interval, 1)
  return `FREQ=${frequency.toUpperCase()};INTERVAL=${interval}${days.length === 0 ? '' : `;BYDAY=${days.join(',')}`}`
}

/** Shifts that one group of users takes before the next one: the days of a week, for as many weeks as the interval. */
function perTurn(shift: JsonObject): number {
  const days = text(shift.frequency).toLowerCase() === 'weekly' ? Math.max(1, texts(shift.by_day).length) : 1
  return number(shift.interval, 1) * days
}

function rotate<T>(items: readonly T[], by: number): readonly T[] {
  const at = ((by % items.length) + items.length) % items.length
  return [...items.slice(at), ...items.slice(0, at)]
}

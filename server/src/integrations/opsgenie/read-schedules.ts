// Opsgenie's schedules as its API v2 answers them with `expand=rotation`: rotations by type and length, time restrictions.
import { type Instant, parseInstant } from '../../kernel/instant.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/json.ts'
import { formatWall, knownZone, wallAt } from '../../modules/oncall/core/index.ts'
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
const units = { weekly: 'week', daily: 'day', hourly: 'hour' } as const

export function readOpsgenieSchedules(body: JsonObject, now: Instant): ScheduleExport | null {
  const all = isJsonObject(body.data) ? [body.data] : objects(body.data)
  if (!all.some((each) => Array.isArray(each.rotations))) return null
  const people = new Map<string, ImportedPerson>()
  const notes: string[] = []
  const schedules = all.map((schedule): ImportedSchedule => {
    const zone = knownZone(text(schedule.timezone)) ?? 'UTC'
    if (zone !== text(schedule.timezone))
      notes.push(`${text(schedule.name)}: zone "${text(schedule.timezone)}" is not known; UTC is taken.`)
    const name = text(schedule.name) || 'schedule'
    if (schedule.enabled === false) notes.push(`${name} is switched off there; it is taken over all the same.`)
    const rotations = objects(schedule.rotations).flatMap((rotation, index): ImportedRotation[] => {
      const end = parseInstant(text(rotation.endDate))
      if (end !== null && end <= now) return []
      const start = parseInstant(text(rotation.startDate))
      const unit = Object.entries(units).find(([type]) => type === rotation.type)?.[1]
      const label = `${name}, ${text(rotation.name) || `rotation ${index + 1}`}`
      if (start === null || unit === undefined) {
        notes.push(`${label}: type "${text(rotation.type)}" from "${text(rotation.startDate)}" is not understood.`)
        return []
      }
      const members = objects(rotation.participants).flatMap((each): (string | null)[] => {
        if (each.type === 'none') return [null]
        const email = text(each.username) || text(each.name)
        if (each.type !== 'user' || email === '') {
          notes.push(`${label}: participant of type ${text(each.type)} is left out; name its people instead.`)
          return []
        }
        people.set(email, { key: email, name: text(each.fullName) || email.split('@')[0] || email, email })
        return [email]
      })
      if (members.length === 0) {
        notes.push(`${label}: has no users.`)
        return []
      }
      const hours = isJsonObject(rotation.timeRestriction) ? readRestriction(rotation.timeRestriction) : []
      return [
        {
          name: text(rotation.name) || `rotation ${index + 1}`,
          start: formatWall(wallAt(zone, start)),
          turn: { unit, every: typeof rotation.length === 'number' ? rotation.length : 1 },
          members,
          since: text(rotation.startDate),
          ...(hours.length === 0 ? {} : { hours }),
          ...(end === null ? {} : { until: text(rotation.endDate) }),
        },
      ]
    })
    return { name, zone, rotations, rendered: [] }
  })
  const hooks = objects(body.integrations).filter((each) => /webhook/i.test(text(each.type)))
  notes.push(...notesOfWebhooks(hooks.map((each) => text(each.name) || text(each.id))))
  return { source: 'Opsgenie', people: [...people.values()], schedules, notes }
}

type Hours = NonNullable<ImportedRotation['hours']>

function readRestriction({ type, restriction, restrictions }: JsonObject): Hours {
  if (type === 'time-of-day' && isJsonObject(restriction))
    return [{ from: clock(restriction, 'start'), to: clock(restriction, 'end') }]
  return objects(restrictions).map((each) => ({
    from: `${text(each.startDay).slice(0, 3).toLowerCase()} ${clock(each, 'start')}`,
    to: `${text(each.endDay).slice(0, 3).toLowerCase()} ${clock(each, 'end')}`,
  }))
}

function clock(restriction: JsonObject, edge: 'start' | 'end'): string {
  const two = (value: JsonValue | undefined) => String(typeof value === 'number' ? value : 0).padStart(2, '0')
  return `${two(restriction[`${edge}Hour`])}:${two(restriction[`${edge}Min`])}`
}

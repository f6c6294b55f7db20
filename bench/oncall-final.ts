// Final schedules for a file of cases, as a scorer wants them:
//   npx tsx bench/oncall-final.ts cases.json > predictions.json
// A case: { id, timezone, rotation: {type, shift_length, start_local, users}, restriction?, overrides?, from, to }.
import { readFileSync } from 'node:fs'
import { formatInstant, type Instant, parseInstant } from '../server/src/kernel/instant.ts'
import {
  finalSchedule,
  type Override,
  readHours,
  type Schedule,
  type turnUnits,
} from '../server/src/modules/oncall/core/index.ts'

interface Case {
  readonly id: string
  readonly timezone: string
  readonly rotation: { type: string; shift_length: number; start_local: string; users: string[] }
  readonly restriction?: { weekdays: string[]; start: string; end: string }
  readonly overrides?: { remove: string; add: string; start: string; end: string }[]
  readonly from: string
  readonly to: string
}

const [path] = process.argv.slice(2)
if (path === undefined) throw new Error('Name the file of cases.')
const { cases } = JSON.parse(readFileSync(path, 'utf8')) as { cases: Case[] }
const unitOf: Readonly<Record<string, (typeof turnUnits)[number]>> = {
  hourly: 'hour',
  daily: 'day',
  weekly: 'week',
  monthly: 'month',
}

function at(text: string): Instant {
  const read = parseInstant(text)
  if (read === null) throw new Error(`Not an instant: ${text}`)
  return read
}

function scheduleOf(given: Case): Schedule {
  const { rotation, restriction } = given
  const unit = unitOf[rotation.type]
  if (unit === undefined) throw new Error(`${given.id}: there are no ${rotation.type} turns.`)
  const hours =
    restriction === undefined
      ? {}
      : { hours: readHours([{ days: restriction.weekdays, from: restriction.start, to: restriction.end }]) }
  const overrides = (given.overrides ?? []).map(
    (each, index): Override => ({
      kind: 'replace',
      id: String(index),
      reason: 'given',
      person: each.add,
      covers: each.remove,
      start: at(each.start),
      end: at(each.end),
    }),
  )
  const turns = {
    name: 'rotation',
    zone: given.timezone,
    start: rotation.start_local,
    turn: { unit, every: rotation.shift_length },
    members: rotation.users.map((person) => ({ person })),
    ...hours,
  }
  return { name: given.id, rotations: [turns], overrides }
}

const schedules = Object.fromEntries(
  cases.map((each) => {
    const { shifts } = finalSchedule(scheduleOf(each), { start: at(each.from), end: at(each.to) })
    return [
      each.id,
      shifts.map(({ person, start, end }) => ({ user: person, start: formatInstant(start), end: formatInstant(end) })),
    ]
  }),
)
process.stdout.write(`${JSON.stringify({ schedules })}\n`)

// Final schedules of single rotations: reads a folder with cases.json, turns each case into a Schedule of the product as
// an import would, and prints {schedules: {case: [{user, start, end}]}} of the very function the product answers with.
// npx tsx bench/eval/oncall.ts FOLDER > predictions.json
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { formatInstant, type Instant, parseInstant } from '../../server/src/kernel/instant.ts'
import {
  checkSchedule,
  finalSchedule,
  type Override,
  readHours,
  type Schedule,
  type TurnUnit,
} from '../../server/src/modules/oncall/core/index.ts'

const [folder] = process.argv.slice(2)
if (folder === undefined) throw new Error('Name the folder: npx tsx bench/eval/oncall.ts FOLDER')

interface Case {
  readonly id: string
  readonly timezone: string
  readonly rotation: {
    readonly type: string
    readonly shift_length: number
    readonly start_local: string
    readonly users: readonly string[]
  }
  readonly restriction?: { readonly weekdays: readonly string[]; readonly start: string; readonly end: string }
  readonly overrides?: readonly {
    readonly remove: string
    readonly add: string
    readonly start: string
    readonly end: string
  }[]
  readonly from: string
  readonly to: string
}

const units: Readonly<Record<string, TurnUnit>> = { hourly: 'hour', daily: 'day', weekly: 'week', monthly: 'month' }

const { cases } = JSON.parse(readFileSync(path.join(folder, 'cases.json'), 'utf8')) as { cases: readonly Case[] }
const schedules: Record<string, readonly { user: string; start: string; end: string }[]> = {}
for (const each of cases) {
  const schedule = scheduleOf(each)
  const [fault] = checkSchedule(schedule)
  if (fault !== undefined) throw new Error(`${each.id} ${fault.pointer}: ${fault.detail}`)
  const { shifts } = finalSchedule(schedule, { start: timeOf(each.from), end: timeOf(each.to) })
  schedules[each.id] = shifts.map(({ person, start, end }) => ({
    user: person,
    start: formatInstant(start),
    end: formatInstant(end),
  }))
}
process.stdout.write(JSON.stringify({ schedules }))

function scheduleOf({ id, timezone, rotation, restriction, overrides = [] }: Case): Schedule {
  const unit = units[rotation.type]
  if (unit === undefined) throw new Error(`${id}: nobody knows turns that are ${rotation.type}.`)
  return {
    name: id,
    rotations: [
      {
        name: 'rotation',
        zone: timezone,
        start: rotation.start_local.slice(0, 16),
        turn: { unit, every: rotation.shift_length },
        members: rotation.users.map((person) => ({ person })),
        ...(restriction === undefined
          ? {}
          : { hours: readHours([{ days: restriction.weekdays, from: restriction.start, to: restriction.end }]) }),
      },
    ],
    overrides: overrides.map(
      ({ remove, add, start, end }, index): Override => ({
        id: String(index),
        kind: 'replace',
        covers: remove,
        person: add,
        start: timeOf(start),
        end: timeOf(end),
        reason: 'cover',
      }),
    ),
  }
}

function timeOf(text: string): Instant {
  const at = parseInstant(text)
  if (at === null) throw new Error(`${text} is not a time.`)
  return at
}

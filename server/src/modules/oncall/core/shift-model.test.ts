import fc from 'fast-check'
import { RRuleTemporal } from 'rrule-temporal'
import { expect, test } from 'vitest'
import { day, hour, minute } from '../../../kernel/duration.ts'
import { formatInstant, type Instant, instant, parseInstant } from '../../../kernel/instant.ts'
import { checkHours, readHours, type WrittenHours, windowsIn } from './hours.ts'
import type { Override } from './override.ts'
import { checkRecurringShift, occurrences, occurrencesOf, readRecurrence } from './recurrence.ts'
import { checkRotation, type Rotation, type TurnRotation } from './rotation.ts'
import { explainSource, finalSchedule, missingCover, onCallAt, peopleOnCallAt, type Schedule } from './schedule.ts'
import { formatWall, parseWall, type Wall } from './wall-clock.ts'

const at = (text: string): Instant => {
  const read = parseInstant(text)
  if (read === null) throw new Error(`Not an instant: ${text}`)
  return read
}
const wallOf = (text: string): Wall => {
  const read = parseWall(text)
  if (read === null) throw new Error(`Not a wall time: ${text}`)
  return read
}
const chicago = 'America/Chicago'
const hours = (days: readonly string[], from: string, to: string) => readHours([{ days, from, to }])
const turns = (name: string, people: readonly (string | null)[], more: Partial<TurnRotation> = {}): TurnRotation => ({
  name,
  zone: 'UTC',
  start: '2026-02-02T00:00', // a Monday
  turn: { unit: 'day', every: 1 },
  members: people.map((person) => ({ person })),
  ...more,
})
const schedule = (...rotations: readonly Rotation[]): Schedule => ({ name: 's', rotations, overrides: [] })
/** `ana 02-02T08:00/16:30`, one for each shift, in UTC. */
const drawn = (given: Schedule, start: string, end: string): readonly string[] =>
  finalSchedule(given, { start: at(start), end: at(end) }).shifts.map(
    (each) => `${each.person} ${short(each.start)} ${short(each.end)}`,
  )
const short = (each: Instant) => formatInstant(each).slice(5, 16)

test.each<[string, WrittenHours, string, boolean]>([
  ['Mon 08-20 is active at 08:00', { days: ['mon'], from: '08:00', to: '20:00' }, '2026-02-02T08:00:00Z', true],
  ['and not at 20:00', { days: ['mon'], from: '08:00', to: '20:00' }, '2026-02-02T20:00:00Z', false],
  ['and not on Tuesday', { days: ['mon'], from: '08:00', to: '20:00' }, '2026-02-03T10:00:00Z', false],
  [
    'a night belongs to the day it begins on',
    { days: ['mon'], from: '20:00', to: '08:00' },
    '2026-02-03T07:59:00Z',
    true,
  ],
  ['so not the night before', { days: ['mon'], from: '20:00', to: '08:00' }, '2026-02-02T07:00:00Z', false],
  ['the same time twice is 24 hours', { days: ['mon'], from: '09:00', to: '09:00' }, '2026-02-03T08:59:00Z', true],
  ['and ends there', { days: ['mon'], from: '09:00', to: '09:00' }, '2026-02-03T09:00:00Z', false],
  ['over the end of the week', { from: 'fri 20:00', to: 'mon 08:00' }, '2026-02-02T07:59:00Z', true],
  ['but not in the middle of it', { from: 'fri 20:00', to: 'mon 08:00' }, '2026-02-04T12:00:00Z', false],
  ['to midnight', { from: '18:00', to: '24:00' }, '2026-02-04T23:59:00Z', true],
])('%s', (_, written, when, active) => {
  const start = at(when)
  expect(checkHours([written], '')).toEqual([])
  const open = windowsIn('UTC', readHours([written]), { start, end: instant(start + minute) })
  expect(open.length > 0).toBe(active)
})

test.each<[string, WrittenHours]>([
  ['no time', { from: '8', to: '16:00' }],
  ['a 25th hour', { from: '25:00', to: '16:00' }],
  ['one weekday', { from: 'fri 20:00', to: '08:00' }],
  ['weekdays twice', { days: ['mon'], from: 'fri 20:00', to: 'mon 08:00' }],
])('hours with %s are refused', (_, written) => {
  expect(checkHours([written], '/hours').map((each) => each.pointer)).toEqual(['/hours/0'])
})

test('hours around the changes of a clock keep their wall time', () => {
  const night = hours(['sat', 'sun'], '22:00', '02:30')
  const drawnIn = (start: string, end: string) =>
    windowsIn(chicago, night, { start: at(start), end: at(end) }).map((each) => [short(each.start), short(each.end)])
  // Spring: 02:30 does not exist, so the window ends at 03:00 CDT. Autumn: it happens once, in CST.
  expect(drawnIn('2020-03-07T18:00:00Z', '2020-03-08T18:00:00Z')).toEqual([['03-08T04:00', '03-08T08:00']])
  expect(drawnIn('2020-10-31T18:00:00Z', '2020-11-01T18:00:00Z')).toEqual([['11-01T03:00', '11-01T08:30']])
})

// --- What other tools got wrong, one test each. ---

test('a daily restriction holds on every day of a long turn', () => {
  const weekly = turns('r', ['ana', 'ben'], {
    turn: { unit: 'week', every: 1 },
    hours: hours(['mon', 'tue', 'wed'], '09:00', '17:00'),
  })
  expect(drawn(schedule(weekly), '2026-02-02T00:00:00Z', '2026-02-10T00:00:00Z')).toEqual([
    'ana 02-02T09:00 02-02T17:00',
    'ana 02-03T09:00 02-03T17:00',
    'ana 02-04T09:00 02-04T17:00',
    'ben 02-09T09:00 02-09T17:00',
  ])
})

test('Friday evening to Monday morning covers the weekend once, and nothing in between', () => {
  const weekend = turns('r', ['ana'], { hours: readHours([{ from: 'fri 20:00', to: 'mon 08:00' }]) })
  const { shifts, gaps } = finalSchedule(schedule(weekend), {
    start: at('2026-02-02T00:00:00Z'),
    end: at('2026-02-16T00:00:00Z'),
  })
  expect(gaps.map((each) => [short(each.start), short(each.end)])).toEqual([
    ['02-02T08:00', '02-06T20:00'],
    ['02-09T08:00', '02-13T20:00'],
  ])
  expect(new Set(shifts.map((each) => each.start)).size).toBe(shifts.length)
})

test('a fallback layer stays between two neighbouring windows of the layer above, and before and after them', () => {
  const above = turns('above', ['ana'], {
    layer: 1,
    turn: { unit: 'week', every: 1 },
    hours: [...hours(['mon'], '08:00', '12:00'), ...hours(['mon'], '12:00', '16:00')],
  })
  const below = turns('below', ['ben'], { turn: { unit: 'week', every: 1 } })
  expect(drawn(schedule(below, above), '2026-02-02T00:00:00Z', '2026-02-03T00:00:00Z')).toEqual([
    'ben 02-02T00:00 02-02T08:00',
    'ana 02-02T08:00 02-02T16:00',
    'ben 02-02T16:00 02-03T00:00',
  ])
})

test('a month anchored on the 31st comes back to the 31st, and quarters follow the same rule', () => {
  const monthly = turns('m', ['ana', 'ben'], { start: '2026-01-31T09:00', turn: { unit: 'month', every: 1 } })
  expect(drawn(schedule(monthly), '2026-01-31T09:00:00Z', '2026-04-30T09:00:00Z')).toEqual([
    'ana 01-31T09:00 02-28T09:00',
    'ben 02-28T09:00 03-31T09:00',
    'ana 03-31T09:00 04-30T09:00',
  ])
  const quarterly = turns('q', ['ana', 'ben'], { start: '2026-01-31T09:00', turn: { unit: 'quarter', every: 1 } })
  expect(drawn(schedule(quarterly), '2026-01-31T09:00:00Z', '2026-10-31T09:00:00Z')).toEqual([
    'ana 01-31T09:00 04-30T09:00',
    'ben 04-30T09:00 07-31T09:00',
    'ana 07-31T09:00 10-31T09:00',
  ])
})

test('a quarterly turn with a daily window is not cut off after some weeks', () => {
  const quarterly = turns('q', ['ana'], {
    turn: { unit: 'quarter', every: 1 },
    hours: hours([...'mon tue wed thu fri sat sun'.split(' ')], '09:00', '10:00'),
  })
  expect(drawn(schedule(quarterly), '2026-02-02T00:00:00Z', '2026-05-02T00:00:00Z')).toHaveLength(89)
})

test('hourly turns in a window of one day find somebody, however far away that day is', () => {
  const hourly = turns('h', ['ana', 'ben', 'cyd'], {
    turn: { unit: 'hour', every: 1 },
    hours: hours(['mon'], '09:00', '12:00'),
  })
  expect(drawn(schedule(hourly), '2026-02-02T12:00:00Z', '2026-02-09T12:00:00Z')).toEqual([
    'ana 02-09T09:00 02-09T10:00',
    'ben 02-09T10:00 02-09T11:00',
    'cyd 02-09T11:00 02-09T12:00',
  ])
})

test('hours without cover do not shift the order by calendar; counting served turns does, and nobody is passed over', () => {
  const weekdays = hours(['mon', 'tue', 'wed', 'thu', 'fri'], '00:00', '24:00')
  const seven = ['ana', 'ben', 'cyd', 'dov', 'eve', 'fay', 'gil']
  const served = (advance: 'calendar' | 'served') =>
    finalSchedule(schedule(turns('r', seven, { hours: weekdays, advance })), {
      start: at('2026-02-02T00:00:00Z'),
      end: at('2026-02-16T00:00:00Z'),
    }).shifts.map((each) => each.person)
  expect(served('calendar')).toEqual(['ana', 'ben', 'cyd', 'dov', 'eve', 'ana', 'ben', 'cyd', 'dov', 'eve'])
  expect(served('served')).toEqual(['ana', 'ben', 'cyd', 'dov', 'eve', 'fay', 'gil', 'ana', 'ben', 'cyd'])
})

test('a hole of one minute is a hole: windows that nearly touch leave it open', () => {
  const nearly = turns('r', ['ana'], {
    hours: [...hours(['mon'], '08:00', '12:00'), ...hours(['mon'], '12:01', '16:00')],
  })
  const { gaps } = finalSchedule(schedule(nearly), {
    start: at('2026-02-02T08:00:00Z'),
    end: at('2026-02-02T16:00:00Z'),
  })
  expect(gaps.map((each) => each.end - each.start)).toEqual([minute])
})

test('hourly turns over three months are swept once, not compared with each other', () => {
  const many = Array.from({ length: 3 }, (_, index) =>
    turns(`r${index}`, ['ana', 'ben'], { turn: { unit: 'hour', every: 1 } }),
  )
  const { shifts } = finalSchedule(schedule(...many), {
    start: at('2026-02-02T00:00:00Z'),
    end: at('2026-05-03T00:00:00Z'),
  })
  expect(shifts).toHaveLength(3 * 90 * 24)
})

// --- Recurring shifts, strategies, custom shifts. ---

const office: Rotation = {
  name: 'office',
  zone: 'Europe/Berlin',
  shifts: [
    {
      start: '2026-03-23T09:00',
      end: '2026-03-23T17:00',
      repeat: 'FREQ=WEEKLY;BYDAY=MO,WE,FR',
      except: ['2026-03-27T09:00'],
      also: ['2026-03-28T09:00'],
    },
  ],
  members: [{ person: 'ana' }, { person: 'ben' }],
}

test('recurring shifts keep their wall time over a change of the clock; each shift passes the order on', () => {
  expect(drawn(schedule(office), '2026-03-23T00:00:00Z', '2026-04-02T00:00:00Z')).toEqual([
    'ana 03-23T08:00 03-23T16:00',
    'ben 03-25T08:00 03-25T16:00',
    'ana 03-28T08:00 03-28T16:00',
    'ben 03-30T07:00 03-30T15:00',
    'ana 04-01T07:00 04-01T15:00',
  ])
})

test.each<[string, Partial<Rotation>, string[]]>([
  ['one after the other', {}, ['ana', 'ben', 'ana', 'ben']],
  ['two shifts each', { perMember: 2 }, ['ana', 'ana', 'ben', 'ben']],
  ['everybody', { assign: 'everyone' }, ['ana+ben', 'ana+ben', 'ana+ben', 'ana+ben']],
])('assigned to %s', (_, strategy, expected) => {
  const given = schedule({ ...office, ...strategy } as Rotation)
  const starts = ['2026-03-23T10:00', '2026-03-25T10:00', '2026-03-28T10:00', '2026-03-30T10:00']
  expect(starts.map((each) => peopleOnCallAt(given, at(`${each}:00Z`)).join('+'))).toEqual(expected)
})

test('a place left empty on purpose is a gap, and the others keep their order', () => {
  const given = schedule(turns('r', ['ana', null, 'ben']))
  const days = ['02', '03', '04', '05'].map((each) => peopleOnCallAt(given, at(`2026-02-${each}T12:00:00Z`)).join())
  expect(days).toEqual(['ana', '', 'ben', 'ana'])
})

test('follow the sun: three offices hand over at their own wall time and leave no gap, summer and winter', () => {
  const site = (name: string, zone: string, from: string, to: string): Rotation =>
    turns(name, [name], { zone, turn: { unit: 'week', every: 1 }, hours: readHours([{ from, to }]) })
  const given = schedule(
    site('sydney', 'Australia/Sydney', '08:00', '18:00'),
    site('berlin', 'Europe/Berlin', '07:00', '18:00'),
    site('denver', 'America/Denver', '08:00', '18:00'),
  )
  for (const month of [1, 3, 4, 7, 10, 11]) {
    const start = at(`2026-${String(month).padStart(2, '0')}-01T00:00:00Z`)
    expect(finalSchedule(given, { start, end: instant(start + 14 * day) }).gaps).toEqual([])
  }
})

test('a custom shift stands beside rotations and layers, and an override can be scoped to it', () => {
  const custom = {
    name: 'launch',
    person: 'ana',
    start: at('2026-02-02T10:00:00Z'),
    end: at('2026-02-02T12:00:00Z'),
    reason: 'launch day',
  }
  const given = { ...schedule(turns('r', ['ana'], { layer: 3 })), shifts: [custom] }
  const noon = at('2026-02-02T11:00:00Z')
  expect(onCallAt(given, noon).map((each) => explainSource(each.source))).toEqual([
    'on call in rotation r',
    'custom shift launch: launch day',
  ])
  const cover: Override = {
    kind: 'replace',
    id: 'o',
    covers: 'ana',
    person: 'ben',
    shift: 'launch',
    reason: 'ill',
    start: custom.start,
    end: custom.end,
  }
  expect(onCallAt({ ...given, overrides: [cover] }, noon).map((each) => each.person)).toEqual(['ana', 'ben'])
  const { shift: _, ...elsewhere } = cover
  expect(onCallAt({ ...given, overrides: [{ ...elsewhere, rotation: 'r' }] }, noon).map((each) => each.person)).toEqual(
    ['ben', 'ana'],
  )
  // Taken back, the right person stays: that is what tells a custom shift from an override.
  expect(peopleOnCallAt({ ...given, overrides: [] }, noon)).toEqual(['ana'])
})

test('gaps outside the hours that must be covered are gaps all the same, and not missing cover', () => {
  const days = hours(['mon', 'tue', 'wed', 'thu', 'fri'], '09:00', '17:00')
  const given = {
    ...schedule(turns('r', ['ana'], { hours: hours(['mon'], '10:00', '17:00') })),
    coverage: { zone: 'UTC', hours: days },
  }
  const { gaps } = finalSchedule(given, { start: at('2026-02-02T00:00:00Z'), end: at('2026-02-03T00:00:00Z') })
  expect(gaps).toHaveLength(2)
  expect(missingCover(given, gaps).map((each) => [short(each.start), short(each.end)])).toEqual([
    ['02-02T09:00', '02-02T10:00'],
  ])
})

// --- The rule language against another implementation of it. ---

const someRule = fc.record({
  freq: fc.constantFrom('DAILY', 'WEEKLY', 'MONTHLY', 'HOURLY'),
  interval: fc.integer({ min: 1, max: 4 }),
  days: fc.subarray(['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'], { minLength: 0, maxLength: 4 }),
  nth: fc.constantFrom('', '1', '2', '-1'),
  monthDays: fc.subarray([1, 2, 15, 28, 31, -1, -3], { maxLength: 2 }),
  months: fc.subarray([1, 2, 6, 12], { maxLength: 2 }),
  count: fc.option(fc.integer({ min: 1, max: 30 })),
  weekStart: fc.constantFrom('', 'MO', 'SU'),
  start: fc.integer({ min: Date.UTC(2024, 0, 1) / hour, max: Date.UTC(2026, 0, 1) / hour }),
})

test('occurrences agree with an RFC 5545 library on the wall clock', () => {
  fc.assert(
    fc.property(someRule, ({ freq, interval, days, nth, monthDays, months, count, weekStart, start }) => {
      const monthly = freq === 'MONTHLY'
      // Without a day of its own a month keeps its day or takes its last one, which RFC 5545 does not.
      fc.pre(!monthly || days.length + monthDays.length > 0)
      const rule = [
        `FREQ=${freq};INTERVAL=${interval}`,
        ...(days.length === 0 ? [] : [`BYDAY=${days.map((each) => (monthly ? nth : '') + each).join(',')}`]),
        ...(monthDays.length === 0 || freq === 'WEEKLY' ? [] : [`BYMONTHDAY=${monthDays.join(',')}`]),
        ...(months.length === 0 ? [] : [`BYMONTH=${months.join(',')}`]),
        ...(count === null ? [] : [`COUNT=${count}`]),
        ...(weekStart === '' ? [] : [`WKST=${weekStart}`]),
      ].join(';')
      const read = readRecurrence(rule)
      if (!('rule' in read)) throw new Error(read.fault)
      const from = start * hour
      const end = from + (freq === 'HOURLY' ? 9 : 400) * day
      const mine = occurrences(
        read.rule,
        wallOf(new Date(from).toISOString().slice(0, 16)),
        wallOf(new Date(end).toISOString().slice(0, 16)),
      )
      const stamp = new Date(from).toISOString().replace(/[-:]|\.\d+/g, '')
      const other = new RRuleTemporal({ rruleString: `DTSTART:${stamp}\nRRULE:${rule}` })
      const theirs = other.between(new Date(from), new Date(end - 1), true).map((each) => each.epochMilliseconds)
      expect({ rule, found: mine.map((each) => formatWall(each)) }).toEqual({
        rule,
        found: theirs.map((each) => new Date(each).toISOString().slice(0, 16)),
      })
    }),
    { numRuns: 200 },
  )
})

test.each([
  ['FREQ=YEARLY', 'FREQ'],
  ['FREQ=DAILY;BYSETPOS=1', 'BYSETPOS'],
  ['FREQ=DAILY;INTERVAL=0', 'INTERVAL'],
  ['FREQ=DAILY;BYDAY=1MO', 'monthly'],
  ['FREQ=DAILY;BYDAY=XX', 'BYDAY'],
  ['FREQ=DAILY;COUNT=2;UNTIL=20270101', 'not both'],
  ['FREQ=DAILY;UNTIL=soon', 'UNTIL'],
  ['FREQ=MONTHLY;BYMONTHDAY=32', 'BYMONTHDAY'],
  ['FREQ=DAILY;FREQ=DAILY', 'twice'],
])('the rule %s is refused, saying why', (rule, sentence) => {
  const faults = checkRecurringShift({ start: '2026-01-01T09:00', end: '2026-01-01T10:00', repeat: rule }, '/s')
  expect(faults[0]?.pointer).toBe('/s/repeat')
  expect(faults[0]?.detail).toContain(sentence)
})

test('a monthly shift on the 31st takes the last day of a shorter month; UNTIL counts', () => {
  const starts = occurrencesOf(
    { start: '2026-01-31T09:00', end: '2026-01-31T10:00', repeat: 'FREQ=MONTHLY;UNTIL=20260430' },
    wallOf('2027-01-01T00:00'),
  )
  expect(starts.map((each) => formatWall(each.start).slice(0, 10))).toEqual([
    '2026-01-31',
    '2026-02-28',
    '2026-03-31',
    '2026-04-30',
  ])
})

test('a recurring shift of the year 1 is refused: its occurrences would be counted for two thousand years', () => {
  const old = { start: '0001-01-01T09:00', end: '0001-01-01T10:00', repeat: 'FREQ=HOURLY;BYMONTH=2' }
  expect(checkRecurringShift(old, '').map((each) => each.pointer)).toEqual(['/start'])
})

test('every fault of recurring shifts and strategies has its place', () => {
  const broken: Rotation = {
    ...office,
    shifts: [{ start: 'soon', end: '2026-01-01T10:00', also: ['x'] }],
    perMember: 0,
    layer: -1,
  }
  expect(checkRotation(broken, '/r').map((each) => each.pointer)).toEqual([
    '/r/shifts/0/start',
    '/r/shifts/0/also/0',
    '/r/perMember',
    '/r/layer',
  ])
  expect(
    checkRecurringShift({ start: '2026-01-01T10:00', end: '2026-01-01T10:00' }, '').map((each) => each.pointer),
  ).toEqual(['/end'])
})

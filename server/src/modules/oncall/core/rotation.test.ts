import { expect, test } from 'vitest'
import { hour } from '../../../kernel/duration.ts'
import { formatInstant, type Instant, parseInstant } from '../../../kernel/instant.ts'
import { checkRotation, handoffAt, type TurnRotation, type TurnUnit, turnAt } from './rotation.ts'
import { checkZone, formatWall, parseWall, readWall, wallAt } from './wall-clock.ts'

const at = (text: string): Instant => {
  const read = parseInstant(text)
  if (read === null) throw new Error(`Not an instant: ${text}`)
  return read
}

const rotation = (zone: string, start: string, unit: TurnUnit, every = 1): TurnRotation => ({
  name: 'primary',
  zone,
  start,
  turn: { unit, every },
  members: [{ person: 'ana' }, { person: 'ben' }, { person: 'cyd' }],
})

const chicago = 'America/Chicago'
const lordHowe = 'Australia/Lord_Howe'

// The hand-offs that follow one another, written with the offset in force, so a wrong pass of a repeated hour shows.
test.each<[string, TurnRotation, string[]]>([
  [
    'daily 02:30 in a spring night without 02:30',
    rotation(chicago, '2020-03-07T02:30', 'day'),
    ['2020-03-07T02:30:00-06:00', '2020-03-08T03:00:00-05:00', '2020-03-09T02:30:00-05:00'],
  ],
  [
    'daily 01:30 in an autumn night with two 01:30: the first one',
    rotation(chicago, '2020-10-31T01:30', 'day'),
    ['2020-10-31T01:30:00-05:00', '2020-11-01T01:30:00-05:00', '2020-11-02T01:30:00-06:00'],
  ],
  [
    'hourly from half past in spring: a half shift',
    rotation(chicago, '2020-03-08T00:30', 'hour'),
    [
      '2020-03-08T00:30:00-06:00',
      '2020-03-08T01:30:00-06:00',
      '2020-03-08T03:00:00-05:00',
      '2020-03-08T03:30:00-05:00',
      '2020-03-08T04:30:00-05:00',
    ],
  ],
  [
    'hourly from the full hour in spring: the turn of 02:00 has no length',
    rotation(chicago, '2020-03-08T01:00', 'hour'),
    [
      '2020-03-08T01:00:00-06:00',
      '2020-03-08T03:00:00-05:00',
      '2020-03-08T03:00:00-05:00',
      '2020-03-08T04:00:00-05:00',
    ],
  ],
  [
    'hourly from the full hour in autumn: the turn of 01:00 lasts two hours',
    rotation(chicago, '2020-11-01T00:00', 'hour'),
    ['2020-11-01T00:00:00-05:00', '2020-11-01T01:00:00-05:00', '2020-11-01T02:00:00-06:00'],
  ],
  [
    'Lord Howe daily 02:15 in spring, half an hour forward',
    rotation(lordHowe, '2020-10-03T02:15', 'day'),
    ['2020-10-03T02:15:00+10:30', '2020-10-04T02:30:00+11:00', '2020-10-05T02:15:00+11:00'],
  ],
  [
    'Lord Howe daily 02:00 in autumn, half an hour back',
    rotation(lordHowe, '2021-04-03T02:00', 'day'),
    ['2021-04-03T02:00:00+11:00', '2021-04-04T02:00:00+10:30', '2021-04-05T02:00:00+10:30'],
  ],
  [
    'Apia daily 08:00 over the day that never was',
    rotation('Pacific/Apia', '2011-12-29T08:00', 'day'),
    ['2011-12-29T08:00:00-10:00', '2011-12-31T00:00:00+14:00', '2011-12-31T08:00:00+14:00'],
  ],
  [
    'Beirut daily midnight, when midnight does not exist',
    rotation('Asia/Beirut', '2022-03-26T00:00', 'day'),
    ['2022-03-26T00:00:00+02:00', '2022-03-27T01:00:00+03:00', '2022-03-28T00:00:00+03:00'],
  ],
  [
    'monthly on the 31st: last day of a short month, then back to the 31st',
    rotation('UTC', '2023-01-31T09:00', 'month'),
    ['2023-01-31T09:00:00Z', '2023-02-28T09:00:00Z', '2023-03-31T09:00:00Z', '2023-04-30T09:00:00Z'],
  ],
  [
    'monthly on the 29th in a leap year',
    rotation('UTC', '2024-01-29T09:00', 'month'),
    ['2024-01-29T09:00:00Z', '2024-02-29T09:00:00Z', '2024-03-29T09:00:00Z'],
  ],
  [
    'quarterly',
    rotation('Europe/Berlin', '2026-01-31T08:00', 'month', 3),
    ['2026-01-31T08:00:00+01:00', '2026-04-30T08:00:00+02:00', '2026-07-31T08:00:00+02:00'],
  ],
])('%s', (_, each, expected) => {
  expect(expected.map((_, index) => formatInstant(handoffAt(each, index)))).toEqual(
    expected.map((text) => formatInstant(at(text))),
  )
})

test.each<[string, TurnUnit, string, string, number]>([
  ['week in spring', 'week', '2020-03-02T08:00', '2020-03-02', 167],
  ['week in autumn', 'week', '2020-10-26T08:00', '2020-10-26', 169],
  ['day in spring', 'day', '2020-03-07T08:00', '2020-03-07', 23],
  ['day in autumn', 'day', '2020-10-31T08:00', '2020-10-31', 25],
  ['month in spring', 'month', '2020-03-01T00:00', '2020-03-01', 31 * 24 - 1],
])('length of a Chicago %s', (_, unit, start, __, hours) => {
  const each = rotation(chicago, start, unit)
  expect((handoffAt(each, 1) - handoffAt(each, 0)) / hour).toBe(hours)
})

test('24 hourly turns are one daily turn', () => {
  const daily = rotation(chicago, '2020-03-01T02:30', 'day')
  const hourly = rotation(chicago, '2020-03-01T02:30', 'hour', 24)
  for (let index = -300; index < 300; index += 1) expect(handoffAt(hourly, index)).toBe(handoffAt(daily, index))
})

test('a start in the future extends the grid backwards', () => {
  const each = rotation(chicago, '2030-06-03T09:00', 'week')
  const now = at('2026-02-11T12:00:00Z')
  const turn = turnAt(each, now)
  expect(turn).toBeLessThan(0)
  expect(handoffAt(each, turn)).toBe(at('2026-02-09T09:00:00-06:00'))
})

// Only the first pass of 01:30 hands over, so at the second 01:10 the turn of 01:30 is already under way.
test('inside the repeated hour the turn does not go back', () => {
  const each = rotation(chicago, '2020-11-01T01:30', 'hour', 1)
  expect(turnAt(each, at('2020-11-01T01:29:59-05:00'))).toBe(-1)
  expect(turnAt(each, at('2020-11-01T01:30:00-05:00'))).toBe(0)
  expect(turnAt(each, at('2020-11-01T01:10:00-06:00'))).toBe(0)
  expect(turnAt(each, at('2020-11-01T01:30:00-06:00'))).toBe(0)
  expect(turnAt(each, at('2020-11-01T02:30:00-06:00'))).toBe(1)
})

test('an hourly turn decades away is found without walking there', () => {
  const each = rotation(chicago, '2000-01-01T00:00', 'hour')
  const turn = turnAt(each, at('2040-06-01T12:34:00Z'))
  expect(handoffAt(each, turn)).toBe(at('2040-06-01T12:00:00Z'))
})

test.each([
  ['America/Nowhere', 'There is no time zone "America/Nowhere".'],
  ['America/Chicgo', 'Did you mean "America/Chicago"?'],
  ['+02:00', 'Write an IANA name'],
  ['', 'Write an IANA name'],
  ['Z', 'Write an IANA name'],
])('zone %j is refused, not thrown', (zone, sentence) => {
  expect(checkZone(zone, '/zone')?.detail).toContain(sentence)
})

test.each(['UTC', 'Europe/Berlin', 'Etc/GMT+5', 'America/Argentina/Buenos_Aires'])('zone %s is accepted', (zone) => {
  expect(checkZone(zone, '/zone')).toBeNull()
})

test('every fault of a rotation is named with its place', () => {
  const broken: TurnRotation = {
    ...rotation('Mars/Base', '2026-02-30T09:00', 'week', 0),
    members: [{ person: 'ana', since: at('2026-02-02T00:00:00Z'), until: at('2026-02-01T00:00:00Z') }],
    since: at('2026-02-02T00:00:00Z'),
    until: at('2026-02-02T00:00:00Z'),
  }
  expect(checkRotation(broken, '/r').map((fault) => fault.pointer)).toEqual([
    '/r/zone',
    '/r/start',
    '/r/turn/every',
    '/r/members/0/until',
    '/r/until',
  ])
  expect(checkRotation({ ...rotation(chicago, '2026-02-02T09:00', 'week'), members: [] })).toHaveLength(1)
  expect(checkRotation(rotation(chicago, '2026-02-02T09:00', 'week'))).toEqual([])
})

test('wall times are read and written', () => {
  expect(['2026-02-30T09:00', '2026-02-03T24:00', '2026-02-03T09:60', '9am', ''].map(parseWall)).toEqual(
    Array.from({ length: 5 }, () => null),
  )
  expect(formatWall(wallAt('Asia/Kathmandu', at('2026-02-03T00:00:00Z')))).toBe('2026-02-03T05:45')
})

test('a typed time that happens twice or never is asked back with both choices', () => {
  const read = (text: string) => {
    const local = parseWall(text)
    return local === null ? null : readWall(chicago, local)
  }
  expect(read('2020-11-01T01:30')).toEqual({
    kind: 'twice',
    first: at('2020-11-01T01:30:00-05:00'),
    second: at('2020-11-01T01:30:00-06:00'),
  })
  expect(read('2020-03-08T02:30')).toEqual({
    kind: 'never',
    before: at('2020-03-08T01:59:00-06:00'),
    after: at('2020-03-08T03:00:00-05:00'),
  })
  expect(read('2020-03-09T02:30')).toEqual({ kind: 'once', at: at('2020-03-09T02:30:00-05:00') })
})

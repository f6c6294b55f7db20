import { expect, test } from 'vitest'
import { day, hour } from '../../../kernel/duration.ts'
import { formatInstant, type Instant, instant, parseInstant } from '../../../kernel/instant.ts'
import { compareShifts } from './compare-shifts.ts'
import { readHours } from './hours.ts'
import { type LintFacts, lintSchedule, summarizeFindings } from './lint.ts'
import type { TurnRotation } from './rotation.ts'
import { finalSchedule, type Schedule } from './schedule.ts'

const at = (text: string): Instant => {
  const read = parseInstant(text)
  if (read === null) throw new Error(`Not an instant: ${text}`)
  return read
}
const start = at('2026-03-02T00:00:00Z') // a Monday
const facts: LintFacts = {
  zone: 'UTC',
  window: { start, end: instant(start + 28 * day) },
  holidays: [],
  unreachable: new Set(),
  elsewhere: [],
}
const rota = (people: readonly string[], more: Partial<TurnRotation> = {}): TurnRotation => ({
  name: 'r',
  zone: 'UTC',
  start: '2026-03-02T00:00',
  turn: { unit: 'week', every: 1 },
  members: people.map((person) => ({ person })),
  ...more,
})
const schedule = (...rotations: readonly TurnRotation[]): Schedule => ({ name: 's', rotations, overrides: [] })
const week = ['ana', 'ben', 'chi', 'dov']

test('a rota of four that is well made has nothing to say', () => {
  expect(lintSchedule(schedule(rota(week)), facts)).toEqual([])
})

test.each<[string, Schedule, Partial<LintFacts>, string[]]>([
  [
    'a hole',
    schedule(rota(week, { hours: readHours([{ from: '00:00', to: '23:00' }]) })),
    { window: { start, end: instant(start + 2 * day) } },
    [
      'gap Nobody is on call from 2026-03-02 23:00 to 2026-03-03 00:00.',
      'gap Nobody is on call from 2026-03-03 23:00 to 2026-03-04 00:00.',
      'short-rest ana has 1 h of rest between 2026-03-02 23:00 and 2026-03-03 00:00; eleven are due.',
    ],
  ],
  [
    'no hole where nobody has to be on call',
    {
      ...schedule(rota(week, { hours: readHours([{ from: '09:00', to: '17:00' }]) })),
      coverage: { zone: 'UTC', hours: readHours([{ from: '10:00', to: '16:00' }]) },
    },
    {},
    [],
  ],
  [
    'a person without a contact',
    schedule(rota(week)),
    { unreachable: new Set(['ben', 'zoe']) },
    ['unreachable ben has no verified contact and cannot be paged.'],
  ],
  [
    'one person in two rotations at once',
    schedule(rota(['ana', 'ben']), {
      ...rota(['chi', 'ben']),
      name: 'second',
      since: instant(start + 6 * day),
      until: instant(start + 9 * day),
    }),
    { window: { start, end: instant(start + 14 * day) } },
    ['double-booking ben is on call twice from 2026-03-09 00:00 to 2026-03-11 00:00: one person, one pair of hands.'],
  ],
  [
    'one person in another schedule',
    schedule(rota(week)),
    { elsewhere: [{ person: 'ana', schedule: 'db', start: instant(start + day), end: instant(start + 2 * day) }] },
    ['double-booking ana is also on call in db from 2026-03-03 00:00 to 2026-03-04 00:00.'],
  ],
  [
    'a late shift before an early one',
    schedule(
      rota(['ana', 'ben'], { name: 'late', hours: readHours([{ days: ['mon'], from: '14:00', to: '22:00' }]) }),
      rota(['ana', 'ben'], { name: 'early', hours: readHours([{ days: ['tue'], from: '06:00', to: '14:00' }]) }),
    ),
    { window: { start: instant(start + 14 * hour), end: instant(start + 38 * hour) } },
    [
      'gap Nobody is on call from 2026-03-02 22:00 to 2026-03-03 06:00.',
      'short-rest ana has 8 h of rest between 2026-03-02 22:00 and 2026-03-03 06:00; eleven are due.',
    ],
  ],
  [
    'a lunch break is no short rest',
    {
      ...schedule(
        rota(['ana'], {
          hours: readHours([
            { days: ['mon', 'tue'], from: '09:00', to: '12:00' },
            { days: ['mon', 'tue'], from: '13:00', to: '17:00' },
          ]),
        }),
      ),
      coverage: { zone: 'UTC', hours: [] },
    },
    {},
    [],
  ],
  [
    'a holiday, to know',
    schedule(rota(week)),
    {
      holidays: [
        { name: 'Founding day', span: { start: at('2026-03-10T00:00:00Z'), end: at('2026-03-11T00:00:00Z') } },
      ],
    },
    ['holiday On call on Founding day: ben.'],
  ],
  [
    'somebody new and alone',
    schedule(
      rota(week.slice(0, 3), {
        members: [{ person: 'ana' }, { person: 'eve', since: at('2026-03-01T00:00:00Z') }, { person: 'chi' }],
      }),
    ),
    {},
    ['lone-newcomer eve, who joins on 2026-03-01, is alone on call from 2026-03-09 00:00.'],
  ],
  [
    'somebody new beside an old hand',
    schedule(
      rota([], { members: [{ person: 'eve', since: at('2026-03-01T00:00:00Z') }] }),
      rota(week, { name: 'old' }),
    ),
    { window: { start, end: instant(start + 4 * day) } },
    [],
  ],
])('%s', (_, given, more, expected) => {
  const found = lintSchedule(given, { ...facts, ...more })
  expect(found.map((each) => `${each.code} ${each.sentence}`)).toEqual(expected)
})

test('three weekends in a row, and six', () => {
  const weekends = rota(['ana'], { hours: readHours([{ from: 'sat 08:00', to: 'sun 20:00' }]) })
  const given = { ...schedule(weekends), coverage: { zone: 'UTC', hours: [] } }
  const six = lintSchedule(given, { ...facts, window: { start, end: instant(start + 42 * day) } })
  expect(six.map((each) => [each.code, each.sentence.slice(0, 36)])).toEqual([
    ['three-weekends', 'ana is on call on 3 weekends in a ro'],
    ['three-weekends', 'ana is on call on 6 weekends in a ro'],
  ])
  expect(lintSchedule(given, { ...facts, window: { start, end: instant(start + 14 * day) } })).toEqual([])
})

test.each([
  ['2026-03-23T03:00', 'weigh', 'that very night, at 03:00'],
  ['2026-03-23T09:00', 'know', 'is 60 minutes shorter than usual.'],
])('the night the clock changes, hand-over daily from %s', (from, level, sentence) => {
  const given = schedule(rota(['ana', 'ben'], { zone: 'Europe/Berlin', start: from, turn: { unit: 'day', every: 1 } }))
  const window = { start: at('2026-03-28T00:00:00Z'), end: at('2026-03-30T00:00:00Z') }
  const [found] = lintSchedule(given, { ...facts, zone: 'Europe/Berlin', window }).filter(
    (each) => each.code === 'clock-change',
  )
  expect(found).toMatchObject({ level, start: at('2026-03-29T01:00:00Z') })
  expect(found?.sentence).toContain('The clock goes forward by 60 minutes at 2026-03-29 03:00')
  expect(found?.sentence).toContain(sentence)
})

test('a summary says the first of each kind and counts the rest', () => {
  const daily = rota(week, { hours: readHours([{ from: '00:00', to: '23:00' }]) })
  const findings = lintSchedule(schedule(daily), { ...facts, unreachable: new Set(['chi']) })
  expect(summarizeFindings(findings).slice(0, 2)).toEqual([
    { code: 'gap', sentence: 'Nobody is on call from 2026-03-02 23:00 to 2026-03-03 00:00. And 27 more like it.' },
    { code: 'unreachable', sentence: 'chi has no verified contact and cannot be paged.' },
  ])
})

test('a change of the order says whom it affects and when', () => {
  const window = { start, end: instant(start + 14 * day) }
  const before = finalSchedule(schedule(rota(['ana', 'ben'])), window).shifts
  const after = finalSchedule(schedule(rota(['ana', 'chi'])), window).shifts
  expect(compareShifts(before, before, window)).toEqual([])
  expect(
    compareShifts(before, after, window).map((each) => [
      formatInstant(each.start).slice(5, 10),
      each.before,
      each.after,
    ]),
  ).toEqual([['03-09', ['ben'], ['chi']]])
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { day, hour, minute } from '../../../kernel/duration.ts'
import { formatInstant, type Instant, instant, parseInstant } from '../../../kernel/instant.ts'
import { contains, type Interval, union } from '../../../kernel/interval.ts'
import { handOvers, nextChange } from './hand-over.ts'
import type { Override } from './override.ts'
import type { Member, Turn, TurnRotation } from './rotation.ts'
import { checkSchedule, explainSource, finalSchedule, onCallAt, peopleOnCallAt, type Schedule } from './schedule.ts'

const at = (text: string): Instant => {
  const read = parseInstant(text)
  if (read === null) throw new Error(`Not an instant: ${text}`)
  return read
}
const people = ['ana', 'ben', 'cyd', 'dov']
const rotation = (name: string, members: readonly Member[], turn: Turn = { unit: 'week', every: 1 }): TurnRotation => ({
  name,
  zone: 'UTC',
  start: '2026-02-02T09:00',
  turn,
  members,
})
const weekly = rotation('primary', [{ person: 'ana' }, { person: 'ben' }])
const within = (start: string, end: string): Interval => ({ start: at(start), end: at(end) })
const noon = at('2026-02-03T12:00:00Z')
const thatDay = within('2026-02-03T00:00:00Z', '2026-02-04T00:00:00Z')
const schedule = (rotations: readonly TurnRotation[], overrides: readonly Override[] = []): Schedule => ({
  name: 'web',
  rotations,
  overrides,
})
const coverOf = (id: string, covers: string, person: string) => ({
  kind: 'replace' as const,
  id,
  covers,
  person,
  reason: id,
  ...thatDay,
})
const cover = (id: string, covers: string, person: string): Override => coverOf(id, covers, person)
const secondary = rotation('secondary', [{ person: 'ben' }, { person: 'ana' }])

test.each<[string, Schedule, string[]]>([
  ['nothing', schedule([weekly]), ['ana']],
  ['two rotations', schedule([weekly, secondary]), ['ana', 'ben']],
  ['a cover', schedule([weekly], [cover('a', 'ana', 'cyd')]), ['cyd']],
  ['covers chain', schedule([weekly], [cover('a', 'ana', 'ben'), cover('b', 'ben', 'cyd')]), ['cyd']],
  ['covers chain in any order', schedule([weekly], [cover('b', 'ben', 'cyd'), cover('a', 'ana', 'ben')]), ['cyd']],
  [
    'a swap of two people on call together keeps both',
    schedule([weekly, secondary], [cover('a', 'ana', 'ben'), cover('b', 'ben', 'ana')]),
    ['ben', 'ana'],
  ],
  ['the last cover made wins', schedule([weekly], [cover('a', 'ana', 'cyd'), cover('b', 'ana', 'dov')]), ['dov']],
  [
    'whoever has the turn',
    schedule([weekly], [{ kind: 'replace', id: 'x', person: 'dov', reason: 'training', ...thatDay }]),
    ['dov'],
  ],
  [
    'of two that replace whoever has the turn, the last one made',
    schedule(
      [weekly],
      [
        { kind: 'replace', id: 'x', person: 'dov', reason: 'training', ...thatDay },
        { kind: 'replace', id: 'y', person: 'cyd', reason: 'again', ...thatDay },
      ],
    ),
    ['cyd'],
  ],
  [
    'only in one rotation',
    schedule([weekly, rotation('other', [{ person: 'ana' }])], [{ ...coverOf('a', 'ana', 'cyd'), rotation: 'other' }]),
    ['ana', 'cyd'],
  ],
  [
    'an extra responder',
    schedule([weekly], [{ kind: 'add', id: 'x', person: 'dov', reason: 'launch', ...thatDay }]),
    ['ana', 'dov'],
  ],
  [
    'an extra responder who is covered in turn',
    schedule(
      [weekly],
      [{ kind: 'add', id: 'x', person: 'dov', reason: 'launch', ...thatDay }, cover('a', 'dov', 'cyd')],
    ),
    ['ana', 'cyd'],
  ],
  [
    'stepping out leaves nobody',
    schedule([weekly], [{ kind: 'remove', id: 'x', person: 'ana', reason: 'ill', ...thatDay }]),
    [],
  ],
])('on call with %s', (_, given, expected) => {
  expect(peopleOnCallAt(given, noon)).toEqual(expected)
  expect(peopleOnCallAt({ ...given, overrides: [] }, thatDay.end)).toEqual(
    peopleOnCallAt(given, thatDay.end), // half-open: nothing is left at the end
  )
})

test('every source says why', () => {
  const given = schedule(
    [weekly],
    [cover('ski trip', 'ana', 'ben'), { kind: 'add', id: 'x', person: 'dov', reason: 'launch', ...thatDay }],
  )
  expect(onCallAt(given, noon).map((each) => `${each.person}: ${explainSource(each.source)}`)).toEqual([
    'ben: covering for ana: ski trip',
    'dov: added: launch',
  ])
})

test('a gap of one minute is a gap, and adjacent shifts have no seam', () => {
  const out: Override = {
    kind: 'remove',
    id: 'x',
    person: 'ana',
    reason: 'phone off',
    start: noon,
    end: instant(noon + minute),
  }
  const { shifts, gaps } = finalSchedule(schedule([weekly], [out]), thatDay)
  expect(gaps).toEqual([{ start: noon, end: instant(noon + minute) }])
  expect(shifts.map((each) => [formatInstant(each.start), formatInstant(each.end)])).toEqual([
    ['2026-02-03T00:00:00.000Z', '2026-02-03T12:00:00.000Z'],
    ['2026-02-03T12:01:00.000Z', '2026-02-04T00:00:00.000Z'],
  ])
})

test('a hand-off instant belongs to the one who comes', () => {
  const handOff = at('2026-02-09T09:00:00Z')
  expect(peopleOnCallAt(schedule([weekly]), instant(handOff - 1))).toEqual(['ana'])
  expect(peopleOnCallAt(schedule([weekly]), handOff)).toEqual(['ben'])
})

test('joining and leaving on a date changes nothing before it and keeps the order after it', () => {
  const daily: Turn = { unit: 'day', every: 1 }
  const before = schedule([rotation('p', [{ person: 'ana' }, { person: 'ben' }, { person: 'cyd' }], daily)])
  const joins = at('2026-02-10T00:00:00Z')
  const leaves = at('2026-02-20T20:00:00Z')
  const members: Member[] = [{ person: 'ana' }, { person: 'ben', until: leaves }, { person: 'cyd' }]
  const after = schedule([rotation('p', [...members, { person: 'dov', since: joins }], daily)])
  const serving = (given: Schedule, from: string, days: number) =>
    Array.from({ length: days }, (_, index) => peopleOnCallAt(given, instant(at(from) + index * day)).join())
  expect(serving(after, '2026-02-02T12:00:00Z', 8)).toEqual(serving(before, '2026-02-02T12:00:00Z', 8))
  expect(serving(after, '2026-02-09T12:00:00Z', 8)).toEqual(['ben', 'cyd', 'dov', 'ana', 'ben', 'cyd', 'dov', 'ana'])
  // Ben's turn of the 20th ends when he leaves; Cyd takes the rest, then her own turn.
  expect(peopleOnCallAt(after, at('2026-02-17T12:00:00Z'))).toEqual(['ben'])
  expect(serving(after, '2026-02-19T12:00:00Z', 6)).toEqual(['dov', 'ana', 'cyd', 'dov', 'ana', 'cyd'])
})

test('a member who leaves in the middle of a turn gives the rest to the next one', () => {
  const leaves = at('2026-02-04T12:00:00Z')
  const given = schedule([rotation('p', [{ person: 'ana', until: leaves }, { person: 'ben' }])])
  const { shifts, gaps } = finalSchedule(given, within('2026-02-02T09:00:00Z', '2026-02-09T09:00:00Z'))
  expect(gaps).toEqual([])
  expect(shifts.map((each) => `${each.person}: ${explainSource(each.source)}`)).toEqual([
    'ana: on call in rotation p',
    "ben: on call in rotation p, taking the rest of ana's turn",
  ])
})

test('hand-overs name who leaves, comes and stays', () => {
  const given = schedule([weekly, rotation('lead', [{ person: 'cyd' }])])
  expect(handOvers(given, within('2026-02-05T00:00:00Z', '2026-02-12T00:00:00Z'))).toEqual([
    { at: at('2026-02-09T09:00:00Z'), leaving: ['ana'], coming: ['ben'], staying: ['cyd'], uncovered: false },
  ])
})

test('you are on call until, and you are next on call', () => {
  const given = [schedule([weekly])]
  expect(nextChange(given, 'ana', noon)).toEqual({
    state: 'on-call',
    schedules: ['web'],
    until: at('2026-02-09T09:00:00Z'),
  })
  expect(nextChange(given, 'ben', noon)).toEqual({
    state: 'off',
    schedules: ['web'],
    next: within('2026-02-09T09:00:00Z', '2026-02-16T09:00:00Z'),
  })
  expect(nextChange(given, 'zoe', noon)).toEqual({ state: 'off', schedules: [], next: null })
  expect(nextChange([schedule([rotation('p', [{ person: 'ana' }])])], 'ana', noon)).toEqual({
    state: 'on-call',
    schedules: ['web'],
    until: null,
  })
})

test('faults of a schedule are found', () => {
  const bad: Override = { ...coverOf('a', 'ana', 'ana'), rotation: 'nope', reason: ' ', end: thatDay.start }
  const faults = checkSchedule(schedule([weekly, weekly], [bad]))
  expect(faults.map((each) => each.pointer)).toEqual([
    '/rotations/1/name',
    '/overrides/0/end',
    '/overrides/0/reason',
    '/overrides/0/covers',
    '/overrides/0/rotation',
  ])
  expect(checkSchedule(schedule([weekly], [cover('a', 'ana', 'ben')]))).toEqual([])
})

const zones = ['America/Chicago', 'Australia/Lord_Howe', 'Pacific/Apia', 'Africa/Casablanca', 'Asia/Beirut', 'UTC']

// Windows lie around the changes of the zone as often as anywhere else.
const changes = [
  '2020-03-08T08:00:00Z',
  '2020-11-01T07:00:00Z',
  '2020-10-03T15:30:00Z',
  '2021-04-03T15:00:00Z',
  '2011-12-30T10:00:00Z',
  '2018-02-18T02:00:00Z',
  '2022-03-26T22:00:00Z',
  '2024-03-10T02:00:00Z',
  '2030-10-27T01:00:00Z',
].map((text) => Date.parse(text))
const someInstant = fc.oneof(
  fc.integer({ min: Date.UTC(2000, 0, 1) / minute, max: Date.UTC(2040, 11, 1) / minute }).map((each) => each * minute),
  fc
    .tuple(fc.constantFrom(...changes), fc.integer({ min: -2000, max: 400 }))
    .map(([change, minutes]) => change + minutes * minute),
)
const someRotation = fc.record({
  name: fc.constant('primary'),
  zone: fc.constantFrom(...zones),
  start: fc
    .tuple(fc.integer({ min: 2000, max: 2040 }), fc.integer({ min: 0, max: 365 }), fc.integer({ min: 0, max: 95 }))
    .map(([year, date, quarter]) => new Date(Date.UTC(year, 0, 1) + date * day + quarter * 15 * minute).toISOString())
    .map((text) => text.slice(0, 16)),
  turn: fc.record({ unit: fc.constantFrom('hour', 'day', 'week', 'month'), every: fc.integer({ min: 1, max: 3 }) }),
  members: fc
    .uniqueArray(fc.constantFrom(...people), { minLength: 1, maxLength: 4 })
    .map((each) => each.map((person) => ({ person }))),
}) satisfies fc.Arbitrary<TurnRotation>

const someOverride = (base: number) =>
  fc
    .record({
      from: fc.integer({ min: -10, max: 70 }),
      hours: fc.integer({ min: 1, max: 40 }),
      kind: fc.constantFrom('replace', 'any', 'add', 'remove'),
      person: fc.constantFrom(...people),
      covers: fc.constantFrom(...people),
      id: fc.uuid(),
    })
    .map(({ from, hours, kind, person, covers, id }): Override => {
      const shared = {
        id,
        person,
        reason: 'r',
        start: instant(base + from * hour),
        end: instant(base + (from + hours) * hour),
      }
      if (kind === 'replace') return { ...shared, kind, covers }
      if (kind === 'any') return { ...shared, kind: 'replace' }
      return kind === 'add' ? { ...shared, kind } : { ...shared, kind: 'remove' }
    })

const someSchedule = someInstant.chain((base) =>
  fc.record({
    base: fc.constant(base),
    rotations: fc.array(
      fc
        .tuple(someRotation, fc.option(fc.integer({ min: 0, max: 60 })), fc.option(fc.integer({ min: 0, max: 60 })))
        .map(
          ([each, joins, leaves]): TurnRotation => ({
            ...each,
            members: each.members.map((member, index) => ({
              ...member,
              ...(joins !== null && index === 0 ? { since: instant(base + joins * hour) } : {}),
              ...(leaves !== null && index === 1 ? { until: instant(base + leaves * hour) } : {}),
            })),
          }),
        ),
      { maxLength: 2 },
    ),
    overrides: fc.array(someOverride(base), { maxLength: 5 }),
  }),
)

test('final schedule and live answer agree at every instant; shifts and gaps tile the window', () => {
  fc.assert(
    fc.property(someSchedule, ({ base, rotations, overrides }) => {
      const given = schedule(
        rotations.map((each, index) => ({ ...each, name: `r${index}` })),
        overrides,
      )
      const window = { start: instant(base), end: instant(base + 60 * hour) }
      const { shifts, gaps } = finalSchedule(given, window)
      const edges = [...shifts, ...gaps].flatMap((each) => [each.start, each.end, instant(each.end - 1)])
      const probes = [...edges, ...Array.from({ length: 30 }, (_, index) => instant(base + index * 2 * hour + 1))]
      for (const probe of new Set(probes)) {
        if (!contains(window, probe)) continue
        const planned = shifts.filter((each) => contains(each, probe)).map(({ person, source }) => ({ person, source }))
        const live = onCallAt(given, probe)
        const sorted = (list: readonly object[]) => list.map((each) => JSON.stringify(each)).sort()
        expect(sorted(planned)).toEqual(sorted(live))
        expect(gaps.some((each) => contains(each, probe))).toBe(live.length === 0)
      }
      expect(union([...shifts, ...gaps].map(({ start, end }) => ({ start, end })))).toEqual([window])
      for (const gap of gaps) expect(shifts.some((each) => each.start < gap.end && gap.start < each.end)).toBe(false)
    }),
    { numRuns: 150 },
  )
})

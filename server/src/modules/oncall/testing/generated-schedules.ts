// Schedules over zones and years, as wild as the kinds allow: turns and recurring shifts, hours of the week, layers,
// dated members, empty places, custom shifts and overrides in every scope.
import fc from 'fast-check'
import { formatInstant, type Instant, instant } from '../../../kernel/instant.ts'
import { finalSchedule, type Override, onCallAt, type Rotation, type Schedule, turnUnits } from '../core/index.ts'
import { walkSchedule } from './minute-walker.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const people = ['ana', 'ben', 'cyd', 'dov', 'eve']
/** How long a generated window is. */
const windowMs = 60 * hour

export const zones = [
  'America/Chicago',
  'America/New_York',
  'America/Sao_Paulo',
  'America/St_Johns',
  'Africa/Casablanca',
  'Asia/Beirut',
  'Asia/Kathmandu',
  'Asia/Tehran',
  'Australia/Lord_Howe',
  'Australia/Sydney',
  'Europe/Berlin',
  'Europe/Dublin',
  'Pacific/Apia',
  'Pacific/Auckland',
  'Pacific/Chatham',
  'UTC',
]

// Windows lie around changes of a clock as often as anywhere else.
const changes = [
  '2020-03-08T08:00:00Z',
  '2020-11-01T07:00:00Z',
  '2020-10-03T15:30:00Z',
  '2021-04-03T15:00:00Z',
  '2011-12-30T10:00:00Z',
  '2018-02-18T02:00:00Z',
  '2022-03-26T22:00:00Z',
  '2024-03-10T02:00:00Z',
  '2026-03-29T01:00:00Z',
  '2030-10-27T01:00:00Z',
  '2035-09-29T14:00:00Z',
].map((text) => Date.parse(text))

const someBase = fc.oneof(
  fc.integer({ min: Date.UTC(2000, 0, 10) / minute, max: Date.UTC(2040, 0, 1) / minute }).map((each) => each * minute),
  fc
    .tuple(fc.constantFrom(...changes), fc.integer({ min: -3000, max: 400 }))
    .map(([change, minutes]) => change + minutes * minute),
)

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 })
const given = <K extends string, V>(key: K, value: V | undefined) =>
  (value === undefined ? {} : { [key]: value }) as { [P in K]?: V }

const someHours = fc.array(
  fc.record({
    weekday: fc.integer({ min: 0, max: 6 }),
    fromMinute: fc.integer({ min: 0, max: 95 }).map((each) => each * 15),
    lengthMinutes: fc.oneof(
      fc.integer({ min: 1, max: 96 }).map((each) => each * 15),
      fc.constantFrom(1, 1440, 4000),
    ),
  }),
  { minLength: 1, maxLength: 7 },
)

const someMembers = (base: number) =>
  fc.array(
    fc
      .record({
        person: fc.oneof(
          { weight: 9, arbitrary: fc.constantFrom(...people) },
          { weight: 1, arbitrary: fc.constant(null) },
        ),
        since: maybe(fc.integer({ min: -60, max: 60 })),
        stays: maybe(fc.integer({ min: 1, max: 90 })),
      })
      .map(({ person, since, stays }) => {
        const from = base + (since ?? -60) * hour
        return {
          person,
          ...given('since', since === undefined ? undefined : instant(from)),
          ...given('until', stays === undefined ? undefined : instant(from + stays * hour)),
        }
      }),
    { minLength: 1, maxLength: 5 },
  )

const localNear = (base: number, daysBack: number) =>
  fc
    .tuple(fc.integer({ min: -daysBack, max: 3 }), fc.integer({ min: 0, max: 95 }))
    .map(([days, quarter]) => Math.floor(base / day) * day + days * day + quarter * 15 * minute)
const localText = (at: number) => new Date(at).toISOString().slice(0, 16)

const someShift = (base: number) =>
  fc
    .record({
      start: localNear(base, 40),
      minutes: fc.oneof(
        fc.integer({ min: 1, max: 60 }).map((each) => each * 30),
        fc.constantFrom(1, 1440, 3000),
      ),
      freq: fc.constantFrom('once', 'DAILY', 'WEEKLY', 'MONTHLY'),
      interval: fc.integer({ min: 1, max: 3 }),
      days: fc.subarray(['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'], { minLength: 1 }),
      byDay: fc.boolean(),
      also: maybe(localNear(base, 3)),
    })
    .map(({ start, minutes, freq, interval, days, byDay, also }) => {
      const by = byDay && freq !== 'MONTHLY' ? `;BYDAY=${days.join(',')}` : ''
      return {
        start: localText(start),
        end: localText(start + minutes * minute),
        ...(freq === 'once'
          ? {}
          : { repeat: `FREQ=${freq};INTERVAL=${interval}${by}`, except: [localText(start + 7 * day)] }),
        ...(also === undefined ? {} : { also: [localText(also)] }),
      }
    })

const someRotation = (base: number): fc.Arbitrary<Rotation> =>
  fc
    .record({
      zone: fc.constantFrom(...zones),
      members: someMembers(base),
      // Hourly turns are counted by hand in the oracle, so they begin nearby; long ones may begin years away.
      turn: fc.record({ unit: fc.constantFrom(...turnUnits), every: fc.integer({ min: 1, max: 3 }) }),
      near: localNear(base, 20),
      far: fc.integer({ min: -1500, max: 1500 }),
      shifts: maybe(fc.array(someShift(base), { minLength: 1, maxLength: 3 })),
      assign: maybe(fc.constantFrom('in-turn' as const, 'everyone' as const)),
      perMember: maybe(fc.integer({ min: 1, max: 3 })),
      hours: maybe(someHours),
      advance: maybe(fc.constantFrom('calendar' as const, 'served' as const)),
      layer: maybe(fc.integer({ min: 0, max: 2 })),
      since: maybe(fc.integer({ min: -20, max: 40 })),
    })
    .map(({ shifts, turn, near, far, since, assign, perMember, hours, advance, layer, ...rest }) => {
      const of = {
        name: 'r',
        ...rest,
        ...given('assign', assign),
        ...given('perMember', perMember),
        ...given('hours', hours),
        ...given('advance', advance),
        ...given('layer', layer),
        ...given('since', since === undefined ? undefined : instant(base + since * hour)),
      }
      if (shifts !== undefined) return { ...of, shifts }
      const away = turn.unit === 'hour' || turn.unit === 'day' ? 0 : far
      return { ...of, turn, start: localText(near + away * day) }
    })

const someOverride = (base: number): fc.Arbitrary<Override> =>
  fc
    .record({
      from: fc.integer({ min: -600, max: 3600 }),
      minutes: fc.integer({ min: 1, max: 2400 }),
      kind: fc.constantFrom('replace', 'any', 'add', 'remove'),
      person: fc.constantFrom(...people),
      covers: fc.constantFrom(...people),
      scope: fc.constantFrom({}, {}, { rotation: 'r0' }, { rotation: 'r1' }, { shift: 'c0' }),
      id: fc.uuid(),
    })
    .map(({ from, minutes, kind, person, covers, scope, id }): Override => {
      const start = instant(base + from * minute)
      const shared = { id, person, reason: 'r', start, end: instant(start + minutes * minute) }
      if (kind === 'add') return { ...shared, kind }
      if (kind === 'remove') return { ...shared, kind, ...scope }
      return kind === 'any'
        ? { ...shared, kind: 'replace', ...scope }
        : { ...shared, kind: 'replace', covers, ...scope }
    })

export interface Generated {
  readonly base: Instant
  readonly schedule: Schedule
}

export const generatedSchedule: fc.Arbitrary<Generated> = someBase.chain((base) =>
  fc
    .record({
      rotations: fc.array(someRotation(base), { minLength: 1, maxLength: 3 }),
      shifts: fc.array(
        fc.record({
          person: fc.constantFrom(...people),
          from: fc.integer({ min: -300, max: 3600 }),
          minutes: fc.integer({ min: 1, max: 1000 }),
        }),
        { maxLength: 2 },
      ),
      overrides: fc.array(someOverride(base), { maxLength: 5 }),
    })
    .map(({ rotations, shifts, overrides }) => ({
      base: instant(base),
      schedule: {
        name: 'generated',
        rotations: rotations.map((each, index) => ({ ...each, name: `r${index}` })),
        shifts: shifts.map(({ person, from, minutes }, index) => {
          const start = instant(base + from * minute)
          return { name: `c${index}`, person, start, end: instant(start + minutes * minute) }
        }),
        overrides,
      },
    })),
)

/** The first minute in which the schedule and the oracle differ, said in words; null when there is none. */
export function findDifference({ base, schedule }: Generated): string | null {
  const end = instant(base + windowMs)
  const { shifts, gaps } = finalSchedule(schedule, { start: base, end })
  const expected = walkSchedule(schedule, base, end)
  const found: string[][] = expected.map(() => [])
  for (const each of shifts) {
    for (let at = each.start; at < each.end; at = instant(at + minute)) {
      const people = found[(at - base) / minute]
      if (people !== undefined && !people.includes(each.person)) people.push(each.person)
    }
  }
  const empty = new Set(gaps.flatMap((each) => minutesOf(each.start, each.end)))
  for (const [index, people] of expected.entries()) {
    const at = instant(base + index * minute)
    const wanted = people.join()
    const answer = (found[index] ?? []).sort().join()
    // The live answer takes another road; a sample of it is enough, its own property covers every edge.
    const live =
      index % 401 === 0 ? [...new Set(onCallAt(schedule, at).map((each) => each.person))].sort().join() : wanted
    const gap = empty.has(at)
    if (answer === wanted && live === wanted && gap === (wanted === '')) continue
    return `${formatInstant(at)}: the walk finds [${wanted}], the final schedule [${answer}], the live answer [${live}], gap: ${gap}`
  }
  return null
}

function minutesOf(start: number, end: number): readonly number[] {
  return Array.from({ length: Math.ceil((end - start) / minute) }, (_, index) => start + index * minute)
}

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { day, hour, minute } from '../../../kernel/duration.ts'
import { instant } from '../../../kernel/instant.ts'
import { rational } from '../../../kernel/rational.ts'
import {
  applyCoverage,
  coveredBy,
  coveredSlices,
  coverTime,
  type Exclusion,
  type When,
  whenFault,
} from './exclusion.ts'
import { createRing, putSlice, type Ring, sumsOf } from './ring.ts'
import { type Budgeting, compileSpend } from './spend.ts'

const at = (text: string) => instant(Date.parse(text))
const text = (time: number) => new Date(time).toISOString().slice(0, 16)
const business: When = {
  kind: 'repeat',
  rule: 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR',
  start: '2026-01-05 08:00:00',
  timeZone: 'Europe/Vienna',
  lastsMs: 10 * hour,
  during: 'outside',
}

test.each([
  {
    says: 'Sunday nights, by the wall clock on both sides of the change',
    when: {
      ...business,
      rule: 'FREQ=WEEKLY;BYDAY=SU',
      start: '2026-01-04 02:00:00',
      lastsMs: 2 * hour,
      during: 'inside',
    } as When,
    within: ['2026-03-22T00:00Z', '2026-04-06T00:00Z'],
    covers: [
      '2026-03-22T01:00 2026-03-22T03:00',
      '2026-03-29T01:00 2026-03-29T02:00',
      '2026-04-05T00:00 2026-04-05T02:00',
    ],
  },
  {
    says: 'outside business hours',
    when: business,
    within: ['2026-03-02T00:00Z', '2026-03-03T12:00Z'],
    covers: ['2026-03-02T00:00 2026-03-02T07:00', '2026-03-02T17:00 2026-03-03T07:00'],
  },
  {
    says: 'one that began before the stretch',
    when: { kind: 'once', from: at('2026-03-01T00:00Z'), to: at('2026-03-02T06:00Z') } as When,
    within: ['2026-03-02T00:00Z', '2026-03-03T00:00Z'],
    covers: ['2026-03-02T00:00 2026-03-02T06:00'],
  },
])('$says', ({ when, within: [from = '', to = ''], covers }) => {
  const found = coveredBy(when, { start: at(from), end: at(to) })
  expect(found.map((each) => `${text(each.start)} ${text(each.end)}`)).toEqual(covers)
})

test.each([
  { when: { ...business, rule: 'FREQ=SOMETIMES' } as When, says: 'cannot be read' },
  { when: { ...business, rule: 'FREQ=MINUTELY' } as When, says: 'hourly at most' },
  { when: { ...business, rule: 'DTSTART:20260101T000000\nRRULE:FREQ=DAILY' } as When, says: 'Only the rule itself' },
  { when: { ...business, timeZone: 'Europe/Atlantis' } as When, says: 'cannot be read' },
  { when: { ...business, lastsMs: 1_000 } as When, says: 'a minute to 31 days' },
  {
    when: { kind: 'once', from: at('2026-03-01T00:00Z'), to: at('2026-03-01T00:00Z') } as When,
    says: 'a minute at least',
  },
])('refused: $says', ({ when, says }) => {
  expect(whenFault(when)).toContain(says)
})

test('what can be excluded', () => {
  expect(whenFault(business)).toBeNull()
})

const ringOver = (days: number, badAt: (index: number) => boolean): Ring => {
  const budgeting: Budgeting = { method: 'timeslices', sliceTarget: rational(1, 2), gaps: 'exclude', emptyIsGood: true }
  const ring = createRing({
    sliceMs: 10 * minute,
    windows: [days * day],
    rule: compileSpend(budgeting),
    born: instant(0),
  })
  for (let index = 0; index < (days * day) / (10 * minute); index += 1)
    putSlice(ring, instant(index * 10 * minute), {
      state: 'closed',
      good: badAt(index) ? 0 : 1,
      bad: badAt(index) ? 1 : 0,
    })
  return ring
}

// R41: an hour down in seven days, with one day excluded.
test.each([
  { mode: 'drop' as const, share: 6 / (6 * 144) },
  { mode: 'good' as const, share: 6 / (7 * 144) },
])('an hour down in a week of which a day counts as $mode', ({ mode, share }) => {
  const ring = ringOver(7, (index) => index < 6)
  const lastDay: Exclusion = { mode, when: { kind: 'once', from: instant(6 * day), to: instant(7 * day) } }
  applyCoverage(ring, coveredSlices(coverTime([lastDay], { start: instant(0), end: instant(7 * day) }), 10 * minute), 0)
  const [sum] = sumsOf(ring)
  expect((sum?.spent ?? 0) / (sum?.total ?? 1)).toBeCloseTo(share, 12)
})

test('what failed while time counts as good is forgiven; lifted, it is as it was', () => {
  const ring = ringOver(1, (index) => index < 12)
  const before = sumsOf(ring)
  const hourOff: Exclusion = { mode: 'good', when: { kind: 'once', from: instant(0), to: instant(hour) } }
  applyCoverage(ring, coveredSlices(coverTime([hourOff], { start: instant(0), end: instant(day) }), 10 * minute), 0)
  expect(sumsOf(ring)[0]).toMatchObject({ spent: 6, total: 144 })
  applyCoverage(ring, [], 0)
  expect(sumsOf(ring)).toEqual(before)
})

// R42: overlap is a union, and order is nothing.
test('exclusions in any order and however often exclude the same', () => {
  const once = fc
    .tuple(fc.nat(2_000), fc.integer({ min: 1, max: 400 }), fc.constantFrom('drop' as const, 'good' as const))
    .map(
      ([from, length, mode]): Exclusion => ({
        mode,
        when: { kind: 'once', from: instant(from * minute), to: instant((from + length) * minute) },
      }),
    )
  const within = { start: instant(0), end: instant(2_400 * minute) }
  fc.assert(
    fc.property(fc.array(once, { maxLength: 8 }), (exclusions) => {
      const covered = coverTime(exclusions, within)
      expect(coverTime([...exclusions].reverse(), within)).toEqual(covered)
      expect(coverTime([...exclusions, ...exclusions], within)).toEqual(covered)
      for (const [index, each] of covered.entries()) expect(each.start >= (covered[index - 1]?.end ?? 0)).toBe(true)
      for (let time = 0; time < 2_400; time += 7) {
        const on = exclusions.filter(
          ({ when }) => when.kind === 'once' && when.from <= time * minute && time * minute < when.to,
        )
        const mode = on.some((each) => each.mode === 'drop') ? 'drop' : on.length > 0 ? 'good' : undefined
        expect(covered.find((each) => each.start <= time * minute && time * minute < each.end)?.mode).toBe(mode)
      }
    }),
    { numRuns: 100 },
  )
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hour } from '../../../kernel/duration.ts'
import { instant } from '../../../kernel/instant.ts'
import { measuresOf } from '../../incidents/core/index.ts'
import { defaultLearningPolicy } from './learning-policy.ts'
import { type IncidentFact, monthStretch, trendsOf } from './trends.ts'

const { classes } = defaultLearningPolicy
const year = { from: instant(Date.UTC(2026, 0, 1)), to: instant(Date.UTC(2027, 0, 1)) }
const fact = (id: string, month: number, more: Partial<IncidentFact> = {}, mitigatedAfter: number | null = hour) => {
  const beganAt = instant(Date.UTC(2026, month - 1, 10))
  const end = mitigatedAfter === null ? null : instant(beganAt + mitigatedAfter)
  const measures = measuresOf({
    impactStartedAt: beganAt,
    detectedAt: beganAt,
    declaredAt: beganAt,
    acknowledgedAt: null,
    mitigatedAt: end,
    resolvedAt: end,
    firstToldAt: null,
  })
  return {
    id,
    beganAt,
    severity: 'SEV2',
    services: ['payment'],
    teams: ['pay'],
    classes: [],
    repeats: false,
    measures,
    ...more,
  }
}

test('incidents are told by class, service, team, change and month', () => {
  const facts = [
    fact('a', 1, { classes: ['change'], repeats: false }),
    fact('b', 3, { classes: ['change', 'capacity'], repeats: true }, 3 * hour),
    fact('c', 3, { classes: ['capacity'], services: ['search', 'payment'] }, 2 * hour),
    fact('d', 3, { services: [], teams: [] }, null),
  ]
  const { totals, byClass, byService, months, smallPrint } = trendsOf(facts, year, classes)
  expect(totals).toMatchObject({
    incidents: 4,
    repeats: 1,
    repeatRate: 0.25,
    classified: 3,
    ofChanges: 2,
    notOfChanges: 1,
    timeToMitigate: { medianMs: 2 * hour, known: 3, notYet: 1 },
  })
  expect(byClass.map(({ name, incidents, repeats }) => [name, incidents, repeats])).toEqual([
    ['change', 2, 1],
    ['capacity', 2, 1],
  ])
  expect(byClass[1]?.timeToMitigate.medianMs).toBe(2.5 * hour)
  expect(byService.map(({ name, incidents }) => [name, incidents])).toEqual([
    ['payment', 3],
    ['search', 1],
  ])
  expect(months).toHaveLength(12)
  expect(months.map((each) => each.incidents)).toEqual([1, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0])
  expect(smallPrint).toEqual([
    '1 of 4 incidents have no class of failure.',
    '1 names no service.',
    '2 have several classes, services or teams and count in each.',
    '1 is not mitigated yet.',
    'A median of 3 says little.',
    'Drills, and incidents merged into another, are left out. Months are UTC.',
  ])
})

test('nothing happened: no rate, no median, no small print', () => {
  const { totals, smallPrint, byClass } = trendsOf([], year, classes)
  expect(totals).toMatchObject({ incidents: 0, repeatRate: null, timeToMitigate: { medianMs: null } })
  expect([smallPrint, byClass]).toEqual([[], []])
})

test.each([
  ['2026-10', Date.UTC(2026, 9, 1), Date.UTC(2026, 10, 1)],
  ['2026-12', Date.UTC(2026, 11, 1), Date.UTC(2027, 0, 1)],
  ['2026-13', null, null],
  ['2026-1', null, null],
  ['0000-01', null, null],
  ['9999-12', null, null],
  ['october', null, null],
])('%s', (month, from, to) => {
  const stretch = monthStretch(month)
  expect([stretch?.from ?? null, stretch?.to ?? null]).toEqual([from, to])
})

const any = fc.record({
  month: fc.integer({ min: 1, max: 12 }),
  classes: fc.subarray(['change', 'capacity', 'gone']),
  services: fc.subarray(['a', 'b', 'c']),
  repeats: fc.boolean(),
  after: fc.option(fc.integer({ min: 0, max: 100 * hour })),
})

test('months add up to the whole, and what is classified to what is of a change and what is not', () => {
  fc.assert(
    fc.property(fc.array(any, { maxLength: 30 }), (list) => {
      const facts = list.map(({ month, after, ...more }, index) => fact(`${index}`, month, more, after))
      const { totals, months, byClass } = trendsOf(facts, year, classes)
      const sum = (part: 'incidents' | 'repeats' | 'classified' | 'ofChanges') =>
        months.reduce((all, each) => all + each[part], 0)
      expect([sum('incidents'), sum('repeats'), sum('classified'), sum('ofChanges')]).toEqual([
        totals.incidents,
        totals.repeats,
        totals.classified,
        totals.ofChanges,
      ])
      expect(totals.ofChanges + totals.notOfChanges).toBe(totals.classified)
      expect(byClass.reduce((all, each) => all + each.incidents, 0)).toBeGreaterThanOrEqual(totals.classified)
      const { known, unknown, notYet } = totals.timeToMitigate
      expect(known + unknown + notYet).toBe(totals.incidents)
    }),
  )
})

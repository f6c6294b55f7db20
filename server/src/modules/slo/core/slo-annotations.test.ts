import { expect, test } from 'vitest'
import type { Fault } from '../../../kernel/app-error.ts'
import { day, minute } from '../../../kernel/duration.ts'
import { rational } from '../../../kernel/rational.ts'
import { readSloSettings } from './slo-annotations.ts'

function read(annotations: Record<string, string>) {
  const [faults, warnings]: [Fault[], Fault[]] = [[], []]
  const settings = readSloSettings(annotations, { windowMs: 30 * day, sliceMs: minute }, faults, warnings)
  return { settings, faults: faults.map((each) => each.detail), warnings: warnings.map((each) => each.detail) }
}
const our = (fields: Record<string, string>) =>
  read(Object.fromEntries(Object.entries(fields).map(([key, value]) => [`mainstay.dev/${key}`, value])))

test('without annotations of ours nothing is added', () => {
  expect(read({ 'example.com/owner': 'x', 'mainstay.dev/declared-as': 'Sloth' })).toEqual({
    settings: { groups: null, leastBadForPage: null, budgetAlerts: null },
    faults: [],
    warnings: [],
  })
})

test('groups, their limit and their alerts', () => {
  expect(our({ 'group-by': 'tenant, cloud.region' }).settings.groups).toEqual({
    by: ['tenant', 'cloud.region'],
    most: 100,
    alerts: null,
  })
  expect(
    our({ 'group-by': 'tenant', 'group-limit': '7', 'group-alerts': 'true', 'group-least-events': '40' }).settings
      .groups,
  ).toEqual({ by: ['tenant'], most: 7, alerts: { leastEvents: 40 } })
})

test('budget alerts and the guard', () => {
  const { settings, faults } = our({
    'least-failures': '0',
    'alert-remaining': '20%, 50 %',
    'alert-drop': '12.5% in 1d',
    'alert-exhausts-within': '3d',
  })
  expect(faults).toEqual([])
  expect(settings).toEqual({
    groups: null,
    leastBadForPage: 0,
    budgetAlerts: {
      remaining: [rational(1, 2), rational(1, 5)],
      drop: { share: rational(1, 8), withinMs: day },
      exhaustsWithinMs: 3 * day,
    },
  })
})

test.each<[Record<string, string>, string]>([
  [{ 'group-by': 'tenant,,x' }, 'Names of attributes'],
  [{ 'group-by': 'a,b,c,d,e' }, 'At most 4 attributes.'],
  [{ 'group-by': 'a,a' }, 'Each attribute stands once.'],
  [{ 'group-by': 'a', 'group-limit': '0' }, 'A whole number from 1 to 1000.'],
  [{ 'group-by': 'a', 'group-limit': '1e3' }, 'A whole number from 1 to 1000.'],
  [{ 'group-by': 'a', 'group-alerts': 'yes' }, '`true` or `false`.'],
  [{ 'group-by': 'a', 'group-least-events': '5' }, 'It is about alerts of groups'],
  [{ 'group-limit': '5' }, 'Without `mainstay.dev/group-by` there are no groups.'],
  [{ 'least-failures': '-1' }, 'A whole number from 0'],
  [{ 'alert-remaining': '50' }, 'Shares of the budget'],
  [{ 'alert-remaining': '100%' }, 'Shares of the budget'],
  [{ 'alert-remaining': '20%, 50%, 20.000001%' }, 'each stands once'],
  [{ 'alert-drop': '10% a day' }, 'A share of the budget and a time'],
  [{ 'alert-drop': '10% in 90s' }, 'a whole number of 1m slices'],
  [{ 'alert-drop': '10% in 31d' }, 'at most the window, 30d'],
  [{ 'alert-exhausts-within': '3 days' }, 'A time such as `3d`'],
])('%j is refused', (annotations, because) => {
  expect(our(annotations).faults.join(' ')).toContain(because)
})

test('what is not known is told, with what was meant', () => {
  expect(our({ groupby: 'tenant' }).warnings).toEqual(['Nothing is known of it. Did you mean `mainstay.dev/group-by`?'])
})

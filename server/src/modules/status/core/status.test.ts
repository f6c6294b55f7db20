import fc from 'fast-check'
import { expect, test } from 'vitest'
import { day } from '../../../kernel/duration.ts'
import { instant } from '../../../kernel/instant.ts'
import {
  activeImpacts,
  componentStates,
  decidePost,
  decideUpdate,
  overallOf,
  postStates,
  type StatusPage,
  shareText,
  stateOf,
  turnMaintenance,
  uptimeOf,
  uptimeText,
  wordsOf,
} from './index.ts'

const component = { title: '', description: null, group: null, services: [], objective: null }
const page: StatusPage = {
  name: 'shop',
  title: 'Shop',
  description: null,
  visibility: 'public',
  team: null,
  support: null,
  home: null,
  color: null,
  host: null,
  languages: ['en'],
  zone: 'UTC',
  customer: null,
  components: [
    { ...component, name: 'web' },
    { ...component, name: 'pay' },
  ],
}
const at = (text: string) => instant(Date.parse(text))

test.each([
  { states: ['operational', 'operational'], sentence: 'All systems operational' },
  { states: ['operational', 'major_outage'], sentence: 'Some systems are down' },
  { states: ['major_outage', 'major_outage'], sentence: 'Everything is down' },
  { states: ['major_outage'], sentence: 'Some systems are down' },
  { states: ['under_maintenance', 'degraded_performance'], sentence: 'Some systems are slower than usual' },
  { states: [], sentence: 'All systems operational' },
] as const)('$states: $sentence', ({ states, sentence }) => {
  const { state, all } = overallOf(states)
  expect(wordsOf.en.overall(state, all)).toBe(sentence)
})

test('a component stands as badly as the worst that goes on', () => {
  const impact = fc.constantFrom(...componentStates)
  fc.assert(
    fc.property(fc.array(fc.option(impact, { nil: undefined }), { maxLength: 6 }), (open) => {
      const state = stateOf(
        'web',
        open.map((each) => (each === undefined ? {} : { web: each })),
      )
      const worst = Math.max(0, ...open.map((each) => (each === undefined ? 0 : componentStates.indexOf(each))))
      expect(state).toBe(componentStates[worst])
    }),
  )
})

const plan = { startsAt: at('2026-03-02T10:00Z'), endsAt: at('2026-03-02T11:00Z') }
test.each([
  {
    what: 'an incident',
    order: { kind: 'incident', state: 'investigating', impacts: { web: 'major_outage' }, plan: null },
    pointer: null,
  },
  {
    what: 'a maintenance',
    order: { kind: 'maintenance', state: 'scheduled', impacts: { web: 'under_maintenance' }, plan },
    pointer: null,
  },
  {
    what: 'without a plan',
    order: { kind: 'maintenance', state: 'scheduled', impacts: {}, plan: null },
    pointer: '/startsAt',
  },
  {
    what: 'backwards',
    order: {
      kind: 'maintenance',
      state: 'scheduled',
      impacts: {},
      plan: { startsAt: plan.endsAt, endsAt: plan.startsAt },
    },
    pointer: '/endsAt',
  },
  {
    what: 'an incident with a plan',
    order: { kind: 'incident', state: 'investigating', impacts: {}, plan },
    pointer: '/startsAt',
  },
  {
    what: 'a scheduled incident',
    order: { kind: 'incident', state: 'scheduled', impacts: {}, plan: null },
    pointer: '/state',
  },
  {
    what: 'an unknown component',
    order: { kind: 'incident', state: 'identified', impacts: { wbe: 'major_outage' }, plan: null },
    pointer: '/impacts/wbe',
  },
  {
    what: 'resolved and hurt',
    order: { kind: 'incident', state: 'resolved', impacts: { web: 'major_outage' }, plan: null },
    pointer: '/impacts/web',
  },
] as const)('publishing $what: $pointer', ({ order, pointer }) => {
  const verdict = decidePost(page, order)
  expect(verdict.ok ? null : verdict.faults[0]?.pointer).toBe(pointer)
})

test('nothing follows the end, whatever it was, and the end hurts nothing', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...postStates),
      fc.constantFrom(...postStates),
      fc.constantFrom('incident' as const, 'maintenance' as const),
      fc.boolean(),
      (state, next, kind, closed) => {
        const verdict = decideUpdate(page, { kind, state, closed, updates: 1 }, { state: next, impacts: {} })
        if (closed) expect(verdict.ok).toBe(false)
        if (verdict.ok && verdict.closes) expect(verdict.impacts).toEqual({})
        if (verdict.ok) expect(verdict.closes).toBe(['resolved', 'completed', 'cancelled'].includes(next))
      },
    ),
  )
  expect(
    decideUpdate(
      page,
      { kind: 'incident', state: 'monitoring', closed: false, updates: 100 },
      { state: 'resolved', impacts: {} },
    ).ok,
  ).toBe(false)
})

test.each([
  { state: 'scheduled', now: '2026-03-02T09:59:59Z', becomes: null },
  { state: 'scheduled', now: '2026-03-02T10:00:00Z', becomes: 'in_progress' },
  { state: 'in_progress', now: '2026-03-02T10:59:59Z', becomes: null },
  { state: 'in_progress', now: '2026-03-02T11:00:00Z', becomes: 'completed' },
  { state: 'cancelled', now: '2026-03-02T12:00:00Z', becomes: null },
] as const)('a maintenance that is $state at $now becomes $becomes', ({ state, now, becomes }) => {
  expect(turnMaintenance({ state, ...plan }, at(now))?.state ?? null).toBe(becomes)
})

test('a maintenance that has not begun touches nothing', () => {
  const impacts = { web: 'under_maintenance' } as const
  expect(activeImpacts({ kind: 'maintenance', state: 'scheduled', impacts })).toEqual({})
  expect(activeImpacts({ kind: 'maintenance', state: 'in_progress', impacts })).toEqual(impacts)
})

const now = at('2026-03-31T12:00Z')
const counted = (date: string, good: number, bad: number) => ({ start: at(`${date}T00:00Z`), good, bad })
test('no data is no data: neither good days nor part of the share', () => {
  const uptime = uptimeOf(
    [counted('2026-03-31', 999, 1), counted('2026-03-30', 90, 10), counted('2026-03-29', 0, 0)],
    now,
    4,
  )
  expect(uptime.days.map((each) => [each.date, each.level])).toEqual([
    ['2026-03-28', 'no-data'],
    ['2026-03-29', 'no-data'],
    ['2026-03-30', 'poor'],
    ['2026-03-31', 'good'],
  ])
  expect(uptimeText(uptime, 'en')).toBe('99.00 % over 2 of 4 days measured')
  expect(uptimeText(uptimeOf([], now), 'en')).toBe('No data')
})

test('a share is never rounded up', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e9 }), fc.integer({ min: 0, max: 1e6 }), (good, bad) => {
      const { ratio } = uptimeOf([{ start: instant(Math.floor(now / day) * day), good, bad }], now)
      expect(ratio).toBe(good / (good + bad))
      expect(Number(shareText(good / (good + bad), 'en').replace(' %', ''))).toBeLessThanOrEqual(
        (good / (good + bad)) * 100 + 1e-9,
      )
      expect(shareText(good / (good + bad), 'en') === '100 %').toBe(bad === 0)
    }),
  )
})

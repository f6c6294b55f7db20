import fc from 'fast-check'
import { expect, test } from 'vitest'
import { day } from '../../kernel/duration.ts'
import { instant } from '../../kernel/instant.ts'
import { type Lane, laneNames, lanes } from '../work/job.ts'
import { type Candidate, cutoff, type Held, isQuiet, type Keeps, mayGo, picked, reconcile } from './keep-rule.ts'

const nothing: Held = {
  everything: false,
  any: false,
  people: new Set(),
  services: new Set(),
  alerts: new Set(),
  incidents: new Set(),
}
const row: Candidate = {
  id: '1',
  alerts: ['a1'],
  incidents: ['i1'],
  services: ['checkout'],
  people: ['ana'],
}

test.each<[string, Candidate, Partial<Held>, boolean]>([
  ['nothing refers to it', row, {}, true],
  ['its alert stays', row, { alerts: new Set(['a1']) }, false],
  ['another alert stays', row, { alerts: new Set(['a2']) }, true],
  ['its incident stays', row, { incidents: new Set(['i1']) }, false],
  ['its service is held', row, { any: true, services: new Set(['checkout']) }, false],
  ['its person is held', row, { any: true, people: new Set(['ana']) }, false],
  ['another person is held', row, { any: true, people: new Set(['ben']) }, true],
  ['it may name anybody', { id: '1', people: 'anyone' }, { any: true, people: new Set(['ben']) }, false],
  [
    'it may name anybody, a service is held',
    { id: '1', people: 'anyone' },
    { any: true, services: new Set(['x']) },
    true,
  ],
  ['it may be about anything', { id: '1', unclear: true }, { any: true, services: new Set(['x']) }, false],
  ['everything is held', { id: '1' }, { any: true, everything: true }, false],
])('%s', (_, candidate, held, goes) => {
  expect(mayGo(candidate, { ...nothing, ...held })).toBe(goes)
})

const anyDays = fc.option(fc.integer({ min: 90, max: 36_500 }))
const anyKeeps: fc.Arbitrary<Keeps> = fc.record({
  pages: anyDays,
  traces: anyDays,
  work: anyDays,
  alerts: anyDays,
  incidents: anyDays,
  signalMinutes: fc.option(fc.integer({ min: 1, max: 36_500 })),
  signalHours: fc.option(fc.integer({ min: 1, max: 36_500 })),
  counts: fc.option(fc.integer({ min: 1, max: 36_500 })),
})

test('an alert is never kept shorter than what is told about it, nor minutes longer than hours, and nothing else changes', () => {
  fc.assert(
    fc.property(anyKeeps, (keeps) => {
      const { alerts, signalMinutes, ...rest } = reconcile(keeps)
      const { alerts: asked, signalMinutes: askedMinutes, ...others } = keeps
      expect(rest).toEqual(others)
      const forever = Number.POSITIVE_INFINITY
      for (const each of [asked, keeps.pages, keeps.traces])
        expect(alerts ?? forever).toBeGreaterThanOrEqual(each ?? forever)
      expect(reconcile({ ...keeps, alerts }).alerts).toBe(alerts)
      expect(signalMinutes ?? forever).toBe(Math.min(askedMinutes ?? forever, keeps.signalHours ?? forever))
    }),
  )
})

test('for ever has no cutoff; a fixed age asks no setting', () => {
  const now = instant(Date.UTC(2026, 5, 1))
  const keeps: Keeps = {
    pages: 400,
    traces: 90,
    work: null,
    alerts: null,
    incidents: null,
    signalMinutes: 14,
    signalHours: 400,
    counts: 1_200,
  }
  expect(cutoff({ keep: 'work' }, keeps, now)).toBe(null)
  expect(cutoff({ keep: 'traces' }, keeps, now)).toBe(now - 90 * day)
  expect(cutoff({ keep: 2 }, keeps, now)).toBe(now - 2 * day)
})

test.each([
  ['nothing waits', [], true],
  ['pages are on time', [{ lane: 0, overdueSeconds: 0.4 }], true],
  ['a page is late', [{ lane: 0, overdueSeconds: 1 }], false],
  ['a message is late', [{ lane: 1, overdueSeconds: 30 }], false],
  ['its own lane is late', [{ lane: 3, overdueSeconds: 900 }], true],
])('%s', (_, states, quiet) => {
  expect(isQuiet(states)).toBe(quiet)
})

test.each([
  ['page', false],
  ['notify', false],
  ['normal', false],
  ['bulk', true],
  ['webhook', true],
  ['mail', false],
  ['chat', false],
  ['outside', true],
  ['letters', true],
  ['hooks', true],
] satisfies [Lane, boolean][])('what is late in the lane %s: tidying up goes on: %s', (lane, quiet) => {
  expect(isQuiet([{ lane: lanes[lane], overdueSeconds: 60 }])).toBe(quiet)
})

test('every lane is decided', () => {
  expect(laneNames).toHaveLength(10)
})

test('a full batch goes on after its last row, a short one is the end', () => {
  const rows = ['1', '2'].map((id) => ({ id, at: `2026-01-0${id}` }))
  expect(picked(rows, 2).next).toEqual(['2026-01-02', '2'])
  expect(picked(rows, 3).next).toBe(null)
  expect(picked([], 3).next).toBe(null)
})

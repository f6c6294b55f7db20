import fc from 'fast-check'
import { expect, test } from 'vitest'
import { minute } from '../../../kernel/duration.ts'
import { type Instant, instant } from '../../../kernel/instant.ts'
import { placeLines } from './placement.ts'
import { rankChanges, rankSimilar } from './related.ts'
import { judgeMitigation, type MeasuredStep } from './verification.ts'
import { decideItem, firstState, itemKinds, itemStates, nextStates } from './work-items.ts'

const at = (minutes: number): Instant => instant(minutes * minute)

test.each([
  { kind: 'task', from: 'open', to: 'done', reason: null, code: 'ok' },
  { kind: 'task', from: 'open', to: 'dropped', reason: ' ', code: 'incidents.reason-missing' },
  { kind: 'task', from: 'open', to: 'confirmed', reason: 'x', code: 'incidents.no-such-way' },
  { kind: 'hypothesis', from: 'open', to: 'refuted', reason: null, code: 'incidents.reason-missing' },
  { kind: 'hypothesis', from: 'open', to: 'confirmed', reason: 'The trace shows it.', code: 'ok' },
  { kind: 'decision', from: 'recorded', to: 'withdrawn', reason: 'New facts.', code: 'ok' },
  { kind: 'mitigation', from: 'started', to: 'verified', reason: null, code: 'ok' },
  { kind: 'mitigation', from: 'verified', to: 'started', reason: 'x', code: 'incidents.no-such-way' },
] as const)('a $kind from $from to $to: $code', ({ kind, from, to, reason, code }) => {
  const decision = decideItem(kind, from, to, reason)
  expect(decision.ok ? 'ok' : decision.refusal.code).toBe(code)
})

test('what is allowed is what is offered, from every state that can be reached', () => {
  for (const kind of itemKinds) {
    const reached = new Set([firstState(kind)])
    for (const state of reached) for (const next of nextStates(kind, state)) reached.add(next)
    for (const from of reached)
      for (const to of itemStates)
        expect(decideItem(kind, from, to, 'because').ok).toBe(nextStates(kind, from).includes(to))
  }
})

const plan = { target: 0.999, holdMs: 10 * minute, startedAt: at(100), giveUpAt: at(160) }
// One letter a minute from the start on: g good, b bad, l at the limit, e without events, . not measured.
const steps = (letters: string): MeasuredStep[] =>
  [...letters].map((letter, index) => ({
    start: at(100 + index),
    stepMs: minute,
    good: letter === 'g' ? 1000 : letter === 'b' ? 990 : letter === 'l' ? 999 : 0,
    bad: letter === 'b' ? 10 : letter === 'l' ? 1 : 0,
    measured: letter !== '.',
  }))

test.each([
  { letters: 'gggggggggg', now: 110, state: 'verified' },
  { letters: 'ggggggggg', now: 109, state: 'waiting' },
  { letters: 'bbgggggggggg', now: 112, state: 'verified' },
  { letters: 'gggggggggb', now: 110, state: 'waiting' },
  { letters: 'llllllllll', now: 110, state: 'verified' }, // at the limit is within it
  { letters: 'ggggg.gggg', now: 110, state: 'waiting' }, // a hole proves nothing
  { letters: 'gggggggggg..', now: 112, state: 'verified' }, // the last minutes are still on their way
  { letters: 'gggggggggg......', now: 116, state: 'waiting' }, // it fell silent
  { letters: 'eeeeeeeeee', now: 110, state: 'waiting' }, // nobody came: not proven
  { letters: 'geeeeeeeee', now: 110, state: 'verified' },
  { letters: 'b'.repeat(60), now: 160, state: 'ineffective' },
  { letters: '', now: 160, state: 'ineffective' },
])('$letters at $now: $state', ({ letters, now, state }) => {
  const verdict = judgeMitigation(plan, steps(letters), at(now))
  expect(verdict.state).toBe(state)
  expect(verdict.because).not.toBe('')
})

test('no mitigation is verified over a minute that was bad or not measured', () => {
  const letter = fc.constantFrom('g', 'b', 'l', 'e', '.')
  fc.assert(
    fc.property(fc.array(letter, { maxLength: 40 }), (letters) => {
      const verdict = judgeMitigation(plan, steps(letters.join('')), at(100 + letters.length))
      if (verdict.state !== 'verified') return
      const held = letters
        .slice((verdict.goodSince - plan.startedAt) / minute)
        .join('')
        .replace(/\.+$/, '')
      expect(held).toMatch(/^[gle]{10,}$/)
    }),
  )
})

test('the change just before it, on what is hurt, comes first', () => {
  const change = (id: string, service: string, minutes: number, kind = 'deployment') => ({
    id,
    service,
    kind,
    summary: id,
    at: at(minutes),
  })
  const around = {
    services: ['checkout'],
    beneath: new Map([
      ['payment', 1],
      ['bank', 2],
    ]),
    startedAt: at(1000),
  }
  const ranked = rankChanges(
    [
      change('long ago', 'checkout', -900),
      change('hours before', 'checkout', 700),
      change('after', 'checkout', 1003),
      change('below', 'payment', 995),
      change('here', 'checkout', 995),
      change('cure', 'checkout', 995, 'rollback'),
      change('elsewhere', 'search', 999),
      change('deep', 'bank', 995),
    ],
    around,
  )
  expect(ranked.map((each) => each.item.id)).toEqual(['here', 'below', 'cure', 'deep', 'hours before'])
  expect(ranked[0]?.because).toEqual(['5 min before it began.', 'On checkout, which is hurt.'])
})

test('similar incidents share services, alerts and words, and say which', () => {
  const past = (id: string, title: string, services: string[], alertTitles: string[] = []) => ({
    id,
    title,
    services,
    alertTitles,
    startedAt: at(0),
  })
  const ranked = rankSimilar(
    [
      past('twin', 'Payments fail', ['payment'], ['payment errors']),
      past('cousin', 'Payment is slow', ['payment']),
      past('stranger', 'Search is slow', ['search']),
    ],
    { title: 'Payments fail again', services: ['payment'], alertTitles: ['payment errors'] },
  )
  expect(ranked.map((each) => each.item.id)).toEqual(['twin', 'cousin'])
  expect(ranked[0]?.because).toEqual([
    'The same service: payment.',
    'The same alert: payment errors.',
    'Also called: payments, fail.',
  ])
})

test('lines stand where they happened, and the last word on it counts', () => {
  const line = (id: number, minutes: number, more: object = {}) => ({
    id,
    at: at(minutes),
    occurredAt: null,
    places: null,
    ...more,
  })
  const placed = placeLines([
    line(1, 10),
    line(2, 20, { occurredAt: at(5) }),
    line(3, 30, { places: { entryId: 1, at: at(2) } }),
    line(4, 40, { places: { entryId: 1, at: at(7) } }),
  ])
  expect(placed.map((each) => [each.line.id, each.at, each.recordedAt])).toEqual([
    [2, at(5), at(20)],
    [1, at(7), at(10)],
    [3, at(30), null],
    [4, at(40), null],
  ])
})

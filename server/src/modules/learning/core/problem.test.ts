import fc from 'fast-check'
import { expect, test } from 'vitest'
import { day } from '../../../kernel/duration.ts'
import { instant, plus } from '../../../kernel/instant.ts'
import { decideProblemMove, judgeElimination, type MoveOrder, nextProblemStates, problemStates } from './problem.ts'

const order: MoveOrder = { state: 'open', to: 'planned', note: null, workaround: null, plan: null, actions: [] }

test.each([
  ['a known error needs its workaround', { to: 'known-error' }, 'problems.incomplete'],
  ['blank is no workaround', { to: 'known-error', workaround: '  ' }, 'problems.incomplete'],
  ['a workaround makes it a known error', { to: 'known-error', workaround: 'Restart it' }, null],
  ['a plan of nothing', {}, 'problems.incomplete'],
  ['a plan of actions', { actions: ['open'] }, null],
  ['a plan in words', { plan: 'Move to another vendor' }, null],
  [
    'watched while an action is open',
    { state: 'planned', to: 'watching', actions: ['proven', 'open'] },
    'problems.not-done',
  ],
  ['watched when they are done', { state: 'planned', to: 'watching', actions: ['proving', 'dropped'] }, null],
  [
    'watched though nothing was done',
    { state: 'planned', to: 'watching', actions: ['dropped'] },
    'problems.reason-missing',
  ],
  ['watched because the vendor mended it', { to: 'watching', note: 'The vendor mended it' }, null],
  ['accepted without a word', { to: 'accepted' }, 'problems.reason-missing'],
  ['accepted with its reason', { to: 'accepted', note: 'It costs more than it hurts' }, null],
  ['nobody says eliminated', { state: 'watching', to: 'eliminated', note: 'It is gone' }, 'problems.no-such-way'],
  ['opened again', { state: 'eliminated', to: 'open', note: 'Seen again' }, null],
] satisfies [string, Partial<MoveOrder>, string | null][])('%s', (_name, some, code) => {
  const decision = decideProblemMove({ ...order, ...some })
  expect(decision.ok ? null : decision.code).toBe(code)
})

test('from every state there is a way on, and no way leads to where it is', () => {
  for (const state of problemStates) {
    expect(nextProblemStates(state).length).toBeGreaterThan(0)
    expect(nextProblemStates(state)).not.toContain(state)
  }
})

const start = instant(Date.UTC(2026, 0, 1))

test.each([
  ['nothing came', [], 90 * day, 'eliminated'],
  ['a millisecond too early', [], 90 * day - 1, 'waiting'],
  ['what came before does not count', [-day], 90 * day, 'eliminated'],
  ['what came in the time does', [-day, 40 * day], 90 * day, 'repeated'],
  ['also when it is looked at early', [day], 2 * day, 'repeated'],
])('%s', (_name, began, after, state) => {
  const incidents = began.map((ms, index) => ({ number: index + 1, beganAt: plus(start, ms) }))
  expect(judgeElimination(start, 90 * day, incidents, plus(start, after)).state).toBe(state)
})

test('it is never called gone before its time is over', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 400 * day }), fc.integer({ min: 0, max: 500 * day }), (window, after) => {
      const verdict = judgeElimination(start, window, [], plus(start, after))
      expect(verdict.state).toBe(after < window ? 'waiting' : 'eliminated')
    }),
  )
})

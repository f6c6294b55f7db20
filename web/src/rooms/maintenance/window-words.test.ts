import { expect, test } from 'vitest'
import { documentOf, formOf, nameFrom, repeatOf, repeatWords, ruleOf, type WindowForm } from './window-words.ts'

test.each([
  { repeat: 'once', start: '2026-03-04T02:00', rule: null, words: 'Once' },
  { repeat: 'daily', start: '2026-03-04T02:00', rule: 'FREQ=DAILY', words: 'Every day' },
  { repeat: 'weekly', start: '2026-03-08T02:00', rule: 'FREQ=WEEKLY;BYDAY=SU', words: 'Every Sunday' },
  {
    repeat: 'monthly',
    start: '2026-03-17T22:00',
    rule: 'FREQ=MONTHLY;BYDAY=3TU',
    words: 'Every third Tuesday of a month',
  },
  {
    repeat: 'monthly',
    start: '2026-03-31T22:00',
    rule: 'FREQ=MONTHLY;BYDAY=-1TU',
    words: 'Every last Tuesday of a month',
  },
  { repeat: 'own', start: '2026-03-31T22:00', rule: 'FREQ=YEARLY', words: 'By a rule of its own' },
] as const)('$repeat from $start: $words', ({ repeat, start, rule, words }) => {
  expect(ruleOf(repeat, start, 'FREQ=YEARLY')).toBe(rule)
  expect(repeatWords(repeat, start)).toBe(words)
  expect(repeatOf(rule, start)).toBe(repeat)
})

test.each([
  ['Vacuum of the Orders database', 'vacuum-of-the-orders-database'],
  ['  Größe: 2×  ', 'gro-e-2'],
  ['x'.repeat(80), 'x'.repeat(63)],
])('a name for %s', (title, name) => {
  expect(nameFrom(title)).toBe(name)
})

test('what a form declares comes back into it', () => {
  const form: WindowForm = {
    ...{ name: 'vacuum', title: 'Vacuum', services: ['db'], dependants: 'hard', start: '2026-03-08T02:00' },
    ...{ timeZone: 'Europe/Vienna', lasts: '2h', repeat: 'weekly', rule: 'FREQ=WEEKLY;BYDAY=SU', reason: 'Room' },
    ...{ budget: 'good', tells: true, publicTitle: 'Maintenance', publicText: 'Slower.' },
  }
  const { metadata, spec } = documentOf(form)
  expect(spec).toMatchObject({ start: '2026-03-08 02:00', repeat: 'FREQ=WEEKLY;BYDAY=SU', dependants: 'hard' })
  expect(formOf(metadata, spec, { ...form, title: '', services: [] })).toEqual(form)
})

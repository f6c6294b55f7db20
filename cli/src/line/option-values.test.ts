import { expect, test } from 'vitest'
import { OptionValues } from './option-values.ts'

const values = (text: string) => new OptionValues(new Map([['x', [text]]]))
const now = Date.parse('2026-03-01T12:00:00Z')

test.each([
  ['2026-03-01T10:00:00+01:00', '2026-03-01T09:00:00.000Z'],
  ['2h', '2026-03-01T10:00:00.000Z'],
  ['1h30m', '2026-03-01T10:30:00.000Z'],
])('time %s', (text, expected) => {
  expect(values(text).time('x', now)).toBe(expected)
})

test.each(['yesterday', '2026-02-30T00:00:00Z', '', '2'])('"%s" is no time', (text) => {
  expect(() => values(text).time('x', now)).toThrow('--x has to be a time')
})

test.each(['-1', '1.5', 'many', '', '65536'])('"%s" is no port', (text) => {
  expect(() => values(text).integer('x', 0, 65_535)).toThrow('--x has to be a whole number from 0 to 65535')
})

test('what was not given is null', () => {
  const none = new OptionValues(new Map())
  expect([none.text('x'), none.integer('x', 0, 1), none.durationMs('x'), none.time('x', now)]).toEqual([
    null,
    null,
    null,
    null,
  ])
})

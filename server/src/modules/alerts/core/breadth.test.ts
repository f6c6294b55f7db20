import { expect, test } from 'vitest'
import { hour } from '../../../kernel/duration.ts'
import { type Hidden, judgeBreadth } from './breadth.ts'

const of = (service: string, more: Partial<Hidden> = {}): Hidden => ({
  service,
  rule: 'Slow',
  severity: 'warning',
  open: false,
  ...more,
})

test.each<[string, Hidden[], { history: number; lastsMs: number }, RegExp[]]>([
  ['narrow', [of('a'), of('a', { open: true })], { history: 20, lastsMs: hour }, []],
  ['nothing at all', [], { history: 20, lastsMs: hour }, [/matches nothing/]],
  ['three services', [of('a'), of('b'), of('c')], { history: 90, lastsMs: hour }, [/3 services: a, b, c/]],
  ['many kinds', ['x', 'y', 'z'].map((rule) => of('a', { rule })), { history: 90, lastsMs: hour }, [/3 kinds/]],
  ['a quarter of all', [1, 2, 3, 4, 5].map(() => of('a')), { history: 20, lastsMs: hour }, [/25 % of the alerts/]],
  ['critical', [of('a', { severity: 'critical' })], { history: 90, lastsMs: hour }, [/1 of what it hides is critical/]],
  ['days', [of('a')], { history: 90, lastsMs: 48 * hour }, [/lasts 48 hours/]],
])('%s', (_, hidden, looked, expected) => {
  const { warnings } = judgeBreadth(hidden, looked)
  expect(warnings).toHaveLength(expected.length)
  for (const [index, pattern] of expected.entries()) expect(warnings[index]).toMatch(pattern)
})

test('counts what is open apart from what was', () => {
  const breadth = judgeBreadth([of('a', { open: true }), of('b')], { history: 9, lastsMs: hour })
  expect(breadth).toMatchObject({ open: 1, history: 1, services: ['a', 'b'], rules: ['Slow'] })
})

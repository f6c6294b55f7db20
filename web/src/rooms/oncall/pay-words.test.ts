import { expect, test } from 'vitest'
import { correctable, monthsUpTo, periodOfMonth, readHours } from './pay-words.ts'

test('months go back over a new year', () => {
  expect(monthsUpTo(new Date(2026, 1, 14).getTime(), 3)).toEqual(['2026-02', '2026-01', '2025-12'])
})

test.each([
  ['2026-02', { from: '2026-02-01', until: '2026-03-01' }],
  ['2026-12', { from: '2026-12-01', until: '2027-01-01' }],
  ['2026-13', null],
  ['', null],
])('the period of %j', (month, expected) => {
  expect(periodOfMonth(month)).toEqual(expected)
})

test.each([
  ['1.5', 5_400_000],
  ['1,25', 4_500_000],
  ['-8', -28_800_000],
  ['−0:45', -2_700_000],
  [' 7:30 ', 27_000_000],
  ['0', 0],
  ['1:60', null],
  ['an hour', null],
  ['', null],
])('%j hours', (text, expected) => {
  expect(readHours(text)).toBe(expected)
})

test('a correction is offered for those with hours first, also when the directory does not know them any more', () => {
  const everybody = new Map([
    ['ana', { title: 'Ana' }],
    ['ben', { title: 'Ben' }],
  ])
  const counted = [
    { person: 'zoe', displayName: 'Zoe' },
    { person: 'ben', displayName: 'Ben' },
  ]
  expect(correctable(counted, everybody).map((each) => each.name)).toEqual(['zoe', 'ben', 'ana'])
})

import { expect, test } from 'vitest'
import { readTierLines, tierLines } from './tier-text.ts'

const [hour, minute] = [3_600_000, 60_000]
const usual = [
  { level: 'page' as const, longMs: hour, shortMs: 5 * minute, threshold: 14.4 },
  { level: 'ticket' as const, longMs: 72 * hour, shortMs: 6 * hour, threshold: 1 },
]

test('tiers are written and read back', () => {
  expect(tierLines(usual)).toBe('page 1h/5m 14.4\nticket 3d/6h 1')
  expect(readTierLines(tierLines(usual))).toEqual(usual)
  expect(readTierLines('\n page 1h/5m 14.4× \n')).toEqual(usual.slice(0, 1))
})

test.each(['page 1h 14.4', 'wake 1h/5m 14.4', 'page 1h/5m 0', 'page 1x/5m 3', ''])(
  '%s is said to be no tier',
  (text) => {
    expect(readTierLines(text)).toHaveProperty('fault')
  },
)

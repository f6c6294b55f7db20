import fc from 'fast-check'
import { expect, test } from 'vitest'
import { shownShares } from './ledger-shares.ts'

test('what is shown sums to exactly 100.0 %, and no share is off by more than a tenth', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1, maxLength: 60 }), (parts) => {
      const total = parts.reduce((sum, part) => sum + part, 0)
      fc.pre(total > 0)
      const shown = shownShares(parts)
      expect(shown.reduce((sum, text) => sum + Math.round(Number(text) * 10), 0)).toBe(1000)
      shown.forEach((text, index) => {
        expect(Math.abs(Number(text) - ((parts[index] ?? 0) / total) * 100)).toBeLessThanOrEqual(0.1 + 1e-9)
      })
    }),
  )
})

test('three thirds', () => {
  expect(shownShares([1, 1, 1])).toEqual(['33.4', '33.3', '33.3'])
  expect(shownShares([0])).toEqual(['0.0'])
})

import { expect, test } from 'vitest'
import type { CoverageCell, ServiceCoverage } from '../../../../client/src/operations.gen.ts'
import { bytesText, cellLook, costText, lackWords } from './coverage-words.ts'

const now = Date.UTC(2026, 5, 1, 12)
const cell = (
  column: CoverageCell['column'],
  state: CoverageCell['state'],
  lastAt: string | null = null,
): CoverageCell => ({
  column,
  state,
  lastAt,
  sentence: '',
})

test.each([
  [cell('traffic', 'present'), 'ok', 'Yes'],
  [cell('traffic', 'missing'), 'warning', 'No'],
  [cell('traces', 'missing'), 'info', 'No'],
  [cell('traffic', 'silent', '2026-06-01T09:00:00Z'), 'unknown', '3h'],
])('%j', (given, tone, word) => {
  expect(cellLook(given, now)).toEqual({ tone, word })
})

test.each([
  [[cell('traffic', 'present')], 'Lacks nothing'],
  [[cell('errors', 'missing'), cell('owner', 'missing'), cell('traces', 'missing')], 'Lacks errors, owner'],
  [[cell('errors', 'missing'), cell('latency', 'silent')], 'Lacks errors; silent: latency'],
])('%j: %s', (cells, words) => {
  expect(lackWords({ cells } as unknown as ServiceCoverage)).toBe(words)
})

test('costs and bytes keep the figures that matter', () => {
  expect(
    [
      null,
      { amount: 0.0042, currency: 'EUR' },
      { amount: 12.3, currency: 'EUR' },
      { amount: 1e-6, currency: 'EUR' },
    ].map(costText),
  ).toEqual([null, '0.0042 EUR', '12.3 EUR', 'less than 0.0001 EUR'])
  expect([90, 4_200, 42_000, 4_200_000].map(bytesText)).toEqual(['90 B', '4.2 kB', '42 kB', '4.2 MB'])
})

import { expect, test } from 'vitest'
import { instant } from '../../../kernel/instant.ts'
import { boundsOf, isMonth, monthOf } from './months.ts'

const at = (text: string) => instant(Date.parse(text))

test('a month is that of the zone, over the change of clocks too', () => {
  expect(boundsOf('2026-03', 'Europe/Vienna')).toEqual({ from: at('2026-02-28T23:00Z'), to: at('2026-03-31T22:00Z') })
  expect(boundsOf('2025-12', 'UTC')).toEqual({ from: at('2025-12-01T00:00Z'), to: at('2026-01-01T00:00Z') })
  expect(monthOf(at('2026-02-28T23:30Z'), 'Europe/Vienna')).toBe('2026-03')
  expect(monthOf(at('2026-02-28T23:30Z'), 'UTC')).toBe('2026-02')
})

test.each(['2026-13', '2026-00', '26-01', '2026-1', '2026-01-01', '9999-01', '', '../..'])(
  '"%s" is no month',
  (text) => {
    expect(isMonth(text)).toBe(false)
  },
)

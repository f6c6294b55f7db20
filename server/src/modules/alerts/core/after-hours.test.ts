import { expect, test } from 'vitest'
import { formatInstant, type Instant, parseInstant } from '../../../kernel/instant.ts'
import { wallAt } from '../../oncall/core/index.ts'
import { offsetsIn } from './after-hours.ts'

const at = (text: string): Instant => {
  const read = parseInstant(text)
  if (read === null) throw new Error(text)
  return read
}

test.each([
  ['UTC', ['2026-01-01 0']],
  ['Europe/Berlin', ['2026-01-01 60', '2026-03-30 120', '2026-10-26 60']],
  ['Asia/Kolkata', ['2026-01-01 330']],
])('the clocks of %s in a year', (zone, expected) => {
  const found = offsetsIn(
    (instant) => wallAt(zone, instant) - instant,
    at('2026-01-01T00:00:00Z'),
    at('2027-01-01T00:00:00Z'),
  )
  expect(found.map(({ from, offsetMs }) => `${formatInstant(from).slice(0, 10)} ${offsetMs / 60_000}`)).toEqual(
    expected,
  )
})

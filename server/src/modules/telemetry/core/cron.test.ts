import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Instant, instant } from '../../../kernel/instant.ts'
import { nextRun, readCron } from './cron.ts'

function runs(text: string, zone: string, from: string, count: number): string[] {
  const read = readCron(text, zone)
  if (read.state === 'refused') throw new Error(read.detail)
  const found: string[] = []
  for (let at: Instant | null = instant(Date.parse(from)); found.length < count; ) {
    at = nextRun(read.schedule, at)
    if (at === null) break
    found.push(new Date(at).toISOString().slice(0, 16))
  }
  return found
}

test.each([
  ['*/20 * * * *', 'UTC', '2026-03-01T09:00Z', ['2026-03-01T09:20', '2026-03-01T09:40', '2026-03-01T10:00']],
  ['30 2 * * mon-fri', 'UTC', '2026-03-06T02:30Z', ['2026-03-09T02:30']],
  ['0 0 29 2 *', 'UTC', '2026-03-01T00:00Z', ['2028-02-29T00:00']],
  ['0 12 13 * fri', 'UTC', '2026-03-10T00:00Z', ['2026-03-13T12:00', '2026-03-20T12:00']],
  ['0 9 * * 7', 'Europe/Berlin', '2026-03-27T00:00Z', ['2026-03-29T07:00']],
  // The clocks jump from 02:00 to 03:00, and back from 03:00 to 02:00.
  ['30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00Z', ['2026-03-29T01:30', '2026-03-30T00:30']],
  ['30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00Z', ['2026-10-25T00:30', '2026-10-26T01:30']],
  ['@monthly', 'America/New_York', '2026-01-15T00:00Z', ['2026-02-01T05:00']],
])('%s in %s after %s', (text, zone, from, expected) => {
  expect(runs(text, zone, from, expected.length)).toEqual(expected)
})

test.each([
  '* * * *',
  '60 * * * *',
  '* 24 * * *',
  '* * 0 * *',
  '* * * foo *',
  '5-1 * * * *',
  '*/0 * * * *',
  '0 0 31 feb *',
])('%s is refused', (text) => expect(readCron(text, 'UTC').state).toBe('refused'))
test('an unknown zone is refused', () => expect(readCron('* * * * *', 'Mars/Base').state).toBe('refused'))

test('runs ascend and fall on the fields', () => {
  const field = (most: number) =>
    fc.oneof(
      fc.constant('*'),
      fc.integer({ min: 1, max: most }).map(String),
      fc.integer({ min: 2, max: 30 }).map((by) => `*/${by}`),
    )
  fc.assert(
    fc.property(field(59), field(23), fc.integer({ min: 0, max: 2_000_000_000 }), (minute, hour, seconds) => {
      const read = readCron(`${minute} ${hour} * * *`, 'UTC')
      if (read.state === 'refused') return
      const from = instant(seconds * 1000)
      const next = nextRun(read.schedule, from)
      if (next === null) throw new Error('never')
      expect(next).toBeGreaterThan(from)
      expect(next - from).toBeLessThanOrEqual(86_400_000)
      const date = new Date(next)
      expect([read.schedule.minutes.has(date.getUTCMinutes()), read.schedule.hours.has(date.getUTCHours())]).toEqual([
        true,
        true,
      ])
    }),
  )
})

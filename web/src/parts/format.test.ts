import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  burnText,
  clockText,
  dayKey,
  durationText,
  fullTime,
  localTimes,
  ratioText,
  relativeText,
  shareText,
  shortDuration,
  windowText,
  zoneName,
} from './format.ts'

const at = Date.UTC(2026, 2, 1, 12, 0)

test.each([
  [700_000, '11 min 40 s'],
  [90_000, '1 min 30 s'],
  [3_600_000, '1 h'],
  [277_200_000, '3 d 5 h'],
  [120, '120 ms'],
  [-90_000, '−1 min 30 s'],
])('%d ms reads %s', (ms, text) => {
  expect(durationText(ms)).toBe(text)
})

test.each([
  [0.99953, '99.953 %'],
  [0.999, '99.9 %'],
  [0.99999, '99.999 %'],
  [1, '100 %'],
  [0.5, '50 %'],
  [0.999999, '99.9999 %'],
  [null, '–'],
])('ratio %s reads %s', (ratio, text) => {
  expect(ratioText(ratio, 'en')).toBe(text)
})

test('no ratio below one ever reads as 100 %', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 0.99999, noNaN: true }), (ratio) => {
      expect(ratioText(ratio, 'en')).not.toBe('100 %')
    }),
  )
})

test.each([
  [0.00004, '< 0.1 %'],
  [0, '0 %'],
  [0.1249, '12.5 %'],
  [-3.965, '−396.5 %'],
  [-20.795, '−2,080 %'],
])('share %d reads %s', (share, text) => {
  expect(shareText(share, 'en')).toBe(text)
})

test('relative times know before and after', () => {
  expect(relativeText(at - 5 * 60_000, at)).toBe('5m ago')
  expect(relativeText(at + 3 * 3_600_000, at)).toBe('in 3h')
  expect(relativeText(at, at)).toBe('now')
  expect(shortDuration(50 * 3_600_000)).toBe('2d')
})

test('a clock time shows its day as soon as it is not today, in the zone that is asked for', () => {
  const late = Date.UTC(2026, 2, 1, 23, 30)
  expect(clockText(late, at, 'UTC', 'en-GB')).toBe('23:30')
  expect(clockText(late, at, 'Europe/Berlin', 'en-GB')).toBe('Mon 00:30')
  expect(clockText(Date.UTC(2025, 11, 1, 8), at, 'UTC', 'en-GB')).toBe('1 Dec, 08:00')
  const sentence = 'It asks again at 2026-03-01T23:30:00.450Z, or at 2026-03-01T08:00:00Z.'
  expect(localTimes(sentence, at, 'UTC', 'en-GB')).toBe('It asks again at 23:30, or at 08:00.')
  expect(localTimes('No moment: 2026-03-01.', at)).toBe('No moment: 2026-03-01.')
  expect(dayKey(late, 'Europe/Berlin')).toBe('2026-03-02')
})

test('the full time always names its zone', () => {
  expect(fullTime(at, 'UTC', 'en-GB')).toContain('UTC')
  expect(fullTime(at, 'America/New_York', 'en-US')).toContain('EST')
})

test('windows, rates and zones', () => {
  expect(windowText(30 * 86_400_000)).toBe('30 d')
  expect(windowText(300_000)).toBe('5 min')
  expect(burnText(14.42)).toBe('14.4×')
  expect(burnText(null)).toBe('–')
  expect(zoneName('America/Argentina/Buenos_Aires')).toBe('Buenos Aires')
})

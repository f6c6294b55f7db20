import { expect, test } from 'vitest'
import type { Unusual } from './detector.ts'
import { explain, type Unit } from './explain.ts'
import { isZone, wallHourIn } from './wall.ts'

const saturday = { weekday: 6, hour: 2 }
const base: Unusual = { since: 0, value: 0, usual: 0, pattern: 'week', wall: saturday, distance: 9 }

test.each<[Partial<Unusual>, Unit, string]>([
  [{ value: 310, usual: 100 }, 'rate', '3.1× the usual Saturday 02:00 (310 a minute, usually 100)'],
  [{ value: 310, usual: 100, pattern: 'day' }, 'rate', '3.1× the usual 02:00 (310 a minute, usually 100)'],
  [{ value: 310, usual: 100, pattern: 'all' }, 'rate', '3.1× the usual (310 a minute, usually 100)'],
  [{ value: 12, usual: 100 }, 'rate', '12 % of the usual Saturday 02:00 (12 a minute, usually 100)'],
  [{ value: 0, usual: 100 }, 'rate', 'nothing of the usual Saturday 02:00 (0 a minute, usually 100)'],
  [{ value: 0.042, usual: 0.0001 }, 'share', '4.2 %, usually 0.01 % on Saturday 02:00'],
  [{ value: 0.042, usual: 0.002 }, 'share', '21.0× the usual Saturday 02:00 (4.2 %, usually 0.2 %)'],
  [{ value: 1800, usual: 240 }, 'duration', '7.5× the usual Saturday 02:00 (1.8 s, usually 240 ms)'],
])('%o in %s: %s', (unusual, unit, sentence) => {
  expect(explain({ ...base, ...unusual }, unit)).toBe(sentence)
})

test('hours are those on the wall of the zone, summer and winter', () => {
  const [winter, summer] = [Date.UTC(2026, 0, 3, 23, 30), Date.UTC(2026, 6, 4, 22, 30)]
  expect(wallHourIn('UTC')(winter)).toEqual({ weekday: 6, hour: 23 })
  expect(wallHourIn('Europe/Berlin')(winter)).toEqual({ weekday: 0, hour: 0 })
  expect(wallHourIn('Europe/Berlin')(summer)).toEqual({ weekday: 0, hour: 0 })
  expect(wallHourIn('Asia/Kathmandu')(Date.UTC(2026, 0, 5, 18, 20))).toEqual({ weekday: 2, hour: 0 })
  expect(wallHourIn('UTC')(-1)).toEqual({ weekday: 3, hour: 23 })
  expect([isZone('Europe/Berlin'), isZone('Moon/Crater')]).toEqual([true, false])
})

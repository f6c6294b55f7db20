import { expect, test } from 'vitest'
import {
  type DayUsage,
  type MetricUsage,
  mergeUsage,
  mostMetrics,
  otherMetrics,
  readUsage,
  totalsOf,
  writeUsage,
} from './day-usage.ts'

const metric = (samples: number, series: number, more: Partial<MetricUsage> = {}): MetricUsage => ({
  unit: 's',
  kind: 'histogram',
  samples,
  series: { few: new Set(Array.from({ length: series }, (_, index) => index)), many: null },
  lastAt: 1,
  findings: [],
  ...more,
})
const day = (...rows: readonly (readonly [string, MetricUsage])[]): DayUsage => new Map(rows)

test('days of two processes add up: samples are summed, the same series stay the same', () => {
  const both = mergeUsage(
    day(['a', metric(5, 3)], ['b', metric(1, 1)]),
    day(['a', metric(7, 4, { lastAt: 2, unit: 'ms' })]),
  )
  expect(totalsOf(both)).toEqual({ samples: 13, series: 5 })
  expect(both.get('a')).toMatchObject({ unit: 'ms', lastAt: 2 })
})

test('a finding stands once, with its newest example', () => {
  const found = (example: string, lastAt: number) =>
    metric(1, 1, { lastAt, findings: [{ code: 'unbounded-attribute', about: 'user.id', example }] })
  const both = mergeUsage(day(['a', found('7', 1)]), day(['a', found('8', 2)]))
  expect(both.get('a')?.findings).toEqual([{ code: 'unbounded-attribute', about: 'user.id', example: '8' }])
})

test('metrics beyond the limit are counted together, and that is a finding', () => {
  const many = day(...Array.from({ length: mostMetrics }, (_, index) => [`m${index}`, metric(1, 1)] as const))
  const all = mergeUsage(many, day(['x', metric(3, 2)], ['y', metric(4, 2)]))
  expect(all.size).toBe(mostMetrics + 1)
  expect(all.get(otherMetrics)).toMatchObject({ samples: 7, findings: [{ code: 'too-many-metrics' }] })
  expect(totalsOf(all).samples).toBe(mostMetrics + 7)
})

test('what is written is read as it was, and rubbish is nothing', () => {
  const one = day(['a', metric(5, 3, { findings: [{ code: 'unit', about: 'ms', example: 's' }] })])
  expect(readUsage(writeUsage(one))).toEqual(one)
  expect(readUsage('{').size).toBe(0)
})

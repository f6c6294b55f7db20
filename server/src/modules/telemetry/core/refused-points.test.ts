import { expect, test } from 'vitest'
import { instant } from '../../../kernel/instant.ts'
import type { Metric } from './otlp-model.ts'
import { refusedPoints } from './refused-points.ts'

const at = instant(1_700_000_000_000)
const point = (value: number, ahead = 0) => ({ attributes: new Map(), at: instant(at + ahead), startAt: null, value })
const refused = (...metrics: Metric[]) =>
  refusedPoints([{ attributes: new Map(), scopes: [{ name: '', version: '', metrics }] }], at)
const sum = (monotonic: boolean, ...points: ReturnType<typeof point>[]): Metric => ({
  name: 'requests',
  unit: '',
  data: { kind: 'sum', temporality: 'cumulative', monotonic, points },
})

test('a counter below 0, and what lies more than five minutes ahead', () => {
  expect(refused(sum(true, point(-1), point(3, 300_000), point(3, 300_001)), sum(true, point(-2)))).toEqual([
    { kind: 'negative', metric: 'requests', points: 2 },
    { kind: 'future', metric: 'requests', points: 1 },
  ])
})

test('what may fall counts no events, and nothing of it is refused', () => {
  const gauge: Metric = { name: 'load', unit: '', data: { kind: 'gauge', points: [point(-4, 900_000)] } }
  expect(refused(sum(false, point(-1, 900_000)), gauge)).toEqual([])
})

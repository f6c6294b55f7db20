import fc from 'fast-check'
import { expect, test } from 'vitest'
import { brushed, overlaps, placeOf, stackBars, ticksOf, timeAt } from './axis.ts'

const axis = { from: 1000, to: 11_000 }
const spans = fc.array(
  fc
    .tuple(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 1, max: 200 }))
    .map(([from, length]) => ({ from, to: from + length })),
  { maxLength: 40 },
)

test('a place and its time are each other’s way back', () => {
  fc.assert(
    fc.property(fc.integer({ min: axis.from, max: axis.to }), fc.integer({ min: 10, max: 4000 }), (at, width) => {
      expect(timeAt(placeOf(at, axis, width), axis, width)).toBeCloseTo(at, 6)
    }),
  )
})

test('stacked bars never cover each other, and use one row when they do not meet', () => {
  fc.assert(
    fc.property(spans, (bars) => {
      const rows = stackBars(bars, 0)
      for (let a = 0; a < bars.length; a++) {
        for (let b = a + 1; b < bars.length; b++) {
          const one = bars[a]
          const other = bars[b]
          if (one !== undefined && other !== undefined && rows[a] === rows[b]) expect(overlaps(one, other)).toBe(false)
        }
      }
    }),
  )
  expect(
    stackBars(
      [
        { from: 0, to: 1 },
        { from: 2, to: 3 },
      ],
      0,
    ),
  ).toEqual([0, 0])
})

test('ticks are round in the zone and few', () => {
  const offset = 3_600_000
  const ticks = ticksOf({ from: Date.UTC(2026, 2, 1, 7, 13), to: Date.UTC(2026, 2, 2, 7, 13) }, 8, offset)
  expect(ticks.stepMs).toBe(3 * 3_600_000)
  expect(ticks.at.length).toBeLessThanOrEqual(9)
  for (const tick of ticks.at) expect((tick + offset) % ticks.stepMs).toBe(0)
})

test('a brush stays inside the axis, in order and at least as long as asked', () => {
  fc.assert(
    fc.property(fc.integer({ min: -5000, max: 20_000 }), fc.integer({ min: -5000, max: 20_000 }), (a, b) => {
      const window = brushed(a, b, axis, 500)
      expect(window.from).toBeGreaterThanOrEqual(axis.from)
      expect(window.to).toBeLessThanOrEqual(axis.to)
      expect(window.to - window.from).toBeGreaterThanOrEqual(500 - 1e-9)
    }),
  )
})

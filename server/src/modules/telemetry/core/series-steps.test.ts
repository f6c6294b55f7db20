import fc from 'fast-check'
import { expect, test } from 'vitest'
import { instant } from '../../../kernel/instant.ts'
import { openTrack } from './counter-track.ts'
import { defaultRules } from './series.ts'
import { eachStep, packMove, StepWriter, unpackMove } from './series-steps.ts'

const number = fc.oneof(
  fc.nat(),
  fc.constantFrom(
    0,
    0.5,
    -1,
    1e15,
    Number.MAX_SAFE_INTEGER,
    Number.MAX_SAFE_INTEGER - 1,
    1e300,
    Number.POSITIVE_INFINITY,
  ),
  // A count of −0 is one of 0.
  fc.double({ noNaN: true }).map((each) => each + 0),
)

test('steps read as they were written, in whatever order and of whatever size', () => {
  const step = fc.record({ place: fc.nat(100_000), before: number, value: number })
  const writer = new StepWriter()
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), fc.nat(), (given, at) => {
      for (const { place, value, before } of given) writer.put(place, value, before)
      const track = openTrack(defaultRules)
      track.at.push(5)
      track.values.push(7)
      track.starts.push(0)
      const names = { stream: 3, series: 'ab'.repeat(16), source: 4, target: 'cd'.repeat(6) }
      const whole = [{ ...names, firstAt: instant(1), lastAt: instant(5), mind: { kind: 'counter' as const, track } }]
      const read = unpackMove(packMove({ now: at + 0.5, at, steps: writer.take(), whole }))
      expect(read).toMatchObject({ now: at + 0.5, at, whole })
      const found: [number, number][] = []
      eachStep(
        read.steps,
        () => given[found.length]?.before ?? 0,
        (place, value) => found.push([place, value]),
      )
      expect(found).toEqual(given.map(({ place, value }) => [place, value]))
    }),
    { numRuns: 5_000, examples: [[[{ place: 0, before: -1, value: Number.MAX_SAFE_INTEGER }], 0]] },
  )
})

test('8,000 that stand one behind the other and grow a little take three bytes each', () => {
  const writer = new StepWriter()
  for (let place = 0; place < 8_000; place += 1) writer.put(place, 1_000_000 + 600, 1_000_000)
  expect(writer.take().length).toBeLessThanOrEqual(3 * 8_000)
})

test('what ends too early or is of a version to come is refused', () => {
  expect(() =>
    eachStep(
      Uint8Array.of(2, 200),
      () => 0,
      () => undefined,
    ),
  ).toThrow('too early')
  expect(() => unpackMove(Uint8Array.of(9))).toThrow('version 9')
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { estimate, merge, newSketch, note } from './distinct.ts'

const sketchOf = (texts: Iterable<string>) => {
  const sketch = newSketch()
  for (const text of texts) note(sketch, text)
  return sketch
}

test.each([0, 1, 7, 100, 1_000, 10_000, 1_000_000])(
  '%i different texts are estimated to within a tenth, in one kilobyte',
  (count) => {
    const sketch = newSketch()
    for (let index = 0; index < count; index += 1) note(sketch, `["tenant-${index}"]`)
    expect(Math.abs(estimate(sketch) - count)).toBeLessThanOrEqual(count / 10)
    expect(sketch.length).toBe(1_024)
  },
)

test('the same texts give the same sketch, in any order, however often, in one part or in two', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { maxLength: 200 }), fc.nat({ max: 200 }), (texts, cut) => {
      const whole = sketchOf(texts)
      const [first, second] = [sketchOf(texts.slice(0, cut)), sketchOf(texts.slice(cut))]
      merge(first, second)
      expect(first).toEqual(whole)
      expect(sketchOf([...texts, ...texts].reverse())).toEqual(whole)
    }),
  )
})

test('noting says whether anything changed', () => {
  const sketch = newSketch()
  expect(note(sketch, 'acme')).toBe(true)
  expect(note(sketch, 'acme')).toBe(false)
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { spliceBetween } from './splice.ts'

test.each([
  { before: 'abc', after: 'abc', caret: null, splice: null },
  { before: 'abc', after: 'abXc', caret: null, splice: { index: 2, remove: 0, insert: 'X' } },
  { before: 'abc', after: 'ac', caret: null, splice: { index: 1, remove: 1, insert: '' } },
  // Which of three equal letters is new? The one before the caret.
  { before: 'aa', after: 'aaa', caret: 1, splice: { index: 0, remove: 0, insert: 'a' } },
  { before: 'aa', after: 'aaa', caret: 3, splice: { index: 2, remove: 0, insert: 'a' } },
  // One face became another: their first halves are the same, and are not torn from the second.
  { before: 'x😀y', after: 'x😁y', caret: null, splice: { index: 1, remove: 2, insert: '😁' } },
  { before: '', after: '😀', caret: 2, splice: { index: 0, remove: 0, insert: '😀' } },
])('$before to $after at $caret', ({ before, after, caret, splice }) => {
  expect(spliceBetween(before, after, caret)).toEqual(splice)
})

const text = fc.string({ unit: fc.constantFrom('a', 'b', '\n', 'é', '😀', '😁', '🙀'), maxLength: 12 })
test('it turns the one into the other and tears no character, wherever the caret stands', () => {
  fc.assert(
    fc.property(text, text, fc.option(fc.nat(30)), (before, after, caret) => {
      const splice = spliceBetween(before, after, caret)
      if (splice === null) {
        expect(before).toBe(after)
        return
      }
      const { index, remove, insert } = splice
      expect(before.slice(0, index) + insert + before.slice(index + remove)).toBe(after)
      expect(insert.isWellFormed() && before.slice(0, index).isWellFormed()).toBe(true)
      expect(before.slice(index + remove).isWellFormed()).toBe(true)
    }),
    { numRuns: 500 },
  )
})

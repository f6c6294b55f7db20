import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hitEnd, hitStart, piecesOf, searchQuery } from './search-words.ts'

test.each([
  ['pool', "'pool':*", "'pool':*"],
  ['Pool  exhausted', "'Pool':* & 'exhausted':*", "'Pool':* & 'exhausted':*"],
  ['"connection pool" payment', "('connection' <-> 'pool') & 'payment':*", "'connection' & 'pool' & 'payment':*"],
  ['pool -search', "'pool':* & !'search':*", "'pool':*"],
  ['pool pool', "'pool':* & 'pool':*", "'pool':*"],
  ['eu-west', "('eu' <-> 'west':*)", "'eu' & 'west':*"],
  ['v1.5', "('v1' <-> '5')", "'v1' & '5'"],
  ['db 東', "'db' & '東':*", "'db' & '東':*"],
  ["it's", "('it' <-> 's')", "'it' & 's'"],
  ['Überlast', "'Überlast':*", "'Überlast':*"],
  ["') | 'xyz", "'xyz':*", "'xyz':*"],
])('%s', (typed, exact, loose) => {
  expect(searchQuery(typed)).toEqual({ exact, loose })
})

test.each(['-search', '  ', '& | ! :*', ''])('nothing is left to look for of %j', (typed) => {
  expect(searchQuery(typed)).toBeNull()
})

test('whatever is typed, only words in quotes and our own operators come out', () => {
  const word = "'[\\p{L}\\p{M}\\p{N}]+'(:\\*)?"
  const part = `!?(${word}|\\(${word}( <-> ${word})+\\))`
  const exact = new RegExp(`^${part}( & ${part})*$`, 'u')
  const loose = new RegExp(`^${word}( & ${word})*$`, 'u')
  fc.assert(
    fc.property(fc.string({ maxLength: 300, unit: 'binary' }), (typed) => {
      const query = searchQuery(typed)
      if (query === null) return
      expect(query.exact).toMatch(exact)
      expect(query.loose).toMatch(loose)
    }),
  )
})

test('marks become pieces, and nothing of the text is lost', () => {
  expect(piecesOf(`the ${hitStart}pool${hitEnd} was ${hitStart}full${hitEnd}`)).toEqual([
    { text: 'the ', hit: false },
    { text: 'pool', hit: true },
    { text: ' was ', hit: false },
    { text: 'full', hit: true },
  ])
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), (text) => {
      expect(
        piecesOf(text)
          .map((each) => each.text)
          .join(''),
      ).toBe(text)
    }),
  )
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { instant } from '../../kernel/instant.ts'
import { repetitionsIn, type Speech } from './repetition.ts'

const speech = (more: Partial<Speech> = {}): Speech => ({
  ...{ identity: 'a', content: 'x', startsAt: instant(1_000), endsAt: instant(2_000), firing: true },
  ...more,
})

test('what is said twice in the same words is one repetition that counts twice', () => {
  expect(repetitionsIn([speech(), speech({ identity: 'b', endsAt: null }), speech()], 60_000)).toEqual([
    { identity: 'a', content: 'x', startsAt: 1_000, endsAt: 2_000, assumedLeaseMs: 60_000, signals: 2 },
    { identity: 'b', content: 'x', startsAt: 1_000, endsAt: null, assumedLeaseMs: 60_000, signals: 1 },
  ])
})

test.each([
  ['it is over', [speech({ firing: false })]],
  ['it is over afterwards', [speech(), speech({ firing: false })]],
  ['two contents', [speech(), speech({ content: 'y' })]],
  ['two ends', [speech(), speech({ endsAt: instant(3_000) })]],
  ['an end and none', [speech(), speech({ endsAt: null })]],
  ['an end beyond exact arithmetic', [speech({ endsAt: instant(Date.UTC(9999, 11, 31)) })]],
  ['a start before 1970', [speech({ startsAt: instant(-1) })]],
])('%s: looked at in full', (_, speeches) => {
  expect(repetitionsIn([...speeches, speech({ identity: 'b' })], null).map(({ identity }) => identity)).toEqual(['b'])
})

test('each alert comes once, with every time it was said, and only if all of them agree', () => {
  const any = fc.record({
    identity: fc.constantFrom('a', 'b', 'c', 'd'),
    content: fc.constantFrom('x', 'x', 'x', 'y'),
    endsAt: fc.constantFrom(null, instant(2_000), instant(2_000), instant(3_000)),
    firing: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(any, { maxLength: 20 }), (drawn) => {
      const speeches = drawn.map(speech)
      const repeated = repetitionsIn(speeches, null)
      const expected = ['a', 'b', 'c', 'd'].flatMap((identity) => {
        const own = speeches.filter((each) => each.identity === identity)
        const agree = new Set(own.map(({ content, endsAt }) => `${content} ${endsAt}`)).size === 1
        return agree && own.every((each) => each.firing) ? [[identity, own.length]] : []
      })
      expect(repeated.map(({ identity, signals }) => [identity, signals]).sort()).toEqual(expected)
    }),
  )
})

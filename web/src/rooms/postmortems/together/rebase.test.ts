import fc from 'fast-check'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { type Delta, rebase } from './rebase.ts'

const edit = fc.record({ at: fc.nat(20), remove: fc.nat(4), insert: fc.constantFrom('', 'x', 'yz') })

test('a word composed while others wrote stands where they both would have put it', () => {
  fc.assert(
    fc.property(fc.constantFrom('', 'abcdefgh', 'ab'), edit, fc.array(edit, { maxLength: 4 }), (base, own, others) => {
      const ours = new Y.Doc()
      ours.getText('t').insert(0, base)
      const theirs = new Y.Doc()
      Y.applyUpdate(theirs, Y.encodeStateAsUpdate(ours))
      const index = Math.min(own.at, base.length)
      const remove = Math.min(own.remove, base.length - index)

      const missed: Delta[] = []
      const text = ours.getText('t')
      text.observe((event) => missed.push(event.delta))
      for (const { at, remove: gone, insert } of others) {
        const their = theirs.getText('t')
        const from = Math.min(at, their.length)
        theirs.transact(() => {
          their.delete(from, Math.min(gone, their.length - from))
          their.insert(from, insert)
        })
        Y.applyUpdate(ours, Y.encodeStateAsUpdate(theirs, Y.encodeStateVector(ours)))
      }
      const theirOwn = text.toString()
      for (const step of rebase({ index, remove, insert: own.insert.toUpperCase() }, missed)) {
        text.delete(step.index, step.remove)
        text.insert(step.index, step.insert)
      }
      // Nothing that others wrote is gone, only what the writer took out is, and what was composed stands in one piece.
      const taken = new Set(base.slice(index, index + remove))
      const upper = own.insert.toUpperCase()
      const result = text.toString()
      expect(
        result
          .split('')
          .filter((each) => each !== each.toUpperCase() || 'XYZ'.includes(each) === false)
          .join(''),
      ).toBe(
        theirOwn
          .split('')
          .filter((each) => !taken.has(each))
          .join(''),
      )
      expect(result).toContain(upper)
    }),
    { numRuns: 400 },
  )
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ashore, boards, doubtMs, landed, observe, type Standing } from './lookout.ts'

const looks = fc.array(
  fc.record({ answers: fc.boolean(), cargo: fc.boolean(), afterMs: fc.integer({ min: 1, max: 4_000 }) }),
  { maxLength: 60 },
)

test.each<[string, Standing, boolean, boolean, number, Standing['kind']]>([
  ['one look without an answer is a doubt', ashore, false, false, 10, 'doubt'],
  ['an answer ends a doubt', { kind: 'doubt', since: 0 }, true, false, 4_999, 'ashore'],
  ['what came aboard in the doubt is written down', { kind: 'doubt', since: 0 }, true, true, 4_999, 'landing'],
  ['a doubt of five seconds is certainty', { kind: 'doubt', since: 0 }, false, false, 5_000, 'afloat'],
  ['the database is back', { kind: 'afloat', since: 0 }, true, false, 60_000, 'landing'],
  ['and away again', { kind: 'landing', since: 0 }, false, true, 61_000, 'afloat'],
  ['one request found it away, the look did not', ashore, true, true, 10, 'landing'],
])('%s', (_what, standing, answers, cargo, at, kind) => {
  expect(observe(standing, answers, cargo, at).kind).toBe(kind)
})

test('nobody is paged from the plan unless every look of five seconds went unanswered, and the beginning is kept', () => {
  fc.assert(
    fc.property(looks, (all) => {
      let standing: Standing = ashore
      let atMs = 0
      let firstMiss: number | null = null
      for (const { answers, cargo, afterMs } of all) {
        atMs += afterMs
        const before = standing
        standing = observe(standing, answers, cargo, atMs)
        if (before.kind === 'ashore' && standing.kind === 'doubt') firstMiss = atMs
        if (standing.kind === 'afloat' && before.kind === 'doubt') {
          expect(atMs - (firstMiss ?? atMs)).toBeGreaterThanOrEqual(doubtMs)
          expect(standing.since).toBe(firstMiss)
        }
        if (standing.kind === 'afloat') expect(answers).toBe(false)
        if (cargo) expect(boards(standing, cargo)).toBe(true)
      }
    }),
  )
})

test('only a landing ends in the harbour', () => {
  for (const kind of ['doubt', 'afloat'] as const) expect(landed({ kind, since: 1 })).toEqual({ kind, since: 1 })
  expect(landed({ kind: 'landing', since: 1 })).toEqual(ashore)
})

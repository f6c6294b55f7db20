import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { TimelineEntry } from '../../shell/api.ts'
import { foldRuns } from './timeline-runs.ts'

const entry = (id: number, type: string, kind: 'person' | 'automation' = 'automation'): TimelineEntry => ({
  ...{ id, type, at: '2026-03-02T03:00:00.000Z', recordedAt: null, sentence: `${type} ${id}`, data: {} },
  actor: { kind, id: 'a', name: 'a' },
})

test('five or more of a kind that no person wrote are one line', () => {
  const linked = Array.from({ length: 7 }, (_, id) => entry(id, 'incident.alert-linked'))
  const four = Array.from({ length: 4 }, (_, id) => entry(20 + id, 'alert.opened'))
  const notes = Array.from({ length: 9 }, (_, id) => entry(40 + id, 'incident.noted', 'person'))
  const runs = foldRuns([...linked, ...four, ...notes])
  expect(runs.map(({ first, rest }) => [first.id, rest.length])).toEqual([
    [0, 6],
    ...[20, 21, 22, 23].map((id) => [id, 0]),
    ...notes.map((each) => [each.id, 0]),
  ])
})

test('nothing is lost, nothing moves, and what people did is never behind anything', () => {
  const any = fc.record({
    type: fc.constantFrom('a', 'b'),
    kind: fc.constantFrom('person' as const, 'automation' as const),
  })
  fc.assert(
    fc.property(fc.array(any, { maxLength: 60 }), (drawn) => {
      const items = drawn.map(({ type, kind }, id) => entry(id, type, kind))
      const runs = foldRuns(items)
      expect(runs.flatMap(({ first, rest }) => [first, ...rest])).toEqual(items)
      expect(runs.flatMap(({ rest }) => rest).every((each) => each.actor.kind === 'automation')).toBe(true)
    }),
  )
})

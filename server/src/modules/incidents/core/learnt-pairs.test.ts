import fc from 'fast-check'
import { expect, test } from 'vitest'
import { minute } from '../../../kernel/duration.ts'
import { instant, plus } from '../../../kernel/instant.ts'
import { correlationRules, placeSymptom } from './correlation.ts'
import { joinCauses } from './joined-causes.ts'
import {
  type LearntPair,
  learntForMs,
  learntWord,
  mostLearnt,
  pairInWords,
  pairOf,
  pairsBetween,
} from './learnt-pairs.ts'
import { graphOf } from './service-graph.ts'
import type { Symptom } from './symptom.ts'

const start = instant(Date.UTC(2026, 10, 21, 3))
const graph = graphOf([{ caller: 'checkout', callee: 'payment' }])

const symptom = (service: string | null, rule: string, afterMs = 0): Symptom => ({
  id: `${service}-${rule}-${afterMs}`,
  startedAt: plus(start, afterMs),
  endedAt: null,
  service,
  blames: null,
  kind: 'errors',
  severity: 'critical',
  rule,
})
const said = (
  verdict: LearntPair['verdict'],
  one: readonly [string, string],
  other: readonly [string, string],
  more: Partial<LearntPair> = {},
): LearntPair => ({
  id: `${verdict}-${one}-${other}`,
  ends: pairOf({ service: one[0], rule: one[1] }, { service: other[0], rule: other[1] }),
  verdict,
  because: 'We looked.',
  saidBy: 'Ana',
  saidAt: plus(start, -minute),
  until: plus(start, learntForMs),
  ...more,
})
const place = (arriving: Symptom, there: Symptom, ...learnt: LearntPair[]) =>
  placeSymptom(arriving, [{ id: 'p', symptoms: [there] }], graph, correlationRules, learnt)

test('what people said goes before what is near', () => {
  const there = symptom('payment', 'Errors')
  const arriving = symptom('checkout', 'Latency', minute)
  expect(place(arriving, there).joins).toBe('p')
  expect(place(arriving, there, said('apart', ['checkout', 'Latency'], ['payment', 'Errors'])).joins).toBeNull()
  expect(place(arriving, there, said('apart', ['checkout', 'Errors'], ['payment', 'Errors'])).joins).toBe('p')
  const far = symptom('search', 'Errors', minute)
  expect(place(far, there).joins).toBeNull()
  const together = said('together', ['search', 'Errors'], ['payment', 'Errors'])
  expect(place(far, there, together)).toEqual({ joins: 'p', because: pairInWords(together) })
  expect(pairInWords(together)).toBe('Ana said that Errors of payment and Errors of search are one problem.')
})

test('it counts until its end, and the last word counts', () => {
  const there = symptom('payment', 'Errors')
  const arriving = symptom('checkout', 'Latency', minute)
  const apart = said('apart', ['checkout', 'Latency'], ['payment', 'Errors'])
  expect(learntWord(arriving, [there], [{ ...apart, until: arriving.startedAt }])).toBeNull()
  const later = said('together', ['checkout', 'Latency'], ['payment', 'Errors'], { saidAt: start })
  expect(learntWord(arriving, [there], [apart, later])?.pair.verdict).toBe('together')
  expect(learntWord(arriving, [there], [later, { ...apart, saidAt: start }])?.pair.verdict).toBe('apart')
})

test('a pair has one spelling, and nothing is apart from itself', () => {
  const end = fc.record({ service: fc.constantFrom('', 'a', 'b'), rule: fc.constantFrom('x', 'y', '["a","x"]') })
  fc.assert(
    fc.property(end, end, (one, other) => {
      expect(pairOf(one, other)).toEqual(pairOf(other, one))
    }),
  )
  const side = fc.array(
    fc.record({ service: fc.constantFrom(null, 'a', 'b', 'c'), rule: fc.string({ maxLength: 2 }), at: fc.nat(1000) }),
    { maxLength: 8 },
  )
  fc.assert(
    fc.property(side, side, (moved, others) => {
      const of = (all: typeof moved) => all.map(({ service, rule, at }) => symptom(service, rule, at))
      const pairs = pairsBetween(of(moved), of(others))
      expect(pairs.length).toBeLessThanOrEqual(mostLearnt)
      expect(new Set(pairs.map((each) => JSON.stringify(each))).size).toBe(pairs.length)
      for (const [one, other] of pairs) expect(one).not.toEqual(other)
      const again = pairsBetween(of([...moved].reverse()), of([...others].reverse()))
      expect(again).toEqual(pairs)
    }),
  )
})

test('causes of alerts and of measures stand in one list; what is measured alone is in it too', () => {
  const deviation = {
    series: { service: 'payment', calls: null, measured: 'latency' as const, words: 'p99 latency', samples: [] },
    score: 30,
    usual: 0.1,
    level: 0.9,
    since: start,
  }
  const measured = [
    {
      service: 'payment',
      score: 8,
      signs: [{ deviation, weight: 8, kind: 'own' as const, explainedBy: null }],
      explains: [],
    },
    { service: 'checkout', score: 2, signs: [], explains: [] },
  ]
  const alerts = [
    { service: 'front', score: 2, evidence: ['Errors'] },
    { service: 'checkout', score: 2, evidence: ['Slow'] },
  ]
  expect(joinCauses(alerts, measured)).toEqual([
    { service: 'payment', score: 3, evidence: ["payment's p99 latency rose 9.0×, from 100 ms to 900 ms"] },
    { service: 'checkout', score: 2.75, evidence: ['Slow'] },
    { service: 'front', score: 2, evidence: ['Errors'] },
  ])
  expect(joinCauses(alerts, [])).toHaveLength(2)
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { minute, second } from '../../../kernel/duration.ts'
import { instant } from '../../../kernel/instant.ts'
import { correlationRules, type Problem, placeSymptom } from './correlation.ts'
import { rankCauses } from './probable-causes.ts'
import { graphOf, stepsBetween } from './service-graph.ts'
import { blamedBy, type Symptom, signalKindOf } from './symptom.ts'

// front → checkout → payment, front → catalog, and beside it ledger → archive.
const graph = graphOf([
  { caller: 'front', callee: 'checkout' },
  { caller: 'front', callee: 'catalog' },
  { caller: 'checkout', callee: 'payment' },
  { caller: 'ledger', callee: 'archive' },
])
const start = instant(Date.UTC(2026, 10, 21, 3))

function symptom(service: string | null, afterMs: number, more: Partial<Symptom> = {}): Symptom {
  return {
    id: `${service}-${afterMs}`,
    startedAt: instant(start + afterMs),
    endedAt: null,
    service,
    blames: null,
    kind: 'errors',
    severity: 'warning',
    rule: 'Errors',
    ...more,
  }
}
const problem = (...symptoms: Symptom[]): Problem => ({ id: symptoms[0]?.id ?? '', symptoms })

test.each([
  ['the very same service', symptom('payment', minute), 'payment-0'],
  ['one that calls it', symptom('checkout', minute), 'payment-0'],
  ['two calls away', symptom('front', minute), 'payment-0'],
  ['three calls away', symptom('catalog', minute), null],
  ['another part of the company', symptom('archive', minute), null],
  ['a rule that points at it', symptom('archive', minute, { blames: 'checkout' }), 'payment-0'],
  ['no service at all', symptom(null, minute), null],
  ['after a warning of five minutes', symptom('payment', 5 * minute + 1), null],
] as const)('beside a warning of payment: %s', (_, arriving, joins) => {
  expect(placeSymptom(arriving, [problem(symptom('payment', 0))], graph).joins).toBe(joins)
})

test('a critical alert that still fires gathers for an hour, one that ended for 45 s', () => {
  const firing = problem(symptom('payment', 0, { severity: 'critical' }))
  expect(placeSymptom(symptom('checkout', 60 * minute), [firing], graph).joins).toBe('payment-0')
  expect(placeSymptom(symptom('checkout', 60 * minute + 1), [firing], graph).joins).toBeNull()
  const ended = problem(symptom('payment', 0, { severity: 'critical', endedAt: instant(start + minute) }))
  expect(placeSymptom(symptom('checkout', minute + 45 * second), [ended], graph).joins).toBe('payment-0')
  expect(placeSymptom(symptom('checkout', minute + 45 * second + 1), [ended], graph).joins).toBeNull()
})

test('the nearer problem wins, and of two as near the one that moved last', () => {
  const far = problem(symptom('payment', 30 * second))
  const near = problem(symptom('checkout', 0))
  const placed = placeSymptom(symptom('checkout', minute), [far, near], graph)
  expect(placed).toEqual({ joins: 'checkout-0', because: 'Same service, 60 s after Errors of checkout.' })
  const older = problem(symptom('checkout', 0))
  const newer = problem(symptom('catalog', 20 * second))
  expect(placeSymptom(symptom('front', minute), [older, newer], graph).joins).toBe('catalog-20000')
})

test('placing looks only at services it can reach, whatever the order of the problems', () => {
  const service = fc.constantFrom('front', 'checkout', 'payment', 'catalog', 'ledger', 'archive')
  const arrival = fc.record({ service, afterMs: fc.integer({ min: 0, max: 10 * minute }) })
  fc.assert(
    fc.property(fc.array(arrival, { maxLength: 12 }), arrival, (earlier, last) => {
      const problems = earlier.map((each, index) => ({
        id: `p${index}`,
        symptoms: [symptom(each.service, each.afterMs, { id: `s${index}` })],
      }))
      const arriving = symptom(last.service, Math.max(last.afterMs, ...earlier.map((each) => each.afterMs)))
      const placed = placeSymptom(arriving, problems, graph)
      const again = placeSymptom(arriving, [...problems].reverse(), graph)
      if (placed.joins === null) expect(again.joins).toBeNull()
      else {
        const [joined] = problems.find((each) => each.id === placed.joins)?.symptoms ?? []
        const steps = stepsBetween(graph, last.service, joined?.service ?? '', correlationRules.steps)
        expect(steps).not.toBeNull()
        expect(again.joins).not.toBeNull()
      }
    }),
  )
})

test.each([
  ['HighClientLatency', 'calls'],
  ['HighCpuUsage', 'saturation'],
  ['KubePodOOMKilled', 'saturation'],
  ['HighErrorRate', 'errors'],
  ['InstanceDown', 'errors'],
  ['p99 too high', 'latency'],
  ['TrafficDrop', 'traffic'],
  ['Watchdog', 'other'],
] as const)('%s speaks of %s', (name, kind) => {
  expect(signalKindOf(name)).toBe(kind)
})

test('the other side of a call is found by the labels in use for it', () => {
  expect(blamedBy({ service: 'front', 'peer.service': 'checkout' })).toBe('checkout')
  expect(blamedBy({ service: 'front', upstream: '' })).toBeNull()
})

test('a failure below explains the symptoms above it', () => {
  const symptoms = [
    symptom('front', 40 * second),
    symptom('checkout', 20 * second),
    symptom('payment', 0, { kind: 'saturation', rule: 'HighMemory' }),
  ]
  const ranked = rankCauses({ symptoms, changes: [], graph })
  expect(ranked.map((cause) => cause.service)).toEqual(['payment', 'checkout', 'front'])
  expect(ranked[0]?.evidence).toEqual(['HighMemory'])
})

test('many objectives of one service see one failure: the callee that fails stays first', () => {
  const seen = ['Errors in a month', 'Errors now', 'Errors of a journey'].map((rule) =>
    symptom('checkout', 0, { rule }),
  )
  const slow = symptom('checkout', minute, { kind: 'latency', rule: 'Slow now' })
  const symptoms = [...seen, slow, symptom('payment', minute, { rule: 'Errors now' })]
  const ranked = rankCauses({ symptoms, changes: [], graph })
  expect(ranked[0]).toMatchObject({ service: 'payment' })
  expect(ranked[1]).toMatchObject({ service: 'checkout' })
  expect(ranked[1]?.evidence).toHaveLength(4)
  expect(rankCauses({ symptoms: [...symptoms].reverse(), changes: [], graph })).toEqual(ranked)
})

test('a change just before the first symptom outweighs what is only seen above it; one an hour before says nothing', () => {
  const symptoms = [symptom('front', 0), symptom('checkout', 0)]
  const changed = (beforeMs: number) => ({
    id: 'c1',
    service: 'payment',
    at: instant(start - beforeMs),
    summary: 'payment 1.5.0 rolled out',
  })
  const near = rankCauses({ symptoms, changes: [changed(2 * minute)], graph })
  expect(near[0]).toMatchObject({ service: 'payment', evidence: ['payment 1.5.0 rolled out, 2 minutes before'] })
  expect(rankCauses({ symptoms, changes: [changed(61 * minute)], graph }).map((each) => each.service)).not.toContain(
    'payment',
  )
})

test('what fires again and again says the same thing once, and ranking is the same whatever the order', () => {
  const symptoms = [symptom('front', 0), symptom('front', minute), symptom('payment', minute, { kind: 'latency' })]
  const ranked = rankCauses({ symptoms, changes: [], graph })
  expect(rankCauses({ symptoms: [...symptoms].reverse(), changes: [], graph })).toEqual(ranked)
  expect(ranked.find((cause) => cause.service === 'front')?.evidence).toHaveLength(1)
})

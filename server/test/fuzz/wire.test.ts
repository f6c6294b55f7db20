// Formats of other products and documents of people, with bytes changed, lost and doubled: never a fault of ours.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import fc, { type Arbitrary } from 'fast-check'
import { expect, test } from 'vitest'
import { issueKey } from '../../src/modules/identity/index.ts'
import { openWorld, shopSeed } from '../world.ts'

const runs = Number(process.env.FUZZ_REQUESTS ?? 10_000) / 20

const alertmanager = JSON.stringify([
  {
    labels: { alertname: 'ErrorRateHigh', service: 'checkout', severity: 'critical' },
    annotations: { summary: 'Too many errors', runbook_url: 'https://wiki.example/errors' },
    startsAt: '2026-03-02T08:59:00.000Z',
    endsAt: '0001-01-01T00:00:00Z',
    generatorURL: 'https://prometheus.example/graph',
  },
])
const pagerDuty = JSON.stringify({
  routing_key: 'KEY',
  event_action: 'trigger',
  dedup_key: 'a',
  payload: { summary: 'Down', source: 'checkout', severity: 'critical', timestamp: '2026-03-02T08:59:00.000+0000' },
})
const otlp = JSON.stringify({
  resourceMetrics: [
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'checkout' } }] },
      scopeMetrics: [
        {
          metrics: [
            {
              name: 'requests',
              sum: {
                aggregationTemporality: 2,
                isMonotonic: true,
                dataPoints: [
                  { asInt: '5', startTimeUnixNano: '1772442000000000000', timeUnixNano: '1772442060000000000' },
                ],
              },
            },
          ],
        },
      ],
    },
  ],
})

const splices = [
  '\u0000',
  '\ud800',
  '"',
  '{',
  '[',
  '}',
  ']',
  ':',
  ',',
  '-',
  '9'.repeat(30),
  'null',
  '1e400',
  '\\u0000',
  '\n',
  '\t- ',
  '&a ',
  '*a',
  '<<: ',
  '!!js ',
  '---\n',
  ': ',
]

/** The text with up to four places changed. */
function mutated(text: string): Arbitrary<string> {
  const change = fc.record({
    at: fc.nat({ max: text.length }),
    cut: fc.nat({ max: 40 }),
    put: fc.oneof(fc.constant(''), fc.constantFrom(...splices), fc.string({ maxLength: 5, unit: 'binary' })),
  })
  return fc
    .array(change, { maxLength: 4 })
    .map((changes) =>
      changes.reduce((whole, { at, cut, put }) => whole.slice(0, at) + put + whole.slice(at + cut), text),
    )
}

const minimal = readFileSync(
  path.resolve(import.meta.dirname, '../../../examples/definitions/shop.yaml'),
  'utf8',
).slice(0, 8_000)

test.each([
  { what: 'Alertmanager', url: '/api/v2/alerts', bodies: mutated(alertmanager), type: 'application/json' },
  { what: 'PagerDuty', url: '/v2/enqueue', bodies: mutated(pagerDuty), type: 'application/json' },
  { what: 'OTLP as JSON', url: '/v1/metrics', bodies: mutated(otlp), type: 'application/json' },
  {
    what: 'OTLP as bytes',
    url: '/v1/metrics',
    bodies: fc.string({ unit: 'binary', maxLength: 400 }),
    type: 'application/x-protobuf',
  },
  {
    what: 'plans',
    url: '/api/v1/plan',
    bodies: mutated(shopSeed).map((documents) => JSON.stringify({ documents, manager: 'git:fuzz' })),
    type: 'application/json',
  },
  {
    what: 'plans of the shop',
    url: '/api/v1/plan',
    bodies: mutated(minimal).map((documents) => JSON.stringify({ documents, manager: 'git:fuzz' })),
    type: 'application/json',
  },
])(
  '$what',
  async ({ url, bodies, type }) => {
    const world = await openWorld({ name: 'wire' })
    const token = await issueKey(world.house.needs, { name: 'fuzz', role: 'admin', scopes: ['*'] })
    let good = 0
    await fc.assert(
      fc.asyncProperty(bodies, async (payload) => {
        const reply = await world.ask('POST', url, {
          headers: { authorization: `Bearer ${token}`, 'content-type': type },
          payload: payload.replace('"KEY"', JSON.stringify(token)),
        })
        expect(reply.status, `${payload.slice(0, 3_000)}\n${world.troubles.at(-1) ?? ''}`).toBeLessThan(500)
        if (reply.status < 300) good += 1
      }),
      { numRuns: runs, endOnFailure: true, seed: Number(process.env.FUZZ_SEED ?? 20_261_121) },
    )
    expect(world.troubles).toEqual([])
    expect(good).toBeGreaterThan(0)
  },
  120_000,
)

test.each(['a'.repeat(300), '%00', 'x.y.z', '..%2f..', '%ff', 'ü'])(
  'the answer page of the token %s',
  async (token) => {
    const world = await openWorld({ name: 'token' })
    for (const method of ['GET', 'POST']) {
      const reply = await world.ask(method, `/a/${encodeURI(token)}`, { headers: {}, payload: null })
      expect(reply.status).toBeGreaterThanOrEqual(400)
      expect(reply.status).toBeLessThan(500)
    }
    expect(world.troubles).toEqual([])
  },
)

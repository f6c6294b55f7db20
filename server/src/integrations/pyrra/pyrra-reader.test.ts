import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/json.ts'
import { checkOpenSlo } from '../../modules/slo/core/index.ts'
import type { ReadOptions } from '../../modules/slo/import.ports.ts'
import { pyrraReader } from './pyrra-reader.ts'

const options: ReadOptions = { dataSource: 'main', service: 'shop', window: null }
const metric = (text: string) => ({ metric: text })
const ratio: JsonObject = { ratio: { errors: metric('req{status=~"5.."}'), total: metric('req') } }
const slo = (spec: JsonObject = {}, metadata: JsonObject = {}): JsonObject => ({
  apiVersion: 'pyrra.dev/v1alpha1',
  kind: 'ServiceLevelObjective',
  metadata: { name: 'api-errors', namespace: 'monitoring', ...metadata },
  spec: { target: '99.9', window: '4w', indicator: ratio, ...spec },
})
const side = (query: string): JsonObject => ({ metricSource: { metricSourceRef: 'main', spec: { query } } })

function read(document: JsonObject, given = options) {
  const { documents, leftOut, notes } = pyrraReader.read(document, given)
  const made = documents.find((each) => each.kind === 'SLO')
  const spec = made !== undefined && isJsonObject(made.spec) ? made.spec : {}
  const inline = isJsonObject(spec.indicator) && isJsonObject(spec.indicator.spec) ? spec.indicator.spec : {}
  return { made, spec, ratio: inline.ratioMetric, leftOut, notes: notes.map((each) => each.detail).join('\n') }
}

test.each<[string, JsonObject, JsonValue]>([
  ['ratio', ratio, { counter: true, bad: side('req{status=~"5.."}'), total: side('req') }],
  [
    'ratio with an offset',
    { ratio: { errors: metric('req{status=~"5.."} offset 1m'), total: metric('req offset 1m') } },
    { counter: true, bad: side('req{status=~"5.."}'), total: side('req') },
  ],
  [
    'latency',
    { latency: { success: metric('d_bucket{job="a",le="0.1"}'), total: metric('d_count{job="a"}') } },
    { counter: true, good: side('d_bucket{job="a",le="0.1"}'), total: side('d_count{job="a"}') },
  ],
  [
    'latencyNative',
    { latencyNative: { latency: '200ms', total: metric('d{job="a"}') } },
    {
      counter: false,
      good: side(
        'histogram_fraction(0, 0.2, sum(increase(d{job="a"}[1m]))) * histogram_count(sum(increase(d{job="a"}[1m])))',
      ),
      total: side('histogram_count(sum(increase(d{job="a"}[1m])))'),
    },
  ],
  [
    'bool_gauge',
    { bool_gauge: metric('up{job="a"}') },
    {
      counter: false,
      good: side('sum(sum_over_time(up{job="a"}[1m]))'),
      total: side('sum(count_over_time(up{job="a"}[1m]))'),
    },
  ],
])('%s becomes counts of events', (_kind, indicator, expected) => {
  const found = read(slo({ indicator }))
  expect(found.leftOut).toEqual([])
  expect(found.ratio).toEqual(expected)
  expect(checkOpenSlo(found.made).faults).toEqual([])
})

test.each<[string, JsonObject, string, string]>([
  ['no service', slo({}, {}), '/metadata/labels', '--service'],
  ['a target of 100', slo({ target: '100' }, { labels: { app: 'a' } }), '/spec/target', 'below 100'],
  ['a target that is none', slo({ target: 'high' }, { labels: { app: 'a' } }), '/spec/target', 'percentage'],
  ['a window of seconds', slo({ window: '90s' }, { labels: { app: 'a' } }), '/spec/window', 'whole minutes'],
  [
    'a latency without a bucket',
    slo(
      { indicator: { latency: { success: metric('d_bucket{x="le"}'), total: metric('d_count') } } },
      { labels: { app: 'a' } },
    ),
    '/spec/indicator/latency/success',
    'one bucket',
  ],
  [
    'a metric that computes',
    slo({ indicator: { ratio: { errors: metric('rate(a[5m])'), total: metric('b') } } }, { labels: { app: 'a' } }),
    '/spec/indicator/ratio/errors',
    'nothing is computed',
  ],
  ['no indicator', slo({ indicator: {} }, { labels: { app: 'a' } }), '/spec/indicator', 'one of ratio'],
])('%s is left out with its reason', (_says, document, pointer, detail) => {
  const found = read(document, { ...options, service: null })
  expect(found.made).toBeUndefined()
  expect(found.leftOut).toEqual([{ pointer, detail: expect.stringContaining(detail) }])
})

const tiers = (spec: JsonObject) =>
  (Array.isArray(spec.alertPolicies) ? spec.alertPolicies : []).map((each) => {
    const checked = checkOpenSlo({ apiVersion: 'openslo/v1', ...(isJsonObject(each) ? each : {}) })
    if (checked.document?.kind !== 'AlertPolicy') throw new Error(JSON.stringify(checked.faults))
    const [condition] = checked.document.spec.conditions
    if (condition === undefined || 'ref' in condition) throw new Error('written in place')
    const { lookbackWindow, threshold, severity } = condition.inline.spec
    return `${lookbackWindow.value}${lookbackWindow.unit} ${threshold.num} ${severity}`
  })

// Its windows are parts of the period in proportion to 28 days, in whole minutes; its thresholds never change.
test.each([
  ['7d', ['15m 14 page', '90m 7 page', '6h 2 ticket', '1d 1 ticket']],
  ['4w', ['1h 14 page', '6h 7 page', '1d 2 ticket', '4d 1 ticket']],
  ['30d', ['64m 14 page', '386m 7 page', '1543m 2 ticket', '6171m 1 ticket']],
  ['90d', ['193m 14 page', '1157m 7 page', '4629m 2 ticket', '18514m 1 ticket']],
  ['12h', ['6m 7 page', '26m 2 ticket', '103m 1 ticket']],
])('tiers of %s', (window, expected) => expect(tiers(read(slo({ window })).spec)).toEqual(expected))

test('what differs is said', () => {
  const { notes, made } = read(
    slo(
      {
        alerting: { name: 'Burn', burnRateType: 'dynamic' },
        indicator: { ratio: { errors: metric('a'), total: metric('b'), grouping: ['handler'] } },
        latency: '1',
      },
      { labels: { 'pyrra.dev/team': 'platform', 'x/y': 'z' } },
    ),
  )
  for (const words of ['keeps a budget of its own', 'follow the traffic', 'before an alert fires', '`latency`', 'x/y'])
    expect(notes).toContain(words)
  expect(notes).toContain('The short window of the 1× tier is 480 min here, 360 min there.')
  expect(made?.metadata).toEqual({
    name: 'api-errors',
    displayName: 'api-errors',
    labels: { team: 'platform' },
    annotations: {
      'mainstay.dev/group-by': 'handler',
      'mainstay.dev/group-alerts': 'true',
      'pyrra.dev/namespace': 'monitoring',
      'pyrra.dev/alert': 'Burn',
    },
  })
})

test('alerts that are off stay off, and 14× of 92 % is left out because it can never fire', () => {
  expect(read(slo({ alerting: { disabled: true } })).spec.alertPolicies).toMatchObject([
    { spec: { alertWhenBreaching: false, alertWhenNoData: false } },
  ])
  const low = read(slo({ target: '80' }))
  expect(tiers(low.spec)).toEqual(['1h 14 page', '1d 2 ticket', '4d 1 ticket'])
  expect(low.notes).toContain('could never fire')
})

test('whatever is given, what is made is OpenSLO v1, and nothing throws', () => {
  const target = fc.integer({ min: 1, max: 99_999 }).map((each) => String(each / 1_000))
  const window = fc.tuple(fc.integer({ min: 1, max: 90 }), fc.constantFrom('h', 'd', 'w')).map((each) => each.join(''))
  fc.assert(
    fc.property(target, window, fc.jsonValue(), fc.string(), (wanted, length, value, name) => {
      const odd: JsonObject = { ...JSON.parse(JSON.stringify({ value })) }
      for (const document of [
        slo({ target: wanted, window: length }, { name: name === '' ? 'a' : name }),
        slo({ alerting: odd.value ?? null, indicator: odd.value ?? null }),
      ]) {
        const given: JsonObject = JSON.parse(JSON.stringify(document))
        for (const each of pyrraReader.read(given, options).documents) expect(checkOpenSlo(each).faults).toEqual([])
      }
    }),
    { numRuns: 300 },
  )
})

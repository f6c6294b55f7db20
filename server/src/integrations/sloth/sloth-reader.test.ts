import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/json.ts'
import { checkOpenSlo } from '../../modules/slo/core/index.ts'
import type { ReadOptions } from '../../modules/slo/import.ports.ts'
import { slothReader } from './sloth-reader.ts'

const options: ReadOptions = { dataSource: 'main', service: null, window: null }
const events = (error_query: string, total_query: string): JsonObject => ({ events: { error_query, total_query } })
const rate = (selector: string) => `sum(rate(${selector}[{{.window}}]))`
const file = (slo: JsonObject, more: JsonObject = {}): JsonObject => ({
  version: 'prometheus/v1',
  service: 'k8s-apiserver',
  slos: [{ name: 'requests-availability', objective: 99.9, ...slo }],
  ...more,
})
const usual = { sli: events(rate('api_total{code=~"(5..|429)"}'), rate('api_total')), alerting: { name: 'Alert' } }

function sloOf(document: JsonObject, given = options) {
  const { documents, leftOut, notes } = slothReader.read(document, given)
  const slo = documents.find((each) => each.kind === 'SLO')
  const spec = slo !== undefined && isJsonObject(slo.spec) ? slo.spec : {}
  const indicator = isJsonObject(spec.indicator) && isJsonObject(spec.indicator.spec) ? spec.indicator.spec : {}
  return {
    documents,
    slo,
    spec,
    ratio: indicator.ratioMetric,
    leftOut,
    notes: notes.map((each) => each.detail).join('\n'),
  }
}
const side = (query: string): JsonObject => ({ metricSource: { metricSourceRef: 'main', spec: { query } } })

test.each<[string, string, string, JsonValue]>([
  [
    'a sum of the rate of a counter is the counter',
    rate('api_total{code=~"(5..|429)"}'),
    rate('api_total'),
    { counter: true, bad: side('api_total{code=~"(5..|429)"}'), total: side('api_total') },
  ],
  [
    'increases and brackets',
    '( sum( increase( a{x="]"}[{{ .window }}] ) ) )',
    'sum(increase(b[{{.window}}]))',
    { counter: true, bad: side('a{x="]"}'), total: side('b') },
  ],
  [
    'all minus the good ones counts the good ones',
    `(\n  ${rate('d_count{verb!="WATCH"}')}\n  -\n  ${rate('d_bucket{le="0.4",verb!="WATCH"}')}\n)\n`,
    rate('d_count{verb!="WATCH"}'),
    { counter: true, good: side('d_bucket{le="0.4",verb!="WATCH"}'), total: side('d_count{verb!="WATCH"}') },
  ],
  [
    'counts of a minute stay counts',
    'sum_over_time((count(up < 0.75))[{{.window}}:]) OR on() vector(0)',
    'sum_over_time((count(up))[{{.window}}:])',
    {
      counter: false,
      bad: side('sum_over_time((count(up < 0.75))[1m:]) OR on() vector(0)'),
      total: side('sum_over_time((count(up))[1m:])'),
    },
  ],
  [
    'rates that are computed with are events per second',
    'sum(rate(a[{{.window}}])) by (job)',
    rate('b'),
    { counter: false, bad: side('60 * (sum(rate(a[1m])) by (job))'), total: side('60 * (sum(rate(b[1m])))') },
  ],
])('%s', (_says, error, total, ratio) => {
  const read = sloOf(file({ ...usual, sli: events(error, total) }))
  expect(read.leftOut).toEqual([])
  expect(read.ratio).toEqual(ratio)
})

test('a ratio that was written out is taken apart', () => {
  const query = `(${rate('a{code="a/b"}')} / ${rate('a')})`
  const read = sloOf(file({ ...usual, sli: { raw: { error_ratio_query: query } } }))
  expect(read.ratio).toEqual({ counter: true, bad: side('a{code="a/b"}'), total: side('a') })
  expect(read.notes).toContain('taken apart')
  const left = `1 - (${rate('good')} / ${rate('a')})`
  expect(sloOf(file({ ...usual, sli: { raw: { error_ratio_query: left } } })).ratio).toEqual({
    counter: true,
    good: side('good'),
    total: side('a'),
  })
})

test.each<[string, JsonObject, string, string]>([
  ['a ready-made ratio', { sli: { raw: { error_ratio_query: 'job:errors:ratio' } } }, '/slos/0/sli', 'how many events'],
  [
    'a mean of shares',
    {
      sli: {
        raw: { error_ratio_query: '1 - (sum(sum_over_time(a[{{.window}}])) / sum(count_over_time(a[{{.window}}])))' },
      },
    },
    '/slos/0/sli',
    'how many events',
  ],
  ['a plugin', { sli: { plugin: { id: 'sloth-common/http' } } }, '/slos/0/sli', 'sloth-common/http'],
  ['no budget', { objective: 100 }, '/slos/0/objective', 'leaves no budget'],
  ['no objective', { objective: 0 }, '/slos/0/objective', 'percentage'],
  ['a gauge', { sli: events('sum(a)', 'sum(b)') }, '/slos/0/sli', 'no rate and no increase'],
  ['other templates', { sli: events(rate('a{s="{{.service}}"}'), rate('b')) }, '/slos/0/sli', 'template'],
  [
    'rates and counts',
    { sli: events('rate(a[{{.window}}]) + increase(b[{{.window}}])', rate('b')) },
    '/slos/0/sli',
    'mixes',
  ],
  ['brackets without end', { sli: events('('.repeat(200_000), 'b') }, '/slos/0/sli', 'longer than'],
  ['no queries', { sli: { events: {} } }, '/slos/0/sli', '`error_query`'],
])('%s is left out with its reason', (_says, slo, pointer, detail) => {
  const read = sloOf(file({ ...usual, ...slo }))
  expect(read.slo).toBeUndefined()
  expect(read.leftOut).toEqual([{ pointer, detail: expect.stringContaining(detail) }])
})

test('what differs is said: the average of ratios, the window, who is told, keys that mean nothing', () => {
  const { notes, slo } = sloOf(
    file(
      { ...usual, alerting: { name: 'High', page_alert: { labels: { severity: 'a' } } }, pageAlert: {} },
      { slo_plugins: {}, labels: { owner: 'me', _x: 'y' } },
    ),
  )
  for (const words of [
    'averages the error ratios',
    '30 days are taken',
    'escalation policy',
    '`pageAlert`',
    'Plugins',
    '_x',
  ])
    expect(notes).toContain(words)
  expect(slo?.metadata).toEqual({
    name: 'k8s-apiserver-requests-availability',
    displayName: 'requests-availability',
    labels: { owner: 'me' },
    annotations: { 'sloth.slok.dev/alert': 'High' },
  })
})

const lookBacks = (spec: JsonObject) =>
  (Array.isArray(spec.alertPolicies) ? spec.alertPolicies : []).map((each) => {
    const read = checkOpenSlo({ apiVersion: 'openslo/v1', ...(isJsonObject(each) ? each : {}) })
    if (read.document?.kind !== 'AlertPolicy') throw new Error(JSON.stringify(read.faults))
    const [condition] = read.document.spec.conditions
    if (condition === undefined || 'ref' in condition) throw new Error('written in place')
    const { severity, threshold, lookbackWindow } = condition.inline.spec
    return [severity, `${lookbackWindow.value}${lookbackWindow.unit}`, Number(threshold.num) / Number(threshold.den)]
  })

test('tiers: the usual ones for 28 and 30 days, Sloth’s own for other periods, fewer when an alert is off', () => {
  expect(sloOf(file(usual)).spec.alertPolicies).toBeUndefined()
  expect(sloOf(file(usual), { ...options, window: '28d' }).spec.alertPolicies).toBeUndefined()
  expect(lookBacks(sloOf(file({ ...usual, objective: 99 }), { ...options, window: '90d' }).spec)).toEqual([
    ['page', '1h', 43.2],
    ['page', '6h', 18],
    ['ticket', '1d', 9],
    ['ticket', '3d', 3],
  ])
  expect(lookBacks(sloOf(file({ ...usual, alerting: { ticket_alert: { disable: true } } })).spec)).toEqual([
    ['page', '1h', 14.4],
    ['page', '6h', 6],
  ])
  const off = { page_alert: { disable: true }, ticket_alert: { disable: true } }
  const [none] = Array.isArray(sloOf(file({ ...usual, alerting: off })).spec.alertPolicies)
    ? [sloOf(file({ ...usual, alerting: off })).spec.alertPolicies]
    : []
  expect(none).toMatchObject([{ spec: { alertWhenBreaching: false } }])
})

test('tiers that could never fire are left out with a sentence: 14.4× of 90 % needs 144 % errors', () => {
  const { spec, notes } = sloOf(file({ ...usual, objective: 70, alerting: { ticket_alert: { disable: true } } }))
  expect(lookBacks(spec).map(([, window]) => window)).toEqual(['1h'])
  expect(notes).toContain('could never fire')
})

test('the form for Kubernetes says the same', () => {
  const { documents, leftOut } = slothReader.read(
    {
      apiVersion: 'sloth.slok.dev/v1',
      kind: 'PrometheusServiceLevel',
      metadata: { name: 'x', namespace: 'monitoring' },
      spec: {
        service: 'Home Wifi',
        slos: [
          {
            name: 'good',
            objective: 95,
            sli: { events: { errorQuery: rate('a'), totalQuery: rate('b') } },
            alerting: { pageAlert: { disable: true } },
          },
        ],
      },
    },
    options,
  )
  expect(leftOut).toEqual([])
  expect(documents.map((each) => each.metadata)).toEqual([
    { name: 'home-wifi', displayName: 'Home Wifi' },
    { name: 'home-wifi-good', displayName: 'good' },
  ])
})

test('without a data source nothing is guessed', () =>
  expect(sloOf(file(usual), { ...options, dataSource: null }).leftOut[0]?.detail).toContain('--data-source'))

test('whatever is given, what is made is OpenSLO v1, and nothing throws', () => {
  const text = fc.oneof(
    fc.string(),
    fc.constantFrom(rate('a'), rate('b{c="d"}'), `${rate('a')} - ${rate('b')}`, 'sum((('),
  )
  const slo = fc.record(
    {
      name: fc.string({ minLength: 1, maxLength: 90 }),
      objective: fc.double({ min: 1, max: 99.999, noNaN: true }).map((each) => Number(each.toFixed(3))),
      description: fc.string({ maxLength: 1_200 }),
      sli: fc.oneof(
        fc.record({ events: fc.record({ error_query: text, total_query: text }) }),
        fc.record({ raw: fc.record({ error_ratio_query: text }) }),
      ),
      alerting: fc.oneof(
        fc.jsonValue(),
        fc.record({
          annotations: fc.dictionary(fc.string(), fc.jsonValue()),
          page_alert: fc.record({ disable: fc.boolean() }),
        }),
      ),
      labels: fc.dictionary(fc.string({ minLength: 1, maxLength: 70 }), fc.string()),
    },
    { requiredKeys: ['name', 'objective', 'sli'] },
  )
  fc.assert(
    fc.property(
      fc.array(fc.oneof(slo, fc.jsonValue()), { maxLength: 3 }),
      fc.string(),
      fc.constantFrom('7d', '28d', '90d'),
      (slos, service, window) => {
        const document: JsonObject = JSON.parse(JSON.stringify({ version: 'prometheus/v1', service, slos }))
        const { documents } = slothReader.read(document, { ...options, window })
        for (const each of documents) expect(checkOpenSlo(each).faults).toEqual([])
      },
    ),
    { numRuns: 300 },
  )
})

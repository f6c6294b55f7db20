import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isJsonObject, type JsonObject } from '../../kernel/json.ts'
import { checkOpenSlo } from '../../modules/slo/core/index.ts'
import { openSloV1AlphaReader } from './v1alpha-reader.ts'
import { openSloV2AlphaReader } from './v2alpha-reader.ts'

const options = { dataSource: 'main', service: null, window: null }
const metric = (query: string, source = 'prometheus') => ({ source, queryType: 'promql', query })
const ratio = (good: string) => ({ ratioMetrics: { incremental: true, good: metric(good), total: metric('all') } })
const slo = (spec: JsonObject = {}, metadata: JsonObject = {}): JsonObject => ({
  apiVersion: 'openslo/v1alpha',
  kind: 'SLO',
  metadata: { name: 'ratio', ...metadata },
  spec: {
    description: 'Most answers are good.',
    service: 'shop',
    budgetingMethod: 'Occurrences',
    timeWindows: [{ unit: 'Week', count: 4, isRolling: true }],
    objectives: [{ displayName: 'Good', value: 1, target: 0.98, ...ratio('good') }],
    ...spec,
  },
})
const side = (query: string) => ({ metricSource: { metricSourceRef: 'main', spec: { query } } })

test('an SLO of v1alpha is upgraded whole, with notes on what was there and is not', () => {
  const { documents, leftOut, notes } = openSloV1AlphaReader.read(slo(), options)
  expect(leftOut).toEqual([])
  expect(documents).toEqual([
    {
      apiVersion: 'openslo/v1',
      kind: 'SLO',
      metadata: { name: 'ratio' },
      spec: {
        description: 'Most answers are good.',
        service: 'shop',
        budgetingMethod: 'Occurrences',
        timeWindow: [{ duration: '4w', isRolling: true }],
        indicator: {
          metadata: { name: 'ratio' },
          spec: { ratioMetric: { counter: true, good: side('good'), total: side('all') } },
        },
        objectives: [{ displayName: 'Good', target: 0.98 }],
      },
    },
  ])
  expect(checkOpenSlo(documents[0]).faults).toEqual([])
  expect(notes.map((each) => each.pointer)).toEqual([
    '/spec/objectives/0/value',
    '/spec/objectives/0/ratioMetrics/good',
    '/spec/objectives/0/ratioMetrics/total',
  ])
})

test('objectives of one ratio stay together; of two ratios, or of a threshold, they part', () => {
  const names = (document: JsonObject) =>
    openSloV1AlphaReader.read(document, options).documents.map((each) => {
      expect(checkOpenSlo(each).faults).toEqual([])
      const spec = isJsonObject(each.spec) ? each.spec : {}
      return [
        isJsonObject(each.metadata) ? each.metadata.name : '',
        Array.isArray(spec.objectives) ? spec.objectives.length : 0,
      ]
    })
  const two = (first: string, second: string) =>
    slo({
      objectives: [
        { value: 1, target: 0.9, ...ratio(first) },
        { value: 2, target: 0.99, ...ratio(second) },
      ],
    })
  expect(names(two('a', 'a'))).toEqual([['ratio', 2]])
  expect(names(two('a', 'b'))).toEqual([
    ['ratio', 1],
    ['ratio-2', 1],
  ])
  const threshold = slo({
    indicator: { thresholdMetric: metric('latency') },
    objectives: [
      { op: 'lte', value: 0.2, target: 0.9 },
      { op: 'lte', value: 0.5, target: 0.99 },
    ],
  })
  expect(names(threshold)).toEqual([
    ['ratio', 1],
    ['ratio-2', 1],
  ])
})

test.each<[JsonObject, string]>([
  [{ unit: 'Day', count: 7, isRolling: true }, '7d'],
  [{ unit: 'Minute', count: 90, isRolling: true }, '90m'],
  [{ unit: 'Second', count: 3_600, isRolling: true }, '60m'],
  [{ unit: 'Month', count: 1, isRolling: true }, '30d'],
  [{ unit: 'Quarter', count: 1, isRolling: true }, '90d'],
  [
    {
      unit: 'Month',
      count: 1,
      isRolling: false,
      calendar: { startTime: '2020-01-21 12:30:00', timeZone: 'America/New_York' },
    },
    '1M',
  ],
  [{ unit: 'Quarter', count: 1, calendar: { startTime: '2020-01-21 12:30:00', timeZone: 'UTC' } }, '1Q'],
])('the window %j is %s', (window, duration) => {
  const [made] = openSloV1AlphaReader.read(slo({ timeWindows: [window] }), options).documents
  expect(checkOpenSlo(made).faults).toEqual([])
  expect(made?.spec).toMatchObject({ timeWindow: [{ duration }] })
})

test('timeslices get the minute that v1alpha does not say', () => {
  const objective = { value: 1, target: 0.98, timeSliceTarget: 0.9, ...ratio('good') }
  const { documents, notes } = openSloV1AlphaReader.read(
    slo({ budgetingMethod: 'Timeslices', objectives: [objective] }),
    options,
  )
  expect(checkOpenSlo(documents[0]).faults).toEqual([])
  expect(documents[0]?.spec).toMatchObject({ objectives: [{ timeSliceTarget: 0.9, timeSliceWindow: '1m' }] })
  expect(notes.map((each) => each.detail).join()).toContain('a minute is taken')
})

test('windows that cannot be kept are refused at their place', () => {
  const read = (window: JsonObject) => openSloV1AlphaReader.read(slo({ timeWindows: [window] }), options).leftOut
  expect(read({ unit: 'Second', count: 90, isRolling: true })).toMatchObject([{ pointer: '/spec/timeWindows/0' }])
  expect(read({ unit: 'Fortnight', count: 1, isRolling: true })).toMatchObject([
    { pointer: '/spec/timeWindows/0/unit' },
  ])
  expect(read({ unit: 'Day', count: 0, isRolling: true })).toMatchObject([{ pointer: '/spec/timeWindows/0/count' }])
})

test('other servers keep their kind, so that a reader of v1 still knows it', () => {
  const objective = {
    value: 1,
    target: 0.9,
    ratioMetrics: { good: metric('a', 'datadog'), total: metric('b', 'datadog') },
  }
  const [made] = openSloV1AlphaReader.read(slo({ objectives: [objective] }), options).documents
  expect(JSON.stringify(made)).toContain('"type":"datadog"')
})

test('v2alpha is refused by name, with the word of v1 for each field that is called otherwise', () => {
  const { documents, leftOut } = openSloV2AlphaReader.read(
    {
      apiVersion: 'openslo.com/v2alpha',
      kind: 'SLO',
      metadata: { name: 'a' },
      spec: {
        serviceRef: 'shop',
        sliRef: 'good',
        objectives: [{ sli: { spec: { thresholdMetric: { dataSourceRef: 'p' } } } }],
      },
    },
    options,
  )
  expect(documents).toEqual([])
  expect(leftOut.map((each) => each.pointer)).toEqual([
    '/apiVersion',
    '/spec/serviceRef',
    '/spec/sliRef',
    '/spec/objectives/0/sli',
    '/spec/objectives/0/sli/spec/thresholdMetric/dataSourceRef',
  ])
  expect(leftOut[0]?.detail).toContain('openslo.com/v2alpha is a draft')
  for (const version of ['openslo/v2alpha1', 'openslo.com/v2alpha'])
    expect(openSloV2AlphaReader.matches({ apiVersion: version })).toBe(true)
  expect(openSloV2AlphaReader.matches({ apiVersion: 'openslo/v1' })).toBe(false)
})

test('nothing that was parsed makes a reader throw', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom('SLO', 'Service', 'SLI'), (spec, kind) => {
      const document: JsonObject = JSON.parse(
        JSON.stringify({ apiVersion: 'openslo/v1alpha', kind, metadata: { name: 'a' }, spec }),
      )
      for (const reader of [openSloV1AlphaReader, openSloV2AlphaReader]) reader.read(document, options)
    }),
  )
})

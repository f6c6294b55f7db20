import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseRational } from '../../../kernel/rational.ts'
import { checkOpenSlo } from './openslo.ts'
import { durationMs } from './openslo-parts.ts'

type Doc = Record<string, unknown>
const source = (spec: object = { query: 'sum(x)' }) => ({ metricSource: { type: 'prometheus', spec } })
const ratio = { ratioMetric: { counter: true, good: source(), total: source() } }
const threshold = { thresholdMetric: source() }
const window = [{ duration: '28d', isRolling: true }]
const document = (kind: string, spec: object, more: Doc = {}): Doc => ({
  apiVersion: 'openslo/v1',
  kind,
  metadata: { name: 'checkout' },
  spec,
  ...more,
})
const slo = (spec: Doc = {}, more: Doc = {}): Doc =>
  document(
    'SLO',
    {
      service: 'shop',
      indicator: { metadata: { name: 'good-requests' }, spec: ratio },
      timeWindow: window,
      budgetingMethod: 'Occurrences',
      objectives: [{ target: 0.999 }],
      ...spec,
    },
    more,
  )
const inline = (spec: object) => ({ indicator: { metadata: { name: 'x' }, spec } })
const condition = (more: Doc = {}) => ({
  severity: 'page',
  condition: { kind: 'burnrate', op: 'gt', threshold: 2, lookbackWindow: '1h', ...more },
})
const policy = (spec: Doc = {}) => ({
  conditions: [{ conditionRef: 'fast' }],
  notificationTargets: [{ targetRef: 'on-call' }],
  ...spec,
})

test('a whole SLO is read, its target exactly', () => {
  const { document: read, faults } = checkOpenSlo(
    slo({ objectives: [{ targetPercent: 99.95, displayName: 'Most' }], alertPolicies: [{ alertPolicyRef: 'burn' }] }),
  )
  expect(faults).toEqual([])
  if (read?.kind !== 'SLO') throw new Error('an SLO')
  expect(read.spec.objectives[0]).toMatchObject({
    target: parseRational('0.9995'),
    displayName: 'Most',
    at: '/spec/objectives/0',
  })
  expect(read.spec.timeWindow).toEqual({ duration: { value: 28, unit: 'd' }, isRolling: true, calendar: null })
  expect(read.spec.indicator?.ratioMetric?.good).toMatchObject({ type: 'prometheus', spec: { query: 'sum(x)' } })
  expect(read.spec.alertPolicies).toEqual([{ at: '/spec/alertPolicies/0', ref: 'burn' }])
})

test.each<[string, Doc]>([
  ['SLI', document('SLI', ratio)],
  ['Service', document('Service', { description: 'sells' })],
  ['Service without anything', document('Service', {})],
  ['DataSource', document('DataSource', { type: 'prometheus', connectionDetails: { url: 'http://p' } })],
  ['AlertPolicy', document('AlertPolicy', policy())],
  [
    'AlertPolicy in place',
    document(
      'AlertPolicy',
      policy({
        conditions: [{ kind: 'AlertCondition', metadata: { name: 'fast' }, spec: condition({ alertAfter: '0m' }) }],
      }),
    ),
  ],
  ['AlertCondition', document('AlertCondition', condition())],
  ['AlertNotificationTarget', document('AlertNotificationTarget', { target: 'team-a' })],
  ['threshold', slo({ ...inline(threshold), objectives: [{ op: 'lte', value: 0.3, target: 0.99 }] })],
  [
    'Timeslices',
    slo({
      budgetingMethod: 'Timeslices',
      objectives: [{ target: 0.99, timeSliceTarget: 0.95, timeSliceWindow: '5m' }],
    }),
  ],
  [
    'RatioTimeslices with bare minutes',
    slo({ budgetingMethod: 'RatioTimeslices', objectives: [{ target: 0.99, timeSliceWindow: 5 }] }),
  ],
  [
    'composite',
    slo({
      indicator: undefined,
      objectives: [
        { target: 0.99, indicatorRef: 'a', compositeWeight: 2 },
        { target: 0.9, indicatorRef: 'b' },
      ],
    }),
  ],
  [
    'calendar',
    slo({
      timeWindow: [
        { duration: '1M', isRolling: false, calendar: { startTime: '2026-01-01 00:00:00', timeZone: 'Europe/Vienna' } },
      ],
    }),
  ],
  [
    'labels and annotations',
    slo(
      {},
      {
        metadata: {
          name: 'a',
          displayName: 'A',
          labels: { team: ['a', 'b'], tier: '1' },
          annotations: { 'example.com/x': 'y', plain: 'z', 'openslo.com/service-folder': './a' },
        },
      },
    ),
  ],
])('%s is accepted', (_, given) => expect(checkOpenSlo(given).faults).toEqual([]))

const objective = '/spec/objectives/0'
test.each<{ says: string; given: Doc; pointer: string; detail: string }>([
  {
    says: 'an unknown version',
    given: slo({}, { apiVersion: 'openslo/v2alpha' }),
    pointer: '/apiVersion',
    detail: 'openslo/v1',
  },
  { says: 'a mistyped kind', given: slo({}, { kind: 'SL0' }), pointer: '/kind', detail: 'Did you mean `SLO`?' },
  {
    says: 'a mistyped key',
    given: slo({ budgetingMetod: 1 }),
    pointer: '/spec/budgetingMetod',
    detail: 'Did you mean `budgetingMethod`?',
  },
  {
    says: 'a key like no other',
    given: slo({ zzz: 1 }),
    pointer: '/spec/zzz',
    detail: 'Known here: description, service',
  },
  { says: 'no name', given: slo({}, { metadata: {} }), pointer: '/metadata', detail: '`name` is missing.' },
  {
    says: 'a name with capitals',
    given: slo({}, { metadata: { name: 'Checkout' } }),
    pointer: '/metadata/name',
    detail: 'no name',
  },
  {
    says: 'a long display name',
    given: slo({}, { metadata: { name: 'a', displayName: 'x'.repeat(64) } }),
    pointer: '/metadata/displayName',
    detail: 'at most 63',
  },
  {
    says: 'a long description',
    given: slo({ description: 'x'.repeat(1_051) }),
    pointer: '/spec/description',
    detail: 'at most 1050',
  },
  {
    says: 'a label key',
    given: slo({}, { metadata: { name: 'a', labels: { '-x': 'y' } } }),
    pointer: '/metadata/labels/-x',
    detail: 'no label key',
  },
  {
    says: 'a label value',
    given: slo({}, { metadata: { name: 'a', labels: { x: [1] } } }),
    pointer: '/metadata/labels/x',
    detail: 'list of texts',
  },
  {
    says: 'two slashes',
    given: slo({}, { metadata: { name: 'a', annotations: { 'a/b/c': 'y' } } }),
    pointer: '/metadata/annotations/a~1b~1c',
    detail: 'no annotation key',
  },
  { says: 'an empty service', given: slo({ service: '' }), pointer: '/spec/service', detail: 'not be empty' },
  {
    says: 'a misspelt method',
    given: slo({ budgetingMethod: 'Occurences' }),
    pointer: '/spec/budgetingMethod',
    detail: 'Did you mean `Occurrences`?',
  },
  {
    says: 'no indicator',
    given: slo({ indicator: undefined }),
    pointer: '/spec',
    detail: '`indicator` or `indicatorRef` is needed',
  },
  {
    says: 'two indicators',
    given: slo({ indicatorRef: 'a' }),
    pointer: '/spec',
    detail: 'indicator and indicatorRef are there',
  },
  {
    says: 'an indicator twice',
    given: slo({ objectives: [{ target: 0.9, indicatorRef: 'a' }] }),
    pointer: `${objective}/indicatorRef`,
    detail: 'has an indicator already',
  },
  { says: 'no window', given: slo({ timeWindow: undefined }), pointer: '/spec', detail: '`timeWindow` is missing' },
  {
    says: 'two windows',
    given: slo({ timeWindow: [...window, ...window] }),
    pointer: '/spec/timeWindow',
    detail: 'Exactly one',
  },
  {
    says: 'rolling with calendar',
    given: slo({ timeWindow: [{ ...window[0], calendar: { startTime: '2026-01-01 00:00:00', timeZone: 'UTC' } }] }),
    pointer: '/spec/timeWindow/0/calendar',
    detail: 'no calendar',
  },
  {
    says: 'neither rolling nor calendar',
    given: slo({ timeWindow: [{ duration: '28d' }] }),
    pointer: '/spec/timeWindow/0',
    detail: 'needs a `calendar`',
  },
  {
    says: 'another start time',
    given: slo({
      timeWindow: [
        { duration: '1M', isRolling: false, calendar: { startTime: '2026-01-01T00:00:00Z', timeZone: 'UTC' } },
      ],
    }),
    pointer: '/spec/timeWindow/0/calendar/startTime',
    detail: 'YYYY-MM-DD',
  },
  ...['+5m', ' 5m', '5m ', '5mm', '0m', '1.5h', '-1d', '5s', '05m', ''].map((duration) => ({
    says: `the duration ${JSON.stringify(duration)}`,
    given: slo({ timeWindow: [{ duration, isRolling: true }] }),
    pointer: '/spec/timeWindow/0/duration',
    detail: 'is no duration',
  })),
  { says: 'no objectives', given: slo({ objectives: [] }), pointer: '/spec/objectives', detail: 'At least one' },
  { says: 'no target', given: slo({ objectives: [{}] }), pointer: objective, detail: 'target, targetPercent' },
  {
    says: 'two targets',
    given: slo({ objectives: [{ target: 0.9, targetPercent: 90 }] }),
    pointer: objective,
    detail: 'target and targetPercent are there',
  },
  {
    says: 'a target of 1: no budget at all',
    given: slo({ objectives: [{ target: 1 }] }),
    pointer: `${objective}/target`,
    detail: 'below 1',
  },
  {
    says: 'a percent where a share is meant',
    given: slo({ objectives: [{ target: 99.9 }] }),
    pointer: `${objective}/target`,
    detail: 'out of range',
  },
  {
    says: '100 %',
    given: slo({ objectives: [{ targetPercent: 100 }] }),
    pointer: `${objective}/targetPercent`,
    detail: 'below 100',
  },
  {
    says: 'a target finer than counts',
    given: slo({ objectives: [{ target: 0.99999999999 }] }),
    pointer: `${objective}/target`,
    detail: 'too fine',
  },
  {
    says: 'a tiny target',
    given: slo({ objectives: [{ target: 1e-300 }] }),
    pointer: `${objective}/target`,
    detail: 'too fine',
  },
  {
    says: 'op with a ratio',
    given: slo({ objectives: [{ target: 0.9, op: 'lte' }] }),
    pointer: `${objective}/op`,
    detail: 'leave `op` out',
  },
  {
    says: 'value with a ratio',
    given: slo({ objectives: [{ target: 0.9, value: 1 }] }),
    pointer: `${objective}/value`,
    detail: 'leave `value` out',
  },
  {
    says: 'a threshold without op',
    given: slo({ ...inline(threshold), objectives: [{ target: 0.9, value: 1 }] }),
    pointer: objective,
    detail: '`op` is needed',
  },
  {
    says: 'a threshold without value',
    given: slo({ ...inline(threshold), objectives: [{ target: 0.9, op: 'lt' }] }),
    pointer: objective,
    detail: '`value` is needed',
  },
  {
    says: 'two objectives on a threshold',
    given: slo({
      ...inline(threshold),
      objectives: [
        { target: 0.9, op: 'lt', value: 1 },
        { target: 0.8, op: 'lt', value: 2 },
      ],
    }),
    pointer: '/spec/objectives/1',
    detail: 'one objective only',
  },
  {
    says: 'Timeslices without target',
    given: slo({ budgetingMethod: 'Timeslices', objectives: [{ target: 0.9, timeSliceWindow: '1m' }] }),
    pointer: objective,
    detail: '`timeSliceTarget` is needed',
  },
  {
    says: 'Timeslices without window',
    given: slo({ budgetingMethod: 'Timeslices', objectives: [{ target: 0.9, timeSliceTarget: 0.9 }] }),
    pointer: objective,
    detail: '`timeSliceWindow` is needed',
  },
  {
    says: 'a slice target of 0',
    given: slo({
      budgetingMethod: 'Timeslices',
      objectives: [{ target: 0.9, timeSliceTarget: 0, timeSliceWindow: '1m' }],
    }),
    pointer: `${objective}/timeSliceTarget`,
    detail: 'above 0',
  },
  {
    says: 'a slice target for Occurrences',
    given: slo({ objectives: [{ target: 0.9, timeSliceTarget: 0.9 }] }),
    pointer: `${objective}/timeSliceTarget`,
    detail: 'Means nothing',
  },
  {
    says: 'a weight without composite',
    given: slo({ objectives: [{ target: 0.9, compositeWeight: 1 }] }),
    pointer: `${objective}/compositeWeight`,
    detail: 'composite',
  },
  {
    says: 'both metrics',
    given: document('SLI', { ...ratio, ...threshold }),
    pointer: '/spec',
    detail: 'thresholdMetric and ratioMetric are there',
  },
  { says: 'no metric', given: document('SLI', {}), pointer: '/spec', detail: 'none is there' },
  {
    says: 'good without total',
    given: document('SLI', { ratioMetric: { good: source() } }),
    pointer: '/spec/ratioMetric',
    detail: 'total, raw',
  },
  {
    says: 'total alone',
    given: document('SLI', { ratioMetric: { total: source() } }),
    pointer: '/spec/ratioMetric',
    detail: 'good, bad',
  },
  {
    says: 'good and bad',
    given: document('SLI', { ratioMetric: { good: source(), bad: source(), total: source() } }),
    pointer: '/spec/ratioMetric',
    detail: 'good and bad are there',
  },
  {
    says: 'raw without type',
    given: document('SLI', { ratioMetric: { raw: source() } }),
    pointer: '/spec/ratioMetric',
    detail: '`rawType` is needed',
  },
  {
    says: 'raw with good',
    given: document('SLI', { ratioMetric: { raw: source(), rawType: 'success', good: source() } }),
    pointer: '/spec/ratioMetric/good',
    detail: 'leave',
  },
  {
    says: 'an empty source',
    given: document('SLI', { thresholdMetric: source({}) }),
    pointer: '/spec/thresholdMetric/metricSource/spec',
    detail: 'Must not be empty',
  },
  {
    says: 'a source without type',
    given: document('SLI', { thresholdMetric: { metricSource: { spec: { query: 'x' } } } }),
    pointer: '/spec/thresholdMetric/metricSource',
    detail: '`type` is needed',
  },
  {
    says: 'two conditions',
    given: document('AlertPolicy', policy({ conditions: [{ conditionRef: 'a' }, { conditionRef: 'b' }] })),
    pointer: '/spec/conditions',
    detail: 'Exactly one condition',
  },
  {
    says: 'no target',
    given: document('AlertPolicy', policy({ notificationTargets: [] })),
    pointer: '/spec/notificationTargets',
    detail: 'At least one target',
  },
  {
    says: 'a reference with more',
    given: document('AlertPolicy', policy({ conditions: [{ conditionRef: 'a', kind: 'AlertCondition' }] })),
    pointer: '/spec/conditions/0/kind',
    detail: 'names it already',
  },
  {
    says: 'another kind of condition',
    given: document('AlertCondition', condition({ kind: 'burn' })),
    pointer: '/spec/condition/kind',
    detail: 'none of burnrate',
  },
  {
    says: 'a condition without threshold',
    given: document('AlertCondition', condition({ threshold: undefined })),
    pointer: '/spec/condition',
    detail: '`threshold` is missing',
  },
  {
    says: 'a data source without details',
    given: document('DataSource', { type: 'prometheus' }),
    pointer: '/spec',
    detail: '`connectionDetails` is missing',
  },
  {
    says: 'a target without target',
    given: document('AlertNotificationTarget', {}),
    pointer: '/spec',
    detail: '`target` is missing',
  },
])('$says is a fault at its place', ({ given, pointer, detail }) => {
  const { document: read, faults } = checkOpenSlo(given)
  expect(read).toBeNull()
  expect(faults).toContainEqual({ pointer, detail: expect.stringContaining(detail) })
})

test('all faults at once', () => {
  const { faults } = checkOpenSlo(
    slo({
      service: 1,
      budgetingMethod: 'Often',
      objectives: [{ target: 2 }, { op: 'lte', target: 0.9, wrong: 1 }],
      timeWindow: [{ duration: '1x', isRolling: true }],
    }),
  )
  expect(faults.map((each) => each.pointer)).toEqual(
    expect.arrayContaining([
      '/spec/service',
      '/spec/budgetingMethod',
      '/spec/objectives/0/target',
      '/spec/objectives/1/op',
      '/spec/objectives/1/wrong',
      '/spec/timeWindow/0/duration',
    ]),
  )
})

test.each([
  { value: 5, unit: 'm' as const, ms: 300_000 },
  { value: 2, unit: 'w' as const, ms: 1_209_600_000 },
  { value: 1, unit: 'M' as const, ms: null }, // a month, not a minute
  { value: 1, unit: 'Y' as const, ms: null },
])('$value$unit is $ms ms', ({ value, unit, ms }) => expect(durationMs({ value, unit })).toBe(ms))

test('nothing that was parsed makes it throw, and a refusal always names a place', () => {
  const good = slo({ alertPolicies: [{ kind: 'AlertPolicy', metadata: { name: 'p' }, spec: policy() }] })
  const replaced = (value: unknown, path: readonly number[], by: unknown): unknown => {
    const [first, ...rest] = path
    if (first === undefined || typeof value !== 'object' || value === null) return by
    const keys = Object.keys(value)
    const key = keys[first % Math.max(1, keys.length)]
    const copy = Array.isArray(value) ? [...value] : { ...value }
    return key === undefined ? by : Object.assign(copy, { [key]: replaced(Reflect.get(value, key), rest, by) })
  }
  fc.assert(
    fc.property(fc.array(fc.nat(20), { minLength: 1, maxLength: 6 }), fc.jsonValue(), (path, value) => {
      for (const given of [replaced(good, path, value), value]) {
        const { document: read, faults } = checkOpenSlo(given)
        expect(read === null).toBe(faults.length > 0)
        for (const each of faults) expect(typeof each.pointer).toBe('string')
      }
    }),
    { numRuns: 500 },
  )
})

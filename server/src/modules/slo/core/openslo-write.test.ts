import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkOpenSlo } from './openslo.ts'
import { openSloKinds } from './openslo-model.ts'
import { writeOpenSlo } from './openslo-write.ts'

type Doc = Record<string, unknown>
const text = fc.stringMatching(/^[A-Za-z0-9 .,{}"=~µ]{1,40}$/)
const name = fc.stringMatching(/^[a-z]([a-z0-9-]{0,20}[a-z0-9])?$/)
const maybe = <Value>(key: string, value: fc.Arbitrary<Value>): fc.Arbitrary<Doc> =>
  fc.option(value, { nil: null }).map((each): Doc => (each === null ? {} : { [key]: each }))
const all = (...parts: readonly fc.Arbitrary<Doc>[]): fc.Arbitrary<Doc> =>
  fc.tuple(...parts).map((each) => Object.assign({}, ...each))
const field = (key: string, value: fc.Arbitrary<unknown>) => value.map((each): Doc => ({ [key]: each }))
const fixed = (doc: Doc) => fc.constant(doc)

// Decimals as people write them: the shortest text of nine places or fewer.
const share = fc.integer({ min: 1, max: 99_999 }).map((each) => each / 100_000)
const percent = fc.integer({ min: 1, max: 9_999_999 }).map((each) => each / 100_000)
const duration = fc
  .tuple(fc.integer({ min: 1, max: 400 }), fc.constantFrom('m', 'h', 'd', 'w'))
  .map((each) => each.join(''))

const metadata = all(
  field('name', name),
  maybe('displayName', text),
  maybe(
    'labels',
    fc.dictionary(fc.constantFrom('team', 'Tier', 'a.b_c'), fc.oneof(text, fc.array(text, { maxLength: 3 })), {
      minKeys: 1,
    }),
  ),
  maybe('annotations', fc.dictionary(fc.constantFrom('plain', 'example.com/link'), text, { minKeys: 1 })),
)
const description = maybe('description', text)
const source = all(
  fc.oneof(
    all(field('metricSourceRef', name)),
    all(field('type', fc.constantFrom('prometheus', 'datadog'))),
    all(field('metricSourceRef', name), field('type', fc.constant('Prometheus'))),
  ),
  field(
    'spec',
    fc.dictionary(fc.constantFrom('query', 'metric', 'series'), fc.oneof(text, fc.integer(), fc.boolean()), {
      minKeys: 1,
    }),
  ),
).map((metricSource): Doc => ({ metricSource }))
const ratio = fc.oneof(
  all(maybe('counter', fc.boolean()), field('good', source), field('total', source)),
  all(maybe('counter', fc.boolean()), field('bad', source), field('total', source)),
  all(field('rawType', fc.constantFrom('success', 'failure')), field('raw', source)),
)
const ratioSli = all(description, field('ratioMetric', ratio))
const thresholdSli = all(description, field('thresholdMetric', source))
const inline = (spec: fc.Arbitrary<Doc>) => all(field('metadata', metadata), field('spec', spec))

const condition = all(
  description,
  field('severity', fc.constantFrom('page', 'ticket')),
  field(
    'condition',
    all(
      fixed({ kind: 'burnrate' }),
      field('op', fc.constantFrom('gt', 'gte', 'lt', 'lte')),
      field(
        'threshold',
        fc.integer({ min: 0, max: 100_000 }).map((each) => each / 1_000),
      ),
      field('lookbackWindow', duration),
      field('alertAfter', fc.oneof(fc.constant('0m'), duration)),
    ),
  ),
)
const target = all(description, field('target', text))
const referred = (refKey: string, kind: string, spec: fc.Arbitrary<Doc>) =>
  fc.oneof(all(field(refKey, name)), all(fixed({ kind }), field('metadata', metadata), field('spec', spec)))
const policy = all(
  description,
  ...['alertWhenNoData', 'alertWhenResolved', 'alertWhenBreaching'].map((key) => field(key, fc.boolean())),
  field('conditions', fc.tuple(referred('conditionRef', 'AlertCondition', condition))),
  field(
    'notificationTargets',
    fc.array(referred('targetRef', 'AlertNotificationTarget', target), { minLength: 1, maxLength: 2 }),
  ),
)

const goal = fc.oneof(field('target', share), field('targetPercent', percent))
const method = fc.constantFrom('Occurrences', 'Timeslices', 'RatioTimeslices')
const slices = (by: string) =>
  by === 'Occurrences'
    ? fixed({})
    : all(field('timeSliceWindow', duration), by === 'Timeslices' ? field('timeSliceTarget', share) : fixed({}))
const window = fc.oneof(
  all(field('duration', duration), fixed({ isRolling: true })),
  all(
    field('duration', fc.constantFrom('1M', '2w', '1Q', '1Y')),
    fixed({ isRolling: false, calendar: { startTime: '2026-01-01 00:00:00', timeZone: 'Europe/Vienna' } }),
  ),
)
const compared = all(
  field('op', fc.constantFrom('lte', 'gte', 'lt', 'gt')),
  field('value', fc.double({ noNaN: true, noDefaultInfinity: true })),
)
const slo = method.chain((by) => {
  const objective = all(maybe('displayName', text), goal, slices(by))
  const many = (each: fc.Arbitrary<Doc>) => fc.array(each, { minLength: 1, maxLength: 3 })
  const own = fc.oneof(field('indicator', inline(ratioSli)), field('indicatorRef', name))
  const body = fc.oneof(
    all(field('indicator', inline(ratioSli)), field('objectives', many(objective))),
    all(field('indicatorRef', name), field('objectives', many(objective))),
    all(field('indicator', inline(thresholdSli)), field('objectives', fc.tuple(all(objective, compared)))),
    field(
      'objectives',
      many(
        all(
          objective,
          own,
          field(
            'compositeWeight',
            fc.integer({ min: 1, max: 90 }).map((each) => each / 10),
          ),
        ),
      ),
    ),
  )
  return all(
    description,
    field('service', name),
    body,
    field('timeWindow', fc.tuple(window)),
    fixed({ budgetingMethod: by }),
    maybe('alertPolicies', fc.array(referred('alertPolicyRef', 'AlertPolicy', policy), { minLength: 1, maxLength: 2 })),
  )
})

const specs: Record<string, fc.Arbitrary<Doc>> = {
  SLO: slo,
  SLI: fc.oneof(ratioSli, thresholdSli),
  Service: description,
  DataSource: all(
    description,
    field('type', text),
    field('connectionDetails', fc.dictionary(name, fc.jsonValue({ maxDepth: 2 }))),
  ),
  AlertPolicy: policy,
  AlertCondition: condition,
  AlertNotificationTarget: target,
}
const documents = (kind: string): fc.Arbitrary<Doc> =>
  all(fixed({ apiVersion: 'openslo/v1', kind }), field('metadata', metadata), field('spec', specs[kind] ?? fixed({})))

const isDoc = (value: unknown): value is Doc => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The same said otherwise: defaults left out, absent fields as null, whole documents in place. */
function otherwise(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((each) => otherwise(each, key))
  if (!isDoc(value) || key === 'connectionDetails' || key === 'labels' || key === 'annotations') return value
  const fields = Object.entries(value).flatMap(([name, each]): [string, unknown][] => {
    if (key === 'metricSource' && name === 'spec') return [[name, each]]
    const isDefault =
      ((name.startsWith('alertWhen') || name === 'isRolling') && each === false) ||
      (name === 'alertAfter' && each === '0m') ||
      (name === 'compositeWeight' && each === 1)
    const minutes = name === 'timeSliceWindow' && typeof each === 'string' ? /^(\d+)m$/.exec(each) : null
    if (isDefault) return [[name, null]]
    return [[name, minutes === null ? otherwise(each, name) : Number(minutes[1])]]
  })
  if (key === 'indicator') fields.push(['apiVersion', 'openslo/v1'], ['kind', 'SLI'])
  if ((key === 'conditions' || key === 'notificationTargets' || key === 'alertPolicies') && 'spec' in value)
    fields.push(['apiVersion', 'openslo/v1'])
  if (key === 'metadata' && !('displayName' in value)) fields.push(['displayName', null])
  return Object.fromEntries(fields)
}

test.each(openSloKinds)('%s: what is read and written back is what was there', (kind) => {
  fc.assert(
    fc.property(documents(kind), (document) => {
      for (const spelled of [document, otherwise(document)]) {
        const read = checkOpenSlo(spelled)
        expect(read.faults).toEqual([])
        if (read.document === null) return
        expect(writeOpenSlo(read.document)).toEqual(document)
      }
    }),
    { numRuns: 200 },
  )
})

test('targets keep the decimals they were written with', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 999_999_999 }), (billionths) => {
      const written = billionths / 1_000_000_000
      const document = {
        apiVersion: 'openslo/v1',
        kind: 'SLO',
        metadata: { name: 'a' },
        spec: {
          service: 's',
          indicatorRef: 'i',
          timeWindow: [{ duration: '28d', isRolling: true }],
          budgetingMethod: 'Occurrences',
          objectives: [{ target: written }],
        },
      }
      const read = checkOpenSlo(document)
      if (read.document === null) throw new Error(JSON.stringify(read.faults))
      expect(writeOpenSlo(read.document)).toEqual(document)
    }),
  )
})

// Objectives in and out: what is linted, taken over, applied as another tool wrote it, and written back.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sloReaders, sloTranslator } from '../../app/join/slo-readers.ts'
import { isJsonObject } from '../../kernel/json.ts'
import { parseDocuments } from '../../platform/resources/documents.ts'
import { applyDocuments } from '../catalog/index.ts'
import { openSloServiceTranslator } from '../catalog/openslo-service.ts'
import { openTelemetryWorld, type TelemetryWorld } from '../telemetry/telemetry.fixture.ts'
import { findObjective } from './objectives.store.ts'
import { admin, catalogOf } from './slo.fixture.ts'
import { exportObjectives } from './usecases/export-objectives.ts'
import { importObjectives } from './usecases/import-objectives.ts'
import { lintSloFile } from './usecases/lint-slo-file.ts'

const catalog = catalogOf([], [sloTranslator, openSloServiceTranslator])
const none = { dataSource: null, service: null, window: null }
let world: TelemetryWorld
beforeAll(async () => {
  world = await openTelemetryWorld('exchange')
})
afterAll(() => world.close())

const apply = (documents: string) => applyDocuments(world.needs, catalog, { documents, actor: admin })
const lint = (text: string) => lintSloFile(text, sloReaders, none)

const source = `
apiVersion: openslo/v1
kind: DataSource
metadata: {name: main}
spec: {type: prometheus, connectionDetails: {url: 'http://prometheus:9090'}}
`
const sloth = `
version: prometheus/v1
service: web
slos:
  - name: availability
    objective: 99.9
    sli:
      events:
        error_query: sum(rate(http_requests_total{code=~"5.."}[{{.window}}]))
        total_query: sum(rate(http_requests_total[{{.window}}]))
    alerting: {name: WebErrors, ticket_alert: {disable: true}}
  - name: made-by-a-plugin
    objective: 99
    sli: {plugin: {id: some/plugin}}
`

test('lint names each fault with its line, in every format at once', () => {
  const text = `apiVersion: openslo/v1
kind: SLO
metadata: {name: web}
spec:
  service: web
  indicatorRef: nowhere
  timeWindow: [{duration: 28d, isRolling: true}]
  budgetingMethod: Occurences
  objectives: [{targe: 0.9}]
---
apiVersion: openslo.com/v2alpha
kind: SLO
metadata: {name: later}
spec: {sliRef: a}
---${sloth}`
  const { findings } = lint(text)
  const told = findings.map(({ severity, line, detail }) => [severity, line, detail])
  expect(told).toContainEqual(['error', 8, expect.stringContaining('Did you mean `Occurrences`?')])
  expect(told).toContainEqual(['error', 9, expect.stringContaining('Did you mean `target`?')])
  expect(told).toContainEqual(['error', 11, expect.stringContaining('draft')])
  expect(told).toContainEqual(['error', 14, '`sliRef` is `indicatorRef` in openslo/v1.'])
  expect(told).toContainEqual(['error', 28, expect.stringContaining('some/plugin')])
  expect(findings.map((each) => each.line)).toEqual(findings.map((each) => each.line).sort((a, b) => a - b))
})

test('lint tells what cannot be alerted on, leads nowhere or is used by nobody', () => {
  const { findings, objectives, documents } = lint(`${source}---
apiVersion: openslo/v1
kind: SLI
metadata: {name: unused}
spec: {ratioMetric: {raw: {metricSource: {metricSourceRef: main, spec: {query: a}}}, rawType: success}}
---
apiVersion: openslo/v1
kind: SLO
metadata: {name: web}
spec:
  service: web
  indicator: {metadata: {name: a}, spec: {ratioMetric: {bad: {metricSource: {metricSourceRef: main, spec: {query: a}}}, total: {metricSource: {metricSourceRef: main, spec: {query: b}}}}}}
  timeWindow: [{duration: 28d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: 0.9}]
  alertPolicies:
    - {alertPolicyRef: gone}
    - kind: AlertPolicy
      metadata: {name: fast}
      spec:
        alertWhenBreaching: true
        conditions: [{kind: AlertCondition, metadata: {name: c}, spec: {severity: ticket, condition: {kind: burnrate, op: gt, threshold: 14.4, lookbackWindow: 1h}}}]
        notificationTargets: [{kind: AlertNotificationTarget, metadata: {name: t}, spec: {target: a}}]
`)
  expect([documents, objectives]).toEqual([3, 1])
  const told = findings.map(({ severity, document, detail }) => [severity, document, detail])
  expect(told).toContainEqual(['error', 'SLO/web', expect.stringContaining('could never fire')])
  expect(told).toContainEqual(['warning', 'SLO/web', expect.stringContaining('There is no AlertPolicy gone')])
  expect(told).toContainEqual(['note', 'SLI/unused', 'Nothing in these files refers to it.'])
})

test('a minute where a month is meant is told', () => {
  const month = `apiVersion: openslo/v1
kind: SLO
metadata: {name: web}
spec:
  service: web
  indicator: {metadata: {name: a}, spec: {ratioMetric: {bad: {metricSource: {type: push, spec: {series: a}}}, total: {metricSource: {type: push, spec: {series: b}}}}}}
  timeWindow: [{duration: 1m, isRolling: false, calendar: {startTime: '2026-01-01 00:00:00', timeZone: UTC}}]
  budgetingMethod: Occurrences
  objectives: [{target: 0.9}]`
  expect(lint(month).findings).toContainEqual(
    expect.objectContaining({ severity: 'warning', line: 7, detail: '`1m` is a minute; a month is `M`.' }),
  )
})

test('lint of no YAML tells the line', () =>
  expect(lint('a: [').findings).toMatchObject([{ severity: 'error', line: 1 }]))

test('a file of Sloth is taken over but for what cannot be, with what differs; the only data source is meant', async () => {
  await expect(
    importObjectives(world.database, sloReaders, { ...none, text: 'kind: Team\napiVersion: mainstay.dev/v1' }),
  ).rejects.toMatchObject({ code: 'slo.nothing-to-import' })
  const before = await importObjectives(world.database, sloReaders, { ...none, text: sloth })
  expect(before.objectives).toEqual([])
  expect(before.leftOut[0]?.detail).toContain('--data-source')
  await apply(source)
  const found = await importObjectives(world.database, sloReaders, { ...none, text: sloth })
  expect(found.formats).toEqual(['Sloth prometheus/v1'])
  expect(found.objectives).toEqual([
    { name: 'web-availability', service: 'web', targets: [0.999], window: '30d', line: 2 },
  ])
  expect(found.leftOut).toEqual([
    { line: 14, document: 'Sloth prometheus/v1', detail: expect.stringContaining('some/plugin') },
  ])
  expect(found.notes.map((each) => each.detail).join()).toContain('averages the error ratios')
  const changes = await apply(found.documents)
  expect(changes.map((each) => `${each.kind}/${each.name} ${each.action}`)).toEqual([
    'Service/web create',
    'SLO/web-availability create',
  ])
})

test('apply takes another tool’s documents as they are, all or nothing', async () => {
  await expect(apply(sloth)).rejects.toMatchObject({
    details: { faults: [expect.objectContaining({ line: 14, detail: expect.stringContaining('some/plugin') })] },
  })
  const whole = sloth.slice(0, sloth.indexOf('  - name: made-by'))
  const changes = await apply(`${whole}---
apiVersion: pyrra.dev/v1alpha1
kind: ServiceLevelObjective
metadata: {name: web-latency, labels: {pyrra.dev/service: web}}
spec:
  target: '95'
  window: 4w
  indicator: {latency: {success: {metric: 'd_bucket{le="0.5"}'}, total: {metric: d_count}}}
---
apiVersion: openslo/v1alpha
kind: SLO
metadata: {name: web-old}
spec:
  service: web
  budgetingMethod: Occurrences
  timeWindow: [{unit: Week, count: 4, isRolling: true}]
  objectives: [{value: 1, target: 0.95, ratioMetrics: {incremental: true, good: {source: prometheus, queryType: promql, query: g}, total: {source: prometheus, queryType: promql, query: t}}}]
`)
  expect(changes.map((each) => `${each.kind}/${each.name} ${each.action}`).sort()).toEqual([
    'SLO/web-availability unchanged',
    'SLO/web-latency create',
    'SLO/web-old create',
  ])
  const tiers = (await findObjective(world.database, 'web-latency'))?.definition.plan.tiers.map((each) => each.name)
  expect(tiers).toEqual(['1h/5m', '6h/30m', '1d/2h', '4d/8h'])
  expect((await findObjective(world.database, 'web-availability'))?.definition.plan.tiers.length).toBe(2)
})

test('what was taken over is written as OpenSLO v1, read again without a word, and applied without a change', async () => {
  const one = await exportObjectives(world.database, { names: ['web-availability'], service: null })
  expect(one.count).toBe(3)
  const all = await exportObjectives(world.database, { names: [], service: null })
  const kinds = parseDocuments(all.documents).map(({ value }) => (isJsonObject(value) ? value.kind : null))
  expect(kinds).toEqual(['Service', 'DataSource', 'SLO', 'SLO', 'SLO'])
  expect(lint(all.documents).findings.filter((each) => each.severity === 'error')).toEqual([])
  const again = await apply(all.documents)
  expect(again.filter((each) => each.kind === 'SLO').map((each) => each.action)).toEqual([
    'unchanged',
    'unchanged',
    'unchanged',
  ])
  await expect(exportObjectives(world.database, { names: ['gone'], service: null })).rejects.toMatchObject({
    kind: 'not-found',
  })
})

test('a service of OpenSLO is written back as it was, though the catalog keeps it as its own', async () => {
  const document = `apiVersion: openslo/v1
kind: Service
metadata:
  name: billing
  displayName: Billing
  labels:
    team:
      - web
      - money
    tier: "1"
  annotations:
    example.com/link: https://wiki.example
spec:
  description: Sends the bills.
`
  await apply(document)
  await apply(`${sloth.slice(0, sloth.indexOf('  - name: made-by')).replace('service: web', 'service: billing')}`)
  const { documents } = await exportObjectives(world.database, { names: [], service: 'billing' })
  expect(documents.split('---\n')[0]).toBe(document)
})

test('a list of OpenSLO’s own is read; what has one meaning only is mended and said', async () => {
  const list = `- apiVersion: openslo/v1
  kind: Service
  metadata: {name: search}
  spec: {}
- apiVersion: openslo/v1
  kind: SLO
  metadata:
    name: search-availability
    annotations: {openslo.com/service-folder: ./a}
  spec:
    service: search
    indicator:
      metadata: {name: found}
      spec:
        ratioMetric:
          counter: true
          good: {metricSource: {type: Prometheus, spec: {query: 'http_requests{code=~"2xx|4xx"}'}}}
          total: {metricSource: {type: Prometheus, spec: {query: http_requests}}}
    timeWindow: [{duration: 1w, isRolling: false, calendar: {startTime: '2022-01-01 12:00:00', timeZone: America/New_York}}]
    budgetingMethod: Timeslices
    objectives: [{displayName: Good, op: gt, target: 0.995, timeSliceTarget: 0.95, timeSliceWindow: 1m}]
`
  expect(lint(list).findings.map(({ severity, line }) => [severity, line])).toContainEqual(['error', 21])
  const found = await importObjectives(world.database, sloReaders, { ...none, text: list })
  expect(found.leftOut).toEqual([])
  expect(found.notes.map(({ line, detail }) => [line, detail])).toEqual([
    [17, 'No server is named; it is read from main.'],
    [18, 'No server is named; it is read from main.'],
    [21, 'A ratio is compared with its target only; `op` is left out.'],
  ])
  await apply(found.documents)
  expect((await findObjective(world.database, 'search-availability'))?.definition.source.kind).toBe('prometheus')
})

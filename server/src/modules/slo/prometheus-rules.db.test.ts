// The exported rules before Prometheus itself: promtool reads them, and fires and keeps quiet as the engine would.
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { applyDocuments } from '../catalog/index.ts'
import { openTelemetryWorld, type TelemetryWorld } from '../telemetry/telemetry.fixture.ts'
import { admin, catalogOf } from './slo.fixture.ts'
import { exportRules } from './usecases/export-rules.ts'

const promtool = ['/usr/bin/promtool', '/usr/local/bin/promtool'].find((each) => existsSync(each))
const run = promisify(execFile)
let world: TelemetryWorld
let folder = ''
const catalog = catalogOf()

const slo = (name: string, side: string, query: string, total: string, more = '') => `
---
apiVersion: openslo/v1
kind: SLO
metadata: {name: ${name}}
spec:
  service: website
  indicator:
    metadata: {name: ${name}-answers}
    spec:
      ratioMetric:
        ${more}
        ${side}: {metricSource: {metricSourceRef: main, spec: {query: '${query}'}}}
        total: {metricSource: {metricSourceRef: main, spec: {query: '${total}'}}}
  timeWindow: [{duration: 30d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: 0.999}]`

beforeAll(async () => {
  world = await openTelemetryWorld('prometheus-rules')
  folder = await mkdtemp(path.join(tmpdir(), 'mainstay-rules-'))
  await applyDocuments(world.needs, catalog, {
    documents: `
apiVersion: mainstay.dev/v1
kind: Service
metadata: {name: website}
spec: {tier: 2}
---
apiVersion: openslo/v1
kind: DataSource
metadata: {name: main}
spec: {type: prometheus, connectionDetails: {url: 'http://prometheus:9090'}}
${slo('bad-of-all', 'bad', 'http_requests_total{code=~"5.."}', 'http_requests_total', 'counter: true')}
${slo('good-of-all', 'good', 'http_requests_total{code!~"5.."}', 'http_requests_total', 'counter: true')}
${slo('computed', 'good', 'sum(good_in_minute)', 'sum(all_in_minute)')}
---
apiVersion: openslo/v1
kind: SLO
metadata: {name: pushed}
spec:
  service: website
  indicator: {metadata: {name: p}, spec: {ratioMetric: {good: {metricSource: {type: push, spec: {series: a}}}, total: {metricSource: {type: push, spec: {series: b}}}}}}
  timeWindow: [{duration: 30d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: 0.999}]`,
    actor: admin,
  })
})
afterAll(async () => {
  await world.close()
  await rm(folder, { recursive: true, force: true })
})

async function written(name: string): Promise<string> {
  const file = path.join(folder, `${name}.yaml`)
  await writeFile(file, (await exportRules(world.database, name)).yaml)
  return file
}

const tool = async (...words: string[]): Promise<string> => {
  const { stdout, stderr } = await run(promtool ?? '', words).catch(
    (error: { stdout: string; stderr: string }) => error,
  )
  return stdout + stderr
}

test.skipIf(promtool === undefined).each(['bad-of-all', 'good-of-all', 'computed'])(
  'promtool accepts the rules of %s',
  async (name) => {
    expect(await tool('check', 'rules', await written(name))).toMatch(/SUCCESS: \d+ rules found/)
  },
)

// 200 requests a minute; from minute 120 on 4 % fail, then 2 an hour: 40 times, and too few for a page.
test.skipIf(promtool === undefined).each(['bad-of-all', 'good-of-all'])(
  '%s pages when it burns, is quiet when not, and recovers',
  async (name) => {
    const file = await written(name)
    const at = (minutes: number, severities: readonly { severity: string; tier: string }[]) => ({
      eval_time: `${minutes}m`,
      alertname: 'ObjectiveBurning',
      exp_alerts: severities.map(({ severity, tier }) => ({
        exp_labels: { alertname: 'ObjectiveBurning', objective: name, service: 'website', severity, tier },
        exp_annotations: annotationsOf(parse(rules).groups, tier, severity),
      })),
    })
    const rules = (await exportRules(world.database, name)).yaml
    const checks = {
      rule_files: [file],
      evaluation_interval: '1m',
      tests: [
        {
          interval: '1m',
          input_series: [
            { series: 'http_requests_total{code="200"}', values: '0+200x120 24192+192x60 35720+200x200' },
            { series: 'http_requests_total{code="500"}', values: '0+0x120 8+8x60 488+0x200' },
          ],
          alert_rule_test: [
            at(60, []),
            at(150, [
              { severity: 'page', tier: '1h/5m' },
              { severity: 'page', tier: '6h/30m' },
              { severity: 'ticket', tier: '1d/2h' },
              { severity: 'ticket', tier: '3d/6h' },
            ]),
            // The short window of the first tier is clean; slower tiers still see it.
            at(188, [
              { severity: 'page', tier: '6h/30m' },
              { severity: 'ticket', tier: '1d/2h' },
              { severity: 'ticket', tier: '3d/6h' },
            ]),
          ],
          promql_expr_test: [
            {
              expr: `mainstay:objective_bad:increase1h{objective="${name}"}`,
              eval_time: '179m',
              exp_samples: [
                { labels: `mainstay:objective_bad:increase1h{objective="${name}", service="website"}`, value: 472 },
              ],
            },
            {
              expr: `mainstay:objective_total:increase1h{objective="${name}"}`,
              eval_time: '60m',
              exp_samples: [
                {
                  labels: `mainstay:objective_total:increase1h{objective="${name}", service="website"}`,
                  value: 12_000,
                },
              ],
            },
          ],
        },
      ],
    }
    const test = path.join(folder, `${name}.test.yaml`)
    await writeFile(test, stringify(checks))
    expect(await tool('test', 'rules', test)).toContain('SUCCESS')
  },
)

interface Group {
  readonly rules: readonly { readonly labels: Record<string, string>; readonly annotations?: Record<string, string> }[]
}

function annotationsOf(groups: readonly Group[], tier: string, severity: string): Record<string, string> | undefined {
  const rules = groups.flatMap((group) => group.rules)
  return rules.find((rule) => rule.labels.tier === tier && rule.labels.severity === severity)?.annotations
}

test('what Prometheus does not have is refused with the reason', async () => {
  await expect(exportRules(world.database, 'pushed')).rejects.toMatchObject({ code: 'slo.no-prometheus-rules' })
})

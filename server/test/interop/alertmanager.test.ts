// The programs that talk to an Alertmanager talk to us: the real amtool, and a real Prometheus that fires and resolves.
import { spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type AlertsWorld, openAlertsWorld } from '../../src/modules/alerts/alerts.fixture.ts'
import { prometheusProgram, startPrometheus } from './real-prometheus.ts'

const amtool = locate('amtool')

function locate(name: string): string | null {
  const set = process.env.MAINSTAY_AMTOOL
  const found = (process.env.PATH ?? '').split(path.delimiter).map((folder) => path.join(folder, name))
  return (set === undefined || set === '' ? found : [set]).find(isProgram) ?? null
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

const file = `
route:
  receiver: mails
  group_by: [alertname]
  routes: [{matchers: [severity="critical"], receiver: pager}]
inhibit_rules:
  - {source_matchers: [severity="critical"], target_matchers: [severity="warning"], equal: [cluster]}
receivers: [{name: mails, webhook_configs: [{url: 'http://mails.example'}]}, {name: pager, webhook_configs: [{url: 'http://hook.example'}]}]
`

let world: AlertsWorld
let port: number
beforeAll(async () => {
  world = await openAlertsWorld('alertmanager_interop')
  port = await world.listen()
})
afterAll(() => world.close())
beforeEach(async () => {
  await world.clear()
  await world.call({ method: 'PUT', url: '/api/v1/routing', as: 'ada', body: { text: file, timing: 'at-once' } })
})

async function ask(...args: readonly string[]): Promise<{ code: number | null; out: string }> {
  const child = spawn(amtool ?? '', [`--alertmanager.url=http://any:key-one@127.0.0.1:${port}`, ...args])
  let out = ''
  child.stdout.on('data', (data: Buffer) => {
    out += data.toString()
  })
  child.stderr.on('data', (data: Buffer) => {
    out += data.toString()
  })
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, out }
}

test.skipIf(amtool === null)('amtool: alerts, filters, silences, routes', async () => {
  await ask('alert', 'add', 'alertname=Disk', 'severity=critical', 'cluster=c1', '--annotation=summary=disk full')
  await ask('alert', 'add', 'Cpu', 'severity=warning', 'cluster=c1')
  await ask('alert', 'add', 'Load', 'severity=warning', 'cluster=c2')
  expect((await ask('alert', 'query')).out).toMatch(/Disk .*disk full .*active/)
  const names = async (...args: readonly string[]) =>
    JSON.parse((await ask('alert', 'query', '-o', 'json', ...args)).out).map(
      (each: { labels: { alertname: string } }) => each.labels.alertname,
    )
  // Cpu is inhibited by Disk; who is paged agrees with what is shown.
  expect((await names()).sort()).toEqual(['Disk', 'Load'])
  expect(await names('--inhibited')).toContain('Cpu')
  expect(await names('cluster=~c.*', 'severity!=warning')).toEqual(['Disk'])
  expect(await names('--receiver=mails')).toEqual(['Load'])
  await world.tell()
  expect(world.asked).toHaveLength(2)

  expect((await ask('silence', 'add', 'cluster=c2')).code).not.toBe(0)
  const made = await ask('silence', 'add', 'cluster=c2', '--comment=work', '--author=me', '--duration=1h')
  const id = made.out.trim()
  expect(await names()).toEqual(['Disk'])
  expect((await ask('silence', 'query', 'cluster=c2')).out).toContain(id)
  expect((await ask('silence', 'update', '--duration=2h', id)).code).toBe(0)
  expect((await ask('silence', 'query', '-q')).out.trim()).toBe(id)
  expect((await ask('silence', 'expire', id)).code).toBe(0)
  expect((await ask('silence', 'query', '-q')).out.trim()).toBe('')
  expect((await names()).sort()).toEqual(['Disk', 'Load'])
  expect((await ask('config', 'routes', 'test', 'severity=critical')).out.trim()).toBe('pager')
  expect((await ask('cluster', 'show')).out).toContain('disabled')
})

const until = async (what: string, holds: () => Promise<boolean>): Promise<void> => {
  for (let count = 0; count < 600; count += 1) {
    if (await holds()) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`Never happened: ${what}.`)
}

test.skipIf(prometheusProgram === null)(
  'a real Prometheus fires through us and resolves',
  async () => {
    // What fires in its first five seconds Prometheus has nobody to tell yet; then long enough to be seen.
    const over = Math.ceil(Date.now() / 1_000) + 17
    const prometheus = await startPrometheus({
      config: `global: {scrape_interval: 200ms, evaluation_interval: 200ms, external_labels: {prometheus: one}}
rule_files: [rules.yml]
alerting:
  alertmanagers:
    - basic_auth: {username: any, password: key-one}
      static_configs: [{targets: ['127.0.0.1:${port}']}]
`,
      files: {
        'rules.yml': `groups:
- name: test
  rules:
  - {alert: Young, expr: '(vector(time()) > ${over - 7}) < ${over}', labels: {severity: critical, service: checkout}, annotations: {summary: 'It fires'}}
`,
      },
    })
    try {
      await until('it fires', async () => (await world.alerts()).length === 1)
      const alert = await world.only()
      expect(alert).toMatchObject({ status: 'firing', service: 'checkout', title: 'It fires' })
      expect(alert.signal.labels).toMatchObject({ alertname: 'Young', prometheus: 'one', severity: 'critical' })
      await world.tell()
      expect(world.asked).toEqual(['open checkout'])
      await until('it is over', async () => (await world.only()).status === 'resolved')
      expect(await world.only()).toMatchObject({ ended: 'resolved' })
    } finally {
      await prometheus.stop()
    }
  },
  60_000,
)

// Programs that send alarms, themselves: a real Alertmanager with a webhook receiver, and PagerDuty's JavaScript client.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { createServer } from 'node:https'
import { createServer as createPlainServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type IntakeWorld, openIntakeWorld } from '../../src/modules/intake/intake.fixture.ts'
import { certificate, key } from './localhost-certificate.ts'

const alertmanager = locate('MAINSTAY_ALERTMANAGER', ['prometheus-alertmanager', 'alertmanager'])

function locate(variable: string, names: readonly string[]): string | null {
  const set = process.env[variable]
  const folders = (process.env.PATH ?? '').split(path.delimiter)
  const found = folders.flatMap((folder) => names.map((name) => path.join(folder, name)))
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

let world: IntakeWorld
let folder: string
beforeAll(async () => {
  world = await openIntakeWorld('senders_interop')
  folder = mkdtempSync(path.join(tmpdir(), 'mainstay-senders-'))
  await world.declare('am', { format: 'alertmanager' })
  await world.declare('pd', { format: 'pagerduty', service: 'checkout' })
})
afterAll(async () => {
  await world.close()
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(() => world.clear())

const until = async (what: string, holds: () => Promise<boolean>): Promise<void> => {
  for (let count = 0; count < 300; count += 1) {
    if (await holds()) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`Never happened: ${what}.`)
}
const seen = async () =>
  (await world.alerts.alerts())
    .map(({ signal, status }) => `${signal.labels.alertname} ${signal.labels.cluster} ${status}`)
    .sort()

async function freePort(): Promise<number> {
  const server = createPlainServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('No port.')
  return address.port
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const end = once(child, 'exit')
  child.kill('SIGTERM')
  await end
}

test.skipIf(alertmanager === null)(
  'a real Alertmanager tells us of each alert by its webhook, and of each end',
  async () => {
    const port = await world.listen()
    const own = await freePort()
    const file = path.join(folder, 'alertmanager.yml')
    // As the set-up text on the page of the source says.
    writeFileSync(
      file,
      `route: {receiver: mainstay, group_by: [alertname], group_wait: 100ms, group_interval: 500ms, repeat_interval: 1h}
receivers:
  - name: mainstay
    webhook_configs:
      - url: http://127.0.0.1:${port}/in/am
        send_resolved: true
        max_alerts: 0
        http_config:
          authorization:
            credentials: ${await world.token('am')}
`,
    )
    const child = spawn(
      alertmanager ?? '',
      [
        ...[`--config.file=${file}`, `--storage.path=${path.join(folder, 'data')}`],
        ...[`--web.listen-address=127.0.0.1:${own}`, '--cluster.listen-address=', '--log.level=error'],
      ],
      { stdio: 'ignore' },
    )
    try {
      const post = async (alerts: readonly object[]) => {
        const answer = await fetch(`http://127.0.0.1:${own}/api/v2/alerts`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(alerts),
        }).catch(() => null)
        return answer?.ok === true
      }
      const startsAt = new Date(Date.now() - 60_000).toISOString()
      const alert = (cluster: string, more: object = {}) => ({
        labels: { alertname: 'DiskFull', cluster, service: 'checkout', severity: 'critical' },
        annotations: { summary: `Disk of ${cluster} is full` },
        // As Prometheus does: the same start every time.
        startsAt,
        ...more,
      })
      await until('it takes alerts', () => post([alert('c1'), alert('c2')]))
      await until('both are told', async () => (await seen()).length === 2)
      expect(await seen()).toEqual(['DiskFull c1 firing', 'DiskFull c2 firing'])
      // A part of the group ends: Alertmanager says that the group fires, and of each alert what it is.
      await post([alert('c1', { endsAt: new Date().toISOString() })])
      await until('one is over', async () => (await seen()).includes('DiskFull c1 resolved'))
      expect(await seen()).toEqual(['DiskFull c1 resolved', 'DiskFull c2 firing'])
      const { items } = (await world.call({ url: '/api/v1/intake/orphans', as: 'ana' })).json()
      expect(items).toEqual([])
    } finally {
      await ended(child)
    }
  },
  60_000,
)

/** Speaks TLS, which PagerDuty's client insists on, and passes everything on. */
async function startFront(): Promise<{ readonly port: number; readonly stop: () => Promise<void> }> {
  const [intake, alerts] = [await world.listen(), await world.alerts.listen()]
  const front = createServer({ cert: certificate, key }, (incoming, outgoing) => {
    const port = incoming.url?.startsWith('/v2/change/') === true ? intake : alerts
    const { method, url, headers } = incoming
    const passed = request({ host: '127.0.0.1', port, path: url, method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    incoming.pipe(passed)
  }).listen(0, '127.0.0.1')
  await once(front, 'listening')
  const address = front.address()
  if (address === null || typeof address === 'string') throw new Error('No port.')
  const stop = async () => {
    front.closeAllConnections()
    await new Promise((resolve) => front.close(resolve))
  }
  return { port: address.port, stop }
}

test('PagerDuty’s own client triggers, acknowledges, resolves and reports a change', async () => {
  const front = await startFront()
  try {
    const authority = path.join(folder, 'authority.pem')
    writeFileSync(authority, certificate)
    const script = `
      import pdjs from '@pagerduty/pdjs'
      const server = 'localhost:${front.port}'
      const send = async (data, type) => { const { data: answer } = await pdjs.event({ server, type, data }); console.log(JSON.stringify(answer)) }
      const routing_key = ${JSON.stringify(await world.token('pd'))}
      const payload = { summary: 'Card payments fail', source: 'eu-1', severity: 'error' }
      await send({ routing_key, event_action: 'trigger', dedup_key: 'k', payload })
      await send({ routing_key, event_action: 'acknowledge', dedup_key: 'k' })
      await send({ routing_key, event_action: 'resolve', dedup_key: 'k' })
      await send({ routing_key, payload: { summary: 'Build 42', source: 'ci' } }, 'change')
      await send({ routing_key: 'x'.repeat(32), event_action: 'resolve', dedup_key: 'k' })
    `
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      env: { ...process.env, NODE_EXTRA_CA_CERTS: authority },
    })
    let [out, err] = ['', '']
    child.stdout.on('data', (data: Buffer) => {
      out += data.toString()
    })
    child.stderr.on('data', (data: Buffer) => {
      err += data.toString()
    })
    await once(child, 'close')
    expect(err).toBe('')
    const answers = out
      .trim()
      .split('\n')
      .map((line): { status: string; message: string; dedup_key?: string } => JSON.parse(line))
    expect(answers.map(({ status }) => status)).toEqual([
      ...['success', 'success', 'success', 'success', 'invalid event'],
    ])
    expect(answers[0]).toEqual({ status: 'success', message: 'Event processed', dedup_key: 'k' })
    const alert = await world.alerts.only()
    expect(alert).toMatchObject({ status: 'resolved', source: 'in/pd', title: 'Card payments fail' })
    expect(alert.acknowledgedAt).not.toBeNull()
    const changes = await world.alerts.owner.query(`select summary from changes where source = 'in/pd'`)
    expect(changes.rows).toEqual([{ summary: 'Build 42' }])
  } finally {
    await front.stop()
  }
})

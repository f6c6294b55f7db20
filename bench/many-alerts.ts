// Very many alerts open at once, as a big Prometheus keeps sending them: what a POST takes while all are repeated every half
// minute, what reading a few of them takes, what is in memory, and how soon the server is back after a kill.
// With BENCH_ALERTMANAGER=/path/to/alertmanager the same requests go to it afterwards.
import { startAlertmanager } from './parts/alertmanager.ts'
import { print, quantiles, readArguments, round } from './parts/figures.ts'
import { type Connection, connect } from './parts/http.ts'
import { startMailSink } from './parts/mail-sink.ts'
import { cpuSeconds, machineBusySeconds, memoryMiB } from './parts/processes.ts'
import { demand, type Product, startProduct } from './parts/product.ts'
import { alertOf } from './parts/storm.ts'

const options = readArguments({
  ...{ active: 100_000, services: 1_000, batch: 64, connections: 4, seconds: 60, every: 30 },
  // Share of the alerts that end in a round, others opening in their place; reads of each kind; 1: rules that inhibit.
  ...{ churn: 0.02, reads: 100, inhibit: 0 },
})

interface Target {
  readonly label: string
  readonly url: string
  readonly roots: readonly number[]
  readonly headers: readonly Readonly<Record<string, string>>[]
}

const batches = <T>(items: readonly T[]): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(items.length / options.batch) }, (_, index) =>
    items.slice(index * options.batch, (index + 1) * options.batch),
  )

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)))

const connections = (target: Target): readonly Connection[] =>
  Array.from({ length: options.connections }, (_, index) => connect(target.url, target.headers[index] ?? {}))

const started = Date.now()

/** As Prometheus says it: it began when it began, and its end moves on. */
const build = (index: number, over = false): object => ({
  ...alertOf(index, { services: options.services, sender: 0 }, started, over),
  endsAt: new Date(over ? Date.now() - 1_000 : Date.now() + 4 * options.every * 1_000).toISOString(),
})

/** As fast as the answers come. */
async function fill(target: Target): Promise<void> {
  const [cpu, began] = [cpuSeconds(target.roots), performance.now()]
  const all = batches(Array.from({ length: options.active }, (_, index) => index))
  const senders = connections(target)
  // What one sender reports no other repeats: a batch has its sender.
  await Promise.all(
    senders.map(async (sender, place) => {
      for (const batch of all.filter((_, index) => index % senders.length === place))
        demandTaken(
          await sender.send(
            'POST',
            '/api/v2/alerts',
            batch.map((index) => build(index)),
          ),
        )
      sender.close()
    }),
  )
  print('many-alerts.fill', {
    ...{ label: target.label, active: options.active, inhibit: options.inhibit },
    seconds: round((performance.now() - began) / 1000),
    cpuSecondsPer100kAlerts: round(((cpuSeconds(target.roots) - cpu) / options.active) * 100_000),
  })
}

function demandTaken({ status, body }: { status: number; body: string }): void {
  if (status !== 200 && status !== 202) throw new Error(`Not taken: ${status} ${body.slice(0, 200)}`)
}

/** Until what follows from it (pages, incidents) is done, or ten minutes have passed. */
async function settle(target: Target): Promise<void> {
  const began = performance.now()
  const cpu = cpuSeconds(target.roots)
  for (let calm = 0; calm < 5 && performance.now() - began < 600_000; ) {
    const before = cpuSeconds(target.roots)
    await wait(1_000)
    calm = cpuSeconds(target.roots) - before < 0.3 ? calm + 1 : 0
  }
  print('many-alerts.settled', {
    ...{ label: target.label, seconds: round((performance.now() - began) / 1000) },
    ...{ cpuSeconds: round(cpuSeconds(target.roots) - cpu), memoryMiB: memory(target) },
  })
}

/** The database lives below the server that started it. */
const memory = ({ roots: [server = 0, database] }: Target): Record<string, number> => ({
  all: memoryMiB(server),
  ...(database === undefined ? {} : { database: memoryMiB(database) }),
})

/** Each alert again every half minute; a POST's wait is counted from when it was due. */
async function repeat(target: Target): Promise<void> {
  const { active, batch, every, seconds, churn } = options
  const all = connections(target)
  const latencies: number[] = []
  const [cpu, busy, began] = [cpuSeconds(target.roots), machineBusySeconds(), performance.now()]
  const perRound = Math.ceil(active / batch)
  const total = Math.floor((seconds / every) * perRound)
  let fresh = active
  const running: Promise<void>[] = []
  for (let index = 0; index < total; index += 1) {
    const due = began + (index * every * 1000) / perRound
    await wait(due - performance.now())
    const from = (index % perRound) * batch
    const round = Math.floor(index / perRound)
    const alerts = Array.from({ length: Math.min(batch, active - from) }, (_, place) => {
      const own = from + place
      // In each round others end, and as many open.
      const turn = (own + round * 7) % Math.round(1 / churn)
      if (turn === 0) return build(own, true)
      if (turn === 1) {
        fresh += 1
        return build(fresh)
      }
      return build(own)
    })
    const connection = all[(index % perRound) % all.length] as Connection
    running.push(
      connection.send('POST', '/api/v2/alerts', alerts).then((reply) => {
        demandTaken(reply)
        latencies.push(performance.now() - due)
      }),
    )
  }
  await Promise.all(running)
  const spent = cpuSeconds(target.roots) - cpu
  for (const each of all) each.close()
  print('many-alerts.repeat', {
    ...{ label: target.label, active, every, churn, inhibit: options.inhibit },
    ...{ requestMs: quantiles(latencies), cpuSecondsPer100kAlerts: round((spent / (total * batch)) * 100_000) },
    ...{ coresUsed: round(spent / seconds), machineBusySeconds: round(machineBusySeconds() - busy) },
    memoryMiB: memory(target),
  })
}

async function read(target: Target, own: readonly string[]): Promise<void> {
  const connection = connect(target.url, target.headers[0] ?? {})
  const few = (index: number) =>
    `/api/v2/alerts?filter=${encodeURIComponent(`service="svc-${String(index).padStart(4, '0')}"`)}`
  const paths = [...own.map((path) => () => path), few]
  for (const path of paths) {
    const latencies: number[] = []
    let bytes = 0
    for (let index = 0; index < options.reads; index += 1) {
      const began = performance.now()
      const reply = await connection.send('GET', path(index % options.services))
      if (reply.status !== 200) throw new Error(`${path(0)}: ${reply.status} ${reply.body.slice(0, 200)}`)
      latencies.push(performance.now() - began)
      bytes = reply.body.length
    }
    print('many-alerts.read', { label: target.label, path: path(0), bytes, ms: quantiles(latencies) })
  }
  const [cpu, began] = [cpuSeconds(target.roots), performance.now()]
  const whole = await connection.send('GET', '/api/v2/alerts')
  print('many-alerts.read', {
    ...{ label: target.label, path: '/api/v2/alerts', bytes: whole.body.length },
    ...{ seconds: round((performance.now() - began) / 1000), cpuSeconds: round(cpuSeconds(target.roots) - cpu) },
    memoryMiB: memory(target),
  })
  connection.close()
}

/** One that must be told now, in the middle of the others: from its POST until a mail server has the page. */
async function pageAmong(target: Target, taken: ReadonlyMap<string, number>): Promise<void> {
  const connection = connect(target.url, target.headers[0] ?? {})
  const waits: number[] = []
  for (let index = 0; index < 5; index += 1) {
    const mark = `mark-${index}-end`
    const began = performance.now()
    const labels = { alertname: 'CheckoutDown', service: `urgent-${index}`, severity: 'critical', mark }
    const alert = { labels, annotations: { summary: `Checkout is down ${mark}` }, startsAt: new Date().toISOString() }
    demandTaken(await connection.send('POST', '/api/v2/alerts', [alert]))
    while (!taken.has(mark) && performance.now() - began < 60_000) await wait(5)
    waits.push((taken.get(mark) ?? Number.NaN) - began)
  }
  connection.close()
  print('many-alerts.page', { label: target.label, active: options.active, fromSentMs: quantiles(waits) })
}

const rules = `
route: {receiver: everybody, group_by: [service]}
receivers: [{name: everybody, webhook_configs: [{url: 'http://127.0.0.1:9/'}]}]
inhibit_rules:
  - {source_matchers: [severity="critical"], target_matchers: [severity=~"warning|info"], equal: [service, alertname]}
  - {source_matchers: [severity="warning"], target_matchers: [severity="info"], equal: [service, alertname]}
  - {source_matchers: [alertname="InfoInhibitor"], target_matchers: [severity="info"], equal: [service]}
`

async function ours(): Promise<void> {
  const mails = await startMailSink()
  const product = await startProduct({ environment: mails.environment })
  let again: Product | null = null
  try {
    await declare(product)
    const keys = await Promise.all(
      Array.from({ length: options.connections }, (_, index) => product.createKey(`sender ${index}`)),
    )
    const target: Target = {
      ...{ label: 'mainstay', url: product.url, roots: [product.serverPid, product.databasePid] },
      headers: keys.map((each) => ({ authorization: `Bearer ${each}` })),
    }
    await fill(target)
    await pageAmong(target, mails.taken)
    await settle(target)
    await repeat(target)
    await read(target, ['/api/v1/alerts?limit=50', '/api/v1/alerts?status=open&service=svc-0001&limit=50'])
    process.kill(product.serverPid, 'SIGKILL')
    again = await startProduct({ environment: mails.environment, dataFolder: product.dataFolder, setUp: false })
    print('many-alerts.back', { label: 'mainstay', active: options.active, readyMs: Math.round(again.readyMs) })
  } finally {
    await again?.stop()
    await product.stop()
    await mails.close()
  }
}

async function declare(product: Product): Promise<void> {
  const object = (kind: string, name: string, spec: object) =>
    JSON.stringify({ apiVersion: 'mainstay.dev/v1', kind, metadata: { name }, spec })
  const services = Array.from({ length: options.services }, (_, index) =>
    object('Service', `svc-${String(index).padStart(4, '0')}`, { tier: 2 }),
  )
  const urgent = Array.from({ length: 5 }, (_, index) => [
    object('Person', `person-${index}`, { email: `person-${index}@shop.example` }),
    object('Team', `team-${index}`, { members: [`person-${index}`] }),
    object('Service', `urgent-${index}`, { team: `team-${index}`, tier: 1 }),
  ]).flat()
  await product.apply([...services, ...urgent].join('\n---\n'))
  if (options.inhibit === 0) return
  const order = { text: rules, timing: 'at-once' }
  demand(await product.admin.send('PUT', '/api/v1/routing', order, { 'x-mainstay-csrf': '1' }), 200)
}

async function theirs(program: string): Promise<void> {
  const peer = await startAlertmanager(program, options.inhibit === 0 ? null : rules)
  try {
    const target: Target = { label: 'alertmanager', url: peer.url, roots: [peer.pid], headers: [] }
    await fill(target)
    await settle(target)
    await repeat(target)
    await read(target, [])
  } finally {
    await peer.stop()
  }
}

await ours()
const other = process.env.BENCH_ALERTMANAGER
if (other !== undefined && other !== '') await theirs(other)

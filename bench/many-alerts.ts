// Very many alerts open at once, as a big Prometheus keeps sending them: what a POST takes while all are repeated every half
// minute, what reading a few of them takes, what is in memory, and how soon the server is back after a kill.
// With BENCH_ALERTMANAGER=/path/to/alertmanager the same requests go to it afterwards.
import { grouped, inhibiting, startAlertmanager } from './parts/alertmanager.ts'
import { print, quantiles, readArguments, round } from './parts/figures.ts'
import { type Connection, connect } from './parts/http.ts'
import { startMailSink } from './parts/mail-sink.ts'
import { cpuSeconds, machineBusySeconds, memoryMiB } from './parts/processes.ts'
import { demand, type Product, startProduct } from './parts/product.ts'
import { alertOf, serviceOf } from './parts/storm.ts'
import { startWebhookSink } from './parts/webhook-sink.ts'

const options = readArguments({
  ...{ active: 100_000, services: 1_000, rules: 10, batch: 64, connections: 4, seconds: 90, every: 30 },
  // Share of the alerts that end in a round, others opening in their place; reads of each kind; 1: rules that inhibit.
  ...{ churn: 0.02, reads: 300, inhibit: 0 },
})

interface Target {
  readonly label: string
  readonly url: string
  readonly roots: readonly number[]
  readonly headers: Readonly<Record<string, string>>
}

const batches = <T>(items: readonly T[]): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(items.length / options.batch) }, (_, index) =>
    items.slice(index * options.batch, (index + 1) * options.batch),
  )

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)))

const connections = (target: Target): readonly Connection[] =>
  Array.from({ length: options.connections }, () => connect(target.url, target.headers))

/** When they began. Long ago, an Alertmanager would tell each group at once with the first of it. */
let started = Date.now()

/** As Prometheus says it: it began when it began, and its end moves on. */
const build = (index: number, now: number, over = false): object =>
  alertOf(
    index,
    { services: options.services, rules: options.rules, sender: 0 },
    { startsAt: started, endsAt: over ? now : now + 4 * options.every * 1_000 },
  )

/** As fast as the answers come. */
async function fill(target: Target): Promise<void> {
  started = Date.now()
  const [cpu, began] = [cpuSeconds(target.roots), performance.now()]
  const left = [...batches(Array.from({ length: options.active }, (_, index) => index))].reverse()
  await Promise.all(
    connections(target).map(async (sender) => {
      for (let batch = left.pop(); batch !== undefined; batch = left.pop()) {
        const now = Date.now()
        const alerts = batch.map((index) => build(index, now))
        demandTaken(await sender.send('POST', '/api/v2/alerts', alerts))
      }
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

/** Counted once, and as often as processes share it; the database lives below the server that started it. */
const memory = ({ roots: [server = 0, database] }: Target): Record<string, number> => ({
  ...{ all: memoryMiB(server), rss: memoryMiB(server, 'Rss') },
  ...(database === undefined ? {} : { database: memoryMiB(database), databaseRss: memoryMiB(database, 'Rss') }),
})

/** Each alert again every half minute; a POST's wait is counted from when it was due. */
async function repeat(target: Target): Promise<void> {
  const { active, batch, every, seconds, churn } = options
  const senders = connections(target)
  const free = [...senders]
  const waiting: ((sender: Connection) => void)[] = []
  const latencies: number[] = []
  const open = Array.from({ length: active }, (_, index) => index)
  const [cpu, busy, began] = [cpuSeconds(target.roots), machineBusySeconds(), performance.now()]
  const perRound = Math.ceil(active / batch)
  const total = Math.floor((seconds / every) * perRound)
  let [fresh, sent] = [active, 0]
  const running: Promise<void>[] = []
  for (let index = 0; index < total; index += 1) {
    const due = began + (index * every * 1000) / perRound
    await wait(due - performance.now())
    const from = (index % perRound) * batch
    const now = Date.now()
    const alerts = open.slice(from, from + batch).flatMap((own, place) => {
      if (Math.random() >= churn) return [build(own, now)]
      // It ends, and another one opens in its place.
      open[from + place] = fresh
      fresh += 1
      return [build(fresh - 1, now), build(own, now, true)]
    })
    sent += alerts.length
    // As it leaves, whoever has nothing under way takes it.
    const sender = free.pop() ?? new Promise<Connection>((resolve) => waiting.push(resolve))
    running.push(
      Promise.resolve(sender).then(async (own) => {
        demandTaken(await own.send('POST', '/api/v2/alerts', alerts))
        latencies.push(performance.now() - due)
        const next = waiting.shift()
        if (next === undefined) free.push(own)
        else next(own)
      }),
    )
  }
  await Promise.all(running)
  const spent = cpuSeconds(target.roots) - cpu
  for (const each of senders) each.close()
  print('many-alerts.repeat', {
    ...{ label: target.label, active, every, churn, inhibit: options.inhibit },
    ...{ requestMs: quantiles(latencies), cpuSecondsPer100kAlerts: round((spent / sent) * 100_000) },
    ...{ coresUsed: round(spent / seconds), machineBusySeconds: round(machineBusySeconds() - busy) },
    memoryMiB: memory(target),
  })
}

async function read(target: Target, own: readonly string[]): Promise<void> {
  const connection = connect(target.url, target.headers)
  const few = (index: number) =>
    `/api/v2/alerts?filter=${encodeURIComponent(`service="${serviceOf(index, options.services)}"`)}`
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
  const connection = connect(target.url, target.headers)
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

async function ours(): Promise<void> {
  const mails = await startMailSink()
  const product = await startProduct({ environment: mails.environment })
  let again: Product | null = null
  try {
    await declare(product)
    const key = await product.createKey('sender')
    const target: Target = {
      ...{ label: 'mainstay', url: product.url, roots: [product.serverPid, product.databasePid] },
      headers: { authorization: `Bearer ${key}` },
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
    object('Service', serviceOf(index, options.services), { tier: 2 }),
  )
  const urgent = Array.from({ length: 5 }, (_, index) => [
    object('Person', `person-${index}`, { email: `person-${index}@shop.example` }),
    object('Team', `team-${index}`, { members: [`person-${index}`] }),
    object('Service', `urgent-${index}`, { team: `team-${index}`, tier: 1 }),
  ]).flat()
  await product.apply([...services, ...urgent].join('\n---\n'))
  if (options.inhibit === 0) return
  const order = { text: grouped('http://127.0.0.1:9/', inhibiting), timing: 'at-once' }
  demand(await product.admin.send('PUT', '/api/v1/routing', order, { 'x-mainstay-csrf': '1' }), 200)
}

async function theirs(program: string): Promise<void> {
  const hook = await startWebhookSink()
  const peer = await startAlertmanager(program, grouped(hook.url, options.inhibit === 0 ? '' : inhibiting))
  try {
    const target: Target = { label: 'alertmanager', url: peer.url, roots: [peer.pid], headers: {} }
    await fill(target)
    // Groups wait for half a minute; then it is told, and then it rests.
    await wait(35_000)
    await settle(target)
    await repeat(target)
    await read(target, [])
    print('many-alerts.told', { label: 'alertmanager', notifications: hook.notifications(), alerts: hook.taken.size })
  } finally {
    await peer.stop()
    await hook.close()
  }
}

await ours()
const other = process.env.BENCH_ALERTMANAGER
if (other !== undefined && other !== '') await theirs(other)

// Alerts per second taken over `POST /api/v2/alerts`, and the CPU-seconds of server and PostgreSQL for 100,000.
// With BENCH_ALERTMANAGER=/path/to/alertmanager the same requests go to it, in turn, on the same machine.
import { grouped, startAlertmanager } from './parts/alertmanager.ts'
import { print, quantiles, readArguments, round } from './parts/figures.ts'
import { connect } from './parts/http.ts'
import { cpuSeconds, machineBusySeconds } from './parts/processes.ts'
import { startProduct } from './parts/product.ts'
import { planStorm } from './parts/storm.ts'
import { startWebhookSink } from './parts/webhook-sink.ts'

const options = readArguments({
  ...{ count: 20_000, warm: 5_000, services: 200, connections: 4, batch: 64, single: 4_000 },
  // Shares of alerts that open and that end; the rest repeats what is open.
  ...{ fresh: 0.1, resolved: 0.05 },
})

interface Target {
  readonly label: string
  readonly url: string
  readonly roots: readonly number[]
  /** One for each connection: two keys are two senders. */
  readonly headers: readonly Readonly<Record<string, string>>[]
}

interface Measured {
  readonly alertsPerSecond: number
  readonly cpuPer100k: number
}

async function drive(target: Target, batch: number, count: number): Promise<Measured> {
  const { services, warm, fresh, resolved } = options
  // A sender of its own for each connection: what one key reports no other key repeats.
  const senders = Array.from({ length: options.connections }, (_, index) => ({
    connection: connect(target.url, target.headers[index] ?? {}),
    storm: planStorm({
      ...{ services, batch, fresh, resolved, sender: index },
      warm: Math.ceil(warm / options.connections),
      count: Math.ceil(count / options.connections),
    }),
  }))
  const statuses: Record<string, number> = {}
  const latencies: number[] = []
  const drain = (part: 'warmUp' | 'measured') =>
    Promise.all(
      senders.map(async ({ connection, storm }) => {
        for (const alerts of storm[part]) {
          const began = performance.now()
          const { status } = await connection.send('POST', '/api/v2/alerts', alerts)
          latencies.push(performance.now() - began)
          statuses[status] = (statuses[status] ?? 0) + 1
        }
      }),
    )
  await drain('warmUp')
  // What follows from the first ones (pages, incidents) is not the work of the ones that are counted.
  await quiet(target.roots)
  latencies.length = 0
  for (const status of Object.keys(statuses)) delete statuses[status]
  // The database is started by the server and lives below it: it is told apart as what the second root spends.
  const [cpu, database] = [cpuSeconds(target.roots), cpuSeconds(target.roots.slice(1))]
  const [busy, began] = [machineBusySeconds(), performance.now()]
  await drain('measured')
  const seconds = (performance.now() - began) / 1000
  const spent = cpuSeconds(target.roots) - cpu
  const ofDatabase = cpuSeconds(target.roots.slice(1)) - database
  for (const { connection } of senders) connection.close()
  const figures = { alertsPerSecond: Math.round(count / seconds), cpuPer100k: round((spent / count) * 100_000) }
  print('alerts', {
    label: target.label,
    ...{ batch, connections: options.connections, count, warm, services, fresh, resolved },
    seconds: round(seconds),
    ...{ alertsPerSecond: figures.alertsPerSecond, cpuSecondsPer100kAlerts: figures.cpuPer100k },
    shareOfDatabase: round(ofDatabase / spent),
    ...{ requestMs: quantiles(latencies), statuses, machineBusySeconds: round(machineBusySeconds() - busy) },
  })
  return figures
}

/** Until the processes use less than a tenth of a processor, or five minutes have passed. */
async function quiet(roots: readonly number[]): Promise<void> {
  for (let second = 0; second < 300; second += 1) {
    const before = cpuSeconds(roots)
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    if (cpuSeconds(roots) - before < 0.1) return
  }
}

async function ours(batch: number, count: number): Promise<Measured> {
  const product = await startProduct()
  try {
    const services = Array.from({ length: options.services }, (_, index) =>
      JSON.stringify({
        ...{ apiVersion: 'mainstay.dev/v1', kind: 'Service', spec: { tier: 2 } },
        metadata: { name: `svc-${String(index).padStart(4, '0')}` },
      }),
    )
    await product.apply(services.join('\n---\n'))
    // One caller may send 200 requests a second, so a full load of single alerts comes from several.
    const names = Array.from({ length: options.connections }, (_, index) => `storm ${index}`)
    const keys = await Promise.all(names.map((each) => product.createKey(each)))
    return await drive(
      {
        label: 'mainstay',
        url: product.url,
        roots: [product.serverPid, product.databasePid],
        headers: keys.map((each) => ({ authorization: `Bearer ${each}` })),
      },
      batch,
      count,
    )
  } finally {
    await product.stop()
  }
}

async function theirs(program: string, batch: number, count: number): Promise<Measured> {
  const hook = await startWebhookSink()
  const peer = await startAlertmanager(program, grouped(hook.url))
  try {
    return await drive({ label: 'alertmanager', url: peer.url, roots: [peer.pid], headers: [] }, batch, count)
  } finally {
    await peer.stop()
    await hook.close()
  }
}

const other = process.env.BENCH_ALERTMANAGER
for (const [batch, count] of [
  [options.batch, options.count],
  [1, options.single],
] as const) {
  const own = await ours(batch, count)
  if (other === undefined || other === '') continue
  const peer = await theirs(other, batch, count)
  print('alerts-ratio', {
    batch,
    alertsPerSecond: round(own.alertsPerSecond / peer.alertsPerSecond, 3),
    cpuSecondsPer100kAlerts: round(own.cpuPer100k / peer.cpuPer100k, 1),
  })
}

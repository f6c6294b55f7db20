// What an HTTP check costs, stored with its evidence: CPU-seconds of server and PostgreSQL for each thousand.
import { createServer } from 'node:http'
import { print, readArguments, round } from './parts/figures.ts'
import { connect } from './parts/http.ts'
import { cpuSeconds } from './parts/processes.ts'
import { demand, startProduct } from './parts/product.ts'

const options = readArguments({ probes: 200, every: 5, warm: 60, seconds: 60 })

let asked = 0
const target = createServer((_request, response) => {
  asked += 1
  response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"UP"}')
})
await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve))
const address = target.address()
const port = typeof address === 'object' && address !== null ? address.port : 0

const wait = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1_000))
const profile = process.env.BENCH_PROFILE
const nodeArguments = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`]
const product = await startProduct({
  nodeArguments,
  environment: { MAINSTAY_EGRESS_ALLOW: `probe=127.0.0.1/32:${port}` },
})
try {
  const documents = Array.from({ length: options.probes }, (_, index) => ({
    apiVersion: 'mainstay.dev/v1',
    kind: 'Probe',
    metadata: { name: `probe-${index}` },
    spec: {
      interval: `${options.every}s`,
      timeout: '2s',
      http: { url: `http://127.0.0.1:${port}/${index}`, expect: { status: 200, bodyContains: 'UP' } },
    },
  }))
  const pids = [product.serverPid, product.databasePid]
  // What the product costs when it does nothing is not the cost of a check; nor is its start.
  await wait(20)
  const idleFrom = cpuSeconds(pids)
  await wait(options.seconds / 3)
  const idlePerSecond = (cpuSeconds(pids) - idleFrom) / (options.seconds / 3)
  await product.apply(documents.map((each) => JSON.stringify(each)).join('\n---\n'))
  const applied = performance.now()
  while (asked < options.probes) await new Promise((resolve) => setTimeout(resolve, 50))
  const allAfterMs = performance.now() - applied
  // Whoever probes does so for months: what Node's compiler does at first is not the cost of a check.
  await wait(options.warm)
  const [before, database, from] = [cpuSeconds(pids), cpuSeconds([product.databasePid]), asked]
  const began = performance.now()
  await wait(options.seconds)
  const [spent, checks] = [cpuSeconds(pids) - before, asked - from]
  const ofDatabase = cpuSeconds([product.databasePid]) - database
  const elapsed = (performance.now() - began) / 1_000
  const reader = connect(product.url, { authorization: `Bearer ${await product.createKey('probes')}` })
  const list = demand(await reader.send('GET', '/api/v1/probes?limit=500'), 200)
  const { items } = JSON.parse(list) as { items: { lastGood: boolean }[] }
  print('probes', {
    ...options,
    checks,
    checksPerSecond: round(checks / elapsed),
    good: items.filter((each) => each.lastGood).length,
    allAskedAfterMs: round(allAfterMs),
    idleCpuPerSecond: round(idlePerSecond, 4),
    cpuSecondsPerThousand: round((spent / checks) * 1_000, 3),
    ofThemInPostgres: round((ofDatabase / checks) * 1_000, 3),
    withoutIdle: round(((spent - idlePerSecond * elapsed) / checks) * 1_000, 3),
  })
  reader.close()
} finally {
  await product.stop()
  target.closeAllConnections()
  target.close()
}

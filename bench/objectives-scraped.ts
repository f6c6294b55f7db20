// What objectives cost that are fed by scraping, everything counted: the scrape, keeping, counting, evaluation, storage, PostgreSQL. Eight
// counters for each objective (4 codes in 2 pods), as an exporter shows them and a Prometheus with recording rules would evaluate them. Figures
// are for one objective and one evaluation of 30 s, also without what the server takes before it scrapes. They are told by one endpoint, or by several.
import { createServer } from 'node:http'
import { print, readArguments, round } from './parts/figures.ts'
import { cpuSeconds } from './parts/processes.ts'
import { startProduct } from './parts/product.ts'

// `settle`: how long the server is left alone before its idleness is measured; Node's compiler is busy at first. `wait`: from the last declaration until measuring.
const options = readArguments({ objectives: 1_000, endpoints: 1, seconds: 180, port: 29_301, settle: 60, wait: 100 })
const evaluationSeconds = 30
const codes = [
  ['200', 0.95],
  ['404', 0.04],
  ['500', 0.004],
  ['503', 0.001],
] as const
const job = (index: number) => `svc-${String(index).padStart(5, '0')}`

interface Counter {
  readonly head: string
  readonly perSecond: number
}

const endpointOf = (index: number) => Math.floor((index * options.endpoints) / options.objectives)
const counters: readonly (readonly Counter[])[] = Array.from({ length: options.objectives }, (_, index) =>
  [0, 1].flatMap((pod) =>
    codes.map(([code, share]) => ({
      head: `http_request_duration_seconds_count{code="${code}",handler="/api",instance="10.0.${index % 250}.${pod}:8080",job="${job(index)}",namespace="team-${index % 50}",pod="${job(index)}-${pod}"} `,
      perSecond: (20 + (index % 37) * 3) * share,
    })),
  ),
)
const began = Date.now()
const exporter = createServer((request, reply) => {
  const seconds = 1_000_000 + (Date.now() - began) / 1_000
  const endpoint = Number(request.url?.split('/').at(-1))
  const told = counters.filter((_, index) => endpointOf(index) === endpoint).flat()
  const lines = told.map(({ head, perSecond }) => `${head}${Math.floor(perSecond * seconds)}`)
  reply.setHeader('content-type', 'text/plain; version=0.0.4')
  reply.end(`# TYPE http_request_duration_seconds_count counter\n${lines.join('\n')}\n`)
})
await new Promise<void>((resolve) => exporter.listen(options.port, '127.0.0.1', resolve))

const profile = process.env.BENCH_PROFILE
const nodeArguments = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`]
const product = await startProduct({
  nodeArguments,
  environment: { MAINSTAY_EGRESS_ALLOW: `scrape=127.0.0.0/8:${options.port}` },
})
try {
  const pause = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1_000))
  const pids = [product.serverPid, product.databasePid]
  await product.apply(
    Array.from({ length: 100 }, (_, index) =>
      JSON.stringify({
        ...{ apiVersion: 'mainstay.dev/v1', kind: 'Service', spec: { tier: 2 } },
        metadata: { name: `service-${index}` },
      }),
    ).join('\n---\n'),
  )
  await pause(options.settle)
  const idleBefore = cpuSeconds(pids)
  await pause(20)
  const idle = (cpuSeconds(pids) - idleBefore) / 20
  const sources = Array.from({ length: options.endpoints }, (_, endpoint) => ({
    ...{ apiVersion: 'openslo/v1', kind: 'DataSource', metadata: { name: sourceName(endpoint) } },
    spec: {
      type: 'scrape',
      connectionDetails: {
        url: `http://127.0.0.1:${options.port}/metrics/${endpoint}`,
        interval: `${evaluationSeconds}s`,
      },
    },
  }))
  await product.apply(sources.map((source) => JSON.stringify(source)).join('\n---\n'))
  for (let from = 0; from < options.objectives; from += 250) {
    const part = Array.from({ length: Math.min(250, options.objectives - from) }, (_, index) => objective(from + index))
    await product.apply(part.join('\n---\n'))
  }
  // First samples only begin something, and what follows from declaring is not what is measured.
  await pause(options.wait)
  const [before, database, since] = [cpuSeconds(pids), cpuSeconds([product.databasePid]), performance.now()]
  await pause(options.seconds)
  const spent = cpuSeconds(pids) - before
  const ofDatabase = cpuSeconds([product.databasePid]) - database
  const seconds = (performance.now() - since) / 1_000
  const evaluations = (options.objectives * seconds) / evaluationSeconds
  const reply = await product.admin.send('GET', '/api/v1/objectives?limit=5')
  print('objectives-scraped', {
    ...{
      objectives: options.objectives,
      endpoints: options.endpoints,
      series: counters.flat().length,
      seconds: round(seconds),
    },
    ...{ cpuSeconds: round(spent), ofPostgres: round(ofDatabase), idleCpuSecondsEachSecond: round(idle, 4) },
    cores: round(spent / seconds, 3),
    cpuMsPerObjectiveAndEvaluation: round((spent * 1_000) / evaluations, 3),
    withoutIdle: round(((spent - idle * seconds) * 1_000) / evaluations, 3),
    // Proof that it counted: what a few of them say.
    shown: JSON.stringify(reply.body).slice(0, 400),
  })
} finally {
  exporter.close()
  exporter.closeAllConnections()
  await product.stop()
}

function sourceName(endpoint: number): string {
  return `shop-metrics-${endpoint}`
}

function objective(index: number): string {
  const metric = 'http_request_duration_seconds_count'
  const side = (query: string) => ({
    metricSource: { metricSourceRef: sourceName(endpointOf(index)), type: 'scrape', spec: { query } },
  })
  return JSON.stringify({
    ...{ apiVersion: 'openslo/v1', kind: 'SLO', metadata: { name: `${job(index)}-availability` } },
    spec: {
      service: `service-${index % 100}`,
      indicator: {
        metadata: { name: `${job(index)}-requests` },
        spec: {
          ratioMetric: {
            counter: true,
            good: side(`${metric}{job="${job(index)}",code!~"5..|429"}`),
            total: side(`${metric}{job="${job(index)}"}`),
          },
        },
      },
      timeWindow: [{ duration: '30d', isRolling: true }],
      budgetingMethod: 'Occurrences',
      objectives: [{ displayName: 'Answers', target: 0.999 }],
    },
  })
}

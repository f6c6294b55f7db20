// What one objective costs in one tick of the engine: with traffic in all of them, and with none; and what it costs to
// take over, with days of history behind each objective (`--historyDays 30`). The engine runs in this process, on the
// product's own database, so that nothing but it is counted.

import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import pg from 'pg'
import { catalogPortsOf } from '../server/src/app/rooms.ts'
import { startServer } from '../server/src/app/start-server.ts'
import { automation } from '../server/src/kernel/actor.ts'
import { applyDocuments } from '../server/src/modules/catalog/index.ts'
import { createEngine } from '../server/src/modules/slo/engine/engine.ts'
import { print, quantiles, readArguments, round } from './parts/figures.ts'
import { fillHistory } from './parts/history.ts'
import { connect } from './parts/http.ts'
import { cpuSeconds } from './parts/processes.ts'
import { demand } from './parts/product.ts'

// A tick finds something to judge when a slice of time has closed, so the database's clock moves a slice for each.
const options = readArguments({ objectives: 1_000, ticks: 10, sliceMs: 60_000, historyDays: 0 })

// Memory is what is left after the garbage is gone.
setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')
async function collectGarbage(): Promise<void> {
  // Twice: buffers are given back by a later turn than the objects that held them.
  for (let turn = 0; turn < 3; turn += 1) {
    collect()
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

const dataFolder = await mkdtemp(path.join(tmpdir(), 'mainstay-bench-'))
const server = await startServer({
  logLevel: 'warn',
  // Without worker and scheduler nothing ticks but we.
  environment: { MAINSTAY_PORT: '0', MAINSTAY_DATA_DIR: dataFolder, MAINSTAY_ROLES: 'api' },
})
// A run that is interrupted leaves no database behind.
const interrupted = () => void server.stop().finally(() => process.exit(130))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupted)
try {
  const { needs } = server.house
  const name = (index: number) => `objective-${String(index).padStart(5, '0')}`
  const objective = (index: number) =>
    JSON.stringify({
      apiVersion: 'openslo/v1',
      kind: 'SLO',
      metadata: { name: name(index) },
      spec: {
        service: `svc-${index % 100}`,
        indicator: {
          metadata: { name: `${name(index)}-views` },
          spec: {
            ratioMetric: {
              counter: true,
              good: { metricSource: { type: 'push', spec: { series: 'a' } } },
              total: { metricSource: { type: 'push', spec: { series: 'b' } } },
            },
          },
        },
        timeWindow: [{ duration: '30d', isRolling: true }],
        budgetingMethod: 'Occurrences',
        objectives: [{ displayName: 'Views', target: 0.999 }],
      },
    })
  const services = Array.from({ length: 100 }, (_, index) =>
    JSON.stringify({
      apiVersion: 'mainstay.dev/v1',
      kind: 'Service',
      metadata: { name: `svc-${index}` },
      spec: { tier: 2 },
    }),
  )
  const ports = catalogPortsOf(() => server.house.rooms)
  const actor = automation('bench')
  await applyDocuments(needs, ports, { documents: services.join('\n---\n'), actor })
  for (let from = 0; from < options.objectives; from += 1_000) {
    const part = Array.from({ length: Math.min(1_000, options.objectives - from) }, (_, index) =>
      objective(from + index),
    )
    await applyDocuments(needs, ports, { documents: part.join('\n---\n'), actor })
  }
  const token = await server.createKey({ name: 'bench', role: 'editor', scopes: ['*'] })
  const sender = connect(server.url, { authorization: `Bearer ${token}` })
  const push = async () => {
    for (let from = 0; from < options.objectives; from += 1_000) {
      const counts = Array.from({ length: Math.min(1_000, options.objectives - from) }, (_, index) => ({
        objective: name(from + index),
        good: 9_990,
        bad: 10,
      }))
      demand(await sender.send('POST', '/api/v1/telemetry/counts', { counts }), 200)
    }
  }
  const database = Number(readFileSync(path.join(dataFolder, 'postgres/cluster/postmaster.pid'), 'utf8').split('\n')[0])
  const owner = new pg.Client({
    host: readFileSync(path.join(dataFolder, 'postgres/socket-folder'), 'utf8').trim(),
    user: 'mainstay',
    database: 'mainstay',
  })
  // It ends with the database; a failure before that is the one to be told.
  owner.on('error', () => undefined)
  await owner.connect()
  await owner.query('create table bench_clock (ahead interval not null); grant select on bench_clock to public')
  await owner.query("insert into bench_clock values ('0')")
  await owner.query(`
    create or replace function mainstay_now() returns timestamptz language sql stable parallel safe as
    $$select date_trunc('milliseconds', clock_timestamp()) + ahead from public.bench_clock$$`)
  const forward = () =>
    owner.query('update bench_clock set ahead = ahead + make_interval(secs => $1)', [options.sliceMs / 1000])
  if (options.historyDays > 0) print('history', { ...options, ...(await fillHistory(owner, options.historyDays)) })
  const engine = createEngine(needs)
  await push()
  // Whoever restarts finds objectives that were judged before.
  await engine.tick()
  await takeOver('first tick of a process that takes over')
  await takeOver('the same once more')

  /** A process that takes over: until it has judged everything, and the longest that anything else waited for it. */
  async function takeOver(label: string): Promise<void> {
    const states = () => owner.query('select * from objective_states order by name')
    const before = await states()
    engine.forget()
    await collectGarbage()
    const others = process.memoryUsage().arrayBuffers
    const stalls = monitorEventLoopDelay({ resolution: 5 })
    const [cpu, databaseCpu, began] = [process.cpuUsage(), cpuSeconds([database]), performance.now()]
    stalls.enable()
    const report = await engine.tick()
    stalls.disable()
    const [wallMs, own] = [performance.now() - began, process.cpuUsage(cpu)]
    const store = cpuSeconds([database]) - databaseCpu
    await collectGarbage()
    const [was, is] = [before.rows, (await states()).rows].map((rows) => rows.map((row) => JSON.stringify(row)))
    print('take-over', {
      label,
      ...options,
      rebuilt: report.rebuilt,
      wallMs: round(wallMs, 0),
      cpuMs: round((own.user + own.system) / 1e3, 0),
      cpuMsOfPostgres: round(store * 1e3, 0),
      longestStallMs: round(stalls.max / 1e6, 0),
      // The packed columns; what else an objective needs does not grow with its history.
      historyKbPerObjective: round((process.memoryUsage().arrayBuffers - others) / options.objectives / 1e3, 1),
      sameNumbers: was?.every((row, index) => row === is?.[index]) ?? false,
    })
  }
  const measure = async (label: string, before: () => Promise<void>) => {
    const [times, computes]: [number[], number[]] = [[], []]
    let [own, store, judged] = [0, 0, 0]
    for (let tick = 0; tick < options.ticks; tick += 1) {
      await before()
      const [cpu, databaseCpu, began] = [process.cpuUsage(), cpuSeconds([database]), performance.now()]
      const report = await engine.tick()
      times.push(performance.now() - began)
      const spent = process.cpuUsage(cpu)
      own += (spent.user + spent.system) / 1e6
      store += cpuSeconds([database]) - databaseCpu
      computes.push(report.computeMs)
      judged += report.judged
    }
    const each = options.objectives * options.ticks
    print('objectives', {
      label,
      ...options,
      judgedPerTick: judged / options.ticks,
      tickMs: quantiles(times),
      computeMs: quantiles(computes),
      cpuMicrosPerObjectiveAndTick: round(((own + store) * 1e6) / each, 1),
      ofThemInPostgres: round((store * 1e6) / each, 1),
    })
  }
  await measure('every objective has traffic, and a slice closes', async () => {
    await push()
    await forward()
  })
  await measure('no traffic and no time', async () => undefined)
  sender.close()
  await owner.end()
} finally {
  await server.stop()
  await rm(dataFolder, { recursive: true, force: true })
}

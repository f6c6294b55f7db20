// Samples that feed objectives, as they come from a Prometheus (remote write 1.0 and 2.0) or a Collector (OTLP/HTTP, counters and histograms): how many
// of them one CPU-second takes, PostgreSQL included: reading, keeping, counting, signals, until nothing waits any more. The
// engine's ticks are measured by bench/objectives.ts. What the product does while nothing comes is told beside it. The database's clock moves with the scrapes, so that they are as fresh as they would be.
import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import path from 'node:path'
import pg from 'pg'
import { print, quantiles, readArguments, round } from './parts/figures.ts'
import { cpuSeconds } from './parts/processes.ts'
import { startProduct } from './parts/product.ts'
import {
  encodeSamples,
  headersOf,
  histogramName,
  metricName,
  type Protocol,
  pathOf,
  protocols,
  seriesOf,
  seriesOfOne,
} from './parts/sample-bodies.ts'

// `each`: samples of a series in one request; 1 is the usual scrape, more is a sender that catches up. `pauseMs` between scrapes:
// 0 as fast as they are taken, so that many are counted at once; 2000 counts each by itself. `parts`: a scrape comes in so many
// parts, a second apart, as targets do that are scraped at their own places of the interval. The first ones come whole, so that who
// was met together does not tell who comes together later: so it is after some weeks of deployments.
const options = readArguments({
  objectives: 500,
  scrapes: 30,
  warm: 6,
  each: 1,
  inRequest: 2_000,
  protocol: 0,
  pauseMs: 0,
  parts: 1,
})
const stepMs = 30_000
const chosen: readonly Protocol[] =
  options.protocol === 0 ? protocols : protocols.slice(options.protocol - 1, options.protocol)

for (const protocol of chosen) await run(protocol)

async function run(protocol: Protocol): Promise<void> {
  const profile = process.env.BENCH_PROFILE
  const nodeArguments = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`]
  const product = await startProduct({ nodeArguments, environment: { MAINSTAY_ROLES: 'api' } })
  const owner = new pg.Client({
    host: readFileSync(path.join(product.dataFolder, 'postgres/socket-folder'), 'utf8').trim(),
    user: 'mainstay',
    database: 'mainstay',
  })
  owner.on('error', () => undefined)
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
  try {
    await owner.connect()
    await owner.query('create table bench_clock (ahead interval not null); grant select on bench_clock to public')
    await owner.query("insert into bench_clock values ('0')")
    await owner.query(`
      create or replace function mainstay_now() returns timestamptz language sql stable parallel safe as
      $$select date_trunc('milliseconds', clock_timestamp()) + ahead from public.bench_clock$$`)
    await product.apply(
      '{"apiVersion":"mainstay.dev/v1","kind":"Service","metadata":{"name":"shop"},"spec":{"tier":2}}',
    )
    for (let from = 0; from < options.objectives; from += 250) {
      const part = Array.from({ length: Math.min(250, options.objectives - from) }, (_, index) => from + index)
      await product.apply(part.map((index) => objective(index, protocol)).join('\n---\n'))
    }
    const headers = {
      ...headersOf[protocol],
      authorization: `Bearer ${await product.createKey('samples')}`,
    }
    const series = Array.from({ length: options.objectives }, (_, index) => seriesOf(index)).flat()
    const perRequest = Math.max(1, Math.floor(options.inRequest / options.each))
    let last = Math.ceil(Date.now() / stepMs) * stepMs
    const scrape = async (parts: number): Promise<number[]> => {
      const times = Array.from({ length: options.each }, (_, index) => last + (index + 1) * stepMs)
      last = times.at(-1) ?? last
      const bodies = Array.from({ length: parts }, (_, part) => {
        const own = series.filter((_each, index) => Math.floor(index / seriesOfOne) % parts === part)
        return Array.from({ length: Math.ceil(own.length / perRequest) }, (_each, index) =>
          encodeSamples(protocol, own.slice(index * perRequest, (index + 1) * perRequest), times),
        )
      })
      await owner.query('update bench_clock set ahead = to_timestamp($1::float8 / 1000) - clock_timestamp()', [last])
      const taken: number[] = []
      for (const part of bodies) {
        for (const body of part) {
          const began = performance.now()
          await post(agent, `${product.url}${pathOf(protocol)}`, headers, body)
          taken.push(performance.now() - began)
        }
        if (parts > 1) await pause(1_000)
      }
      return taken
    }
    const pids = [product.serverPid, product.databasePid]
    for (let index = 0; index < options.warm; index += 1) await scrape(1)
    const counted = async () => {
      for (;;) {
        const { rows } = await owner.query('select count(*)::int as waiting from sample_inbox')
        if (rows[0].waiting === 0) return
        await pause(100)
      }
    }
    await counted()
    await pause(6_000)
    const idleBefore = cpuSeconds(pids)
    await pause(10_000)
    const idle = (cpuSeconds(pids) - idleBefore) / 10
    const [before, database] = [cpuSeconds(pids), cpuSeconds([product.databasePid])]
    const began = performance.now()
    const taken: number[] = []
    for (let index = 0; index < options.scrapes; index += 1) {
      taken.push(...(await scrape(options.parts)))
      if (options.pauseMs > 0) await pause(options.pauseMs)
    }
    await counted()
    // What they leave behind to do, the collectors' writing, is theirs too.
    await pause(6_000)
    const [spent, ofDatabase] = [cpuSeconds(pids) - before, cpuSeconds([product.databasePid]) - database]
    const samples = series.length * options.each * options.scrapes
    const events = await owner.query(
      'select coalesce(sum(good + bad + total), 0)::float8 as events from slices s join telemetry_streams t on t.key = s.stream',
    )
    print('intake-samples', {
      protocolName: protocol,
      ...options,
      series: seriesOfOne * options.objectives,
      samples,
      wallSeconds: round((performance.now() - began) / 1_000),
      requestMs: quantiles(taken),
      cpuSeconds: round(spent),
      idleCpuSecondsEachSecond: round(idle, 4),
      microsecondsWithoutIdle: round(((spent - (idle * (performance.now() - began)) / 1_000) * 1e6) / samples),
      microsecondsPerSample: round((spent * 1e6) / samples),
      ofThemInPostgres: round((ofDatabase * 1e6) / samples),
      millionSamplesPerCpuSecond: round(samples / spent / 1e6, 3),
      // Each series counts on both sides of its objective; nothing may be missing.
      countedEvents: events.rows[0].events,
    })
  } finally {
    agent.destroy()
    await owner.end().catch(() => undefined)
    await product.stop()
  }
}

function objective(index: number, protocol: Protocol): string {
  const job = seriesOf(index)[0]?.labels.job ?? ''
  const filters = [{ attribute: 'service.name', equals: job }]
  const cut = (more: object) => ({
    metricSource: { type: 'otlp', spec: { metric: histogramName, filters, ...more } },
  })
  const side = (more: string) =>
    protocol === 'otlp'
      ? {
          metricSource: {
            type: 'otlp',
            spec: {
              metric: metricName,
              filters: [...filters, ...(more === '' ? [] : [{ attribute: 'code', prefix: '5' }])],
            },
          },
        }
      : { metricSource: { type: 'remote-write', spec: { query: `${metricName}{job="${job}"${more}}` } } }
  return JSON.stringify({
    apiVersion: 'openslo/v1',
    kind: 'SLO',
    metadata: { name: `${job}-requests` },
    spec: {
      service: 'shop',
      indicator: {
        metadata: { name: `${job}-answers` },
        spec: {
          ratioMetric:
            protocol === 'otlp histograms'
              ? { counter: true, good: cut({ atMost: 0.25 }), total: cut({}) }
              : { counter: true, bad: side(',code=~"5.."'), total: side('') },
        },
      },
      timeWindow: [{ duration: '30d', isRolling: true }],
      budgetingMethod: 'Occurrences',
      objectives: [{ displayName: 'Answers', target: 0.999 }],
    },
  })
}

function post(agent: Agent, url: string, headers: Readonly<Record<string, string>>, body: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      { agent, method: 'POST', headers: { ...headers, 'content-length': body.length } },
      (reply) => {
        const parts: Buffer[] = []
        reply.on('data', (part: Buffer) => parts.push(part))
        reply.on('end', () => {
          const { statusCode = 0 } = reply
          if (statusCode < 300) resolve()
          else reject(new Error(`${statusCode}: ${Buffer.concat(parts).toString('utf8').slice(0, 500)}`))
        })
        reply.on('error', reject)
      },
    )
    sent.on('error', reject)
    sent.end(body)
  })
}

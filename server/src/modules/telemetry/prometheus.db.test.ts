// Reading from a small HTTP server that answers in Prometheus' own words, kept from a real one.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Type } from 'typebox'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { installClock, type TestClock } from '../../../test/clock.ts'
import { queryRange } from '../../integrations/prometheus/range-query.ts'
import type { Actor } from '../../kernel/actor.ts'
import { instant } from '../../kernel/instant.ts'
import { sql } from '../../platform/database/queries.ts'
import type { ResourceKind } from '../../platform/resources/resource-kind.ts'
import { applyDocuments } from '../catalog/index.ts'
import { readSlices } from './slices.store.ts'
import type { StreamSource } from './stream.ts'
import { findStream } from './streams.store.ts'
import {
  forget,
  openTelemetryWorld,
  portsWith,
  register,
  requestsOf,
  type TelemetryWorld,
  totalsOf,
} from './telemetry.fixture.ts'
import { pollPrometheus } from './usecases/poll-prometheus.ts'

interface Asked {
  readonly query: string
  readonly start: number
  readonly end: number
  readonly step: number
}
type Labels = Record<string, string>

// The room slo has the real kind; it comes later in the order.
const dataSource: ResourceKind = {
  apiVersion: 'openslo/v1',
  kind: 'DataSource',
  plural: 'datasources',
  summary: '',
  order: 1,
  spec: Type.Object({}, { additionalProperties: true }),
  owner: () => null,
  references: () => [],
  admit: () => ({ faults: [], warnings: [] }),
}

let world: TelemetryWorld
let clock: TestClock
let server: Server
let asked: Asked[] = []
/** What the server knows: query → series → value at an instant in seconds, null when there is none. */
let answers: Record<string, readonly [Labels, (at: number) => number | null][]> = {}
let override: { status: number; body: string } | null = null
let tooMuch: (asked: Asked) => boolean = () => false

const minute = 60_000
const begin = instant(Date.UTC(2026, 2, 1, 9, 0, 0))
const admin: Actor = { kind: 'person', id: 'ana', name: 'Ana', role: 'admin', teams: [] }
const ports = portsWith({ queryRange })
const poll = () => pollPrometheus(world.needs, ports)

beforeAll(async () => {
  world = await openTelemetryWorld('prometheus')
  clock = await installClock(world.connection)
  server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString()
    })
    request.on('end', () => {
      const form = new URLSearchParams(body)
      const number = (name: string) => Number(form.get(name))
      const query = { query: form.get('query') ?? '', start: number('start'), end: number('end'), step: number('step') }
      asked.push(query)
      if (tooMuch(query)) {
        response.writeHead(422, { 'content-type': 'application/json' })
        response.end('{"status":"error","error":"query processing would load too many samples into memory"}')
        return
      }
      response.writeHead(override?.status ?? 200, { 'content-type': 'application/json' })
      response.end(override?.body ?? matrix(query))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await applyDocuments(
    world.needs,
    { kinds: () => [dataSource], translators: [], mayChange: () => undefined },
    {
      documents: `apiVersion: openslo/v1\nkind: DataSource\nmetadata: {name: main}\nspec: {type: prometheus, connectionDetails: {url: 'http://127.0.0.1:${port}'}}`,
      actor: admin,
    },
  )
})
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve))
  await world.close()
})
beforeEach(async () => {
  await forget(world.database)
  await clock.set(begin)
  asked = []
  answers = {}
  override = null
  tooMuch = () => false
})

function matrix({ query, start, end, step }: Asked): string {
  const result = (answers[query] ?? []).flatMap(([metric, valueAt]) => {
    const values: [number, string][] = []
    for (let at = start; at <= end; at += step) {
      const value = valueAt(at)
      if (value !== null) values.push([at, Number.isNaN(value) ? 'NaN' : String(value)])
    }
    return values.length === 0 ? [] : [{ metric, values }]
  })
  return JSON.stringify({ status: 'success', data: { resultType: 'matrix', result } })
}

function stream(counter: boolean, more: Partial<Extract<StreamSource, { kind: 'prometheus' }>> = {}) {
  const queries = [
    { side: 'bad' as const, query: 'sum(errors)', counter },
    { side: 'total' as const, query: 'sum(all)', counter },
  ]
  const source: StreamSource = { kind: 'prometheus', form: 'bad-total', dataSource: 'main', queries, ...more }
  return requestsOf('shop', { source })
}

async function slices() {
  const found = await findStream(world.database, 'shop-availability')
  const rows = found === null ? [] : await readSlices(world.database, found.key, 0, Number.MAX_SAFE_INTEGER)
  return rows.map((row) => [(row.sliceStart - begin) / minute, row.bad, row.total])
}

const pod = (instance: string): Labels => ({ __name__: 'http_requests_total', job: 'shop', instance })
const secondsFrom = (at: number) => at - begin / 1000

test('counters are read once, slice by slice, to the end of what has settled', async () => {
  await register(world.database, stream(true))
  // 10 a second since a minute before; an error series that is born with the first error, two minutes in.
  answers['sum(all)'] = [[pod('a'), (at) => (secondsFrom(at) < -60 ? null : 600 + Math.round(secondsFrom(at) * 10))]]
  answers['sum(errors)'] = [[{ ...pod('a'), code: '500' }, (at) => (secondsFrom(at) < 120 ? null : 3)]]
  await clock.forward(60_000 + 6_000)
  await poll()
  expect(asked[0]).toMatchObject({ query: 'sum(errors)', step: 60, end: begin / 1000 + 60 })
  await clock.forward(60_000)
  await poll()
  await clock.forward(60_000)
  await poll()
  const windows = asked
    .filter((each) => each.query === 'sum(all)')
    .map((each) => [secondsFrom(each.start), secondsFrom(each.end)])
    .filter(([start]) => (start ?? 0) > 0)
  expect(windows).toEqual([
    [120, 120],
    [180, 180],
  ])
  // The first sample only sets where counting begins; the first error of a known target is counted.
  expect(await slices()).toEqual([
    [-1, 0, 600],
    [0, 0, 600],
    [1, 3, 600],
    [2, 0, 600],
  ])
  const begun = asked.length
  await poll()
  expect(asked.slice(begun).filter((each) => secondsFrom(each.end) > 0)).toEqual([])
})

test('history is filled in step by step to the end of what is kept, counted once, in halves when it is too much', async () => {
  await register(world.database, stream(true))
  const days = 24 * 60 * minute
  // A request a second for ten days; the process began anew five days ago.
  const [first, again] = [-10 * 86_400, -5 * 86_400 - 30]
  const value = (at: number) => {
    const since = secondsFrom(at)
    return since < first ? null : since < again ? 500 + since - first : since - again
  }
  answers['sum(all)'] = [[pod('a'), value]]
  await clock.forward(66_000)
  let refusals = 0
  tooMuch = ({ start, end }) => {
    const much = end - start > 7 * 3600
    if (much) refusals += 1
    return much
  }
  for (let rounds = 0; rounds < 20; rounds += 1) await poll()
  expect(refusals).toBeGreaterThan(0)
  const rows = await slices()
  const at = rows.map(([start]) => start ?? 0)
  expect([at[0], at.at(-1), new Set(at).size]).toEqual([-10 * 1440, 0, rows.length])
  expect(rows.every(([start, , total]) => total === 60 || (start === -5 * 1440 - 1 && total === 30))).toBe(true)
  expect(rows.length).toBe(10 * 1440 + 1)
  // 35 days are kept: what is older was never asked for, and what is known is not asked for again.
  expect(Math.min(...asked.map((each) => each.start)) * 1000).toBeGreaterThan(begin - 35 * days)
  const known = asked.length
  await poll()
  expect(asked.length).toBe(known)
})

test('a restart of a pod and a pod that is new to us', async () => {
  await register(world.database, stream(true))
  answers['sum(all)'] = [
    [pod('a'), (at) => (secondsFrom(at) < 120 ? 1_000 + secondsFrom(at) : secondsFrom(at) - 100)],
    [pod('b'), (at) => (secondsFrom(at) < 120 ? null : 5_000 + secondsFrom(at))],
  ]
  await clock.forward(246_000)
  await poll()
  const counted = (await slices()).filter(([start]) => (start ?? 0) >= 0)
  expect(counted).toEqual([
    [0, 0, 60],
    [1, 0, 20],
    [2, 0, 120],
    [3, 0, 120],
  ])
})

test.each([
  ['a server that is down', { status: 503, body: 'no' }, 'unreachable'],
  [
    'a partial answer',
    { status: 200, body: '{"status":"success","warnings":["store away"],"data":{"resultType":"matrix","result":[]}}' },
    'partial',
  ],
  ['something else', { status: 200, body: '<html>' }, 'bad-answer'],
  [
    'a query the server does not understand',
    { status: 400, body: '{"status":"error","error":"parse error"}' },
    'refused',
  ],
])('%s leaves a gap and a finding, and is read again later', async (_what, answer, kind) => {
  await register(world.database, stream(true))
  answers['sum(all)'] = [[pod('a'), (at) => 10_000 + secondsFrom(at)]]
  await clock.forward(66_000)
  await poll()
  override = answer
  await clock.forward(60_000)
  await poll()
  const last = () => slices().then((rows) => rows.at(-1)?.[0])
  expect(await last()).toBe(0)
  const [source] = await world.database.many(sql<{ findings: object }>`select findings from telemetry_sources`)
  expect(source?.findings).toHaveProperty(kind)
  override = null
  await poll()
  expect(await last()).toBe(1)
})

test('queries that count: NaN and missing samples are gaps, not zeros', async () => {
  await register(world.database, stream(false))
  answers['sum(all)'] = [[{}, (at) => (secondsFrom(at) === 120 ? Number.NaN : secondsFrom(at) === 180 ? null : 100)]]
  answers['sum(errors)'] = [[{}, () => 4]]
  await clock.forward(246_000)
  await poll()
  const rows = (await slices()).filter(([start]) => (start ?? 0) >= 0)
  expect(rows.filter(([, , total]) => total === 100)).toEqual([
    [0, 4, 100],
    [3, 4, 100],
  ])
  expect(rows.map(([start]) => start)).toEqual([0, 3])
})

test('a threshold makes each sample an event', async () => {
  const threshold = { query: 'p99', op: 'lt' as const, value: 0.3 }
  await register(world.database, stream(false, { form: 'good-bad', queries: [], threshold }))
  answers.p99 = [[{}, (at) => (secondsFrom(at) > 120 ? 0.5 : 0.1)]]
  await clock.forward(246_000)
  await poll()
  const totals = await totalsOf(world.database, 'shop-availability')
  expect(totals.bad).toBe(2)
  expect(totals.good).toBe(totals.slices - 2)
})

test('two processes that read the same range count it once', async () => {
  await register(world.database, stream(true))
  answers['sum(all)'] = [[pod('a'), (at) => 10_000 + secondsFrom(at)]]
  await clock.forward(126_000)
  await Promise.all([poll(), poll(), poll()])
  expect((await slices()).filter(([start]) => (start ?? 0) >= 0)).toEqual([
    [0, 0, 60],
    [1, 0, 60],
  ])
})

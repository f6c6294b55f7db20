// A real Prometheus scrapes a real service, and an objective read from it counts exactly what the service counted:
// through a restart of either, a hang, an error of the gateway before it, with TLS, passwords and a tenant.
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openEgress } from '../../src/app/outgoing.ts'
import { queryRange } from '../../src/integrations/prometheus/range-query.ts'
import { applyDocuments } from '../../src/modules/catalog/index.ts'
import { openSloKinds } from '../../src/modules/slo/kinds/openslo-kinds.ts'
import type { StreamSource } from '../../src/modules/telemetry/index.ts'
import {
  openTelemetryWorld,
  portsWith,
  register,
  requestsOf,
  sender,
  type TelemetryWorld,
  totalsOf,
} from '../../src/modules/telemetry/telemetry.fixture.ts'
import type { TelemetryPorts } from '../../src/modules/telemetry/telemetry.ports.ts'
import { pollPrometheus } from '../../src/modules/telemetry/usecases/poll-prometheus.ts'
import { readConfig } from '../../src/platform/config/config.ts'
import { sql } from '../../src/platform/database/queries.ts'
import { authority, certificate, key } from '../../src/platform/egress/test-certificates.ts'
import { silentLog } from '../../src/platform/log/log.ts'
import { type CountingShop, startShop } from './counting-shop.ts'
import { prometheusProgram, type RealPrometheus, startPrometheus } from './real-prometheus.ts'

// From the test vectors of crypt_blowfish; its text is «U*U».
const hashOfPassword = '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'
const password = 'U*U'
const token = 'token-of-the-gateway'

let world: TelemetryWorld
let shop: CountingShop
/** Behind TLS and a password. */
let prometheus: RealPrometheus
/** Plain, behind a gateway that wants a token and a tenant. */
let inner: RealPrometheus
let gateway: Server
let broken = false
const seen: { tenant: string | undefined; form: URLSearchParams; url: string }[] = []
let ports: TelemetryPorts

const configFor = (port: number) => `global: {scrape_interval: 200ms, scrape_timeout: 200ms}
scrape_configs:
- {job_name: shop, static_configs: [{targets: ['127.0.0.1:${port}']}]}
`

beforeAll(async () => {
  if (prometheusProgram === null) return
  world = await openTelemetryWorld('prometheus_interop')
  shop = await startShop()
  const config = configFor(shop.port)
  prometheus = await startPrometheus({
    config,
    web: `tls_server_config: {cert_file: cert.pem, key_file: key.pem}\nbasic_auth_users: {reader: ${hashOfPassword}}\n`,
    files: { 'cert.pem': certificate, 'key.pem': key },
  })
  inner = await startPrometheus({ config })
  gateway = openGateway().listen(0, '127.0.0.1')
  await once(gateway, 'listening')
  const { port } = gateway.address() as AddressInfo
  const [direct, through] = [`https://hooks.example:${prometheus.port}`, `http://127.0.0.1:${port}/tenants`]
  const ca = path.join(tmpdir(), `mainstay-authority-${process.pid}.pem`)
  writeFileSync(ca, authority)
  const settings = readConfig({
    MAINSTAY_EGRESS_ALLOW: 'prometheus=127.0.0.1/32:any',
    MAINSTAY_EGRESS_CA: `prometheus:direct=${ca}`,
    MAINSTAY_SECRET_READER: password,
    MAINSTAY_SECRET_READER_FOR: direct,
    MAINSTAY_SECRET_GATEWAY: token,
    MAINSTAY_SECRET_GATEWAY_FOR: `http://127.0.0.1:${port}`,
  })
  const egress = openEgress({
    config: settings,
    log: silentLog,
    database: world.connection,
    ownPort: () => 1,
    resolve: async () => ['127.0.0.1'],
  })
  ports = portsWith({
    queryRange,
    secret: (name, url) => settings.secrets.for(name, url),
    egress: {
      fetch: (connector, limits) =>
        egress.fetch(connector, { ...limits, timeouts: { headersMs: 1_000, totalMs: 2_000 } }),
    },
  })
  const source = (name: string, details: string) =>
    `apiVersion: openslo/v1\nkind: DataSource\nmetadata: {name: ${name}}\nspec: {type: prometheus, connectionDetails: ${details}}\n`
  await applyDocuments(
    world.needs,
    { kinds: () => openSloKinds, translators: [], mayChange: () => undefined },
    {
      documents: [
        source('direct', `{url: '${direct}', basic: {username: reader, password: {secret: READER}}}`),
        source('gateway', `{url: '${through}', bearer: {secret: GATEWAY}, headers: {X-Scope-OrgID: team-a}}`),
        source('stranger', `{url: '${through}', bearer: {secret: READER}}`),
      ].join('---\n'),
      actor: { kind: 'person', id: 'ana', name: 'Ana', role: 'admin', teams: [] },
    },
  )
  for (const dataSource of ['direct', 'gateway']) await register(world.database, streamOf(dataSource))
})

afterAll(async () => {
  if (prometheusProgram === null) return
  await prometheus.stop()
  await inner.stop()
  await shop.stop()
  await new Promise((resolve) => gateway.close(resolve))
  await world.close()
})

/** Refuses who has no token or tenant, fails when told to, and else passes on to the inner Prometheus. */
function openGateway(): Server {
  return createServer((incoming, outgoing) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const body = Buffer.concat(chunks)
      const tenant = incoming.headers['x-scope-orgid']?.toString()
      seen.push({ tenant, form: new URLSearchParams(body.toString()), url: incoming.url ?? '' })
      if (broken) return outgoing.writeHead(502).end('upstream connect error')
      if (incoming.headers.authorization !== `Bearer ${token}` || tenant !== 'team-a')
        return outgoing.writeHead(401).end('no')
      const onward = request(
        `${inner.url}${incoming.url?.replace('/tenants', '')}`,
        {
          method: incoming.method ?? 'POST',
          headers: { 'content-type': incoming.headers['content-type'] ?? '', 'content-length': body.length },
        },
        (reply) => {
          outgoing.writeHead(reply.statusCode ?? 500, { 'content-type': 'application/json' })
          reply.pipe(outgoing)
        },
      )
      onward.on('error', () => outgoing.destroy())
      onward.end(body)
    })
  })
}

function streamOf(dataSource: string, id = `shop-by-${dataSource}`) {
  const source: StreamSource = {
    kind: 'prometheus',
    form: 'bad-total',
    dataSource,
    queries: [
      { side: 'bad', query: 'shop_requests_total{code=~"5.."}', counter: true },
      { side: 'total', query: 'shop_requests_total', counter: true },
    ],
  }
  return requestsOf('shop', { id, source, sliceMs: 1_000 })
}

const poll = () => pollPrometheus(world.needs, ports)
const truth = () => ({ bad: shop.truth.bad, total: shop.truth.good + shop.truth.bad })
const counted = async (name: string) => {
  const { bad, total } = await totalsOf(world.database, `shop-by-${name}`)
  return { bad, total }
}

/** Reads on until both objectives stand at what the service counted; what was counted too much never goes away. */
async function expectAgreement(): Promise<void> {
  await expect
    .poll(
      async () => {
        await poll()
        return { direct: await counted('direct'), gateway: await counted('gateway') }
      },
      { timeout: 25_000, interval: 250 },
    )
    .toEqual({ direct: truth(), gateway: truth() })
}

/** What the inner Prometheus holds now: events of the test wait for it, not for time. */
async function expectScraped(value: number, query = 'sum(shop_requests_total)'): Promise<void> {
  for (const each of [inner.url, null])
    await expect.poll(() => latest(each, query), { timeout: 10_000, interval: 50 }).toBe(value)
}

async function latest(url: string | null, query: string): Promise<number> {
  const send =
    url === null
      ? (input: Parameters<typeof fetch>[0], init?: RequestInit) =>
          ports.egress.fetch('prometheus:direct', {
            maxReplyBytes: 1_000_000,
            timeouts: { headersMs: 1_000, totalMs: 1_000 },
          })(input, {
            ...init,
            headers: { authorization: `Basic ${Buffer.from(`reader:${password}`).toString('base64')}` },
          })
      : fetch
  const base = url ?? `https://hooks.example:${prometheus.port}`
  const reply = await send(`${base}/api/v1/query?query=${encodeURIComponent(query)}`)
  const answer = (await reply.json()) as { data: { result: { value: [number, string] }[] } }
  return Number(answer.data.result[0]?.value[1] ?? Number.NaN)
}

const findings = async (name: string) =>
  (
    await world.database.one(
      sql<{ findings: Record<string, { example: string }> }>`
        select findings from telemetry_sources where name = ${`prometheus:${name}`}`,
    )
  ).findings

test.skipIf(prometheusProgram === null)(
  'what a real Prometheus scraped is counted to the event, whatever happens to it',
  { timeout: 150_000 },
  async () => {
    await expectScraped(0)
    shop.serve(200, 40)
    shop.serve(503, 2)
    await expectAgreement()

    // Prometheus is away while the service goes on.
    await prometheus.restart(() => {
      shop.serve(200, 30)
      shop.serve(500, 3)
    })
    await inner.restart()
    await expectAgreement()

    // The service begins anew within a second: what it counted last, and what it counts first, are both there.
    shop.serve(200, 7)
    await expectScraped(82)
    await shop.restart()
    shop.serve(200, 5)
    shop.serve(500, 1)
    await expectAgreement()
    expect(await findings('direct')).toHaveProperty('reset')

    // It takes connections and answers nothing; the gateway fails at the same time.
    prometheus.hang()
    broken = true
    shop.serve(200, 11)
    const failed = async () => {
      await poll()
      return [(await findings('direct')).unreachable, (await findings('gateway')).unreachable]
        .map((each) => each?.example ?? '')
        .join()
    }
    await expect.poll(failed, { timeout: 25_000 }).toMatch(/shop-by-direct: .*,shop-by-gateway: HTTP 502/)
    prometheus.goOn()
    broken = false
    await expectAgreement()

    // Every stretch was asked for once, as scraped and with the tenant.
    const asked = seen.filter((each) => each.form.get('query')?.startsWith('shop_requests_total['))
    expect(new Set(seen.map((each) => each.tenant))).toEqual(new Set(['team-a']))
    expect(asked.every((each) => each.url === '/tenants/api/v1/query')).toBe(true)
    expect(asked.length).toBeGreaterThan(5)
  },
)

test.skipIf(prometheusProgram === null)('a secret goes to no address its owner did not name', async () => {
  await register(world.database, streamOf('stranger'))
  await poll()
  expect((await findings('stranger')).refused?.example).toContain('MAINSTAY_SECRET_READER_FOR')
  expect(await counted('stranger')).toEqual({ bad: 0, total: 0 })
  expect(JSON.stringify(await world.database.many(sql`select findings from telemetry_sources`))).not.toContain(password)
  expect(sender.kind).toBe('key')
})

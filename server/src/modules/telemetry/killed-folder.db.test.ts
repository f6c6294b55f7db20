// The process that counts is killed for good, before its commit, at its commit and behind it: what was accepted counts once.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { createInterface } from 'node:readline'
import protobuf from 'protobufjs'
import { compress } from 'snappyjs'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { readWaiting } from './inbox.store.ts'
import {
  nobodyCollects,
  openTelemetryWorld,
  register,
  requestsOf,
  type TelemetryWorld,
  totalsOf,
} from './telemetry.fixture.ts'
import { createSampleIntake } from './usecases/take-samples.ts'

const { root } = protobuf.parse(
  `syntax = "proto3";
message Label { string name = 1; string value = 2; }
message Sample { double value = 1; int64 timestamp = 2; }
message Series { repeated Label labels = 1; repeated Sample samples = 2; }
message Request { repeated Series timeseries = 1; }`,
  { keepCase: true },
)

let world: TelemetryWorld

beforeAll(async () => {
  world = await openTelemetryWorld('killed_folder')
})
afterAll(() => world.close())

/** `tell` writes a line to it; `heard` waits for its next one. */
function startCounting() {
  const program = path.join(import.meta.dirname, 'counting-process.fixture.ts')
  const child = spawn(process.execPath, ['--import', 'tsx', program, JSON.stringify(world.connection)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const kill = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
    await exited
  }
  onTestFinished(kill)
  return { tell: () => child.stdin.write('\n'), heard: async () => (await lines.next()).value, kill }
}

const pairs = (given: Record<string, string>) =>
  Object.entries(given).map(([key, stringValue]) => ({ key, value: { stringValue } }))
const nanos = (ms: number) => String(BigInt(ms) * 1_000_000n)

function written(at: number, value: number): Buffer {
  const labels = Object.entries({ __name__: 'requests_total', code: '200', instance: 'a:1', job: 'shop' })
  const series = { labels: labels.map(([name, each]) => ({ name, value: each })), samples: [{ value, timestamp: at }] }
  const found = root.lookupType('Request')
  return Buffer.from(compress(found.encode(found.fromObject({ timeseries: [series] })).finish()))
}

function told(at: number, value: number, start: number): Buffer {
  const point = {
    attributes: pairs({ 'http.response.status_code': '200' }),
    startTimeUnixNano: nanos(start),
    timeUnixNano: nanos(at),
    asInt: String(value),
  }
  const sum = { aggregationTemporality: 2, isMonotonic: true, dataPoints: [point] }
  const resource = { attributes: pairs({ 'service.name': 'front' }) }
  const metrics = [{ name: 'http.server.request.duration', sum }]
  return Buffer.from(JSON.stringify({ resourceMetrics: [{ resource, scopeMetrics: [{ metrics }] }] }))
}

test('nothing is lost and nothing counts twice, whenever it is killed', { timeout: 300_000 }, async () => {
  await register(world.database, requestsOf('front'))
  const filters = [{ key: 'job', op: 'equals' as const, value: 'shop' }]
  const parts = (['good', 'total'] as const).map((side) => ({ side, metric: 'requests_total', filters }))
  await register(world.database, requestsOf('shop', { source: { kind: 'remote-write', form: 'good-total', parts } }))
  const now = await world.database.now()
  const accepting = createSampleIntake(world.needs, nobodyCollects)
  let sent = 0
  const accept = async (requests: number) => {
    for (let index = 0; index < requests; index += 1) {
      const at = now - 110_000 + sent * 2_000
      const [one, other] = [written(at, 7 * sent), told(at, 5 * sent, now - 900_000)]
      await accepting.take(one, '1.0')
      await accepting.takeMetrics(other, 'otlp-json')
      // As a sender does that had no answer.
      if (sent % 3 === 1) await accepting.take(one, '1.0')
      if (sent % 3 === 2) await accepting.takeMetrics(other, 'otlp-json')
      sent += 1
    }
  }
  for (const when of ['before its commit', 'at its commit', 'behind its commit', 'before its commit'] as const) {
    const process = startCounting()
    // One fold with nothing in memory, one that goes on from what it remembers.
    for (const isLast of [false, true]) {
      await accept(3)
      process.tell()
      expect(await process.heard()).toBe('uncommitted')
      // Nobody sees what is not committed, and nobody else counts meanwhile.
      expect((await readWaiting(world.database)).bodies).toBeGreaterThan(0)
      if (isLast && when === 'before its commit') break
      process.tell()
      if (isLast && when === 'at its commit') break
      expect(await process.heard()).toMatch(/^committed [1-9]/)
    }
    await process.kill()
  }
  // Another process finds that nobody counts, and goes on by itself.
  await accept(2)
  accepting.start()
  onTestFinished(() => accepting.stop())
  const left = async () => (await readWaiting(world.database)).bodies
  await expect.poll(left, { timeout: 120_000, interval: 100 }).toBe(0)
  const last = sent - 1
  expect(await totalsOf(world.database, 'shop-availability')).toMatchObject({ good: 7 * last, total: 7 * last })
  expect(await totalsOf(world.database, 'front-availability')).toMatchObject({ good: 5 * last, total: 5 * last })
})

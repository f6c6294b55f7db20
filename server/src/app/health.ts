// Is the process alive, may it be given work, what is it: plain addresses for load balancers and Prometheus.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { FastifyInstance } from 'fastify'
import { Gauge } from 'prom-client'
import { type LifeboatState, sentenceOf } from '../modules/lifeboat/index.ts'
import { readWaiting, type Waiting } from '../modules/telemetry/index.ts'
import type { Database } from '../platform/database/database.ts'
import type { HttpMetrics } from '../platform/http/metrics.ts'
import { type LaneState, laneStates, probeWrite } from '../platform/work/due-work.store.ts'
import { type Lane, lanes, pageLanes } from '../platform/work/job.ts'

export interface HealthNeeds {
  readonly database: Database
  readonly metrics: HttpMetrics
  /** False while starting and while stopping: balancers look elsewhere. */
  readonly isOpen: () => boolean
  readonly migrations: () => number
  /** The rooms this process serves, so that nobody has to find out by being refused. */
  readonly rooms: readonly string[]
  /** Null in a process that keeps no lifeboat. */
  readonly lifeboat: () => LifeboatState | null
}

export const version = readVersion()

// A page this late means that something is wedged, whatever the process says of itself.
const wedgedAfterSeconds = 30

export function healthRoutes(server: FastifyInstance, needs: HealthNeeds): void {
  server.get('/healthz', async (_request, reply) => reply.type('text/plain').send('ok\n'))
  server.get('/version', async () => ({
    version,
    node: process.versions.node,
    timeZoneData: process.versions.tz ?? 'unknown',
    migrations: needs.migrations(),
    rooms: needs.rooms,
  }))
  server.get('/readyz', async (_request, reply) => {
    const checks = await readiness(needs)
    // Balancers must go on sending alerts to a process that takes them, with the database or without it.
    const takesAlerts = checks.find((check) => check.name === 'lifeboat')?.ok === true
    const ready = needs.isOpen() && (takesAlerts || checks.every((check) => check.ok))
    return reply.code(ready ? 200 : 503).send({ ready, checks })
  })
  server.get('/metrics', async (_request, reply) =>
    reply.type(needs.metrics.registry.contentType).send(await needs.metrics.registry.metrics()),
  )
  addWorkMetrics(needs)
}

interface Check {
  readonly name: string
  readonly ok: boolean
  readonly sentence: string
}

async function readiness(needs: HealthNeeds): Promise<readonly Check[]> {
  const open: Check = {
    name: 'server',
    ok: needs.isOpen(),
    sentence: needs.isOpen() ? 'Takes requests.' : 'Is starting or stopping.',
  }
  const lifeboat = needs.lifeboat()
  if (lifeboat !== null && lifeboat.standing === 'afloat')
    return [
      open,
      { name: 'database', ok: false, sentence: 'It is away.' },
      {
        name: 'lifeboat',
        // One that cannot keep what comes is no reason to send it anything.
        ok: lifeboat.planTakenAt !== null && lifeboat.refusal === null,
        sentence: sentenceOf(lifeboat),
      },
    ]
  try {
    const states = await laneStates(needs.database)
    // A write, because a full disk still answers reads.
    await probeWrite(needs.database)
    const [waiting, now] = [await readWaiting(needs.database), await needs.database.now()]
    return [
      open,
      { name: 'database', ok: true, sentence: 'Reads and writes.' },
      checkPaging(states),
      // Told, not judged: taking the process out would only make the senders wait.
      { name: 'samples', ok: true, sentence: sentenceOfWaiting(waiting, now) },
      ...(lifeboat !== null && lifeboat.standing === 'landing'
        ? [{ name: 'lifeboat', ok: true, sentence: sentenceOf(lifeboat) }]
        : []),
    ]
  } catch (error) {
    return [
      open,
      { name: 'database', ok: false, sentence: error instanceof Error ? error.message : 'It does not answer.' },
    ]
  }
}

const wayOf: Readonly<Partial<Record<Lane, string>>> = { mail: ' by mail', chat: ' by chat' }

function checkPaging(states: readonly LaneState[]): Check {
  const [latest] = overduePages(states).sort((one, other) => other.seconds - one.seconds)
  const late = latest !== undefined && latest.seconds > wedgedAfterSeconds
  return {
    name: 'paging',
    ok: !late,
    sentence: late
      ? `The oldest due page${wayOf[latest.lane] ?? ''} is ${Math.round(latest.seconds)} s late.`
      : 'Nothing is late.',
  }
}

function overduePages(states: readonly LaneState[]): { readonly lane: Lane; readonly seconds: number }[] {
  return pageLanes.map((lane) => ({
    lane,
    seconds: states.find((state) => state.lane === lanes[lane])?.overdueSeconds ?? 0,
  }))
}

function sentenceOfWaiting({ oldest, bodies, aside }: Waiting, now: number): string {
  const seconds = oldest === null ? 0 : Math.max(0, Math.round((now - oldest) / 1000))
  const behind = oldest === null ? 'Everything is counted.' : `${bodies} wait to be counted, for ${seconds} s at most.`
  return aside === 0 ? behind : `${behind} ${aside} could not be counted and are put aside for a day.`
}

function addWorkMetrics(needs: HealthNeeds): void {
  let reading: Promise<readonly LaneState[] | null> | null = null
  // All gauges of one scrape are asked in one turn of the event loop: they share what was read, and none is a scrape behind.
  const read = (): Promise<readonly LaneState[] | null> => {
    reading ??= readLanes(needs).finally(() => {
      reading = null
    })
    return reading
  }
  const registers = [needs.metrics.registry]
  new Gauge({
    name: 'mainstay_oldest_due_page_seconds',
    help: 'How late the oldest due page is, by whatever way it goes; -1 when the database does not say.',
    registers,
    async collect() {
      const states = await read()
      this.set(states === null ? -1 : Math.max(...overduePages(states).map(({ seconds }) => seconds)))
    },
  })
  const addLanes = (name: string, help: string, value: (state: LaneState) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['lane'],
      registers,
      async collect() {
        const states = await read()
        this.reset()
        if (states === null) return
        for (const [lane, number] of Object.entries(lanes)) {
          const state = states.find((each) => each.lane === number)
          this.set({ lane }, state === undefined ? 0 : value(state))
        }
      },
    })
  addLanes(
    'mainstay_oldest_due_work_seconds',
    'How late the oldest due work of a lane is.',
    (state) => state.overdueSeconds,
  )
  addLanes('mainstay_waiting_work', 'Rows of due work that wait.', (state) => state.waiting)
  addLanes('mainstay_set_aside_work', 'Rows of due work that need a person.', (state) => state.setAside)
}

async function readLanes(needs: HealthNeeds): Promise<readonly LaneState[] | null> {
  if (needs.lifeboat()?.standing === 'afloat') return null
  return laneStates(needs.database).catch(() => null)
}

function readVersion(): string {
  for (const up of ['..', '../..', '../../..']) {
    try {
      const parsed: unknown = JSON.parse(readFileSync(path.join(import.meta.dirname, up, 'package.json'), 'utf8'))
      if (typeof parsed === 'object' && parsed !== null && 'version' in parsed && typeof parsed.version === 'string')
        return parsed.version
    } catch {
      // Not in this folder: the bundle lies nearer to package.json than the source does.
    }
  }
  return 'unknown'
}

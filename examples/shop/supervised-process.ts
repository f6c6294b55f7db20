// One service as a child process: started, watched, restarted after a crash, killed for good when it is to be dead.
import { type ChildProcess, spawn } from 'node:child_process'
import type { Fault } from './fault.ts'
import { isObject, numberOf, textOf } from './json.ts'
import { badRelease, goodRelease, type ServiceName } from './roster.ts'

export type ProcessState = 'starting' | 'up' | 'down' | 'restarting' | 'stopped'

export interface ProcessPlan {
  readonly name: ServiceName
  /** The script that runs a service when it is given `--service NAME --port N`. */
  readonly entry: string
  /** 0 takes a free port and keeps it over restarts: the others have been told. */
  readonly port: number
  readonly environment: NodeJS.ProcessEnv
  report(message: string, facts: Readonly<Record<string, unknown>>): void
}

export interface SupervisedProcess {
  readonly name: ServiceName
  /** Resolves when the service listens. */
  start(): Promise<void>
  /** Stops whatever runs and starts it again with this fault (null: healthy, release 1.4.2). */
  restartWith(fault: Fault | null): Promise<void>
  /** SIGKILL, and no restart. */
  kill(): Promise<void>
  stop(): Promise<void>
  /** Remembered for the next start, for instance after the memory limit. */
  remember(fault: Fault | null): void
  facts(): ProcessFacts
}

export interface ProcessFacts {
  readonly state: ProcessState
  readonly url: string
  readonly pid: number | null
  readonly version: string
  readonly fault: Fault | null
  readonly restarts: number
  readonly rssBytes: number | null
}

const readyLimitMs = 30_000
const stopLimitMs = 5_000
const firstBackoffMs = 250
const lastBackoffMs = 5_000
const settledMs = 20_000
// Small heaps: six processes share a laptop, and a healthy one must stay clear of the limit below.
const heapFlags = ['--max-old-space-size=96', '--max-semi-space-size=4']
// Enough for half a minute of the leak at 4 MiB/s; at the end every request is more than 600 ms late.
const growthLimitBytes = 128 * 1_048_576

export function superviseProcess(plan: ProcessPlan): SupervisedProcess {
  let state: ProcessState = 'stopped'
  let child: ChildProcess | null = null
  let port = plan.port
  let fault: Fault | null = null
  let restarts = 0
  let backoffMs = firstBackoffMs
  let again: NodeJS.Timeout | null = null
  let rssBytes: number | null = null
  let firstRssBytes: number | null = null

  const version = () => (fault?.mode === 'bad-release' ? badRelease : goodRelease)

  const launch = (): Promise<void> =>
    new Promise((resolve, reject) => {
      state = 'starting'
      rssBytes = null
      firstRssBytes = null
      const startedAt = performance.now()
      const atStart = fault !== null && fault.mode !== 'dead' && fault.mode !== 'bad-release' ? fault : null
      const started = spawn(
        process.execPath,
        [...process.execArgv, ...heapFlags, plan.entry, '--service', plan.name, '--port', String(port)],
        {
          stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
          env: {
            ...plan.environment,
            SHOP_RELEASE: version(),
            ...(atStart === null ? {} : { SHOP_FAULT: JSON.stringify(atStart) }),
          },
        },
      )
      child = started
      const late = setTimeout(() => {
        reject(new Error(`${plan.name} did not start within ${readyLimitMs / 1_000} s.`))
        started.kill('SIGKILL')
      }, readyLimitMs)
      started.on('error', reject)
      started.on('message', (message) => {
        const facts = isObject(message) ? message : {}
        port = numberOf(facts, 'port') ?? port
        rssBytes = numberOf(facts, 'rssBytes') ?? rssBytes
        firstRssBytes ??= rssBytes
        if (facts.event === 'listening' && child === started) {
          clearTimeout(late)
          state = 'up'
          resolve()
        }
        if (facts.event === 'refused') reject(new Error(textOf(facts, 'reason') ?? `${plan.name} did not start.`))
        if (rssBytes !== null && firstRssBytes !== null && rssBytes - firstRssBytes > growthLimitBytes) {
          plan.report('memory limit reached, killing', { rssBytes })
          started.kill('SIGKILL')
        }
      })
      started.on('exit', (code, signal) => {
        clearTimeout(late)
        reject(new Error(`${plan.name} ended before it listened (${signal ?? code}).`))
        if (child !== started) return
        child = null
        if (state !== 'up' && state !== 'starting') return
        plan.report('ended, starting again', { code, signal })
        if (performance.now() - startedAt > settledMs) backoffMs = firstBackoffMs
        state = 'restarting'
        restarts += 1
        again = setTimeout(() => void launch().catch(() => undefined), backoffMs)
        backoffMs = Math.min(backoffMs * 2, lastBackoffMs)
      })
    })

  /** Afterwards nothing runs and nothing is planned. */
  const end = async (wanted: 'down' | 'stopped', signal: NodeJS.Signals): Promise<void> => {
    state = wanted
    if (again !== null) clearTimeout(again)
    again = null
    const ending = child
    child = null
    rssBytes = null
    if (ending === null || ending.exitCode !== null || ending.signalCode !== null) return
    await new Promise<void>((resolve) => {
      const impatient = setTimeout(() => ending.kill('SIGKILL'), stopLimitMs)
      ending.once('exit', () => {
        clearTimeout(impatient)
        resolve()
      })
      ending.kill(signal)
    })
  }

  return {
    name: plan.name,
    async start() {
      try {
        await launch()
      } catch (error) {
        await end('stopped', 'SIGKILL')
        throw error
      }
    },
    async restartWith(next) {
      await end('stopped', 'SIGTERM')
      fault = next
      backoffMs = firstBackoffMs
      await launch()
    },
    async kill() {
      fault = { mode: 'dead' }
      await end('down', 'SIGKILL')
    },
    stop: () => end('stopped', 'SIGTERM'),
    remember(next) {
      fault = next
    },
    facts: () => ({
      state,
      url: `http://127.0.0.1:${port}`,
      pid: child?.pid ?? null,
      version: version(),
      fault,
      restarts,
      rssBytes,
    }),
  }
}

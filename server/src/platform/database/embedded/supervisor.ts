// Keeps a PostgreSQL running: when it ends unasked it is started again, for ever; its own recovery does the rest.
import type { EventEmitter } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import type { Log } from '../../log/log.ts'
import { sentenceOf } from './failures.ts'
import { type Postmaster, stopPostmaster } from './postmaster.ts'

export interface Down {
  /** One sentence for people. */
  readonly because: string
  /** 0 when it went down; then the number of failed starts. */
  readonly attempt: number
}

export interface Up {
  readonly pid: number
}

/** Payloads of the events; a listener that throws is logged and stops nothing. */
export type SupervisorEvents = { down: [Down]; up: [Up] }

export interface Supervisor {
  readonly pid: number | null
  stop(): Promise<void>
}

export interface SupervisorNeeds {
  readonly first: Postmaster
  readonly start: (stopped: AbortSignal) => Promise<Postmaster>
  readonly events: EventEmitter<SupervisorEvents>
  readonly log: Log
}

const firstDelayMs = 100
const longestDelayMs = 5_000
// One that served this long did not fail to start: the next fault begins with the short delay again, so that a
// database that is killed again and again is each time back at once.
const settledMs = 150

export function supervise({ first, start, events, log }: SupervisorNeeds): Supervisor {
  const stopping = new AbortController()
  let current: Postmaster | null = first
  let delayMs = firstDelayMs

  function tell<Name extends keyof SupervisorEvents>(name: Name, fact: SupervisorEvents[Name][0]): void {
    // The emitter's own type cannot follow the name through the generic; the signature above holds it.
    const untyped: EventEmitter = events
    try {
      untyped.emit(name, fact)
    } catch (error) {
      log.error('A listener of the supervisor failed', { event: name, error })
    }
  }

  async function keepRunning(): Promise<void> {
    while (!stopping.signal.aborted && current !== null) {
      const since = performance.now()
      const how = await Promise.race([current.exited, aborted(stopping.signal)])
      if (how === null) return
      if (performance.now() - since > settledMs) delayMs = firstDelayMs
      const { pid } = current
      current = null
      log.error('PostgreSQL stopped unasked and is started again', { pid, how })
      tell('down', { because: `PostgreSQL stopped: ${how}.`, attempt: 0 })
      await startAgain()
    }
  }

  async function startAgain(): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      await wait(delayMs, undefined, { ref: false, signal: stopping.signal }).catch(() => undefined)
      if (stopping.signal.aborted) return
      delayMs = Math.min(delayMs * 2, longestDelayMs)
      try {
        current = await start(stopping.signal)
        log.info('PostgreSQL runs again', { pid: current.pid, attempt })
        tell('up', { pid: current.pid })
        return
      } catch (error) {
        if (stopping.signal.aborted) return
        log.error('PostgreSQL did not start and is tried again', { attempt, nextInMs: delayMs, error })
        tell('down', { because: sentenceOf(error), attempt })
      }
    }
  }

  const running = keepRunning()
  return {
    get pid() {
      return current?.pid ?? null
    },
    stop: async () => {
      stopping.abort()
      await running
      if (current === null) return
      const how = await stopPostmaster(current)
      if (how !== 'fast') log.warn('PostgreSQL did not stop in time', { how, pid: current.pid })
      current = null
    },
  }
}

function aborted(signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(null)
    else signal.addEventListener('abort', () => resolve(null), { once: true })
  })
}

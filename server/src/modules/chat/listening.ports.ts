// A connection to a chat that is kept open for as long as one is wanted: opened again when it ends, ever more seldom while
// it cannot be.
import { setTimeout as wait } from 'node:timers/promises'
import type { Log } from '../../platform/log/log.ts'

export interface Connection {
  /** Why another one is needed. */
  readonly ended: Promise<string>
  /** Lets what came end first. */
  readonly close: () => Promise<void>
}

export interface Listening {
  readonly title: string
  readonly log: Log
  /** Null while none is wanted. */
  readonly open: () => Promise<Connection | null>
  /** How long the old one goes on while the next one opens. */
  readonly lingerMs: number
  /** It opens and ends every few minutes: only what fails is worth a line. */
  readonly isQuiet?: true
}

const lookEveryMs = 10_000
const retryMs = 1_000
const longestWaitMs = 60_000
/** A server that takes a connection and then says nothing must not keep us waiting for ever. */
const openMs = 30_000

export function listenAlways(listening: Listening): { readonly stop: () => Promise<void> } {
  const stopping = new AbortController()
  const ended = keepListening(listening, stopping.signal)
  return {
    stop: async () => {
      stopping.abort()
      await ended
    },
  }
}

async function keepListening({ title, log, open, lingerMs, isQuiet }: Listening, signal: AbortSignal): Promise<void> {
  const connections = new Set<Connection>()
  const stopped = aborted(signal)
  let failures = 0
  while (!signal.aborted) {
    let pauseMs = lookEveryMs
    try {
      const connection = await openInTime(open, signal)
      if (connection !== null) {
        connections.add(connection)
        failures = 0
        if (isQuiet !== true) log.info(`${title} is listened to.`)
        const because = await Promise.race([connection.ended, stopped])
        if (isQuiet !== true) log.info(`Another connection to ${title} is opened.`, { because })
        void pause(lingerMs, signal)
          .then(() => connection.close())
          .then(() => connections.delete(connection))
        pauseMs = retryMs
      }
    } catch (error) {
      pauseMs = Math.min(longestWaitMs, retryMs * 2 ** Math.min(failures, 6))
      failures += 1
      log.warn(`${title} cannot be listened to; trying again.`, { error, waitMs: pauseMs })
    }
    await pause(pauseMs, signal)
  }
  await Promise.all([...connections].map((each) => each.close()))
}

/** Null when none is wanted, or when we stop. What opens too late is closed again. */
async function openInTime(open: Listening['open'], signal: AbortSignal): Promise<Connection | null> {
  const opening = open()
  const first = await Promise.race([opening, pause(openMs, signal).then(() => 'late' as const)])
  if (first !== 'late') return first
  void opening.then((late) => late?.close()).catch(() => undefined)
  if (signal.aborted) return null
  throw new Error('The connection could not be opened in time.')
}

const pause = (ms: number, signal: AbortSignal): Promise<unknown> =>
  wait(ms, undefined, { signal, ref: false }).catch(() => undefined)

function aborted(signal: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    const stop = () => resolve('The server stops.')
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
  })
}

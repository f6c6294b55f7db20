// Socket Mode: the connection is ours, Slack's events come over it. An envelope is taken from Slack only once it is kept.
import { setTimeout as wait } from 'node:timers/promises'
import type { JsonObject } from '../../kernel/json.ts'
import type { ChatListener, ListenOrder } from '../../modules/chat/chat.ports.ts'
import { type Egress, type OpenSocket, openWebSocket } from '../../platform/egress/index.ts'
import type { Log } from '../../platform/log/log.ts'
import { callSlack } from './slack-api.ts'
import { readSlackSettings } from './slack-channel.ts'
import { readEnvelope, readSlackRequest } from './slack-inbound.ts'

export interface SlackListenerOptions {
  readonly egress: Pick<Egress, 'request' | 'checkedSocket'>
  readonly settings: () => Promise<JsonObject | null>
  readonly log: Log
}

const lookEveryMs = 10_000
const retryMs = 1_000
const longestWaitMs = 60_000
/** A connection nobody hears any more is noticed by nobody: a fresh one is opened before long. */
const renewMs = 600_000
/** The old one goes on while the next one opens; Slack allows ten. */
const lingerMs = 15_000

export function createSlackListener(options: SlackListenerOptions): ChatListener {
  return {
    read: async (door, request) => readSlackRequest(door, request, await options.settings()),
    listen: (order) => {
      const stopping = new AbortController()
      const ended = keepListening(options, order, stopping.signal)
      return {
        stop: async () => {
          stopping.abort()
          await ended
        },
      }
    },
  }
}

async function keepListening(options: SlackListenerOptions, order: ListenOrder, signal: AbortSignal): Promise<void> {
  const { settings, log } = options
  const connections = new Set<Connection>()
  let failures = 0
  while (!signal.aborted) {
    let pauseMs = lookEveryMs
    try {
      const read = readSlackSettings(await settings())
      if (read !== null && read.appToken !== null) {
        const connection = await openConnection(options, { ...read, appToken: read.appToken }, order)
        connections.add(connection)
        failures = 0
        log.info('Slack is listened to.')
        const because = await Promise.race([connection.ended, aborted(signal)])
        log.info('Another connection to Slack is opened.', { because })
        void linger(connection, signal).then(() => connections.delete(connection))
        pauseMs = retryMs
      }
    } catch (error) {
      pauseMs = Math.min(longestWaitMs, retryMs * 2 ** Math.min(failures, 6))
      failures += 1
      log.warn('Slack cannot be listened to; trying again.', { error, waitMs: pauseMs })
    }
    await pause(pauseMs, signal)
  }
  await Promise.all([...connections].map((each) => each.close()))
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

async function linger(connection: Connection, signal: AbortSignal): Promise<void> {
  await pause(lingerMs, signal)
  await connection.close()
}

interface Connection {
  /** Why another one is needed: Slack said so, it broke, or it is old. */
  readonly ended: Promise<string>
  /** Lets what came end first. */
  readonly close: () => Promise<void>
}

async function openConnection(
  options: SlackListenerOptions,
  settings: { readonly apiUrl: string; readonly appToken: string },
  order: ListenOrder,
): Promise<Connection> {
  const opened = await callSlack(options.egress, settings, settings.appToken, 'apps.connections.open', {})
  if (opened.kind !== 'done') throw new Error(opened.because)
  const { url } = opened.value
  if (typeof url !== 'string') throw new Error('Slack named no address to listen at.')
  const under = new Set<Promise<void>>()
  let socket: OpenSocket | null = null
  let end: (because: string) => void = () => undefined
  const ended = new Promise<string>((resolve) => {
    end = resolve
  })
  const hear = async (text: string): Promise<void> => {
    const envelope = readEnvelope(text)
    if (envelope.type === 'disconnect') return end(`Slack asked for it: ${envelope.reason || 'no reason given'}.`)
    if (envelope.inbound !== null) await order.take(envelope.inbound)
    if (envelope.id !== null) socket?.send(JSON.stringify({ envelope_id: envelope.id }))
    await order.seen()
  }
  const text = (said: string) => {
    // What could not be kept is not taken: Slack brings it again.
    const heard = hear(said).catch((error: unknown) =>
      options.log.warn('An event of Slack was left with Slack.', { error }),
    )
    under.add(heard)
    void heard.finally(() => under.delete(heard))
  }
  socket = await openWebSocket(options.egress, 'slack', url, { text, end: (because) => end(because) })
  const old = setTimeout(() => end('It is old.'), renewMs).unref()
  return {
    ended,
    close: async () => {
      clearTimeout(old)
      await Promise.all(under)
      socket?.close()
    },
  }
}

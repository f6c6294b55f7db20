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
  /** For tests: how often the settings are looked at, and the first wait after a failure. */
  readonly lookEveryMs?: number
  readonly retryMs?: number
}

const longestWaitMs = 60_000

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
  const { settings, log, lookEveryMs = 10_000, retryMs = 1_000 } = options
  let failures = 0
  while (!signal.aborted) {
    let pauseMs = lookEveryMs
    try {
      const read = readSlackSettings(await settings())
      if (read !== null && read.appToken !== null) {
        const because = await oneConnection(options, { ...read, appToken: read.appToken }, order, signal)
        failures = 0
        pauseMs = retryMs
        log.info('The connection to Slack ended; opening another.', { because })
      }
    } catch (error) {
      pauseMs = Math.min(longestWaitMs, retryMs * 2 ** Math.min(failures, 6))
      failures += 1
      log.warn('Slack cannot be listened to; trying again.', { error, waitMs: pauseMs })
    }
    await wait(pauseMs, undefined, { signal, ref: false }).catch(() => undefined)
  }
}

/** Resolves with the reason when it ended. */
async function oneConnection(
  options: SlackListenerOptions,
  settings: { readonly apiUrl: string; readonly appToken: string },
  order: ListenOrder,
  signal: AbortSignal,
): Promise<string> {
  const opened = await callSlack(options.egress, settings, settings.appToken, 'apps.connections.open', {})
  if (opened.kind !== 'done') throw new Error(opened.because)
  const under = new Set<Promise<void>>()
  const url = opened.value.url
  if (typeof url !== 'string') throw new Error('Slack named no address to listen at.')
  let socket: OpenSocket | null = null
  let over = false
  const close = () => {
    over = true
    socket?.close()
  }
  const ended = new Promise<string>((resolve, reject) => {
    const hear = async (text: string): Promise<void> => {
      const envelope = readEnvelope(text)
      if (envelope.type === 'hello') await order.seen()
      // Slack closes it soon: another one is opened before events are lost.
      if (envelope.type === 'disconnect') return resolve(`Slack asked for it: ${envelope.reason || 'no reason given'}.`)
      if (envelope.id === null) return
      if (envelope.inbound !== null) await order.take(envelope.inbound)
      socket?.send(JSON.stringify({ envelope_id: envelope.id }))
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
    signal.addEventListener('abort', () => resolve('The server stops.'), { once: true })
    openWebSocket(options.egress, 'slack', url, { text, end: resolve }).then((open) => {
      socket = open
      if (over) open.close()
    }, reject)
  })
  try {
    return await ended
  } finally {
    await Promise.all(under)
    close()
  }
}

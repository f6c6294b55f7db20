// Socket Mode: the connection is ours, Slack's events come over it. An envelope is taken from Slack only once it is kept.
import type { JsonObject } from '../../kernel/json.ts'
import type { ChatListener, ListenOrder } from '../../modules/chat/chat.ports.ts'
import { type Connection, listenAlways } from '../../modules/chat/listening.ports.ts'
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

/** A connection nobody hears any more is noticed by nobody: a fresh one is opened before long. */
const renewMs = 600_000
/** The old one goes on while the next one opens; Slack allows ten. */
const lingerMs = 15_000

export function createSlackListener(options: SlackListenerOptions): ChatListener {
  return {
    doors: [
      { door: 'commands', label: 'Slash command' },
      { door: 'interactions', label: 'Interactivity' },
      { door: 'events', label: 'Events' },
    ],
    read: async (door, request) => readSlackRequest(door, request, await options.settings()),
    connects: true,
    listen: (order) =>
      listenAlways({
        title: 'Slack',
        log: options.log,
        lingerMs,
        open: async () => {
          const read = readSlackSettings(await options.settings())
          return read === null || read.appToken === null
            ? null
            : openConnection(options, { ...read, appToken: read.appToken }, order)
        },
      }),
  }
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

// A WebSocket over a connection that egress has judged: for providers that call us where we cannot be called.
import { Agent, WebSocket } from 'undici'
import type { Egress } from './egress.ts'

export interface SocketEvents {
  readonly text: (text: string) => void
  /** Once, however it ended. */
  readonly end: (because: string) => void
}

export interface OpenSocket {
  readonly send: (text: string) => void
  readonly close: () => void
}

const keepAliveMs = 30_000

/** Resolves when the other side has agreed. */
export function openWebSocket(
  egress: Pick<Egress, 'checkedSocket'>,
  connector: string,
  url: string,
  events: SocketEvents,
): Promise<OpenSocket> {
  const dispatcher = new Agent({
    connect: ({ hostname, port, protocol }, callback) => {
      const tls = protocol === 'https:' || protocol === 'wss:'
      egress
        .checkedSocket({ connector, host: hostname, port: Number(port) || (tls ? 443 : 80), tls })
        .then((socket) => {
          // A peer that vanished without a word is noticed by the kernel.
          socket.setKeepAlive(true, keepAliveMs)
          callback(null, socket)
        })
        .catch((error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), null))
    },
  })
  const socket = new WebSocket(url, { dispatcher })
  return new Promise((resolve, reject) => {
    let opened = false
    let ended = false
    const end = (because: string) => {
      if (ended) return
      ended = true
      void dispatcher.close().catch(() => undefined)
      if (opened) events.end(because)
      else reject(new Error(because))
    }
    socket.addEventListener('open', () => {
      opened = true
      resolve({ send: (text) => socket.send(text), close: () => socket.close() })
    })
    socket.addEventListener('message', ({ data }) => {
      if (typeof data === 'string') events.text(data)
    })
    socket.addEventListener('error', (event) => end(event.message || 'The connection failed.'))
    socket.addEventListener('close', (event) => end(event.reason || `The connection was closed (${event.code}).`))
  })
}

// Takes what an Alertmanager, or whoever speaks as one, posts to a webhook, and when each alert first came.
import { createServer } from 'node:http'

export interface WebhookSink {
  readonly url: string
  readonly notifications: () => number
  /** By the label `uid`: the first notification that carries it, by `performance.now()`. */
  readonly taken: ReadonlyMap<string, number>
  close(): Promise<void>
}

interface Notification {
  readonly alerts?: readonly { readonly status?: string; readonly labels?: Readonly<Record<string, string>> }[]
}

export interface MarkSink {
  readonly url: string
  /** For `MAINSTAY_EGRESS_ALLOW`. */
  readonly allow: string
  /** Marks (`mark-12-end`) and when the first message with each came, by `performance.now()`. */
  readonly taken: ReadonlyMap<string, number>
  close(): Promise<void>
}

/** Keeps nothing but the moment a message with a mark had arrived. */
export async function startMarkSink(): Promise<MarkSink> {
  const taken = new Map<string, number>()
  const sink = await listen((text, at) => {
    for (const [mark = ''] of text.matchAll(/mark-\d+-end/g)) if (!taken.has(mark)) taken.set(mark, at)
  })
  return { ...sink, allow: `webhook=127.0.0.1/32:${new URL(sink.url).port}`, taken }
}

export async function startWebhookSink(): Promise<WebhookSink> {
  const taken = new Map<string, number>()
  let notifications = 0
  const sink = await listen((text, at) => {
    const said = JSON.parse(text) as Notification
    notifications += 1
    for (const { status, labels } of said.alerts ?? []) {
      const uid = labels?.uid
      if (status !== 'resolved' && uid !== undefined && !taken.has(uid)) taken.set(uid, at)
    }
  })
  return { ...sink, notifications: () => notifications, taken }
}

/** Each request with when it had arrived. */
async function listen(take: (text: string, at: number) => void): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, reply) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      take(Buffer.concat(parts).toString('utf8'), performance.now())
      reply.end('{}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}/hook`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

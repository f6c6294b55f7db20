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

export async function startWebhookSink(): Promise<WebhookSink> {
  const taken = new Map<string, number>()
  let notifications = 0
  const server = createServer((request, reply) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const at = performance.now()
      const said = JSON.parse(Buffer.concat(parts).toString('utf8')) as Notification
      notifications += 1
      for (const { status, labels } of said.alerts ?? []) {
        const uid = labels?.uid
        if (status !== 'resolved' && uid !== undefined && !taken.has(uid)) taken.set(uid, at)
      }
      reply.end('{}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}/hook`,
    notifications: () => notifications,
    taken,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

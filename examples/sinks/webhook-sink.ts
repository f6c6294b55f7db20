// A webhook receiver on this machine for the demo: checks the signature as a real receiver would.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

interface SunkWebhook {
  readonly id: string
  readonly at: number
  readonly type: string
  readonly verified: boolean
  readonly body: string
}

export interface WebhookSink {
  readonly url: string
  readonly port: number
  readonly list: () => readonly SunkWebhook[]
  stop(): Promise<void>
}

const kept = 50
const largestBody = 65_536

export async function startWebhookSink(
  verify: (headers: Readonly<Record<string, string>>, body: string) => boolean,
): Promise<WebhookSink> {
  const webhooks: SunkWebhook[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= largestBody) chunks.push(chunk)
    })
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8')
      const headers = Object.fromEntries(
        Object.entries(request.headers).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
      )
      webhooks.unshift({
        id: headers['webhook-id'] ?? String(Date.now()),
        at: Date.now(),
        type: typeOf(body),
        verified: verify(headers, body),
        body,
      })
      webhooks.length = Math.min(webhooks.length, kept)
      response.writeHead(204).end()
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/hook`,
    port,
    list: () => webhooks,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function typeOf(body: string): string {
  try {
    const parsed: unknown = JSON.parse(body)
    return typeof parsed === 'object' && parsed !== null && 'type' in parsed && typeof parsed.type === 'string'
      ? parsed.type
      : 'unknown'
  } catch {
    // Whatever it is, it is shown as it came.
    return 'unreadable'
  }
}

// One kept-alive connection with one request under way: what a sender such as Prometheus holds.
import { Agent, request } from 'node:http'

export interface Reply {
  readonly status: number
  readonly body: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

export interface Connection {
  send(method: string, path: string, body?: object, headers?: Readonly<Record<string, string>>): Promise<Reply>
  close(): void
}

export function connect(baseUrl: string, common: Readonly<Record<string, string>> = {}): Connection {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const { hostname, port } = new URL(baseUrl)
  return {
    send: (method, path, body, headers = {}) =>
      new Promise((resolve, reject) => {
        const text = body === undefined ? undefined : JSON.stringify(body)
        const sent = request(
          {
            agent,
            hostname,
            port,
            path,
            method,
            headers: {
              ...common,
              ...headers,
              ...(text === undefined
                ? {}
                : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
            },
          },
          (answer) => {
            const parts: Buffer[] = []
            answer.on('data', (part: Buffer) => parts.push(part))
            answer.on('end', () =>
              resolve({
                status: answer.statusCode ?? 0,
                body: Buffer.concat(parts).toString('utf8'),
                headers: answer.headers,
              }),
            )
            answer.on('error', reject)
          },
        )
        sent.on('error', reject)
        sent.end(text)
      }),
    close: () => agent.destroy(),
  }
}

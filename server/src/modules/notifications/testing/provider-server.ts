// A provider on loopback: keeps what it received, answers as its own documentation says, or misbehaves as told.
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Asked {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

export interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

/** `drop`: takes the request and cuts the connection. `hang`: takes it and says nothing. */
export type Manner = 'documented' | 'drop' | 'hang' | Answer

export interface ProviderServer {
  readonly url: string
  readonly asked: Asked[]
  manner: Manner
  /** Resolves with the next request, before it is answered. */
  next(): Promise<Asked>
  close(): Promise<void>
}

export async function startProvider(documented: (asked: Asked) => Answer): Promise<ProviderServer> {
  const asked: Asked[] = []
  const waiting: ((asked: Asked) => void)[] = []
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://provider')
      const one: Asked = {
        method: request.method ?? '',
        path: url.pathname,
        query: url.searchParams,
        headers: request.headers,
        text: Buffer.concat(chunks).toString('utf8'),
      }
      asked.push(one)
      for (const tell of waiting.splice(0)) tell(one)
      const { manner } = provider
      if (manner === 'drop') return void request.socket.destroy()
      if (manner === 'hang') return
      const { status, headers, body } = manner === 'documented' ? documented(one) : manner
      const isText = typeof body === 'string'
      response.writeHead(status, {
        ...(body === undefined ? {} : { 'content-type': isText ? 'text/plain' : 'application/json' }),
        ...headers,
      })
      response.end(body === undefined ? undefined : isText ? body : JSON.stringify(body))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const provider: ProviderServer = {
    url: `http://127.0.0.1:${port}`,
    asked,
    manner: 'documented',
    next: () => new Promise((resolve) => waiting.push(resolve)),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return provider
}

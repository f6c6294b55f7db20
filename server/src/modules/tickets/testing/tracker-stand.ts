// What the trackers on loopback share: requests that are kept, and mishaps of a real network.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Json = Readonly<Record<string, unknown>>

export interface Asked {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingMessage['headers']
  readonly body: Json
}

export interface Said {
  readonly status: number
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** Before: it is not done. After: it is done, and the answer is lost on the way. Meanwhile: something else happens first. */
export type Mishap =
  | { readonly when: 'meanwhile'; readonly happens: () => Promise<unknown> }
  | { readonly when: 'before'; readonly say: Said }
  | { readonly when: 'after' | 'before'; readonly say: 'drop' }

export interface Stand {
  readonly url: string
  readonly asked: Asked[]
  /** For the next request whose method and path fit. */
  mishap(method: string, path: RegExp, mishap: Mishap): void
  close(): Promise<void>
}

export async function startStand(answer: (asked: Asked) => Said): Promise<Stand> {
  const asked: Asked[] = []
  const mishaps: { method: string; path: RegExp; mishap: Mishap }[] = []
  const server = createServer((request, response) => {
    void handle(request, response)
  })

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const url = new URL(request.url ?? '/', 'http://stand')
    const text = Buffer.concat(chunks).toString('utf8')
    const body: Json = text === '' ? {} : JSON.parse(text)
    const one: Asked = {
      method: request.method ?? '',
      path: decodeURI(url.pathname),
      query: url.searchParams,
      headers: request.headers,
      body,
    }
    asked.push(one)
    const place = mishaps.findIndex((each) => each.method === one.method && each.path.test(one.path))
    const [found] = place < 0 ? [] : mishaps.splice(place, 1)
    if (found?.mishap.when === 'before' && found.mishap.say !== 'drop') return send(response, found.mishap.say)
    if (found?.mishap.when === 'before') return void request.socket.destroy()
    if (found?.mishap.when === 'meanwhile') await found.mishap.happens()
    const said = answer(one)
    if (found?.mishap.when === 'after') return void request.socket.destroy()
    send(response, said)
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    mishap: (method, path, mishap) => {
      mishaps.push({ method, path, mishap })
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function send(response: ServerResponse, { status, body, headers }: Said): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers })
  response.end(body === undefined ? '' : JSON.stringify(body))
}

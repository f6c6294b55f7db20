// A small real service that counts its requests and tells of them in Prometheus' text format.
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { freePort } from './real-prometheus.ts'

export interface CountingShop {
  readonly port: number
  /** What the service itself counted since it was first started, across its own restarts. */
  readonly truth: { good: number; bad: number }
  serve(status: number, times: number): void
  /** The process begins anew: its counters start at 0, and a series of errors is gone until the next error. */
  restart(): Promise<void>
  stop(): Promise<void>
}

export async function startShop(): Promise<CountingShop> {
  const port = await freePort()
  const truth = { good: 0, bad: 0 }
  let counts = new Map<number, number>()
  let server: Server
  const open = async () => {
    counts = new Map([[200, 0]])
    server = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' })
      response.end(
        [
          '# TYPE shop_requests_total counter',
          ...[...counts].map(([code, count]) => `shop_requests_total{code="${code}"} ${count}`),
          '',
        ].join('\n'),
      )
    }).listen(port, '127.0.0.1')
    await once(server, 'listening')
  }
  const close = async () => {
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  }
  await open()
  return {
    port,
    truth,
    serve: (status, times) => {
      counts.set(status, (counts.get(status) ?? 0) + times)
      truth[status >= 500 ? 'bad' : 'good'] += times
    },
    restart: async () => {
      await close()
      await open()
    },
    stop: close,
  }
}

// The switches over HTTP, for `mainstay demo` and for curl. Loopback only.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { faultMeanings, faultModes, readFault } from './fault.ts'
import { type JsonObject, readObject } from './json.ts'
import { isServiceName, roster, serviceNames } from './roster.ts'
import type { Shop } from './supervisor.ts'

const bodyLimitBytes = 4_096

/** GET /status, /modes, /logs/SERVICE; POST /break {service, mode, …}, /repair {service?}. */
export function createControlServer(shop: Shop): Server {
  return createServer((incoming, outgoing) => {
    answer(shop, incoming)
      .catch((error: unknown): Answer => [500, { error: error instanceof Error ? error.message : String(error) }])
      .then(([status, body]) => send(outgoing, status, body))
  })
}

type Answer = readonly [number, JsonObject | string]

async function answer(shop: Shop, incoming: IncomingMessage): Promise<Answer> {
  const path = new URL(incoming.url ?? '/', 'http://shop.internal').pathname
  // A page in the browser must not press the switches: it can neither set this header without a preflight,
  // which nobody answers here, nor keep the name of the host when it rebinds its own.
  if (!/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(String(incoming.headers.host))) {
    return [403, { error: 'Ask by the address 127.0.0.1.' }]
  }
  if (incoming.method === 'GET') {
    if (path === '/status') return [200, { ...shop.status() }]
    if (path === '/modes') return [200, { modes: describeModes() }]
    const name = /^\/logs\/([a-z]+)$/.exec(path)?.[1] ?? ''
    return isServiceName(name) ? [200, await shop.logs(name)] : [404, { error: 'There is nothing here.' }]
  }
  if (incoming.method !== 'POST' || (path !== '/break' && path !== '/repair')) {
    return [404, { error: 'There is nothing here.' }]
  }
  if (incoming.headers['x-shop-control'] === undefined) {
    return [403, { error: 'The header "x-shop-control: 1" is missing.' }]
  }
  const order = readObject(await readBody(incoming))
  const name = String(order.service ?? '')
  if (order.service !== undefined && !isServiceName(name)) {
    return [404, { error: `There is no service "${name}"; the services are ${serviceNames.join(', ')}.` }]
  }
  if (path === '/repair') {
    const results = await Promise.allSettled((isServiceName(name) ? [name] : serviceNames).map(shop.repair))
    for (const result of results) if (result.status === 'rejected') throw result.reason
    return [200, { ...shop.status() }]
  }
  if (!isServiceName(name)) return [400, { error: `Say which service: ${serviceNames.join(', ')}.` }]
  const reading = readFault({ mode: 'errors', ...order })
  if ('refused' in reading) return [400, { error: reading.refused }]
  await shop.breakService(name, reading.fault)
  return [200, { ...shop.status() }]
}

function describeModes(): readonly JsonObject[] {
  return faultModes.map((mode) => ({
    mode,
    meaning: faultMeanings[mode],
    ...(mode === 'bad-release'
      ? { fails: Object.fromEntries(serviceNames.map((name) => [name, roster[name].defect])) }
      : {}),
  }))
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  let text = ''
  for await (const part of incoming) {
    text += String(part)
    if (text.length > bodyLimitBytes) throw new Error('The request is too large.')
  }
  return text
}

function send(outgoing: ServerResponse, status: number, body: JsonObject | string): void {
  outgoing.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  outgoing.end(typeof body === 'string' ? body : JSON.stringify(body))
}

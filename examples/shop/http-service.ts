// A small HTTP service over node:http: routes, bodies, errors, one measurement and one log line for each request.
import { AsyncLocalStorage } from 'node:async_hooks'
import { randomBytes, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type FaultSwitch, readFault } from './fault.ts'
import { type JsonObject, readObject } from './json.ts'
import type { Log } from './log.ts'
import type { Random } from './random.ts'
import { Refusal } from './refusal.ts'
import type { ServiceName } from './roster.ts'
import type { Telemetry } from './telemetry.ts'

/** What every service is given when it starts. */
export interface Workplace {
  readonly name: ServiceName
  readonly release: string
  readonly environment: NodeJS.ProcessEnv
  readonly log: Log
  readonly telemetry: Telemetry
  readonly random: Random
  readonly faults: FaultSwitch
  /** Whoever knows it may break this process; without one nobody can. */
  readonly faultToken: string | null
}

export interface Request {
  readonly path: string
  readonly parameters: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly body: JsonObject
  readonly wantsHtml: boolean
  readonly userAgent: string
  readonly cookies: ReadonlyMap<string, string>
}

export interface Reply {
  readonly status: number
  /** Text is HTML, anything else JSON. */
  readonly body: string | JsonObject
  readonly headers?: Readonly<Record<string, string>>
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** `/products/:sku`; also the value of `http.route`. */
  readonly path: string
  handle(request: Request): Promise<Reply>
}

export interface ServiceDesign {
  readonly routes: readonly Route[]
  /** How a failure looks to somebody with a browser. */
  renderError?(status: number, message: string): string
}

const bodyLimitBytes = 16_384
const trace = new AsyncLocalStorage<string>()

/** The W3C trace id of the request being served, passed on to whoever it calls. */
export function currentTrace(): string | undefined {
  return trace.getStore()
}

export function createService(workplace: Workplace, design: ServiceDesign): Server {
  const server = createServer((incoming, outgoing) => {
    const traceId =
      /^00-([0-9a-f]{32})-/.exec(String(incoming.headers.traceparent))?.[1] ?? randomBytes(16).toString('hex')
    trace.run(traceId, () => {
      serve(workplace, design, incoming, outgoing).catch((error: unknown) => {
        workplace.log.write('error', 'request lost', { error: String(error) })
        outgoing.destroy()
      })
    })
  })
  // Longer than the callers keep an idle connection, or they would now and then write to a closing one.
  server.keepAliveTimeout = 65_000
  return server
}

async function serve(
  workplace: Workplace,
  design: ServiceDesign,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const url = new URL(incoming.url ?? '/', 'http://shop.internal')
  if (url.pathname === '/healthz') {
    return send(outgoing, { status: 200, body: { service: workplace.name, version: workplace.release } })
  }
  if (url.pathname === '/_fault' || url.pathname === '/_logs') return administer(workplace, url, incoming, outgoing)

  const began = performance.now()
  const method = incoming.method ?? 'GET'
  const found = findRoute(design.routes, method, url.pathname)
  const named = { 'http.request.method': method, 'url.scheme': 'http' }
  workplace.telemetry.active(1, named)
  let reply: Reply
  let errorType: string | undefined
  try {
    if (found === null) throw new Refusal(404, 'not-found', 'There is nothing here.')
    const request = await readRequest(incoming, url, found.parameters)
    if (await workplace.faults.disturb()) throw new Error('The service lost its connection to the session store.')
    reply = await found.route.handle(request)
  } catch (error) {
    const refusal = error instanceof Refusal ? error : new Refusal(500, 'internal', 'Something went wrong.')
    if (refusal.status >= 500) errorType = refusal === error ? String(refusal.status) : nameOf(error)
    const html = String(incoming.headers.accept).includes('text/html') && design.renderError
    reply = {
      status: refusal.status,
      body: html ? html(refusal.status, refusal.message) : { error: refusal.code, message: refusal.message },
    }
    workplace.log.write(
      refusal.status >= 500 ? 'error' : 'info',
      error instanceof Error ? error.message : String(error),
      {
        code: refusal.code,
        traceId: currentTrace(),
      },
    )
  }
  send(outgoing, reply)
  const seconds = (performance.now() - began) / 1_000
  workplace.telemetry.active(-1, named)
  workplace.telemetry.served(seconds, {
    ...named,
    'http.response.status_code': reply.status,
    ...(found === null ? {} : { 'http.route': found.route.path }),
    ...(errorType === undefined ? {} : { 'error.type': errorType }),
  })
  workplace.log.write('debug', 'request', {
    method,
    path: url.pathname,
    status: reply.status,
    ms: Math.round(seconds * 1_000),
    traceId: currentTrace(),
  })
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'Error'
}

function findRoute(
  routes: readonly Route[],
  method: string,
  path: string,
): { route: Route; parameters: Record<string, string> } | null {
  const given = path.split('/')
  for (const route of routes) {
    const wanted = route.path.split('/')
    if (route.method !== method || wanted.length !== given.length) continue
    const parameters: Record<string, string> = {}
    const fits = wanted.every((part, index) => {
      const value = given[index] ?? ''
      if (!part.startsWith(':')) return part === value
      parameters[part.slice(1)] = unescapePart(value)
      return value !== ''
    })
    if (fits) return { route, parameters }
  }
  return null
}

function unescapePart(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw new Refusal(400, 'bad-path', 'The address is not readable.')
  }
}

async function readRequest(
  incoming: IncomingMessage,
  url: URL,
  parameters: Readonly<Record<string, string>>,
): Promise<Request> {
  const text = await readBody(incoming)
  const form = String(incoming.headers['content-type']).startsWith('application/x-www-form-urlencoded')
  return {
    path: url.pathname,
    parameters,
    query: url.searchParams,
    body: form ? Object.fromEntries(new URLSearchParams(text)) : readObject(text),
    wantsHtml: String(incoming.headers.accept).includes('text/html'),
    userAgent: String(incoming.headers['user-agent'] ?? ''),
    cookies: new Map(
      String(incoming.headers.cookie ?? '')
        .split(';')
        .map((pair): [string, string] => {
          const cut = pair.indexOf('=')
          return [pair.slice(0, cut).trim(), pair.slice(cut + 1).trim()]
        }),
    ),
  }
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of incoming) {
    const bytes = Buffer.from(part)
    size += bytes.length
    if (size > bodyLimitBytes) throw new Refusal(413, 'too-large', 'The request is too large.')
    parts.push(bytes)
  }
  return Buffer.concat(parts).toString('utf8')
}

function send(outgoing: ServerResponse, reply: Reply): void {
  const html = typeof reply.body === 'string'
  outgoing.writeHead(reply.status, {
    'content-type': html ? 'text/html; charset=utf-8' : 'application/json',
    'cache-control': 'no-store',
    ...(html ? { 'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'" } : {}),
    ...reply.headers,
  })
  outgoing.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body))
}

// Not measured and not disturbed: a broken service still has to be repairable.
async function administer(
  workplace: Workplace,
  url: URL,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  if (!knowsToken(workplace.faultToken, String(incoming.headers.authorization))) {
    return send(outgoing, { status: 403, body: { error: 'forbidden' } })
  }
  if (url.pathname === '/_logs') {
    return send(outgoing, { status: 200, body: { lines: workplace.log.recent().map(readObject) } })
  }
  if (incoming.method === 'DELETE') {
    workplace.faults.set(null)
    return send(outgoing, { status: 200, body: { fault: null } })
  }
  const reading = readFault(readObject(await readBody(incoming)))
  if ('refused' in reading) return send(outgoing, { status: 400, body: { error: reading.refused } })
  if (reading.fault.mode === 'bad-release') {
    return send(outgoing, { status: 409, body: { error: 'A release is rolled out by starting the process with it.' } })
  }
  workplace.log.write('warn', 'fault set', { fault: reading.fault })
  if (reading.fault.mode === 'dead') {
    process.kill(process.pid, 'SIGKILL')
    return
  }
  workplace.faults.set(reading.fault)
  return send(outgoing, { status: 200, body: { fault: { ...reading.fault } } })
}

function knowsToken(token: string | null, header: string): boolean {
  if (token === null) return false
  const wanted = Buffer.from(`Bearer ${token}`)
  const given = Buffer.from(header)
  return wanted.length === given.length && timingSafeEqual(wanted, given)
}

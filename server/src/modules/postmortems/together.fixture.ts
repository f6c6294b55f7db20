// Real servers over one database, and hands that write by the console's own session over HTTP.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { failureOf, failureOfRefusal, readEvent } from '../../../../web/src/rooms/postmortems/together/browser-wire.ts'
import type { Wire } from '../../../../web/src/rooms/postmortems/together/wire.ts'
import { createEventReader } from '../../../../web/src/shell/sse.ts'
import type { ConnectionSettings } from '../../platform/database/connection.ts'

export interface Host {
  url(): string
  /** As the power cut would. */
  kill(): Promise<void>
  /** Another process in its place, at another port. */
  start(): Promise<void>
}

export async function startHost(connection: ConnectionSettings): Promise<Host> {
  const program = path.join(import.meta.dirname, 'together-process.fixture.ts')
  let child: ChildProcess | null = null
  let port = ''
  const start = async () => {
    const started = spawn(process.execPath, ['--import', 'tsx', program, JSON.stringify(connection)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    child = started
    const [line] = await once(createInterface({ input: started.stdout }), 'line')
    port = String(line)
  }
  await start()
  return {
    url: () => `http://127.0.0.1:${port}`,
    start,
    kill: async () => {
      if (child === null || child.exitCode !== null || child.signalCode !== null) return
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
    },
  }
}

/** The refusal of the server as the console's client would throw it. */
class Refusal extends Error {
  readonly status: number
  readonly code: string
  constructor(status: number, code: string, detail: string) {
    super(detail)
    this.status = status
    this.code = code
  }
}

export async function ask(host: Host, who: string, method: string, address: string, body?: object): Promise<unknown> {
  const answer = await fetch(`${host.url()}/api/v1/postmortems/${address}`, {
    method,
    headers: {
      authorization: `Bearer ${who}`,
      'x-mainstay-csrf': '1',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const value = (await answer.json()) as { code?: string; detail?: string }
  if (!answer.ok) throw new Refusal(answer.status, value.code ?? '', value.detail ?? '')
  return value
}

const toBytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'))
const shared = (value: unknown) => {
  const { client, epoch, seq, state } = value as { client: number; epoch: number; seq: number; state: string }
  return { client, epoch, seq, state: toBytes(state) }
}

export function wireOf(host: Host, id: string, who: string): Wire {
  return {
    join: async () => shared(await ask(host, who, 'POST', `${id}/document`)),
    read: async () => shared(await ask(host, who, 'GET', `${id}/document`)),
    write: async (client, update) => {
      await ask(host, who, 'POST', `${id}/document/updates`, {
        client,
        update: Buffer.from(update).toString('base64'),
      })
    },
    here: async (client, where) => {
      const body = where === null ? { here: false } : { here: true, ...where }
      await ask(host, who, 'PUT', `${id}/document/writers/${client}`, body)
    },
    follow: (after, hear, signal) =>
      follow({ host, id, who, after, signal }, (event) => {
        const read = readEvent(event)
        if (read !== null) hear(read)
      }),
    failureOf: (error) =>
      error instanceof Refusal
        ? failureOfRefusal({ status: error.status, code: error.code, detail: error.message })
        : failureOf(error),
  }
}

interface Following {
  readonly host: Host
  readonly id: string
  readonly who: string
  readonly after: number
  readonly signal: AbortSignal
}

function follow(
  { host, id, who, after, signal }: Following,
  hear: (event: ReturnType<ReturnType<typeof createEventReader>['push']>[number]) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const read = (response: IncomingMessage) => {
      if (response.statusCode !== 200) return reject(new Error(`The stream was refused: ${response.statusCode}`))
      const events = createEventReader()
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        for (const event of events.push(chunk)) hear(event)
      })
      response.on('close', resolve)
      response.on('error', () => resolve())
      return undefined
    }
    const address = `${host.url()}/api/v1/postmortems/${id}/live?after=${after}`
    const request = get(address, { headers: { authorization: `Bearer ${who}` }, agent: false, signal }, read)
    request.on('error', reject)
  })
}

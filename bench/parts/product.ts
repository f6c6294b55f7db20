// The built product as a child process with a data folder of its own, set up as a person would: link, account, keys.
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { nodeArguments } from '../../tools/ready/built.mjs'
import { type Connection, connect } from './http.ts'

// Another build, to compare two versions.
const program = process.env.BENCH_PROGRAM ?? path.resolve(import.meta.dirname, '../../dist/mainstay.js')
const startWithinMs = 120_000

export interface Product {
  readonly url: string
  readonly dataFolder: string
  /** The server's own process and PostgreSQL's first one: together they are what the product costs. */
  readonly serverPid: number
  readonly databasePid: number
  /** From the start of the process until /readyz answers 200. */
  readonly readyMs: number
  /** As the first administrator. */
  readonly admin: Connection
  createKey(name: string): Promise<string>
  apply(documents: string): Promise<void>
  stop(): Promise<void>
}

export interface ProductOptions {
  /** A folder of an earlier run; a fresh one is made and removed when left out. */
  readonly dataFolder?: string
  readonly environment?: Readonly<Record<string, string>>
  /** For Node, such as `--cpu-prof`. */
  readonly nodeArguments?: readonly string[]
  /** False leaves out account and keys. */
  readonly setUp?: boolean
}

const csrf = { 'x-mainstay-csrf': '1' }

export async function startProduct(options: ProductOptions = {}): Promise<Product> {
  if (!existsSync(program)) throw new Error('There is no build. Run `npm run build` first.')
  const dataFolder = options.dataFolder ?? (await mkdtemp(path.join(tmpdir(), 'mainstay-bench-')))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const began = performance.now()
  const child = spawn(process.execPath, [...nodeArguments, ...(options.nodeArguments ?? []), program, 'server'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...process.env,
      MAINSTAY_PORT: String(port),
      MAINSTAY_DATA_DIR: dataFolder,
      MAINSTAY_LOG_LEVEL: 'warn',
      ...options.environment,
    },
  })
  // A run that is interrupted leaves no server behind.
  const interrupted = () => {
    child.kill('SIGTERM')
    process.exitCode = 130
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupted)
  const said: string[] = []
  child.stderr.setEncoding('utf8').on('data', (text: string) => said.push(text))
  const stop = async () => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, interrupted)
    await ended(child)
    if (options.dataFolder === undefined) await rm(dataFolder, { recursive: true, force: true })
  }
  try {
    await untilReady(url, child, said)
    const readyMs = performance.now() - began
    const admin =
      options.setUp === false ? connect(url) : await signUp(url, /#([\w-]{20,100})/.exec(said.join(''))?.[1] ?? '')
    const pidFile = path.join(dataFolder, 'postgres/cluster/postmaster.pid')
    return {
      url,
      dataFolder,
      serverPid: child.pid ?? 0,
      databasePid: Number(readFileSync(pidFile, 'utf8').split('\n')[0]),
      readyMs,
      admin,
      createKey: async (name) => {
        const order = { name, role: 'responder', scopes: ['*'] }
        return JSON.parse(demand(await admin.send('POST', '/api/v1/keys', order, csrf), 201)).token
      },
      apply: async (documents) => {
        demand(await admin.send('POST', '/api/v1/apply', { documents, manager: 'bench' }, csrf), 200)
      },
      stop: async () => {
        admin.close()
        await stop()
      },
    }
  } catch (error) {
    await stop()
    throw error
  }
}

async function signUp(url: string, token: string): Promise<Connection> {
  const visitor = connect(url)
  const account = { token, email: 'bench@shop.example', name: 'Bench', password: 'nine slow herons' }
  const reply = await visitor.send('POST', '/api/v1/setup', account, csrf)
  demand(reply, 201)
  visitor.close()
  const cookies = reply.headers['set-cookie']
  const cookie = (Array.isArray(cookies) ? cookies : [cookies ?? '']).map((each) => each.split(';')[0]).join('; ')
  return connect(url, { cookie })
}

export function demand(reply: { status: number; body: string }, status: number): string {
  if (reply.status !== status) throw new Error(`Expected ${status}, got ${reply.status}: ${reply.body.slice(0, 500)}`)
  return reply.body
}

async function untilReady(url: string, child: ChildProcess, said: readonly string[]): Promise<void> {
  const until = performance.now() + startWithinMs
  for (;;) {
    if (child.exitCode !== null) throw new Error(`The server ended: ${said.join('').slice(-2_000)}`)
    const answer = await fetch(`${url}/readyz`).catch(() => null)
    if (answer?.status === 200) return
    if (performance.now() > until) throw new Error(`The server is not ready: ${said.join('').slice(-2_000)}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  const late = setTimeout(() => child.kill('SIGKILL'), 15_000)
  await exit
  clearTimeout(late)
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}

// The built product as its own processes, started, watched and ended from outside as an operator would.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect } from 'vitest'
import { keepNote } from '../proof/record.ts'

const root = path.resolve(import.meta.dirname, '../../..')
const patienceMs = 90_000

export interface Product {
  readonly url: string
  readonly dataFolder: string
  readonly pid: number
  /** Everything the process has said since its last start. */
  readonly output: string
  /**
   * Resolves when it is ready, with the one-time link when this is the first start. `open` is content with one that takes
   * requests: where everything breaks at once, what is due may be late, and it is not started again for that.
   */
  start(until?: 'ready' | 'open'): Promise<string | null>
  kill(): Promise<void>
  /** Asks it to end as systemd would, and answers how that went. */
  stop(): Promise<{ readonly code: number | null; readonly withinMs: number }>
  /** For the end of a test: whatever its state, it is gone afterwards. */
  end(): Promise<void>
}

export interface ProductOptions {
  readonly dataFolder: string
  readonly mailPort: number
  readonly environment?: NodeJS.ProcessEnv
}

export async function openProduct(options: ProductOptions): Promise<Product> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const environment = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    MAINSTAY_DATA_DIR: options.dataFolder,
    MAINSTAY_PORT: String(port),
    MAINSTAY_LOG_LEVEL: process.env.MAINSTAY_PROOF_LOGS === undefined ? 'error' : 'info',
    MAINSTAY_SMTP_URL: `smtp://127.0.0.1:${options.mailPort}`,
    MAINSTAY_EGRESS_ALLOW: `smtp=127.0.0.1/32:${options.mailPort}`,
    ...options.environment,
  }
  let child: ChildProcess | undefined
  let text = ''
  const lives = (each: ChildProcess) => each.exitCode === null && each.signalCode === null
  const end = async (by: 'SIGKILL' | 'SIGTERM') => {
    if (child === undefined || !lives(child)) return
    const exit = once(child, 'exit')
    child.kill(by)
    await exit
  }
  return {
    url,
    dataFolder: options.dataFolder,
    get pid() {
      if (child?.pid === undefined) throw new Error('The product was never started.')
      return child.pid
    },
    get output() {
      return text
    },
    start: async (until = 'ready') => {
      text = ''
      const started = spawn(path.join(root, 'dist/mainstay.js'), ['server'], {
        cwd: root,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: environment,
      })
      child = started
      for (const stream of [started.stdout, started.stderr])
        stream.on('data', (chunk) => {
          text += String(chunk)
          keepNote(`${port}.log`, String(chunk))
        })
      await eventually('the server is ready', async () => {
        if (!lives(started)) throw new Error(`The server ended with ${started.exitCode}:\n${text}`)
        const state = await readiness(url)
        if (until === 'open') return state === null || state.sentences.includes('starting') ? null : true
        return state?.ready === true ? true : null
      })
      return /first administrator: (\S+)/.exec(text)?.[1] ?? null
    },
    kill: () => end('SIGKILL'),
    stop: async () => {
      const since = performance.now()
      await end('SIGTERM')
      return { code: child?.exitCode ?? null, withinMs: performance.now() - since }
    },
    end: () => end('SIGTERM'),
  }
}

/** What the operator is told; null when nothing listens there. */
export async function readiness(
  url: string,
): Promise<{ readonly ready: boolean; readonly status: number; readonly sentences: string } | null> {
  const reply = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(15_000) }).catch(() => null)
  if (reply === null) return null
  const body = (await reply.json()) as { ready: boolean; checks: { ok: boolean; sentence: string }[] }
  const failing = body.checks.filter((check) => !check.ok).map((check) => check.sentence)
  return { ready: body.ready, status: reply.status, sentences: failing.join(' ') }
}

/** The first administrator, who is also the last resort of every page, and a key that may do everything. */
export async function createKey(url: string, setupUrl: string | null): Promise<string> {
  const headers = { 'content-type': 'application/json', 'x-mainstay-csrf': '1' }
  const account = {
    token: setupUrl?.split('#')[1],
    email: 'ana@shop.example',
    name: 'Ana',
    password: 'a long password of ana 42',
  }
  const signedIn = await fetch(`${url}/api/v1/setup`, { method: 'POST', headers, body: JSON.stringify(account) })
  expect(signedIn.status).toBe(201)
  const cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const made = await fetch(`${url}/api/v1/keys`, {
    method: 'POST',
    headers: { ...headers, cookie },
    body: JSON.stringify({ name: 'chaos', role: 'admin', scopes: ['*'], service: true }),
  })
  expect(made.status).toBe(201)
  return ((await made.json()) as { token: string }).token
}

export async function read<T>(url: string, token: string, address: string): Promise<T> {
  return eventually(`an answer from ${address}`, async () => {
    const reply = await fetch(`${url}${address}`, { headers: { authorization: `Bearer ${token}` } }).catch(() => null)
    // Too many questions of ours in a second are asked again; every other refusal is an error.
    if (reply !== null && reply.status < 500 && reply.status !== 429 && !reply.ok)
      throw new Error(`${address}: ${reply.status} ${await reply.text()}`)
    return reply?.ok === true ? ((await reply.json()) as T) : null
  })
}

export async function eventually<T>(what: string, look: () => Promise<T | null>, withinMs = patienceMs): Promise<T> {
  const until = performance.now() + withinMs
  for (;;) {
    const seen = await look()
    if (seen !== null) return seen
    if (performance.now() > until) throw new Error(`Waited ${withinMs / 1000} s in vain until ${what}.`)
    await wait(100)
  }
}

export function newDataFolder(): string {
  return mkdtempSync(path.join(tmpdir(), 'mainstay-chaos-'))
}

async function freePort(): Promise<number> {
  const probe = createServer()
  probe.listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string') throw new Error('No port was given.')
  return address.port
}

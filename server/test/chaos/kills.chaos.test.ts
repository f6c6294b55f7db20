// The built product is killed at any moment, twenty times the server and twenty times its PostgreSQL, while alerts
// stream in. What was answered is there, every page that was due goes out, and nobody gets a third copy.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Mailbox, openMailbox } from '../mailbox.ts'

const root = path.resolve(import.meta.dirname, '../../..')
const kills = 20
const everyMs = 25
const patienceMs = 90_000

let mailbox: Mailbox
let dataFolder: string
let server: ChildProcess
let environment: NodeJS.ProcessEnv
let url: string
let token: string
const accepted = new Set<string>()
const underWay = new Set<Promise<unknown>>()
let sent = 0

beforeAll(async () => {
  mailbox = await openMailbox()
  dataFolder = mkdtempSync(path.join(tmpdir(), 'mainstay-chaos-'))
  const port = await freePort()
  url = `http://127.0.0.1:${port}`
  environment = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    MAINSTAY_DATA_DIR: dataFolder,
    MAINSTAY_PORT: String(port),
    MAINSTAY_LOG_LEVEL: 'error',
    MAINSTAY_SMTP_URL: `smtp://127.0.0.1:${mailbox.port}`,
    MAINSTAY_EGRESS_ALLOW: `smtp=127.0.0.1/32:${mailbox.port}`,
  }
  const setup = await start()
  token = await createKey(setup)
})

afterAll(async () => {
  if (server.exitCode === null && server.signalCode === null) {
    server.kill('SIGTERM')
    await once(server, 'exit')
  }
  await mailbox.stop()
  rmSync(dataFolder, { recursive: true, force: true })
})

test(`the server killed ${kills} times under load loses nothing it answered for`, async () => {
  await underLoad(async (moment) => {
    await wait(moment)
    const exit = once(server, 'exit')
    server.kill('SIGKILL')
    await exit
    await start()
  })
  await everythingIsThere()
}, 300_000)

test(`PostgreSQL killed ${kills} times under load comes back by itself and has everything`, async () => {
  await underLoad(async (moment) => {
    await wait(moment)
    process.kill(
      Number(readFileSync(path.join(dataFolder, 'postgres/cluster/postmaster.pid'), 'utf8').split('\n')[0]),
      'SIGKILL',
    )
    await eventually('the server writes again', async () => accept(`after-${sent}-${moment}`))
  })
  await everythingIsThere()
}, 300_000)

test('every page went out, at most two copies of each, all copies under one key', async () => {
  const copies = new Map<string, number>()
  for (const mail of mailbox.mails) copies.set(mail.messageId, (copies.get(mail.messageId) ?? 0) + 1)
  expect(Math.max(...copies.values())).toBeLessThanOrEqual(2)
  const waiting = new Set((await listAlerts()).map((alert) => alert.id))
  await eventually('a message for every alert', async () => {
    for (const id of waiting) {
      const { pages } = await read<{ pages: { state: string }[] }>(`/api/v1/alerts/${id}`)
      if (pages.some((page) => page.state === 'sent')) waiting.delete(id)
      else return null
    }
    return true
  })
  expect(waiting.size).toBe(0)
}, 300_000)

test('asked to stop, it ends within ten seconds and leaves no PostgreSQL behind', async () => {
  const pid = Number(readFileSync(path.join(dataFolder, 'postgres/cluster/postmaster.pid'), 'utf8').split('\n')[0])
  const exit = once(server, 'exit')
  server.kill('SIGTERM')
  const late = AbortSignal.timeout(10_000)
  await Promise.race([exit, once(late, 'abort').then(() => Promise.reject(new Error('It did not end within 10 s.')))])
  expect(server.exitCode).toBe(0)
  expect(() => process.kill(pid, 0)).toThrow()
})

/** One sender every 25 ms, and the deed at seeded moments of the stream. */
async function underLoad(deed: (momentMs: number) => Promise<void>): Promise<void> {
  let streaming = true
  const stream = (async () => {
    while (streaming) {
      sent += 1
      const answer = accept(`alert-${sent}`)
      underWay.add(answer)
      void answer.then(() => underWay.delete(answer))
      await wait(everyMs)
    }
  })()
  let seed = 20_261_121
  for (let kill = 0; kill < kills; kill += 1) {
    seed = (seed * 48_271) % 2_147_483_647
    await deed(200 + (seed % 700))
  }
  streaming = false
  await stream
  await Promise.all(underWay)
}

/** True when the server answered for it: from then on it must be there. */
async function accept(key: string): Promise<true | null> {
  try {
    const reply = await fetch(`${url}/api/v1/signals`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ source: 'chaos', signals: [{ dedupKey: key, summary: key, severity: 'critical' }] }),
      signal: AbortSignal.timeout(20_000),
    })
    if (!reply.ok) return null
    accepted.add(key)
    return true
  } catch {
    // It was not answered, so nothing was promised.
    return null
  }
}

async function everythingIsThere(): Promise<void> {
  expect(accepted.size).toBeGreaterThan(kills)
  const present = new Set((await listAlerts()).map((alert) => alert.title))
  expect([...accepted].filter((key) => !present.has(key))).toEqual([])
  const journal = await read<{ ok: boolean }>('/api/v1/journal/verification')
  expect(journal.ok).toBe(true)
}

async function listAlerts(): Promise<readonly { id: string; title: string }[]> {
  const all: { id: string; title: string }[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: { items: { id: string; title: string }[]; nextCursor: string | null } = await read(
      `/api/v1/alerts?limit=500${cursor === '' ? '' : `&cursor=${cursor}`}`,
    )
    all.push(...page.items)
    cursor = page.nextCursor
  }
  return all
}

async function read<T>(address: string): Promise<T> {
  return eventually(`an answer from ${address}`, async () => {
    const reply = await fetch(`${url}${address}`, { headers: { authorization: `Bearer ${token}` } }).catch(() => null)
    if (reply !== null && reply.status < 500 && !reply.ok)
      throw new Error(`${address}: ${reply.status} ${await reply.text()}`)
    return reply?.ok === true ? ((await reply.json()) as T) : null
  })
}

/** Answers the one-time link when this is the first start. */
async function start(): Promise<string | null> {
  const child = spawn(process.execPath, [path.join(root, 'dist/mainstay.js'), 'server'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environment,
  })
  server = child
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += String(chunk)))
  await eventually('the server is ready', async () => {
    if (child.exitCode !== null) throw new Error(`The server ended with ${child.exitCode}:\n${text}`)
    const reply = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5_000) }).catch(() => null)
    return reply?.ok === true ? true : null
  })
  return /first administrator: (\S+)/.exec(text)?.[1] ?? null
}

async function createKey(setupUrl: string | null): Promise<string> {
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
  const order = { name: 'chaos', role: 'admin', scopes: ['*'], service: true }
  const made = await fetch(`${url}/api/v1/keys`, {
    method: 'POST',
    headers: { ...headers, cookie },
    body: JSON.stringify(order),
  })
  expect(made.status).toBe(201)
  const key = (await made.json()) as { token: string }
  return key.token
}

async function eventually<T>(what: string, look: () => Promise<T | null>): Promise<T> {
  const until = performance.now() + patienceMs
  for (;;) {
    const seen = await look()
    if (seen !== null) return seen
    if (performance.now() > until) throw new Error(`Waited ${patienceMs / 1000} s in vain until ${what}.`)
    await wait(100)
  }
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

// Two server processes on one PostgreSQL. What one of them takes away, the other one refuses within a second, also when
// the hint between them is lost.
import { randomBytes } from 'node:crypto'
import { rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type EmbeddedPostgres, startEmbedded } from '../../src/platform/database/embedded/index.ts'
import { silentLog } from '../../src/platform/log/log.ts'
import { createKey, newDataFolder, openProduct, type Product } from './product.ts'

const promiseMs = 1_000
const folders = [newDataFolder(), newDataFolder(), newDataFolder()]
const csrf = { 'content-type': 'application/json', 'x-mainstay-csrf': '1' }
const password = 'a long password of ben 42'

let postgres: EmbeddedPostgres
let servers: readonly Product[] = []
let watcher: pg.Client
let token: string

beforeAll(async () => {
  const [cluster = '', one = '', two = ''] = folders
  postgres = await startEmbedded({ dataDir: cluster, log: silentLog })
  const { host, user, database } = postgres.connection
  const keyFile = path.join(one, 'shared.key')
  writeFileSync(keyFile, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600 })
  const environment = {
    DATABASE_URL: `postgres://${user}@/${database}?host=${encodeURIComponent(host)}`,
    MAINSTAY_KEY_FILE: keyFile,
  }
  // No mail is sent here: nothing listens on the discard port.
  servers = await Promise.all([one, two].map((dataFolder) => openProduct({ dataFolder, mailPort: 9, environment })))
  const [setup] = await Promise.all(servers.map((each) => each.start()))
  token = await createKey(first().url, setup ?? null)
  watcher = new pg.Client(postgres.connection)
  await watcher.connect()
})

afterAll(async () => {
  await watcher?.end()
  await Promise.all(servers.map((each) => each.end()))
  await postgres.stop()
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

const first = (): Product => servers[0] as Product
const second = (): Product => servers[1] as Product

async function asAdmin<T>(method: string, address: string, body?: object): Promise<T> {
  const reply = await fetch(`${first().url}/api/v1${address}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await reply.text()
  expect(reply.status, `${method} ${address}: ${text}`).toBeLessThan(300)
  return (text === '' ? null : JSON.parse(text)) as T
}

let people = 0
/** A new person with a session, which the second server has just admitted. */
async function signedIn() {
  people += 1
  const email = `ben${people}@shop.example`
  const { person, invitation } = await asAdmin<{ person: { id: string }; invitation: string }>('POST', '/people', {
    email,
    name: 'Ben',
    role: 'responder',
  })
  const body = JSON.stringify({ token: invitation.split('#')[1], password })
  const reply = await fetch(`${first().url}/api/v1/setup`, { method: 'POST', headers: csrf, body })
  expect(reply.status).toBe(201)
  const cookie = reply.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const { items } = await asAdmin<{ items: { id: string }[] }>('GET', `/sessions?person=${person.id}`)
  return { person: person.id, session: items[0]?.id ?? '', headers: { cookie } }
}

/** Asks the second server on and on, as an open console does; answers how long after the act it still said yes. */
async function admittedAfter(headers: Record<string, string>, act: () => Promise<unknown>): Promise<number> {
  const ask = async () => (await fetch(`${second().url}/api/v1/overview`, { headers })).status
  expect(await ask()).toBe(200)
  let actedAt: number | null = null
  let lastYes = 0
  const asking = (async () => {
    for (;;) {
      const askedAt = performance.now()
      const status = await ask()
      if (status === 401) return
      expect(status).toBe(200)
      // A question asked before the act was answered proves nothing.
      if (actedAt !== null && askedAt > actedAt) lastYes = askedAt - actedAt
      await wait(10)
    }
  })()
  await Promise.all([
    asking,
    act().then(() => {
      actedAt = performance.now()
    }),
  ])
  return lastYes
}

const acts = [
  [
    'a session is revoked',
    async () => {
      const { session, headers } = await signedIn()
      return { headers, act: () => asAdmin('DELETE', `/sessions/${session}`) }
    },
  ],
  [
    'a person is disabled',
    async () => {
      const { person, headers } = await signedIn()
      return { headers, act: () => asAdmin('PATCH', `/people/${person}`, { disabled: true }) }
    },
  ],
  [
    'somebody signs out',
    async () => {
      const { headers } = await signedIn()
      return {
        headers,
        act: () => fetch(`${first().url}/api/v1/session`, { method: 'DELETE', headers: { ...csrf, ...headers } }),
      }
    },
  ],
  [
    'a key is revoked',
    async () => {
      const made = await asAdmin<{ key: { id: string }; token: string }>('POST', '/keys', {
        name: 'reader',
        role: 'viewer',
        scopes: ['*'],
        service: true,
      })
      return {
        headers: { authorization: `Bearer ${made.token}` },
        act: () => asAdmin('DELETE', `/keys/${made.key.id}`),
      }
    },
  ],
] as const

test.each(acts)('%s on one server: the other one refuses within a second', async (_, prepare) => {
  const { headers, act } = await prepare()
  expect(await admittedAfter(headers, act)).toBeLessThan(promiseMs)
})

test.each(acts)('%s while the hint between the servers is lost: still within a second', async (_, prepare) => {
  const { headers, act } = await prepare()
  const deaf = async () => {
    await watcher.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where query = 'listen mainstay_sessions'`,
    )
    await act()
  }
  expect(await admittedAfter(headers, deaf)).toBeLessThan(promiseMs)
})

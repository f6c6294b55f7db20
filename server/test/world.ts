// The whole house on a database of its own, with the clock in the test's hands and the outside played for real: mail
// goes over SMTP to a mailbox on loopback, requests go through every door that a caller's would.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { expect, onTestFinished } from 'vitest'
import { buildHouse, type House } from '../src/app/house.ts'
import { openEgress } from '../src/app/outgoing.ts'
import type { Outside } from '../src/app/outside.ts'
import { permissionTable } from '../src/app/permissions/index.ts'
import { buildRooms } from '../src/app/rooms.ts'
import type { Role } from '../src/kernel/actor.ts'
import { type Instant, parseInstant, plus } from '../src/kernel/instant.ts'
import { appendEntries } from '../src/modules/audit/index.ts'
import { issueKey } from '../src/modules/identity/index.ts'
import { readConfig } from '../src/platform/config/config.ts'
import { type Database, openDatabase } from '../src/platform/database/database.ts'
import { applicationRole } from '../src/platform/database/migrate.ts'
import { sql } from '../src/platform/database/queries.ts'
import type { RateLimits } from '../src/platform/http/rate-limit.ts'
import type { Log, LogFields } from '../src/platform/log/log.ts'
import { createLinkSigner, loadOrCreateSigningKey, openKeyring } from '../src/platform/secrets/index.ts'
import { plantRecurring } from '../src/platform/work/due-work.store.ts'
import type { Worker } from '../src/platform/work/worker.ts'
import { installClock, type TestClock } from './clock.ts'
import { openTestDatabase } from './database.ts'
import { type Mail, type Mailbox, openMailbox } from './mailbox.ts'

export interface Reply<Body> {
  readonly status: number
  readonly body: Body
  readonly headers: Readonly<Record<string, unknown>>
}

/** Sends a request as somebody and checks that it went as expected: 2xx unless a status is named. */
export type Ask = <Body = Readonly<Record<string, unknown>>>(
  line: string,
  body?: unknown,
  options?: { readonly status?: number; readonly headers?: Readonly<Record<string, string>> },
) => Promise<Body>

export interface World {
  readonly house: House
  readonly server: FastifyInstance
  readonly database: Database
  readonly clock: TestClock
  readonly mailbox: Mailbox
  readonly worker: Worker
  /** Lines of the log at `error` and what jobs were set aside: both should stay empty. */
  readonly troubles: readonly string[]
  /** A request as it comes, with whatever it says; nothing is checked. */
  ask(
    method: string,
    url: string,
    options: { readonly headers: Readonly<Record<string, string>>; readonly payload: string | null },
  ): Promise<Reply<unknown>>
  /** The cookie of a person who signed in. */
  cookieOf(person: string, role?: Role): Promise<{ readonly cookie: string }>
  /** With an API key of the role and every scope. */
  as(role: Role): Ask
  /** With a key of the role and the teams. */
  withKey(order: {
    readonly role: Role
    readonly teams?: readonly string[]
    readonly scopes?: readonly string[]
  }): Promise<Ask>
  /** With a session: the account with the address of this Person, made when it is not there. */
  signIn(person: string, role?: Role): Promise<Ask>
  apply(documents: string): Promise<void>
  /** One signal by the generic intake, and whatever it makes due. */
  receive(signal: {
    readonly service?: string
    readonly alert: string
    readonly severity?: string
    readonly over?: true
  }): Promise<void>
  /** `'15m'`, `'30s'`, `'2h'`: stops at every instant at which something is due. */
  forward(duration: string): Promise<void>
  /** Takes the mails that arrived since the last look. */
  newMails(): readonly Mail[]
  /** The next unseen page went to this person, and to nobody else. */
  expectPage(person: string, reason?: RegExp): Mail
  expectNoPage(): void
}

export interface WorldOptions {
  readonly at?: string
  /** Documents to begin with; two responders, a team, a service with a policy of two levels unless said. */
  readonly seed?: string
  readonly name?: string
  /** Settings of the process besides those that every world needs. */
  readonly settings?: Readonly<Record<string, string>>
  /** More of what the process hands to the rooms; `folder` is a data folder of this world. */
  readonly outside?: (folder: string) => Partial<Outside>
  /** Between the house and its database: for tests that take it away. */
  readonly through?: (database: Database) => Database
}

export const shopSeed = `
apiVersion: mainstay.dev/v1
kind: Person
metadata: { name: ana, displayName: Ana Ruiz }
spec: { email: ana@shop.example, timeZone: Europe/Madrid }
---
apiVersion: mainstay.dev/v1
kind: Person
metadata: { name: ben, displayName: Ben Okafor }
spec: { email: ben@shop.example, timeZone: Europe/London }
---
apiVersion: mainstay.dev/v1
kind: Team
metadata: { name: web, displayName: Web }
spec: { members: [ana, ben] }
---
apiVersion: mainstay.dev/v1
kind: Team
metadata: { name: pay, displayName: Payments }
spec: { members: [] }
---
apiVersion: mainstay.dev/v1
kind: EscalationPolicy
metadata: { name: web-on-call, displayName: Web on call }
spec:
  team: web
  levels:
    - notify: [{ person: ana }]
      waitFor: 15m
    - notify: [{ person: ben }]
      waitFor: 15m
  repeat: 0
  fallbackOwner: ana
---
apiVersion: mainstay.dev/v1
kind: Service
metadata: { name: checkout, displayName: Checkout }
spec: { team: web, tier: 1, escalationPolicy: web-on-call }
---
apiVersion: mainstay.dev/v1
kind: Service
metadata: { name: ledger, displayName: Ledger }
spec: { team: pay, tier: 2 }
`

const longestStepMs = 30_000
const durations: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

function millisecondsOf(duration: string): number {
  const match = /^(\d+)(s|m|h|d)$/.exec(duration)
  if (match === null) throw new Error(`${duration} is not a duration such as 15m.`)
  return Number(match[1]) * (durations[match[2] ?? ''] ?? Number.NaN)
}

export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const store = await openTestDatabase(options.name ?? 'world')
  const folder = mkdtempSync(path.join(tmpdir(), 'mainstay-world-'))
  const mailbox = await openMailbox()
  const clock = await installClock(store.connection)
  const start = parseInstant(options.at ?? '2026-03-02T09:00:00Z')
  if (start === null) throw new Error(`${options.at} is not an instant.`)
  await clock.set(start)

  const troubles: string[] = []
  const log = listening(troubles)
  const opened = openDatabase({ connection: store.connection, log, role: applicationRole, maxConnections: 10 })
  const database = options.through?.(opened) ?? opened
  const config = readConfig({
    MAINSTAY_PUBLIC_URL: 'http://mainstay.test',
    MAINSTAY_SMTP_URL: `smtp://127.0.0.1:${mailbox.port}`,
    MAINSTAY_EGRESS_ALLOW: `smtp=127.0.0.1/32:${mailbox.port};webhook=127.0.0.1/32:any`,
    ...options.settings,
  })
  const egress = openEgress({ config, log, database: store.connection, ownPort: () => 0 })
  const keyring = openKeyring({ dataFolder: folder, keyFile: null })
  let limits: RateLimits | undefined
  const house = buildHouse({
    database,
    log,
    publicUrl: () => 'http://mainstay.test',
    append: appendEntries,
    permissions: permissionTable,
    compose: (needs, parts) => {
      limits = parts.rateLimits
      const signingKey = loadOrCreateSigningKey(path.join(folder, 'journal-key.pem'))
      const links = createLinkSigner(keyring)
      const more = options.outside?.(folder)
      return buildRooms(needs, { config, egress, keyring, links, signingKey, ...more }, parts)
    },
    trustProxy: false,
    consoleFolder: null,
    migrations: 0,
    instrument: null,
  })
  const server = await house.buildServer(() => true)
  for (const room of house.rooms) await room.start?.()
  const recurring = house.rooms.flatMap((room) => room.recurring ?? [])
  const worker = house.createWorker({
    owner: 'world',
    recurring: true,
    onRun: (kind, outcome) => {
      if (outcome === 'set-aside') troubles.push(`${kind} was set aside`)
    },
  })
  for (const each of recurring) await plantRecurring(database, each.job)
  onTestFinished(async () => {
    await worker.stop()
    for (const room of [...house.rooms].reverse()) await room.stop?.()
    await server.close()
    await database.close()
    await mailbox.stop()
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const ask: World['ask'] = (method, url, order) => send(server, limits, method, url, order)
  const asking =
    (credentials: Readonly<Record<string, string>>): Ask =>
    async <Body>(line: string, body?: unknown, expected: Parameters<Ask>[2] = {}) => {
      const [method = 'GET', url = '/'] = line.split(' ')
      const payload = body === undefined ? null : JSON.stringify(body)
      const reply = await ask(method, url, { headers: { ...credentials, ...expected.headers }, payload })
      const ok = expected.status === undefined ? reply.status < 300 : reply.status === expected.status
      if (!ok) expect.fail(`${line} answered ${reply.status}: ${JSON.stringify(reply.body).slice(0, 2_000)}`)
      return reply.body as Body
    }
  const bearer = (token: string) => asking({ authorization: `Bearer ${token}` })
  const keys = new Map<Role, string>()
  for (const role of ['viewer', 'responder', 'editor', 'admin'] as const)
    keys.set(role, await issueKey(house.needs, { name: `test ${role}`, role, scopes: ['*'] }))
  const as = (role: Role) => bearer(keys.get(role) ?? '')

  // Recurring work comes back every few seconds for ever: it runs at the steps, but does not make them.
  const everyKind = recurring.map((each) => each.job.kind)
  const nextDue = async (): Promise<Instant | null> => {
    const row = await database.one(sql<{ at: Instant | null }>`
      select min(greatest(due_at, coalesce(claimed_until, due_at))) as at from due_work
      where set_aside_at is null and not (kind = any(${everyKind}))`)
    return row.at
  }
  let looked = 0
  const newMails = () => {
    const mails = mailbox.mails.slice(looked)
    looked = mailbox.mails.length
    return mails
  }

  const world: World = {
    house,
    server,
    database,
    clock,
    mailbox,
    worker,
    troubles,
    as,
    withKey: async (order) => {
      const made = await as('admin')<{ token: string }>('POST /api/v1/keys', {
        name: 'test',
        role: order.role,
        scopes: order.scopes ?? ['*'],
        ...(order.teams === undefined ? {} : { teams: order.teams }),
        service: true,
      })
      return bearer(made.token)
    },
    ask,
    cookieOf: (person, role = 'responder') => signIn(ask, as('admin'), person, role),
    signIn: async (person, role = 'responder') =>
      asking({ ...(await signIn(ask, as('admin'), person, role)), 'x-mainstay-csrf': '1' }),
    apply: async (documents) => {
      await as('admin')('POST /api/v1/apply', { documents, manager: 'git:test' })
      await worker.drain()
    },
    receive: async (signal) => {
      await as('responder')('POST /api/v1/signals', {
        signals: [
          {
            dedupKey: `${signal.service ?? 'none'}/${signal.alert}`,
            summary: signal.alert,
            severity: signal.severity ?? 'critical',
            status: signal.over === true ? 'resolved' : 'firing',
            labels: { alertname: signal.alert },
            ...(signal.service === undefined ? {} : { service: signal.service }),
          },
        ],
      })
      await worker.drain()
    },
    forward: async (duration) => {
      const end = plus(await clock.now(), millisecondsOf(duration))
      for (;;) {
        await worker.drain()
        const now = await clock.now()
        if (now >= end) return
        const due = await nextDue()
        const step = Math.min(end, plus(now, longestStepMs), due === null || due <= now ? end : due)
        await clock.set(step as Instant)
      }
    },
    newMails,
    expectPage: (person, reason) => {
      const mails = newMails()
      expect(
        mails.map((mail) => mail.to),
        JSON.stringify(mails.map((mail) => mail.subject)),
      ).toEqual([`${person}@shop.example`])
      const [mail] = mails
      if (mail === undefined) throw new Error('No mail.')
      if (reason !== undefined) expect(`${mail.subject}\n${mail.text}`).toMatch(reason)
      return mail
    },
    expectNoPage: () => expect(newMails().map((mail) => `${mail.to}: ${mail.subject}`)).toEqual([]),
  }
  await world.apply(options.seed ?? shopSeed)
  return world
}

async function send(
  server: FastifyInstance,
  limits: RateLimits | undefined,
  method: string,
  url: string,
  { headers, payload }: Parameters<World['ask']>[2],
): Promise<Reply<unknown>> {
  // One caller here asks more in a second than a thousand people do.
  limits?.buckets.clear()
  const request: InjectOptions = {
    method: method as NonNullable<InjectOptions['method']>,
    url,
    headers: { ...(payload === null ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(payload === null ? {} : { payload }),
  }
  const reply = await server.inject(request)
  const isJson = String(reply.headers['content-type'] ?? '').includes('json') && reply.body !== ''
  return { status: reply.statusCode, headers: reply.headers, body: isJson ? reply.json() : reply.body }
}

async function signIn(ask: World['ask'], admin: Ask, person: string, role: Role): Promise<{ cookie: string }> {
  const email = `${person}@shop.example`
  const { items } = await admin<{ items: { id: string; email: string }[] }>(`GET /api/v1/people?search=${email}`)
  const known = items.find((each) => each.email === email)
  const { invitation } =
    known === undefined
      ? await admin<{ invitation: string }>('POST /api/v1/people', { email, name: person, role })
      : await admin<{ invitation: string }>(`POST /api/v1/people/${known.id}/invitation`)
  const order = { token: invitation.split('#').at(-1) ?? '', password: `a long password of ${person} 42` }
  const reply = await ask('POST', '/api/v1/setup', { headers: {}, payload: JSON.stringify(order) })
  if (reply.status !== 201) throw new Error(`${person} could not sign in: ${JSON.stringify(reply.body)}`)
  return { cookie: String(reply.headers['set-cookie']).split(';')[0] ?? '' }
}

/** Errors are troubles; the rest of the log is not of interest here. */
function listening(troubles: string[]): Log {
  const quiet = () => undefined
  const log: Log = {
    debug: quiet,
    info: quiet,
    warn: quiet,
    error: (sentence: string, fields: LogFields = {}) => {
      const { error } = fields
      troubles.push(`${sentence} ${error instanceof Error ? (error.stack ?? error.message) : JSON.stringify(fields)}`)
    },
    with: () => log,
  }
  return log
}

// The room on a real database, behind real HTTP, with a real mail server, and a clock the test moves.
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer } from 'smtp-server'
import { openTestDatabase } from '../../../test/database.ts'
import { readStatusExport } from '../../app/join/read-status-export.ts'
import { writeCalendar } from '../../integrations/icalendar/write-calendar.ts'
import { createMailer } from '../../integrations/smtp/smtp-channel.ts'
import { createStatusHooks } from '../../integrations/webhook/status-hook.ts'
import type { Actor } from '../../kernel/actor.ts'
import { hour } from '../../kernel/duration.ts'
import { instant, plus } from '../../kernel/instant.ts'
import type { JsonObject } from '../../kernel/json.ts'
import { type Database, openDatabase } from '../../platform/database/database.ts'
import { sql } from '../../platform/database/queries.ts'
import { createEgress } from '../../platform/egress/index.ts'
import { createMetrics } from '../../platform/http/metrics.ts'
import { createRateLimits } from '../../platform/http/rate-limit.ts'
import { buildHttp } from '../../platform/http/server.ts'
import { newId } from '../../platform/ids.ts'
import { createJournal, type NewEntry } from '../../platform/journal/journal.ts'
import { silentLog } from '../../platform/log/log.ts'
import type { Needs } from '../../platform/room/needs.ts'
import type { Room } from '../../platform/room/room.ts'
import { createKeyring, createLinkSigner, parseKeys } from '../../platform/secrets/index.ts'
import { createWorker } from '../../platform/work/worker.ts'
import { applyDocuments } from '../catalog/index.ts'
import { catalogKinds } from '../catalog/kinds/kinds.ts'
import { deleteResource } from '../catalog/usecases/delete-resource.ts'
import { postIncidentUpdate } from '../incidents/usecases/communicate.ts'
import { maintenanceRoom } from '../maintenance/maintenance.module.ts'
import { listOccurrences } from '../maintenance/maintenance.store.ts'
import { changeOccurrence } from '../maintenance/usecases/change-occurrence.ts'
import { turnMaintenance } from '../maintenance/usecases/plan-windows.ts'
import type { DayCounts, HostRecords } from './core/index.ts'
import { statusRoom } from './status.module.ts'

export interface StatusWorld {
  readonly database: Database
  readonly entries: { readonly type: string; readonly entry: NewEntry<JsonObject> }[]
  moveTo(time: string): Promise<void>
  forward(ms: number): Promise<void>
  readonly server: FastifyInstance
  readonly needs: Needs
  readonly room: Room
  readonly mails: { readonly to: string; readonly email: Email; readonly raw: string }[]
  /** What the mail server says to the next letter. */
  /** `hold`: takes the mail and answers only when `letGo` says so; `drop`: takes it and breaks off before it answers. */
  mailAnswer: 'accept' | 'later' | 'never' | 'hold' | 'drop'
  letGo(): void
  /** What name servers say; a name that is missing answers nothing. */
  readonly names: Map<string, HostRecords>
  /** What webhooks of subscribers got, as it came. */
  readonly hooks: { readonly path: string; readonly headers: IncomingHttpHeaders; readonly body: string }[]
  /** A status to answer with, or how not to answer. */
  hookAnswer: number | 'hang' | 'break'
  /** `http://127.0.0.1:1234`, without a path. */
  readonly hookHost: string
  counts: Map<string, readonly DayCounts[]>
  run(): Promise<void>
  /** An update of an incident, told to one customer. */
  tell(order: { incident: string; customer: string; text: string }): Promise<void>
  /** What the clock calls for of declared maintenance, and what follows from it. */
  turn(): Promise<void>
  /** Lets the maintenance that is under way last until then. */
  extend(until: string): Promise<void>
  apply(documents: string): Promise<void>
  remove(kind: string, name: string): Promise<void>
  /** The room’s own connections to the database are cut; the test's stay. */
  cutDatabase(): Promise<void>
  /** Moves the process's own clock, which only says how old a copy is. */
  pass(ms: number): void
  close(): Promise<void>
}

const root: Actor = { kind: 'person', id: 'root', name: 'root', role: 'admin', teams: [] }

export async function openStatusWorld(name: string): Promise<StatusWorld> {
  const store = await openTestDatabase(name)
  const own = openDatabase({ connection: store.connection, log: silentLog, maxConnections: 5 })
  const entries: StatusWorld['entries'] = []
  let now = 0
  let passed = 0
  const moveTo = async (time: string) => {
    now = Date.parse(time)
    passed += hour
    const text = new Date(now).toISOString()
    await own.run(
      sql`${sql.raw(`create or replace function mainstay_now() returns timestamptz language sql stable parallel safe as 'select ''${text}''::timestamptz'`)}`,
    )
  }
  await moveTo('2026-03-02T09:00:00Z')
  const mails: StatusWorld['mails'] = []
  const held = new Set<() => void>()
  const state: Pick<StatusWorld, 'mailAnswer' | 'letGo' | 'hookAnswer'> = {
    mailAnswer: 'accept',
    hookAnswer: 200,
    letGo: () => {
      for (const answer of held) answer()
      held.clear()
    },
  }
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    logger: false,
    onData: (stream, session, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        if (state.mailAnswer === 'later')
          return done(Object.assign(new Error('Try again later'), { responseCode: 451 }))
        if (state.mailAnswer === 'never')
          return done(Object.assign(new Error('No such mailbox'), { responseCode: 550 }))
        const raw = Buffer.concat(chunks)
        void PostalMime.parse(raw).then((email) => {
          mails.push({ to: session.envelope.rcptTo[0]?.address ?? '', email, raw: raw.toString('utf8') })
          if (state.mailAnswer === 'hold') held.add(() => done())
          else if (state.mailAnswer === 'drop') stream.destroy()
          else done()
        })
      })
    },
  })
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve))
  const { port } = smtp.server.address() as AddressInfo
  const names: StatusWorld['names'] = new Map()
  const hooks: StatusWorld['hooks'] = []
  const receiver = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { url: path = '', headers } = request
      hooks.push({ path, headers, body: Buffer.concat(chunks).toString('utf8') })
      if (state.hookAnswer === 'break') request.socket.destroy()
      else if (state.hookAnswer !== 'hang') response.writeHead(state.hookAnswer).end()
    })
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  const hookHost = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`
  const egress = createEgress({
    // Never goes back, though tests set the time back: a target that failed in one is no matter of the next.
    now: () => passed,
    policies: (connector) => ({
      connector,
      allow: [{ cidr: '127.0.0.0/8', ports: 'any', schemes: ['tcp', 'http'] }],
      maxConcurrentPerTarget: 50,
    }),
    guard: { ownPorts: () => [], endpoints: () => [], ownAddresses: () => [] },
  })
  const mailer = createMailer(egress, { url: `smtp://127.0.0.1:${port}`, from: 'Shop status <status@shop.example>' })
  const keyring = createKeyring(parseKeys(Buffer.alloc(32, 9).toString('base64')))
  const counts: StatusWorld['counts'] = new Map()
  const database = openDatabase({ connection: store.connection, log: silentLog, maxConnections: 5 })
  const needs: Needs = {
    database,
    journal: createJournal(
      async (_tx, written) => written.map((each) => entries.push(each)),
      () => room.subscriptions ?? [],
    ),
    log: silentLog,
    newId,
    publicUrl: 'https://status.shop.example',
  }
  let monotonic = 0
  const room = statusRoom(
    needs,
    {
      sendLetter: (letter) => mailer.send(letter),
      sendHook: createStatusHooks(egress, () => 'https://status.shop.example'),
      plainHooks: true,
      lookUpHost: async (host) => names.get(host) ?? null,
      dailyCounts: async (_queries, objective) => counts.get(objective) ?? null,
      readExport: readStatusExport,
      calendar: { write: writeCalendar },
      seal: keyring.seal,
      open: keyring.open,
      links: createLinkSigner(keyring),
      personOf: async (_queries, actor) => actor.name,
    },
    () => monotonic,
  )
  const open = new Set([
    'status.read-public',
    'status.subscribe',
    'status.follow-link',
    'status.read-month',
    'statuspages.subscribe',
  ])
  const server = await buildHttp({
    operations: room.operations ?? [],
    wireRoutes: room.wireRoutes === undefined ? [] : [room.wireRoutes],
    gatekeeper: {
      authenticate: async ({ token }) => (token === null ? null : { ...root, id: token, name: token }),
      isPublic: (id) => open.has(id),
      authorize: () => undefined,
    },
    idempotency: { database: own },
    rateLimits: createRateLimits({ tight: {} }),
    metrics: createMetrics(),
    instrument: null,
    log: silentLog,
    trustProxy: false,
    rewrite: (host, url) => room.rewrite?.(host, url) ?? url,
    secure: false,
  })
  const maintenance = maintenanceRoom(needs)
  const subscribed = (room.subscriptions ?? []).map((each) => each.bound)
  const jobs = [...(room.jobs ?? []), ...(maintenance.jobs ?? []), ...subscribed]
  const worker = createWorker({ database: own, jobs, log: silentLog, owner: newId() })
  const kinds = [...catalogKinds, ...(maintenance.kinds ?? []), ...(room.kinds ?? [])]
  let cut = false
  return Object.assign(state, {
    database: own,
    needs,
    entries,
    moveTo,
    forward: (ms: number) => moveTo(new Date(now + ms).toISOString()),
    server,
    room,
    mails,
    hooks,
    names,
    hookHost,
    counts,
    run: () => worker.drain(),
    tell: async ({ incident: id, customer, text }: { incident: string; customer: string; text: string }) => {
      const everything = { incidentId: id, actor: root, reader: { all: true } as const }
      const said = { audience: 'customer' as const, customer, text, nextInMs: undefined, by: 'ana' }
      await postIncidentUpdate({ ...needs, database: own }, { ...everything, ...said })
      await worker.drain()
    },
    extend: async (until: string) => {
      const at = await database.now()
      const filter = { from: at, to: plus(at, 1), services: null, window: null }
      const open = (await listOccurrences(database, filter, null, 10)).find((each) => each.cancelledAt === null)
      const order = { kind: 'extend', until: instant(Date.parse(until)) } as const
      await changeOccurrence(needs, open?.id ?? '', order, { actor: root, reason: 'a slow disk' })
    },
    turn: async () => {
      await turnMaintenance(needs)
      await worker.drain()
    },
    remove: async (kind: string, name: string) => {
      const catalog = { kinds: () => kinds, translators: [], mayChange: () => undefined }
      await deleteResource({ ...needs, database: own }, catalog, { key: { kind, name }, actor: root })
    },
    apply: async (documents: string) => {
      const catalog = { kinds: () => kinds, translators: [], mayChange: () => undefined }
      await applyDocuments({ ...needs, database: own }, catalog, { documents, actor: root })
    },
    cutDatabase: async () => {
      cut = true
      await database.close()
    },
    pass: (ms: number) => {
      monotonic += ms
    },
    close: async () => {
      await room.stop?.()
      await server.close()
      await new Promise<void>((resolve) => smtp.close(() => resolve()))
      receiver.closeAllConnections()
      await new Promise<void>((resolve) => receiver.close(() => resolve()))
      if (!cut) await database.close()
      await own.close()
      await store.close()
    },
  })
}

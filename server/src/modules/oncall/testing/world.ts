// A house of three rooms on a real database, with outside systems of its own on loopback and a clock the test moves.
import type { AddressInfo, Socket } from 'node:net'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer } from 'smtp-server'
import { openTestDatabase } from '../../../../test/database.ts'
import { readScheduleExport } from '../../../app/join/read-schedule-export.ts'
import { readCalendar } from '../../../integrations/icalendar/read-calendar.ts'
import { writeCalendar } from '../../../integrations/icalendar/write-calendar.ts'
import { createSmtpChannel } from '../../../integrations/smtp/smtp-channel.ts'
import { createWebhookChannel } from '../../../integrations/webhook/webhook-channel.ts'
import { createWebPushChannel } from '../../../integrations/webpush/webpush-channel.ts'
import type { Actor } from '../../../kernel/actor.ts'
import { formatInstant, type Instant, parseInstant } from '../../../kernel/instant.ts'
import { type Database, openDatabase } from '../../../platform/database/database.ts'
import { sql } from '../../../platform/database/queries.ts'
import { createEgress } from '../../../platform/egress/index.ts'
import { newId } from '../../../platform/ids.ts'
import { createJournal, type NewEntry } from '../../../platform/journal/journal.ts'
import { silentLog } from '../../../platform/log/log.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { createKeyring, createLinkSigner, parseKeys } from '../../../platform/secrets/index.ts'
import { createWorker, type Worker } from '../../../platform/work/worker.ts'
import { applyDocuments, type CatalogPorts, findResources } from '../../catalog/index.ts'
import { catalogKinds } from '../../catalog/kinds/kinds.ts'
import { createNotifier, loadPushKeys, type NotificationPorts, type Notifier } from '../../notifications/index.ts'
import { notificationsRoom } from '../../notifications/notifications.module.ts'
import { createMessageLinks, createPager, type OncallPorts, type Pager } from '../index.ts'
import { oncallRoom } from '../oncall.module.ts'

export interface Mail {
  readonly at: string
  readonly email: Email
  readonly to: string
  readonly raw: string
}

/** What the mail server does with the next message. */
export type MailManner = 'accept' | 'drop-after-body' | 'refuse' | 'reject'

export interface World {
  readonly database: Database
  readonly needs: Needs
  readonly notifications: NotificationPorts
  readonly oncall: OncallPorts
  readonly notifier: Notifier
  readonly pager: Pager
  readonly rooms: readonly ReturnType<typeof oncallRoom>[]
  readonly catalog: CatalogPorts
  readonly mails: Mail[]
  readonly entries: { readonly type: string; readonly entry: NewEntry<Record<string, never>> }[]
  mailManner: MailManner
  /** Runs between the mail server's greeting and its first answer. */
  onConnect: (() => Promise<void>) | null
  now(): Instant
  /** Moves the database's clock; nothing runs by that alone. */
  moveTo(time: string): Promise<void>
  forward(ms: number): Promise<void>
  /** Moves the clock in steps and runs what falls due at each of them. */
  pass(ms: number, everyMs: number): Promise<void>
  run(): Promise<void>
  worker(owner: string): Worker
  apply(documents: string): Promise<void>
  types(): readonly string[]
  close(): Promise<void>
}

export const ana: Actor = { kind: 'person', id: 'ana', name: 'ana', role: 'editor', teams: ['web'] }

export const root: Actor = { kind: 'person', id: 'root', name: 'root', role: 'admin', teams: [] }

interface CallInput {
  readonly params?: object
  readonly query?: object
  readonly body?: unknown
  readonly actor?: Actor
}

/** Calls an operation of the rooms as the HTTP edge does, after its checks. */
export function callOf(world: Pick<World, 'rooms'>) {
  return async <Reply>(id: string, input: CallInput = {}): Promise<Reply> => {
    const bound = world.rooms.flatMap((room) => room.operations ?? []).find((each) => each.operation.id === id)
    if (bound === undefined) throw new Error(`There is no operation ${id}.`)
    const rest = { ifMatch: null, requestId: 'test', signal: new AbortController().signal }
    return (await bound.handle({ params: {}, query: {}, body: {}, actor: ana, ...rest, ...input })) as Reply
  }
}

export interface WorldOptions {
  readonly name: string
  readonly at: string
  readonly noMailServer?: true
  /** For ever unless said. */
  readonly pagesKeptMs?: number
}

export async function openWorld(options: WorldOptions): Promise<World> {
  const store = await openTestDatabase(options.name)
  const database = openDatabase({ connection: store.connection, log: silentLog, maxConnections: 8 })
  const mails: Mail[] = []
  const entries: World['entries'] = []
  let now = at(options.at)
  const world: Pick<World, 'mailManner' | 'onConnect'> = { mailManner: 'accept', onConnect: null }
  const smtp = await startMailServer(world, mails, () => formatInstant(now))
  const loopback = { cidr: '127.0.0.0/8', ports: 'any', schemes: ['http', 'https', 'tcp', 'tls'] } as const
  const egress = createEgress({
    policies: (connector) => ({ connector, allow: [loopback], maxConcurrentPerTarget: 50 }),
    guard: { ownPorts: () => [], endpoints: () => [], ownAddresses: () => [] },
  })
  const keyring = createKeyring(parseKeys(Buffer.alloc(32, 7).toString('base64')))
  const links = createLinkSigner(keyring)
  const needs: Needs = {
    database,
    journal: createJournal(
      async (_tx, written) =>
        written.map(({ type, entry }) => entries.push({ type, entry: entry as NewEntry<Record<string, never>> })),
      () => rooms.flatMap((room) => room.subscriptions ?? []),
    ),
    log: silentLog,
    newId,
    publicUrl: 'http://mainstay.example',
  }
  const nameOf = async (actor: Actor) => (actor.kind === 'person' ? actor.id : null)
  const notifications: NotificationPorts = {
    people: {
      nameOf,
      describe: async (queries, people) =>
        new Map(
          (
            await findResources(
              queries,
              people.map((name) => ({ kind: 'Person', name })),
            )
          ).map(({ name, document: { metadata, spec } }) => [
            name,
            {
              displayName: metadata.displayName ?? name,
              email: typeof spec.email === 'string' ? spec.email : null,
              timeZone: typeof spec.timeZone === 'string' ? spec.timeZone : null,
            },
          ]),
        ),
    },
    channels: {
      email: createSmtpChannel(egress, {
        url: options.noMailServer === true ? null : `smtp://127.0.0.1:${smtp.port}`,
        from: 'Mainstay <pages@mainstay.example>',
      }),
      webhook: createWebhookChannel(egress, 'http://mainstay.example'),
      webpush: createWebPushChannel({
        egress,
        keys: () => loadPushKeys(needs, notifications),
        subject: 'mailto:pages@mainstay.example',
      }),
    },
    linkFor: createMessageLinks(needs.publicUrl, links),
    seal: keyring.seal,
    open: keyring.open,
  }
  const notifier = createNotifier(needs, notifications)
  const oncall: OncallPorts = {
    notifier,
    nameOf,
    lastResort: async () => ['root'],
    ...(options.pagesKeptMs === undefined ? {} : { pagesKeptMs: options.pagesKeptMs }),
    links,
    calendar: { write: writeCalendar, read: readCalendar },
    readScheduleExport,
    acknowledge: ({ alertId, person }) =>
      database.transaction(async (tx) => {
        const row = await pager.acknowledge(tx, {
          alertId,
          by: person,
          actor: { kind: 'link', id: person, name: person },
        })
        return row === null ? { state: 'already', by: null } : { state: 'acknowledged' }
      }),
  }
  const pager = createPager(needs, oncall)
  const rooms = [notificationsRoom(needs, notifications), oncallRoom(needs, oncall)]
  const kinds = [...catalogKinds, ...rooms.flatMap((room) => room.kinds ?? [])]
  const catalog: CatalogPorts = { kinds: () => kinds, translators: [], mayChange: () => undefined }
  const workers: Worker[] = []
  const setClock = async (next: Instant) => {
    now = next
    await database.run(
      sql`${sql.raw(`create or replace function mainstay_now() returns timestamptz language sql stable parallel safe as 'select ''${formatInstant(now)}''::timestamptz'`)}`,
    )
  }
  await setClock(now)
  const worker = (owner: string): Worker => {
    const made = createWorker({
      database,
      jobs: rooms.flatMap((room) => [...(room.jobs ?? []), ...(room.subscriptions ?? []).map((each) => each.bound)]),
      log: silentLog,
      owner,
    })
    workers.push(made)
    return made
  }
  const main = worker('main')
  const moveTo = (time: string) => setClock(at(time))
  const forward = (ms: number) => setClock((now + ms) as Instant)
  return Object.assign(world, {
    database,
    needs,
    notifications,
    oncall,
    notifier,
    pager,
    rooms,
    catalog,
    mails,
    entries,
    now: () => now,
    moveTo,
    forward,
    pass: async (ms: number, everyMs: number) => {
      for (let passed = 0; passed < ms; passed += everyMs) {
        await forward(everyMs)
        await main.drain()
      }
    },
    run: () => main.drain(),
    worker,
    apply: async (documents: string) => {
      await applyDocuments(needs, catalog, { documents, actor: root })
    },
    types: () => entries.map((each) => each.type),
    close: async () => {
      await smtp.close()
      await database.close()
      await store.close()
    },
  })
}

function at(time: string): Instant {
  const read = parseInstant(time)
  if (read === null) throw new Error(`${time} is not a time.`)
  return read
}

async function startMailServer(
  world: Pick<World, 'mailManner' | 'onConnect'>,
  mails: Mail[],
  time: () => string,
): Promise<{ port: number; close(): Promise<void> }> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    logger: false,
    onConnect: (_session, done) => {
      void (world.onConnect?.() ?? Promise.resolve()).then(() => done())
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const refusal = refusalOf(world.mailManner)
        if (refusal !== null) return done(refusal)
        const raw = Buffer.concat(chunks)
        const to = session.envelope.rcptTo[0]?.address ?? ''
        void PostalMime.parse(raw).then((email) => {
          mails.push({ at: time(), email, to, raw: raw.toString('utf8') })
          // The message counts, the answer never leaves.
          if (world.mailManner === 'drop-after-body') newest?.destroy()
          else done()
        })
      })
    },
  })
  // One message at a time in the tests that cut: the newest connection is the one.
  let newest: Socket | null = null
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as AddressInfo
  server.server.on('connection', (socket: Socket) => {
    newest = socket
  })
  return { port, close: () => new Promise((resolve) => server.close(() => resolve())) }
}

function refusalOf(manner: MailManner): Error | null {
  if (manner === 'refuse') return Object.assign(new Error('Try again later'), { responseCode: 451 })
  return manner === 'reject' ? Object.assign(new Error('No such mailbox'), { responseCode: 550 }) : null
}

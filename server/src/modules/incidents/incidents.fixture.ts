// Alerts and incidents joined as in the house: one journal, jobs run by a worker, a clock that tests move. The ports to
// objectives, schedules and paging are played.
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import pg from 'pg'
import { installClock, type TestClock } from '../../../test/clock.ts'
import { openTestDatabase } from '../../../test/database.ts'
import { measuredSeries } from '../../app/join/measured-series.ts'
import { alertsPermissions } from '../../app/permissions/alerts.ts'
import { incidentsPermissions } from '../../app/permissions/incidents.ts'
import { learningPermissions } from '../../app/permissions/learning.ts'
import { postmortemsPermissions } from '../../app/permissions/postmortems.ts'
import { type Actor, automation, type Role, roleAtLeast } from '../../kernel/actor.ts'
import { AppError } from '../../kernel/app-error.ts'
import { type Database, openDatabase } from '../../platform/database/database.ts'
import { applicationRole } from '../../platform/database/migrate.ts'
import { createMetrics } from '../../platform/http/metrics.ts'
import { createRateLimits } from '../../platform/http/rate-limit.ts'
import { buildHttp, type Gatekeeper } from '../../platform/http/server.ts'
import { newId } from '../../platform/ids.ts'
import { createJournal, type Subscription } from '../../platform/journal/journal.ts'
import { silentLog } from '../../platform/log/log.ts'
import type { Needs } from '../../platform/room/needs.ts'
import type { Room } from '../../platform/room/room.ts'
import { createWorker, type Worker } from '../../platform/work/worker.ts'
import { alertsRoom } from '../alerts/alerts.module.ts'
import { readSignal, type SignalDraft } from '../alerts/core/index.ts'
import { type AlertsPorts, acknowledgeAlert, receiveSignals } from '../alerts/index.ts'
import { appendEntries, listConcerning } from '../audit/index.ts'
import { applyDocuments } from '../catalog/index.ts'
import { catalogKinds } from '../catalog/kinds/kinds.ts'
import type { MeasuredSeries } from './core/index.ts'
import type { IncidentReply } from './incidents.contract.ts'
import { incidentsRoom } from './incidents.module.ts'
import type { IncidentsPorts, UpdateReminder } from './incidents.ports.ts'
import type { NeedItem } from './overview.contract.ts'

export interface IncidentsWorld {
  readonly needs: Needs
  readonly database: Database
  readonly clock: TestClock
  readonly owner: pg.Client
  /** Burn rates by service; none means no data. */
  readonly burn: Map<string, number>
  /** What is measured of services; empties itself with the rest. */
  readonly series: MeasuredSeries[]
  /** Reminders of updates that were sent. */
  readonly reminders: UpdateReminder[]
  readonly objectives: { total: number; healthy: number; needs: NeedItem[] }
  /** Takes signals in and lets all that follows happen. */
  receive(...drafts: Partial<SignalDraft>[]): Promise<void>
  /** Takes signals in; what follows waits for a worker. */
  takeIn(...drafts: Partial<SignalDraft>[]): Promise<void>
  /** Of another process of the same house. */
  worker(owner: string): Worker
  acknowledge(dedupKey: string, by: string): Promise<void>
  drain(): Promise<void>
  incidents(): Promise<readonly IncidentReply[]>
  only(): Promise<IncidentReply>
  timeline(id: string): Promise<readonly string[]>
  call(order: Call): Promise<LightMyRequestResponse>
  clear(): Promise<void>
  close(): Promise<void>
}

export interface Call {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'PUT'
  readonly url: string
  readonly as?: string
  readonly body?: object
  /** Idempotency-Key. */
  readonly key?: string
}

const person = (id: string, role: Role): Actor => ({ kind: 'person', id, name: id, role, teams: [] })
const callers: Readonly<Record<string, Actor>> = {
  ana: person('ana', 'responder'),
  ben: person('ben', 'responder'),
  vic: person('vic', 'viewer'),
  root: person('root', 'admin'),
}
const permissions = { ...alertsPermissions, ...incidentsPermissions, ...postmortemsPermissions, ...learningPermissions }
const gatekeeper: Gatekeeper = {
  authenticate: async ({ token }) => (token === null ? null : (callers[token] ?? null)),
  isPublic: (operationId) => 'open' in (permissions[operationId] ?? {}),
  authorize: (actor, operationId) => {
    const row = permissions[operationId]
    const needed = row !== undefined && 'role' in row ? row.role : 'admin'
    if (!('role' in actor) || !roleAtLeast(actor.role, needed))
      throw new AppError('forbidden', 'identity.forbidden', 'Not yours.')
  },
}

// front → checkout → payment → bank; invoices → payment beside it; search stands alone.
const catalog = [
  { kind: 'Team', name: 'web', spec: {} },
  { kind: 'Team', name: 'pay', spec: {} },
  { kind: 'Service', name: 'front', spec: { team: 'web', tier: 0, dependsOn: ['checkout'] } },
  { kind: 'Service', name: 'checkout', spec: { team: 'web', tier: 0, dependsOn: ['payment'] } },
  { kind: 'Service', name: 'payment', spec: { team: 'pay', tier: 1, dependsOn: ['bank'] } },
  { kind: 'Service', name: 'invoices', spec: { team: 'pay', tier: 2, dependsOn: ['payment'] } },
  {
    kind: 'Service',
    name: 'bank',
    spec: { type: 'third-party', tier: 1, contacts: [{ label: 'Hotline', kind: 'phone', value: '+49 30 1234' }] },
  },
  { kind: 'Service', name: 'search', spec: { team: 'web', tier: 2 } },
]
  .map(({ kind, name, spec }) => JSON.stringify({ apiVersion: 'mainstay.dev/v1', kind, metadata: { name }, spec }))
  .join('\n---\n')

const quietPaging = {
  standing: async () => 'none' as const,
  standings: async () => new Map(),
  describe: async () => undefined,
  open: async () => ({ verdict: 'paged', because: 'Somebody is on call.' }),
  acknowledge: async () => undefined,
  unacknowledge: async () => undefined,
  snooze: async () => undefined,
  resolve: async () => undefined,
  raise: async () => undefined,
  pagesOf: async () => [],
}

/** `more` are later rooms that live in the same house. */
export async function openIncidentsWorld(
  name: string,
  more: (
    needs: Needs,
    people: Pick<IncidentsPorts, 'personOf' | 'declaredNameOf' | 'linesOf'>,
  ) => readonly Room[] = () => [],
): Promise<IncidentsWorld> {
  const test = await openTestDatabase(name)
  const clock = await installClock(test.connection)
  const owner = new pg.Client({ ...test.connection, application_name: 'incidents-test' })
  await owner.connect()
  const database = openDatabase({
    connection: test.connection,
    log: silentLog,
    maxConnections: 12,
    role: applicationRole,
  })
  let rooms: readonly Room[] = []
  const subscriptions = (): readonly Subscription[] => rooms.flatMap((room) => room.subscriptions ?? [])
  const needs: Needs = {
    database,
    journal: createJournal(appendEntries, subscriptions),
    log: silentLog,
    newId,
    publicUrl: 'http://localhost:8420',
  }
  const burn = new Map<string, number>()
  const reminders: UpdateReminder[] = []
  const series: MeasuredSeries[] = []
  const objectives = { total: 0, healthy: 0, needs: [] as NeedItem[] }
  const alertsPorts: AlertsPorts = {
    paging: quietPaging,
    personOf: async (actor) => actor.name,
    actorOfToken: async () => null,
    readAlertmanager: () => ({ ok: false, detail: 'Not here.' }),
    splitAlertmanager: () => null,
    readPagerDuty: () => ({ ok: false, errors: ['Not here.'] }),
    readRouting: () => ({ ok: false, faults: [] }),
    readSilence: () => ({ ok: false, status: 400, code: 400, message: 'Not here.' }),
  }
  const people = {
    personOf: async (actor: Actor) => actor.name,
    declaredNameOf: async (actor: Actor) => (actor.kind === 'person' ? actor.name : null),
    linesOf: listConcerning,
  }
  const later = more(needs, people)
  rooms = [
    alertsRoom(needs, alertsPorts),
    incidentsRoom(needs, {
      ...people,
      burnOf: async (_queries, service) => burn.get(service) ?? null,
      objectiveCounts: async () => objectives,
      onCallNeeds: async () => [],
      measured: async (queries, services, within) => [
        ...series.filter((each) => services.includes(each.service)),
        ...(await measuredSeries(queries, services, within)),
      ],
      remind: async (_tx, reminder) => reminders.push(reminder) > 0,
    }),
    ...later,
  ]
  const everyone = { kinds: () => catalogKinds, translators: [], mayChange: () => undefined }
  await applyDocuments(needs, everyone, { documents: catalog, actor: automation('test') })
  const jobs = [...rooms.flatMap((room) => room.jobs ?? []), ...subscriptions().map((each) => each.bound)]
  const workerOf = (owner: string) => createWorker({ database, jobs, log: silentLog, owner })
  const worker = workerOf(name)
  const server: FastifyInstance = await buildHttp({
    operations: rooms.flatMap((room) => room.operations ?? []),
    wireRoutes: later.flatMap((room) => (room.wireRoutes === undefined ? [] : [room.wireRoutes])),
    gatekeeper,
    idempotency: { database },
    rateLimits: createRateLimits({ perSecond: 100_000, burst: 100_000 }),
    metrics: createMetrics(),
    log: silentLog,
    trustProxy: false,
    instrument: null,
    secure: false,
  })
  const call: IncidentsWorld['call'] = ({ method = 'GET', url, as = 'ana', body, key }) =>
    server.inject({
      method,
      url,
      headers: {
        ...(as === '' ? {} : { authorization: `Bearer ${as}`, 'x-mainstay-csrf': '1' }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      ...(body === undefined ? {} : { payload: body }),
    })
  const incidents = async (): Promise<readonly IncidentReply[]> => {
    const { items } = (await call({ url: '/api/v1/incidents' })).json() as { items: { id: string }[] }
    return Promise.all(items.map(async ({ id }) => (await call({ url: `/api/v1/incidents/${id}` })).json()))
  }
  const takeIn: IncidentsWorld['takeIn'] = async (...drafts) => {
    const now = await database.now()
    const signals = drafts.map((draft) => {
      const read = readSignal(
        { source: 'test', status: 'firing', dedupKey: draft.service ?? 'k', severity: 'critical', ...draft },
        now,
      )
      if (!read.ok) throw new Error(read.faults.map((fault) => fault.detail).join(' '))
      return read.signal
    })
    await receiveSignals(needs, alertsPorts, {
      source: 'test',
      signals,
      policy: { assumedLeaseMs: null },
      actor: automation('test'),
    })
  }
  return {
    needs,
    database,
    clock,
    owner,
    burn,
    objectives,
    reminders,
    series,
    receive: async (...drafts) => {
      await takeIn(...drafts)
      await worker.drain()
    },
    takeIn,
    worker: workerOf,
    acknowledge: async (dedupKey, by) => {
      const { rows } = await owner.query<{ id: string }>(
        "select id from alerts where key = $1 and status <> 'resolved'",
        [dedupKey],
      )
      await acknowledgeAlert(needs, alertsPorts, { alertId: rows[0]?.id ?? '', actor: person(by, 'responder'), by })
      await worker.drain()
    },
    drain: () => worker.drain(),
    incidents,
    only: async () => {
      const [incident, ...more] = await incidents()
      if (incident === undefined || more.length > 0) throw new Error(`Expected one incident, not ${more.length + 1}.`)
      return incident
    },
    timeline: async (id) => {
      const { items } = (await call({ url: `/api/v1/incidents/${id}/timeline` })).json() as {
        items: { sentence: string }[]
      }
      return items.map((each) => each.sentence)
    },
    call,
    clear: async () => {
      burn.clear()
      reminders.length = 0
      series.length = 0
      Object.assign(objectives, { total: 0, healthy: 0, needs: [] })
      await clock.run()
      await owner.query('truncate alerts, alert_trace, silences, incidents, incident_roles, due_work cascade')
      // What the journal of before says is not about alerts that come now.
      await owner.query('update alert_names set salt = gen_random_uuid()')
    },
    close: async () => {
      await worker.stop()
      await server.close()
      await database.close()
      await owner.end()
      await test.close()
    },
  }
}

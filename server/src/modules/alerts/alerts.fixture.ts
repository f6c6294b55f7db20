// The room behind its edge on a database of its own, with a small catalog and a clock that tests move. Paging is an
// outside port here: it is played by a list of what was asked of it.
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import pg from 'pg'
import { installClock, type TestClock } from '../../../test/clock.ts'
import { openRoomDatabase } from '../../../test/room-database.ts'
import { alertsPermissions } from '../../app/permissions/alerts.ts'
import { readAlerts } from '../../integrations/alertmanager/read-alerts.ts'
import { readConfig } from '../../integrations/alertmanager/read-config.ts'
import { readSilence } from '../../integrations/alertmanager/read-silence.ts'
import { splitAlerts } from '../../integrations/alertmanager/split-alerts.ts'
import { readEvent } from '../../integrations/pagerduty/read-event.ts'
import { type Actor, automation, type Role, roleAtLeast } from '../../kernel/actor.ts'
import { AppError } from '../../kernel/app-error.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { Database } from '../../platform/database/database.ts'
import { createMetrics } from '../../platform/http/metrics.ts'
import { createRateLimits } from '../../platform/http/rate-limit.ts'
import { buildHttp, type Gatekeeper } from '../../platform/http/server.ts'
import { silentLog } from '../../platform/log/log.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { listConcerning } from '../audit/index.ts'
import { applyDocuments } from '../catalog/index.ts'
import { catalogKinds } from '../catalog/kinds/kinds.ts'
import { alertsRoom } from './alerts.module.ts'
import type { AlertsPorts } from './alerts.ports.ts'
import { type AlertRow, listTrace } from './alerts.store.ts'
import { listAlertRows } from './alerts-list.store.ts'
import { readSignal, type Signal, type SignalDraft, type Standing } from './core/index.ts'
import type { IntakeResult } from './usecases/intake.ts'
import { receiveSignals } from './usecases/receive-signals.ts'
import { regroup } from './usecases/regroup-pages.ts'
import { tellDue } from './usecases/tell-alerts.ts'

export interface AlertsWorld {
  readonly needs: Needs
  readonly database: Database
  readonly ports: AlertsPorts
  readonly clock: TestClock
  readonly owner: pg.Client
  /** What was asked of paging, oldest first: `open checkout`, `raise checkout`. */
  readonly asked: string[]
  receive(drafts: readonly Partial<SignalDraft>[], policy?: { assumedLeaseMs: number | null }): Promise<IntakeResult>
  alerts(): Promise<readonly AlertRow[]>
  only(): Promise<AlertRow>
  trace(id: string): Promise<readonly string[]>
  journal(id: string): Promise<readonly string[]>
  call(order: Call): Promise<LightMyRequestResponse>
  /** Sessions of another process, closed with the world. */
  another(): Promise<Database>
  /** For programs of others: the port on loopback. */
  listen(): Promise<number>
  /** Runs what joins, leaves and ends asked for. */
  regroup(): Promise<void>
  /** Tells people of what programs of others sent to the port. */
  tell(): Promise<void>
  clear(): Promise<void>
  close(): Promise<void>
}

export interface Call {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly url: string
  readonly as?: string
  readonly body?: unknown
}

const person = (id: string, role: Role): Actor => ({ kind: 'person', id, name: id, role, teams: [] })
const key = (id: string): Actor => ({
  kind: 'key',
  id,
  name: id,
  role: 'responder',
  teams: [],
  scopes: ['alerts:write'],
})
export const ana = person('ana', 'responder')
const callers: Readonly<Record<string, Actor>> = {
  ana,
  ben: person('ben', 'responder'),
  vic: person('vic', 'viewer'),
  ada: person('ada', 'admin'),
  'key-one': key('one'),
  'key-two': key('two'),
}

const gatekeeper: Gatekeeper = {
  authenticate: async ({ token }) => (token === null ? null : (callers[token] ?? null)),
  isPublic: (operationId) => {
    const row = alertsPermissions[operationId]
    return row !== undefined && 'open' in row
  },
  authorize: (actor, operationId) => {
    const row = alertsPermissions[operationId]
    const needed = row !== undefined && 'role' in row ? row.role : 'admin'
    if (!('role' in actor) || !roleAtLeast(actor.role, needed))
      throw new AppError('forbidden', 'identity.forbidden', 'Not yours.')
  },
}

const catalog = [
  { kind: 'Team', name: 'web', spec: {} },
  { kind: 'Service', name: 'checkout', spec: { team: 'web', tier: 0 } },
  { kind: 'Service', name: 'search', spec: { team: 'web', tier: 2 } },
  { kind: 'Service', name: 'report', spec: { tier: 3 } },
  {
    kind: 'Service',
    name: 'shop',
    spec: {
      ...{ team: 'web', tier: 0, dependsOn: [{ service: 'checkout' }] },
      links: [{ url: 'https://wiki.shop.example/shop', kind: 'runbook' }],
    },
  },
]
  .map(({ kind, name, spec }) => JSON.stringify({ apiVersion: 'mainstay.dev/v1', kind, metadata: { name }, spec }))
  .join('\n---\n')

export async function openAlertsWorld(name: string): Promise<AlertsWorld> {
  const own = await openRoomDatabase(name)
  const clock = await installClock(own.connection)
  const owner = new pg.Client({ ...own.connection, application_name: 'alerts-test' })
  await owner.connect()
  const { database, needs } = own
  const others: Database[] = []
  const asked: string[] = []
  const ports = playedPorts(asked)
  await applyDocuments(
    needs,
    { kinds: () => catalogKinds, translators: [], mayChange: () => undefined },
    {
      documents: catalog,
      actor: automation('test'),
    },
  )
  const room = alertsRoom(needs, ports)
  const server: FastifyInstance = await buildHttp({
    operations: room.operations ?? [],
    wireRoutes: room.wireRoutes === undefined ? [] : [room.wireRoutes],
    gatekeeper,
    idempotency: { database },
    rateLimits: createRateLimits({ perSecond: 100_000, burst: 100_000 }),
    metrics: createMetrics(),
    log: silentLog,
    trustProxy: false,
    instrument: null,
    secure: false,
  })
  const everything = {
    status: null,
    service: null,
    team: null,
    severity: null,
    incident: null,
    number: null,
    search: null,
    from: null,
    to: null,
  }
  const alerts = () => listAlertRows(database, everything, null, 2_000)
  return {
    needs,
    database,
    ports,
    clock,
    owner,
    asked,
    receive: async (drafts, policy = { assumedLeaseMs: null }) => {
      const now = await database.now()
      const signals = drafts.map((draft) => signalOf(draft, now))
      const result = await receiveSignals(needs, ports, { source: 'test', signals, policy, actor: automation('test') })
      await tellDue(needs, ports)
      return result
    },
    alerts,
    only: async () => {
      const [row, ...more] = await alerts()
      if (row === undefined || more.length > 0) throw new Error(`Expected one alert, not ${more.length + 1}.`)
      return row
    },
    trace: async (id) => (await listTrace(database, id)).map((each) => `${each.rule}: ${each.verdict}`),
    journal: async (id) => (await listConcerning(database, [`alert:${id}`], 0, 100)).map((each) => each.type),
    call: async ({ method = 'GET', url, as = 'ana', body }) => {
      const reply = await server.inject({
        method,
        url,
        headers: {
          ...(as === '' ? {} : { authorization: `Bearer ${as}`, 'x-mainstay-csrf': '1' }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
      await tellDue(needs, ports)
      return reply
    },
    another: async () => {
      const other = own.another()
      others.push(other)
      return other
    },
    listen: async () => {
      if (!server.server.listening) await server.listen({ host: '127.0.0.1', port: 0 })
      const address = server.server.address()
      if (address === null || typeof address === 'string') throw new Error('No port.')
      return address.port
    },
    regroup: async () => {
      const due = await owner.query(
        `delete from due_work where kind = 'alerts.regroup' returning payload ->> 'group' as group`,
      )
      for (const { group } of due.rows) await regroup(needs, ports, [String(group)])
    },
    tell: () => tellDue(needs, ports),
    clear: async () => {
      asked.length = 0
      await owner.query(`delete from due_work where kind like 'alerts.%'`)
      await clock.run()
      await owner.query(
        'truncate alerts, alert_outcomes, alert_leases, alert_labels, alert_turns, alert_trace, page_groups, alert_routing, route_groups, route_group_members, orphan_signals, silences',
      )
      // What the journal and pages of before say is not about alerts that come now.
      await owner.query('update alert_names set salt = gen_random_uuid()')
    },
    close: async () => {
      await server.close()
      for (const other of others) await other.close()
      await owner.end()
      await own.close()
    },
  }
}

export function signalOf(draft: Partial<SignalDraft>, now: Parameters<typeof readSignal>[1]): Signal {
  const read = readSignal(
    { source: 'test', status: 'firing', dedupKey: 'k', service: 'checkout', severity: 'critical', ...draft },
    now,
  )
  if (!read.ok) throw new Error(read.faults.map((fault) => fault.detail).join(' '))
  return read.signal
}

function playedPorts(asked: string[]): AlertsPorts {
  // As the real one: an alert without an escalation is passed over, and nothing wakes what does not wait.
  const pages = new Map<string, { name: string; standing: Standing; until: Instant | null }>()
  const standing: AlertsPorts['paging']['standing'] = async (queries, id) => {
    const page = pages.get(id)
    if (page === undefined) return 'none'
    // Its own timer wakes it.
    const isOver = page.standing === 'snoozed' && page.until !== null && page.until <= (await queries.now())
    return isOver ? 'escalating' : page.standing
  }
  const put = (verb: string, id: string, standing: Standing, more: string) => {
    const page = pages.get(id)
    if (page === undefined || page.standing === 'none') return
    if (verb === 'unacknowledge' && page.standing === 'escalating')
      throw new AppError('conflict', 'oncall.not-acknowledged', 'Nobody has acknowledged this alert.')
    page.standing = standing
    asked.push(`${verb} ${page.name} ${more}`)
  }
  return {
    paging: {
      open: async (_tx, alert) => {
        if ((pages.get(alert.id)?.standing ?? 'none') !== 'none')
          return { verdict: 'already-open', because: 'It is being escalated already.' }
        const name = alert.service ?? alert.title
        pages.set(alert.id, { name, standing: alert.urgency === 'low' ? 'assigned' : 'escalating', until: null })
        asked.push(`open ${name}`)
        return { verdict: alert.urgency === 'low' ? 'assigned' : 'paged', because: 'Somebody is on call.' }
      },
      standing,
      standings: async (queries, ids) => {
        const all = new Map<string, Standing>()
        for (const id of ids) all.set(id, await standing(queries, id))
        return all
      },
      acknowledge: async (_tx, id, by) => put('acknowledge', id, 'acknowledged', by),
      unacknowledge: async (_tx, id, by) => put('unacknowledge', id, 'escalating', by),
      snooze: async (_tx, id, by, until) => {
        put('snooze', id, 'snoozed', by)
        const page = pages.get(id)
        if (page !== undefined) page.until = until
      },
      resolve: async (_tx, id, ended) => put('resolve', id, 'none', ended),
      raise: async (_tx, alert, because) => {
        const page = pages.get(alert.id)
        if (page?.standing === 'assigned') page.standing = 'escalating'
        asked.push(`raise ${alert.service ?? alert.title} ${because}`)
      },
      describe: async (_tx, told) => {
        for (const { alertId, speaker, others } of told)
          asked.push(`describe ${pages.get(alertId)?.name ?? ''} as ${speaker.title} and ${others.count} more`)
      },
      pagesOf: async () => [],
    },
    personOf: async (actor) => actor.name,
    actorOfToken: async (token) => callers[token.replace(/0+$/, '')] ?? null,
    readAlertmanager: readAlerts,
    splitAlertmanager: splitAlerts,
    readPagerDuty: readEvent,
    readRouting: readConfig,
    readSilence,
  }
}

// Pages that the transaction which plans them claims, too: what is sent, what is on record, and what becomes of them when the process
// dies right after that commit, or somebody answers before the first byte.
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { second } from '../../kernel/duration.ts'
import { sql } from '../../platform/database/queries.ts'
import { newId } from '../../platform/ids.ts'
import { offerToBegin } from '../../platform/work/at-once.ts'
import type { DueRow } from '../../platform/work/due-work.store.ts'
import { type HttpReceiver, startReceiver } from '../notifications/testing/http-receiver.ts'
import type { OpenOrder } from './index.ts'
import { openWorld, type World } from './testing/world.ts'
import { openEscalation } from './usecases/open-escalation.ts'

let world: World
let board: HttpReceiver
beforeAll(async () => {
  world = await openWorld({ name: 'sent_at_once', at: '2026-03-02T09:00:00Z' })
  board = await startReceiver()
})
afterAll(async () => {
  await board.close()
  await world.close()
})
beforeEach(async () => {
  await world.database.run(
    sql`truncate escalations, pages, deliveries, delivery_attempts, page_notices, bundles, due_work cascade`,
  )
  board.received.length = 0
  board.answer = { status: 202 }
  world.mails.length = 0
  await world.moveTo('2026-03-02T09:00:00Z')
  await world.apply(documents)
})

const document = (kind: string, name: string, spec: string) =>
  `apiVersion: mainstay.dev/v1\nkind: ${kind}\nmetadata: {name: ${name}}\nspec: ${spec}\n---\n`
const documents = [
  document('Person', 'ana', '{email: ana@shop.example, timeZone: UTC}'),
  document('Person', 'root', '{email: root@shop.example, timeZone: UTC}'),
  '',
].join('')
const withBoard = () =>
  document('Webhook', 'board', `{url: "${board.url}"}`) +
  document(
    'EscalationPolicy',
    'shop',
    '{levels: [{notify: [{person: ana}, {webhook: board}], waitFor: 5m}], repeat: 0, fallbackOwner: ana}',
  ) +
  document('Service', 'checkout', '{tier: 1, escalationPolicy: shop}')

function orderOf(summary = '9 % of requests fail'): OpenOrder {
  const alertId = newId()
  const facts = {
    ...({ service: 'checkout', severity: 'critical', summary, startedAt: world.now() } as const),
    ...{ impact: null, action: null, runbook: null, change: null, link: `http://mainstay.example/alerts/${alertId}` },
  }
  const of = { alertId, service: 'checkout', policyName: null, urgency: 'high', severity: 'critical', tier: 1 } as const
  return { ...of, facts }
}

const deliveries = sql<{ webhook: string | null; phase: string; attempts: number; copies: number }>`
  select webhook, phase, attempts, copies from deliveries order by webhook nulls first`
const written = sql<{ attempt: number; written: boolean; outcome: string | null }>`
  select attempt, written, outcome from delivery_attempts order by key, attempt`

/** A process that has reserved its places; what it is to begin is caught here. */
function caught(): DueRow[] {
  const begun: DueRow[] = []
  const place = { owner: 'gone', leaseMs: 5 * second, release: () => undefined }
  const withdraw = offerToBegin(world.database.home, {
    reserve: () => ({ ...place, begin: (row) => void begun.push(row) }),
  })
  onTestFinished(withdraw)
  return begun
}

test('what is planned is sent by its commit: one attempt and one copy to person and machine, nothing left to do', async () => {
  await world.apply(withBoard())
  const worker = world.worker('at once')
  await worker.start()
  onTestFinished(() => worker.stop())
  const order = orderOf()
  const claimed = await world.database.transaction(async (tx) => {
    await openEscalation(tx, world.needs, world.oncall, order)
    return tx.many(deliveries)
  })
  expect(claimed.map(({ phase }) => phase)).toEqual(['pending', 'pending'])
  // Whatever is committed is claimed: there is no moment in which another process could take it.
  const { free } = await world.database.one(sql<{ free: number }>`
    select count(*)::int as free from deliveries where phase = 'pending'`)
  expect(free).toBe(0)
  await vi.waitFor(async () => {
    expect(await world.database.many(deliveries)).toMatchObject([
      { webhook: null, phase: 'sent', attempts: 1 },
      { webhook: 'board', phase: 'sent', attempts: 1 },
    ])
    const { left } = await world.database.one(sql<{ left: number }>`
      select count(*)::int as left from due_work where kind like 'notifications.deliver%'`)
    expect(left).toBe(0)
  })
  expect([world.mails.length, board.received.length]).toEqual([1, 1])
  expect(await world.database.many(written)).toEqual([
    { attempt: 1, written: true, outcome: 'accepted' },
    { attempt: 1, written: true, outcome: 'accepted' },
  ])
})

test('what the same transaction changes of its words is what leaves', async () => {
  await world.apply(withBoard())
  const worker = world.worker('words')
  await worker.start()
  onTestFinished(() => worker.stop())
  const order = orderOf()
  await world.database.transaction(async (tx) => {
    await openEscalation(tx, world.needs, world.oncall, order)
    const facts = { ...(await order.facts), summary: '9 % of requests fail, in two regions' }
    await world.pager.describe(tx, [{ alertId: order.alertId, facts }])
  })
  await vi.waitFor(() => expect([world.mails.length, board.received.length]).toEqual([1, 1]))
  expect(board.received[0]?.body.toString('utf8')).toContain('in two regions')
})

test('a process that dies right after its commit has used no copy up: another one sends it after the lease', async () => {
  await world.apply(withBoard())
  const begun = caught()
  await world.database.transaction((tx) => openEscalation(tx, world.needs, world.oncall, orderOf()))
  await vi.waitFor(() => expect(begun).toHaveLength(2))
  await world.run()
  expect([world.mails.length, board.received.length]).toEqual([0, 0])
  await world.forward(5 * second + 1)
  await world.run()
  expect([world.mails.length, board.received.length]).toEqual([1, 1])
  expect(await world.database.many(deliveries)).toEqual([
    { webhook: null, phase: 'sent', attempts: 2, copies: 0 },
    { webhook: 'board', phase: 'sent', attempts: 2, copies: 0 },
  ])
})

test('somebody answers between the commit and the first byte: nothing leaves', async () => {
  await world.apply(withBoard())
  const begun = caught()
  const order = orderOf()
  await world.database.transaction((tx) => openEscalation(tx, world.needs, world.oncall, order))
  await vi.waitFor(() => expect(begun).toHaveLength(2))
  await world.database.transaction((tx) => world.pager.acknowledge(tx, { alertId: order.alertId, by: 'ana' }))
  const jobs = world.rooms.flatMap((room) => room.jobs ?? [])
  for (const row of begun) {
    const turn = { id: row.id, attempt: row.attempts, dueAt: row.dueAt, finish: async () => undefined }
    const bound = jobs.find(({ job }) => job.kind === row.kind)
    await bound?.handle(row.payload, { ...turn, again: async () => undefined, rest: () => undefined })
  }
  expect(world.mails).toEqual([])
  expect(board.received.map(({ body }) => JSON.parse(body.toString('utf8')).type)).toEqual([])
  expect(await world.database.many(sql`select phase from deliveries where purpose = 'page'`)).toEqual([
    { phase: 'cancelled' },
    { phase: 'cancelled' },
  ])
})

test('more pages of a moment than places: those of the lanes come, too, each person once', async () => {
  const names = Array.from({ length: 20 }, (_, index) => `p${index}`)
  await world.apply(
    names.map((name) => document('Person', name, `{email: ${name}@shop.example, timeZone: UTC}`)).join(''),
  )
  const worker = world.worker('many')
  await worker.start()
  onTestFinished(() => worker.stop())
  const people = { name: 'all', levels: [names.map((person) => ({ kind: 'person', person }) as const)] }
  await world.database.transaction((tx) =>
    openEscalation(tx, world.needs, world.oncall, { ...orderOf(), service: null, people }),
  )
  await vi.waitFor(() => expect(world.mails).toHaveLength(20), { timeout: 20_000 })
  expect(new Set(world.mails.map(({ to }) => to)).size).toBe(20)
})

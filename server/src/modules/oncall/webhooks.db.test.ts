// A policy that names machines: what they are told, with which signature, and that it counts as nobody having heard of it.
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { gate } from '../../../test/platform.ts'
import { minute, second } from '../../kernel/duration.ts'
import { sql } from '../../platform/database/queries.ts'
import { verifyWebhook } from '../../platform/egress/index.ts'
import { newId } from '../../platform/ids.ts'
import { silentLog } from '../../platform/log/log.ts'
import { createWorker } from '../../platform/work/worker.ts'
import { deleteResource } from '../catalog/usecases/delete-resource.ts'
import { type HttpReceiver, startReceiver } from '../notifications/testing/http-receiver.ts'
import type { OpenOrder } from './index.ts'
import { callOf, openWorld, root, type World } from './testing/world.ts'
import { openEscalation } from './usecases/open-escalation.ts'

let world: World
let board: HttpReceiver
let call: ReturnType<typeof callOf>
beforeAll(async () => {
  world = await openWorld({ name: 'policy_webhooks', at: '2026-03-02T09:00:00Z' })
  board = await startReceiver()
  call = callOf(world)
})
afterAll(async () => {
  await board.close()
  await world.close()
})
beforeEach(async () => {
  await world.database.run(
    sql`truncate escalations, pages, deliveries, delivery_attempts, page_notices, bundles, policy_turns, due_work cascade`,
  )
  board.received.length = 0
  board.answer = { status: 202 }
  world.mails.length = 0
  world.entries.length = 0
  world.mailManner = 'accept'
  await world.moveTo('2026-03-02T09:00:00Z')
  await world.apply(documents())
})

const document = (kind: string, name: string, spec: string) =>
  `apiVersion: mainstay.dev/v1\nkind: ${kind}\nmetadata: {name: ${name}}\nspec: ${spec}\n---\n`
const person = (name: string) => document('Person', name, `{email: ${name}@shop.example, timeZone: UTC}`)
const levels = (...all: readonly string[]) => `{levels: [${all.join(', ')}], repeat: 1, fallbackOwner: dee}`
const both = levels(
  '{notify: [{person: ana}, {webhook: board}], waitFor: 5m}',
  '{notify: [{person: ben}], waitFor: 5m}',
)
const documents = (policy = both) =>
  [
    ...['ana', 'ben', 'dee', 'root'].map(person),
    document('Webhook', 'board', `{url: "${board.url}/pages?room=1"}`),
    document('EscalationPolicy', 'shop', policy),
    document('Team', 'web', '{members: [ana]}'),
    document('Service', 'checkout', '{team: web, tier: 1, escalationPolicy: shop}'),
  ].join('')

function alert(more: Partial<OpenOrder> = {}): OpenOrder {
  const alertId = newId()
  const facts: OpenOrder['facts'] = {
    ...{ service: 'checkout', severity: 'critical', summary: '9 % of requests fail', startedAt: world.now() },
    ...{ impact: null, action: null, runbook: null, change: null, link: `http://mainstay.example/alerts/${alertId}` },
  }
  const of = { alertId, service: 'checkout', policyName: null, urgency: 'high', severity: 'critical', tier: 1 } as const
  return { ...of, facts, ...more }
}

async function open(more: Partial<OpenOrder> = {}) {
  const order = alert(more)
  const opened = await world.database.transaction((tx) => openEscalation(tx, world.needs, world.oncall, order))
  return { id: order.alertId, opened }
}

interface Told {
  readonly type: string
  readonly id: string
  readonly data: Readonly<Record<string, unknown>>
}
const told = (): readonly Told[] => board.received.map(({ body }) => JSON.parse(body.toString('utf8')) as Told)
const kinds = () => told().map((each) => each.type.replace('dev.mainstay.notification.', ''))
const mailed = () => world.mails.map((mail) => mail.to.split('@')[0])

interface Seen {
  readonly person: string | null
  readonly webhook: string | null
  readonly purpose: string
  readonly state: string
  readonly receipt: string | null
  readonly endedBecause: string | null
  readonly attempts: readonly { readonly outcome: string; readonly answer: string }[]
}
const deliveriesOf = async (alertId: string, webhook = 'board') =>
  (await call<{ items: Seen[] }>('deliveries.list', { query: { alert: alertId, webhook } })).items

test('a webhook of a level is told with the people: signed, with one id for all attempts, on record, and no page of a person', async () => {
  const { secret } = await call<{ secret: string }>('webhooks.replace-secret', {
    params: { name: 'board' },
    actor: root,
  })
  board.answer = { status: 503 }
  const { id } = await open()
  await world.run()
  expect(mailed()).toEqual(['ana'])
  board.answer = { status: 202 }
  await world.forward(2 * second)
  await world.run()
  expect(board.received.map(({ path }) => path)).toEqual(['/pages?room=1', '/pages?room=1'])
  for (const { headers, body } of board.received)
    expect(verifyWebhook({ headers, body, secrets: [secret], now: world.now() }).genuine).toBe(true)
  const [first, second_] = told()
  expect(second_?.id).toBe(first?.id)
  expect(first).toMatchObject({
    type: 'dev.mainstay.notification.page',
    subject: `alerts/${id}`,
    data: {
      ...{ webhook: 'board', service: 'checkout', severity: 'critical', summary: '9 % of requests fail' },
      because: 'named in the policy; level 1, round 1',
      acknowledge: null,
    },
  })
  expect(first?.data).not.toHaveProperty('person')
  expect(await deliveriesOf(id)).toMatchObject([
    {
      ...{ person: null, webhook: 'board', purpose: 'page', state: 'sent', receipt: 'HTTP 202' },
      attempts: [
        { outcome: 'refused', answer: 'The receiver answered 503.' },
        { outcome: 'accepted', answer: 'HTTP 202' },
      ],
    },
  ])
  const pages = await call<{ items: { person: string }[] }>('pages.list', { query: { alert: id } })
  expect(pages.items.map((each) => each.person)).toEqual(['ana'])
  const entry = world.entries.find((each) => each.type === 'page.webhooks-requested')?.entry
  expect(entry).toMatchObject({
    subject: { kind: 'alert', id },
    data: { level: 1, round: 1, webhooks: [{ webhook: 'board', because: 'named in the policy; level 1, round 1' }] },
  })
  const { items } = await call<{ items: object[] }>('webhooks.list')
  expect(items).toMatchObject([{ name: 'board', secretBy: 'root', last: { state: 'sent', because: 'HTTP 202' } }])
})

test('whoever answers stops what has not left, and a webhook that heard of it hears of the answer and of the end', async () => {
  const { id } = await open()
  await world.run()
  await world.database.transaction((tx) => world.pager.acknowledge(tx, { alertId: id, by: 'ana' }))
  await world.run()
  await world.forward(31 * minute)
  await world.run()
  await world.database.transaction((tx) => world.pager.resolve(tx, { alertId: id, ended: 'resolved' }))
  await world.run()
  // The page goes on by itself after half an hour, which is two messages at once.
  expect(kinds().sort()).toEqual(['changed', 'changed', 'ended', 'page', 'page'])
  const changes = told().flatMap(({ data }) => data.change ?? data.ended ?? [])
  expect(changes).toEqual(['escalation.acknowledged', 'escalation.resumed', 'resolved'])
  expect(told()[1]?.data).toMatchObject({ by: 'ana', sentence: expect.stringContaining('ana acknowledged.') })
})

test('an answer before it left: it is never told, neither of the page nor of what became of it', async () => {
  const { id } = await open()
  await world.database.transaction((tx) => world.pager.acknowledge(tx, { alertId: id, by: 'ana' }))
  await world.run()
  expect(board.received).toEqual([])
  expect(await deliveriesOf(id)).toMatchObject([{ state: 'cancelled', attempts: [] }])
})

test('machines alone are nobody: the fallback owner is paged at once, and a level before people is waited for', async () => {
  await world.apply(documents(levels('{notify: [{webhook: board}], waitFor: 5m}')))
  expect((await open()).opened.verdict).toBe('paged')
  await world.run()
  expect([mailed(), kinds()]).toEqual([['dee'], ['page']])
  world.mails.length = 0
  await world.apply(
    documents(levels('{notify: [{webhook: board}], waitFor: 5m}', '{notify: [{person: ben}], waitFor: 5m}')),
  )
  expect((await open()).opened.verdict).toBe('webhooks')
  await world.run()
  expect(mailed()).toEqual([])
  expect(world.types()).not.toContain('page.people-reached')
  await world.forward(5 * minute)
  await world.run()
  expect(mailed()).toContain('ben')
  expect(world.types().filter((type) => type === 'page.people-reached')).toHaveLength(1)
})

test('a webhook that took it is nobody who heard of it: people whom nothing reached are paged again', async () => {
  world.mailManner = 'reject'
  const { id } = await open()
  await world.run()
  expect(kinds()).toEqual(['page'])
  expect(await world.database.transaction((tx) => world.notifier.wasHeard(tx, id))).toBe(false)
  expect(world.types()).toContain('person.missed')
  await world.pass(45 * minute, minute)
  world.mailManner = 'accept'
  await world.pass(45 * minute, minute)
  expect(mailed().length).toBeGreaterThan(0)
})

test('one that does not answer keeps no person waiting, and is given up with its answer on record', async () => {
  board.answer = { status: 500 }
  const { id } = await open()
  await world.run()
  expect(mailed()).toEqual(['ana'])
  await world.pass(30 * second, second)
  expect(await deliveriesOf(id)).toMatchObject([{ state: 'failed', endedBecause: 'The receiver answered 500.' }])
  const [delivery] = await deliveriesOf(id)
  expect(delivery?.attempts).toHaveLength(5)
  // Nobody was missed by it.
  expect(world.types()).not.toContain('person.missed')
  expect(world.types()).toContain('delivery.failed')
})

test('nobody at all can be reached: the last resort is paged, and the machines of the policy are told', async () => {
  const { opened } = await open({ people: { name: 'by name', levels: [[{ kind: 'webhook', webhook: 'board' }]] } })
  await world.run()
  expect(opened.because).toContain('the administrators')
  expect([mailed(), kinds()]).toEqual([['root'], ['page']])
})

test('what a document says is checked: an unknown webhook, a level of machines, an address with a password', async () => {
  const refused = async (text: string) => {
    const error: { details?: { faults?: { pointer: string; detail: string }[] } } = await world.apply(text).then(
      () => ({}),
      (thrown) => thrown,
    )
    return (error.details?.faults ?? []).map((each) => [each.pointer, each.detail])
  }
  expect(
    await refused(document('EscalationPolicy', 'shop', levels('{notify: [{webhook: bord}], waitFor: 5m}'))),
  ).toEqual([['/spec/levels/0/notify/0/webhook', 'There is no Webhook bord. Did you mean board?']])
  expect(
    await refused(
      document('EscalationPolicy', 'shop', levels('{notify: [{webhook: board, person: ana}], waitFor: 5m}')),
    ),
  ).toMatchObject([['/spec/levels/0/notify/0', expect.stringContaining('exactly one')]])
  expect(await refused(document('Webhook', 'other', '{url: "https://ana:secret@hooks.example/x"}'))).toMatchObject([
    ['/spec/url', expect.stringContaining('password')],
  ])
  expect(await refused(document('Webhook', 'other', '{url: "ftp://hooks.example/x"}'))).toMatchObject([
    ['/spec/url', expect.anything()],
  ])
})

test('a webhook that a policy names is not removed; the refusal says who names it', async () => {
  const remove = () =>
    deleteResource(world.needs, world.catalog, { key: { kind: 'Webhook', name: 'board' }, actor: root })
  await expect(remove()).rejects.toMatchObject({
    code: 'resources.referred-to',
    message: expect.stringContaining('EscalationPolicy shop'),
  })
  const { id } = await open()
  // The page that is under way keeps its copy of the policy, and says that the machine is gone.
  await world.apply(documents(levels('{notify: [{person: ana}], waitFor: 5m}')))
  await remove()
  await world.run()
  expect(board.received).toEqual([])
  expect(await deliveriesOf(id)).toMatchObject([
    { state: 'failed', endedBecause: 'There is no webhook board any more.', attempts: [{ outcome: 'rejected' }] },
  ])
  await world.pass(16 * minute, minute)
  expect(mailed().length).toBeGreaterThan(1)
})

test('a secret is replaced with a day in which both sign; another host gets another secret', async () => {
  const fresh = async () =>
    (await call<{ secret: string }>('webhooks.replace-secret', { params: { name: 'board' }, actor: root })).secret
  const [former, current] = [await fresh(), await fresh()]
  const genuine = (secret: string) =>
    board.received.map(
      ({ headers, body }) => verifyWebhook({ headers, body, secrets: [secret], now: world.now() }).genuine,
    )
  const test = async () => {
    board.received.length = 0
    await call('webhooks.test', { params: { name: 'board' }, actor: root })
    await world.run()
  }
  await test()
  expect(kinds()).toEqual(['test'])
  expect([genuine(former), genuine(current)]).toEqual([[true], [true]])
  await expect(call('webhooks.test', { params: { name: 'board' } })).rejects.toMatchObject({ kind: 'limited' })
  await world.forward(25 * 60 * minute)
  await test()
  expect([genuine(former), genuine(current)]).toEqual([[false], [true]])
  const other = await startReceiver()
  try {
    await world.apply(document('Webhook', 'board', `{url: "${other.url}/"}`))
    await world.forward(minute)
    await test()
    expect(board.received).toEqual([])
    const [request] = other.received
    if (request === undefined) throw new Error('The new host was told nothing.')
    const { headers, body } = request
    expect(verifyWebhook({ headers, body, secrets: [current], now: world.now() }).genuine).toBe(false)
  } finally {
    await other.close()
  }
  await expect(call('webhooks.replace-secret', { params: { name: 'nobody' } })).rejects.toMatchObject({
    code: 'notifications.unknown-webhook',
  })
  await expect(
    call('webhooks.replace-secret', { params: { name: 'board' }, body: { secret: 'short' } }),
  ).rejects.toMatchObject({ code: 'notifications.webhook-secret-invalid' })
})

test('the simulator names machines apart from people', async () => {
  interface Simulated {
    readonly steps: readonly { readonly person: string }[]
    readonly webhooks: readonly object[]
    readonly trace: readonly { readonly sentence: string }[]
  }
  await world.apply(
    documents(levels('{notify: [{webhook: board}], waitFor: 5m}', '{notify: [{person: ben}], waitFor: 5m}')),
  )
  const found = await call<Simulated>('policies.simulate', { params: { name: 'shop' }, body: {} })
  expect(found.steps.map((each) => each.person)).toEqual(['ben', 'ben'])
  expect(found.webhooks).toMatchObject([
    { at: '2026-03-02T09:00:00.000Z', level: 1, round: 1, webhook: 'board' },
    { level: 1, round: 2, webhook: 'board' },
  ])
  expect(found.trace[0]?.sentence).toBe('Level 1, round 1: it pages nobody but webhook board.')
})

test('a storm of pages, and whatever tells the machine hangs for good: people are told as if it were not there', async () => {
  const storm = 120
  const names = Array.from({ length: storm }, (_, index) => `p${index}`)
  await world.apply(
    names
      .map(
        (name) =>
          person(name) +
          document(
            'EscalationPolicy',
            `to-${name}`,
            `{levels: [{notify: [{person: ${name}}, {webhook: board}], waitFor: 12h}], repeat: 0, fallbackOwner: ${name}}`,
          ) +
          document('Service', `of-${name}`, `{team: web, tier: 1, escalationPolicy: to-${name}}`),
      )
      .join(''),
  )
  for (const name of names) await open({ service: `of-${name}` })
  let held = 0
  const over = gate()
  const worker = createWorker({
    database: world.database,
    log: silentLog,
    owner: 'storm',
    // Longer than any deadline of ours: a receiver that hangs is given up after seconds, and this shall not rest on that.
    jobs: world.rooms
      .flatMap((room) => room.jobs ?? [])
      .map((bound) => {
        if (bound.job.kind !== 'notifications.deliver-to-webhook') return bound
        const hang = async () => {
          held += 1
          await over.opened
        }
        return { ...bound, handle: hang }
      }),
  })
  await worker.start()
  try {
    await vi.waitFor(() => expect(mailed()).toHaveLength(storm), { timeout: 80_000, interval: 50 })
    expect(new Set(mailed()).size).toBe(storm)
    expect(held).toBeGreaterThan(0)
    const { left } = await world.database.one(sql<{ left: number }>`
      select count(*)::int as left from deliveries where webhook = 'board' and phase = 'pending'`)
    expect(left).toBe(storm)
  } finally {
    over.open()
    await worker.stop()
  }
})

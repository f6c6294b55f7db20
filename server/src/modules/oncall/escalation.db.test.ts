// The promise of the room as journeys: who is paged when, and what an answer stops.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { minute, second } from '../../kernel/duration.ts'
import type { Instant } from '../../kernel/instant.ts'
import { sql } from '../../platform/database/queries.ts'
import { newId } from '../../platform/ids.ts'
import type { OpenOrder } from './index.ts'
import { openWorld, type World } from './testing/world.ts'
import { openEscalation } from './usecases/open-escalation.ts'

let world: World
beforeAll(async () => {
  world = await openWorld({ name: 'escalation', at: '2026-03-02T09:00:00Z' })
  await world.apply(documents)
})
afterAll(() => world.close())
beforeEach(async () => {
  await world.database.run(
    sql`truncate escalations, pages, deliveries, delivery_attempts, page_notices, bundles, overrides, policy_turns, due_work cascade`,
  )
  world.mails.length = 0
  world.entries.length = 0
  world.mailManner = 'accept'
  world.onConnect = null
  await world.moveTo('2026-03-02T09:00:00Z')
})

const person = (name: string, zone = 'Europe/Berlin') =>
  `apiVersion: mainstay.dev/v1\nkind: Person\nmetadata: {name: ${name}}\nspec: {email: ${name}@shop.example, timeZone: ${zone}}\n---\n`
const documents = `${['ana', 'ben', 'chi', 'dee', 'root'].map((name) => person(name)).join('')}
apiVersion: mainstay.dev/v1
kind: Team
metadata: {name: web}
spec: {lead: dee, members: [ana, dee]}
---
apiVersion: mainstay.dev/v1
kind: Schedule
metadata: {name: primary}
spec:
  zone: UTC
  rotations:
    - {name: daily, start: 2026-03-01T12:00, turn: {unit: day, every: 1}, members: [{person: ana}, {person: chi}]}
---
apiVersion: mainstay.dev/v1
kind: EscalationPolicy
metadata: {name: shop}
spec:
  levels:
    - {notify: [{schedule: primary}], waitFor: 5m}
    - {notify: [{person: ben}, {person: chi}], waitFor: 10m}
  repeat: 1
  acknowledgementTimeout: 30m
  fallbackOwner: dee
---
apiVersion: mainstay.dev/v1
kind: Service
metadata: {name: checkout}
spec: {team: web, tier: 1, escalationPolicy: shop}
---
apiVersion: mainstay.dev/v1
kind: Service
metadata: {name: lonely}
spec: {team: web, tier: 1}
`

function alert(more: Partial<OpenOrder> = {}): OpenOrder {
  const alertId = newId()
  return {
    alertId,
    service: 'checkout',
    policyName: null,
    urgency: 'high',
    severity: 'critical',
    tier: 1,
    facts: {
      service: 'checkout',
      severity: 'critical',
      summary: '9 % of requests fail',
      startedAt: world.now(),
      impact: '2,400 customers',
      action: null,
      runbook: null,
      change: null,
      link: `http://mainstay.example/alerts/${alertId}`,
    },
    ...more,
  }
}
const open = (order: OpenOrder) => world.database.transaction((tx) => world.pager.open(tx, order))
const told = () => world.mails.map((mail) => `${mail.at.slice(11, 16)} ${mail.to.split('@')[0]}`).sort()

test('level by level, round by round, then it stays assigned', async () => {
  const order = alert()
  expect(await open(order)).toMatchObject({
    verdict: 'paged',
    because: expect.stringContaining('named by service checkout'),
  })
  await world.run()
  await world.pass(40 * minute, minute)
  // The loop of the specification: P, then B and C, then P again, then B and C again, then nothing.
  expect(told()).toEqual(['09:00 ana', '09:05 ben', '09:05 chi', '09:15 ana', '09:20 ben', '09:20 chi'])
  expect(world.types().filter((type) => type === 'escalation.exhausted')).toHaveLength(1)
  const mail = world.mails[0]?.email
  expect(mail?.subject).toBe('Critical: checkout – 9 % of requests fail')
  expect(mail?.text).toContain('Why you: on call in schedule primary; level 1, round 1')
  expect(mail?.html).toContain('Acknowledge')
  expect(world.mails.find((each) => each.at.includes('09:15'))?.email.subject).toMatch(/^Again: /)
  expect(world.mails.find((each) => each.at.includes('09:15'))?.raw.length).toBeLessThan(30_000)
})

test('an acknowledgement stops everything, and its time-out begins again', async () => {
  const order = alert()
  await open(order)
  await world.run()
  await world.forward(5 * minute)
  // Both are planned and none is sent when the answer comes.
  await world.database.transaction((tx) => world.pager.acknowledge(tx, { alertId: order.alertId, by: 'ana' }))
  await world.pass(29 * minute, minute)
  expect(told()).toEqual(['09:00 ana'])
  await world.pass(2 * minute, minute)
  expect(told()).toEqual(['09:00 ana', '09:35 ana'])
  expect(world.mails[1]?.email.text).toContain('Again: ana acknowledged 30m ago and it is not resolved.')
  expect(world.types()).toContain('escalation.resumed')
})

test('the people on call are read at the step, and who comes on call meanwhile is paged', async () => {
  await world.moveTo('2026-03-02T11:58:00Z')
  await open(alert())
  await world.run()
  await world.pass(3 * minute, minute)
  expect(told()).toEqual(['11:58 ana', '12:00 chi'])
  expect(world.entries.filter((each) => each.type === 'page.requested').at(-1)?.entry.reason).toContain('Hand-over')
})

test('what is over is told to whoever heard of it, and nothing else is sent', async () => {
  const order = alert()
  await open(order)
  await world.run()
  await world.forward(minute)
  await world.database.transaction((tx) => world.pager.resolve(tx, { alertId: order.alertId, ended: 'resolved' }))
  await world.run()
  await world.pass(20 * minute, minute)
  expect(world.mails.map((mail) => [mail.to, mail.email.subject])).toEqual([
    ['ana@shop.example', 'Critical: checkout – 9 % of requests fail'],
    ['ana@shop.example', 'Resolved: checkout – 9 % of requests fail'],
  ])
})

test('an alert whose service names no policy goes to its team, and one that nobody owns to the administrators', async () => {
  const facts = alert().facts
  expect(await open(alert({ service: 'lonely', facts: { ...facts, service: 'lonely' } }))).toMatchObject({
    verdict: 'paged',
  })
  expect((await open(alert({ service: null }))).because).toContain('the administrators')
  await world.run()
  expect(told()).toEqual(['09:00 dee', '09:00 root'])
  await world.pass(5 * minute, minute)
  expect(told()).toEqual(['09:00 dee', '09:00 root', '09:05 ana', '09:05 root'])
})

test('low urgency is assigned and never escalates', async () => {
  expect(await open(alert({ urgency: 'low', severity: 'warning' }))).toMatchObject({ verdict: 'assigned' })
  await world.run()
  await world.pass(30 * minute, minute)
  expect(told()).toEqual(['09:00 ana'])
})

test('an override made during a page reaches the person who takes over', async () => {
  await open(alert())
  await world.run()
  const { createOverride } = await import('./usecases/change-overrides.ts')
  await createOverride(world.needs, {
    schedule: 'primary',
    body: {
      kind: 'replace',
      person: 'dee',
      covers: 'ana',
      start: '2026-03-02T09:02:00Z',
      end: '2026-03-02T10:00:00Z',
      reason: 'doctor',
    },
    actor: { kind: 'person', id: 'ana', name: 'ana', role: 'responder', teams: [] },
  })
  await world.pass(3 * minute, minute)
  expect(told()).toEqual(['09:00 ana', '09:02 dee'])
})

test('a wake-up that lost its job is found by the auditor, said and repaired', async () => {
  await open(alert())
  await world.run()
  await world.database.run(sql`delete from due_work`)
  const { auditEscalations } = await import('./usecases/audit-escalations.ts')
  await world.forward(5 * minute + 30 * second)
  expect(await auditEscalations(world.needs)).toBe(0)
  await world.forward(31 * second)
  expect(await auditEscalations(world.needs)).toBe(1)
  await world.run()
  expect(told()).toEqual(['09:00 ana', '09:06 ben', '09:06 chi'])
  expect(world.types()).toContain('escalation.overdue')
})

test('after an outage the current step is made once; nothing is replayed', async () => {
  await open(alert())
  await world.run()
  await world.forward(24 * 60 * minute)
  await world.run()
  expect(told()).toEqual(['09:00 ana', '09:00 ben', '09:00 chi'])
})

test('two alerts of a round-robin policy begin with different people', async () => {
  await world.apply(`
apiVersion: mainstay.dev/v1
kind: EscalationPolicy
metadata: {name: robin}
spec:
  levels: [{notify: [{person: ana}, {person: ben}], waitFor: 5m, strategy: round-robin}]
  repeat: 1
  fallbackOwner: dee
`)
  await open(alert({ policyName: 'robin' }))
  await open(alert({ policyName: 'robin' }))
  await world.run()
  expect(told()).toEqual(['09:00 ana', '09:00 ben'])
})

test('the pages of an alert say who, why and when', async () => {
  const order = alert()
  await open(order)
  const { listPageRows } = await import('./oncall.store.ts')
  const rows = await listPageRows(world.database, { alertId: order.alertId, person: null }, null, 10)
  expect(rows).toMatchObject([
    {
      person: 'ana',
      level: 1,
      round: 1,
      because: 'on call in schedule primary; level 1, round 1',
      at: world.now() as Instant,
    },
  ])
})

test('a mail server that was down for all rounds: paging goes on until somebody has heard', async () => {
  world.mailManner = 'refuse'
  await open(alert())
  await world.run()
  await world.pass(35 * minute, 5 * second)
  expect(world.types()).toContain('escalation.exhausted')
  expect(told()).toEqual([])
  world.mailManner = 'accept'
  await world.pass(12 * minute, 30 * second)
  const heard = told().length
  expect(heard).toBeGreaterThan(0)
  await world.pass(10 * minute, 30 * second)
  // Heard once, it is the person's turn again, not the machine's.
  expect(told()).toHaveLength(heard)
}, 60_000)

test('an alert that could reach nobody is paged as soon as somebody can be reached', async () => {
  const lost = { ...world.oncall, lastResort: async () => ['newcomer'] }
  const opened = await world.database.transaction((tx) =>
    openEscalation(tx, world.needs, lost, alert({ service: null })),
  )
  expect(opened.verdict).toBe('unrouted')
  expect(world.types().filter((type) => type === 'page.unrouted')).toHaveLength(1)
  await world.pass(10 * minute, minute)
  expect(told()).toEqual([])
  await world.apply(person('newcomer').replace('---\n', ''))
  await world.pass(5 * minute, minute)
  expect(told()).toEqual(['09:15 newcomer'])
  expect(world.types().filter((type) => type === 'page.unrouted')).toHaveLength(1)
})

test('with thousands unheard each waits its turn: ten looks a second, and the first of them soon', async () => {
  const lost = { ...world.oncall, lastResort: async () => ['nobody-yet'] }
  const open = () => world.database.transaction((tx) => openEscalation(tx, world.needs, lost, alert({ service: null })))
  const dueIn = async () => {
    const { seconds } = await world.database.one(sql<{ seconds: number }>`
      select extract(epoch from max(due_at) - mainstay_now())::float8 as seconds from due_work
      where kind = 'oncall.page-unheard' and payload ->> 'escalation' in (select id::text from escalations)`)
    return seconds
  }
  await open()
  expect(await dueIn()).toBeCloseTo(300, 0)
  await world.database.run(sql`
    insert into due_work (kind, key, lane, due_at, payload)
    select 'oncall.page-unheard', n::text, 1, mainstay_now() + interval '1 hour', '{"escalation":"of-another"}'
    from generate_series(1, 4000) n`)
  await open()
  expect(await dueIn()).toBeCloseTo(400, 0)
})

test('a policy that reaches nobody any more gives way to the administrators', async () => {
  const gone = {
    apiVersion: 'mainstay.dev/v1',
    kind: 'EscalationPolicy',
    metadata: { name: 'gone' },
    spec: { levels: [{ notify: [{ person: 'zoe' }], waitFor: '5m' }], fallbackOwner: 'zoe' },
  }
  // As it stands after its people left: the catalog itself would refuse to store it like this today.
  await world.database.run(sql`
    insert into resources (kind, name, api_version, document, version, owners, created_by, refers_to)
    values ('EscalationPolicy', 'gone', 'mainstay.dev/v1', ${JSON.stringify(gone)}::jsonb, 1, '{}', 'test', '{}')`)
  const opened = await open(alert({ policyName: 'gone' }))
  expect(opened).toMatchObject({
    verdict: 'paged',
    because: expect.stringContaining('reaches nobody; the administrators'),
  })
  await world.run()
  expect(told()).toEqual(['09:00 root'])
})

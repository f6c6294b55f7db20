// What people ask of on-call through the API: now, later, me, what if, and temporary changes.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Actor } from '../../kernel/actor.ts'
import { minute } from '../../kernel/duration.ts'
import { sql } from '../../platform/database/queries.ts'
import { newId } from '../../platform/ids.ts'
import type { EscalationNow } from './escalations.contract.ts'
import { ana, openWorld, type World } from './testing/world.ts'
import { directoryOfPlan, loadOncallPlan, openApart, peopleOfPlan } from './usecases/armed-plan.ts'
import { tellHandOvers } from './usecases/tell-hand-overs.ts'

let world: World
beforeAll(async () => {
  world = await openWorld({ name: 'operations', at: '2026-03-01T09:00:00Z' })
  await world.apply(`${['ana', 'ben', 'chi']
    .map(
      (name) =>
        `apiVersion: mainstay.dev/v1\nkind: Person\nmetadata: {name: ${name}, displayName: ${name.toUpperCase()}}\nspec: {email: ${name}@shop.example}\n---\n`,
    )
    .join('')}
apiVersion: mainstay.dev/v1
kind: Schedule
metadata: {name: primary, displayName: First}
spec:
  zone: Europe/Berlin
  rotations:
    - {name: weekly, start: 2026-01-05T09:00, turn: {unit: week, every: 1}, members: [{person: ana}, {person: ben}]}
---
apiVersion: mainstay.dev/v1
kind: EscalationPolicy
metadata: {name: shop}
spec: {levels: [{notify: [{schedule: primary}], waitFor: 5m}, {notify: [{person: chi}], waitFor: 10m}], fallbackOwner: chi}
`)
})
afterAll(() => world.close())
beforeEach(async () => {
  await world.database.run(
    sql`truncate overrides, told_hand_overs, escalations, pages, deliveries, delivery_attempts, page_notices, due_work cascade`,
  )
  world.mails.length = 0
  world.entries.length = 0
  await world.moveTo('2026-03-02T09:00:00Z')
})

async function call<Reply>(id: string, input: { params?: object; query?: object; body?: unknown; actor?: Actor } = {}) {
  const bound = world.rooms.flatMap((room) => room.operations ?? []).find((each) => each.operation.id === id)
  if (bound === undefined) throw new Error(`There is no operation ${id}.`)
  const rest = { ifMatch: null, requestId: 'test', signal: new AbortController().signal }
  return (await bound.handle({ params: {}, query: {}, body: {}, actor: ana, ...rest, ...input })) as Reply
}
const override = (body: object) => call<{ id: string }>('overrides.create', { params: { name: 'primary' }, body })

test('who is on call now, until when and who is next', async () => {
  // Monday 10:00 in Berlin: the turn of 2 March is Ana's, handed over on the 9th at 09:00.
  expect(await call('oncall.now')).toEqual({
    asOf: '2026-03-02T09:00:00.000Z',
    schedules: [
      {
        name: 'primary',
        displayName: 'First',
        people: [
          {
            person: 'ana',
            displayName: 'ANA',
            until: '2026-03-09T08:00:00.000Z',
            source: 'on call in rotation weekly',
          },
        ],
        next: { at: '2026-03-09T08:00:00.000Z', people: ['ben'] },
      },
    ],
  })
})

test('an override changes the final schedule, keeps the past and can be taken back', async () => {
  const { id } = await override({
    kind: 'replace',
    person: 'chi',
    covers: 'ana',
    start: '2026-03-02T08:00:00Z',
    end: '2026-03-02T12:00:00Z',
    reason: 'doctor',
  })
  const final = () =>
    call<{ shifts: { person: string; start: string; source: string }[]; gaps: object[] }>('schedules.final', {
      params: { name: 'primary' },
      query: { from: '2026-03-02T08:30:00Z', to: '2026-03-02T13:00:00Z' },
    })
  expect((await final()).shifts.map((each) => `${each.start.slice(11, 16)} ${each.person}: ${each.source}`)).toEqual([
    '08:30 ana: on call in rotation weekly',
    '09:00 chi: covering for ana: doctor',
    '12:00 ana: on call in rotation weekly',
  ])
  await world.forward(60 * minute)
  await call('overrides.delete', { params: { id } })
  expect((await final()).shifts.map((each) => `${each.start.slice(11, 16)} ${each.person}`)).toEqual([
    '08:30 ana',
    '09:00 chi',
    '10:00 ana',
  ])
  expect(world.types()).toEqual(expect.arrayContaining(['override.created', 'override.deleted']))
  await expect(call('overrides.delete', { params: { id } })).rejects.toMatchObject({ code: 'oncall.unknown-override' })
})

test.each([
  [
    { kind: 'replace', person: 'zoe', start: '2026-03-03T00:00:00Z', end: '2026-03-04T00:00:00Z', reason: 'x' },
    '/person',
  ],
  [{ kind: 'add', person: 'chi', start: '2026-03-04T00:00:00Z', end: '2026-03-03T00:00:00Z', reason: 'x' }, '/end'],
  [{ kind: 'add', person: 'chi', start: '2026-02-01T00:00:00Z', end: '2026-02-02T00:00:00Z', reason: 'x' }, '/end'],
  [
    {
      kind: 'replace',
      person: 'chi',
      covers: 'chi',
      start: '2026-03-03T00:00:00Z',
      end: '2026-03-04T00:00:00Z',
      reason: 'x',
    },
    '/covers',
  ],
  [
    {
      kind: 'remove',
      person: 'ana',
      rotation: 'night',
      start: '2026-03-03T00:00:00Z',
      end: '2026-03-04T00:00:00Z',
      reason: 'x',
    },
    '/rotation',
  ],
])('an override that cannot be kept is refused: %o', async (body, pointer) => {
  await expect(override(body)).rejects.toMatchObject({
    code: 'oncall.override-refused',
    details: { faults: expect.arrayContaining([expect.objectContaining({ pointer })]) },
  })
})

test('what if it fires on Sunday at 03:00', async () => {
  const found = await call<{
    steps: { at: string; person: string; channel: string; contact: string; level: number }[]
  }>('policies.simulate', { params: { name: 'shop' }, body: { at: '2026-03-15T02:00:00Z' } })
  expect(
    found.steps.map((each) => [each.at.slice(11, 16), each.level, each.person, each.channel, each.contact]),
  ).toEqual([
    ['02:00', 1, 'ben', 'email', 'ben@shop.example'],
    ['02:05', 2, 'chi', 'email', 'chi@shop.example'],
  ])
  // The policy as it is being edited, and what is doubtful about the people it names.
  const edited = await call<{ steps: { person: string }[]; readiness: object[] }>('policies.simulate', {
    params: { name: 'not-saved-yet' },
    body: {
      at: '2026-03-15T02:00:00Z',
      spec: { levels: [{ notify: [{ person: 'chi' }] }], fallbackOwner: 'ana' },
    },
  })
  expect(edited.steps.map((each) => each.person)).toEqual(['chi'])
  expect(edited.readiness).toEqual([
    {
      person: 'chi',
      state: 'doubtful',
      sentences: [
        expect.stringContaining('Only e-mail'),
        expect.stringContaining('One contact'),
        expect.stringContaining('send a test'),
      ],
      channels: [{ kind: 'email', label: 'chi@shop.example', verified: true }],
      lastReachedAt: null,
    },
  ])
  await expect(
    call('policies.simulate', {
      params: { name: 'shop' },
      body: { spec: { levels: [{ notify: [{}] }], fallbackOwner: 'ana' } },
    }),
  ).rejects.toMatchObject({ code: 'oncall.policy-refused' })
  await expect(call('policies.simulate', { params: { name: 'nope' } })).rejects.toMatchObject({
    code: 'oncall.unknown-policy',
  })
})

test('how the load falls on people', async () => {
  const load = await call<{ unevenness: number; people: { person: string; totalMs: number; weekendMs: number }[] }>(
    'schedules.load',
    { params: { name: 'primary' }, query: { from: '2026-03-09T08:00:00Z', to: '2026-03-23T08:00:00Z' } },
  )
  expect(load.unevenness).toBe(0)
  expect(load.people.map((each) => [each.person, each.totalMs / 3_600_000, each.weekendMs / 3_600_000])).toEqual([
    ['ana', 168, 48],
    ['ben', 168, 48],
  ])
})

test('what I want to know of myself', async () => {
  expect(await call('oncall.me')).toMatchObject({
    person: 'ana',
    onCall: true,
    until: '2026-03-09T08:00:00.000Z',
    reachable: true,
  })
  const ben: Actor = { ...ana, id: 'ben', name: 'ben' }
  expect(await call('oncall.me', { actor: ben })).toMatchObject({
    onCall: false,
    nextShift: { start: '2026-03-09T08:00:00.000Z', end: '2026-03-16T08:00:00.000Z' },
  })
  expect(await call('oncall.me', { actor: { kind: 'automation', id: 'x', name: 'x' } })).toMatchObject({
    person: null,
    reachable: false,
  })
})

test('a page is passed on to somebody off shift, listed with its reason, and escalated by hand', async () => {
  const alertId = newId()
  const facts = {
    service: 'nas',
    severity: 'critical',
    summary: 'Disk full',
    startedAt: world.now(),
    impact: null,
  } as const
  const rest = { action: null, runbook: null, change: null, link: 'http://mainstay.example/x' }
  const order = {
    alertId,
    service: null,
    policyName: 'shop',
    urgency: 'high',
    severity: 'critical',
    tier: null,
  } as const
  await world.database.transaction((tx) => world.pager.open(tx, { ...order, facts: { ...facts, ...rest } }))
  await call('escalations.reassign', { params: { alert: alertId }, body: { people: ['chi'] } })
  const { items } = await call<{ items: { person: string; because: string }[] }>('pages.list', {
    query: { alert: alertId },
  })
  expect(items.map((each) => `${each.person}: ${each.because}`).sort()).toEqual([
    'ana: on call in schedule primary; level 1, round 1',
    'chi: asked for by ana; level 1, round 1',
  ])
  expect(await call('escalations.escalate', { params: { alert: alertId } })).toMatchObject({
    level: 2,
    phase: 'escalating',
  })
  expect(await call('escalations.list')).toMatchObject({
    items: [{ alertId, policy: 'shop', chosen: 'asked for by name' }],
  })
  await expect(call('escalations.escalate', { params: { alert: newId() } })).rejects.toMatchObject({
    code: 'oncall.no-escalation',
  })
  // The first page was stopped before it left.
  await world.run()
  expect(world.mails.map((mail) => mail.to)).not.toContain('ana@shop.example')
})

test('an edit of the policy changes nothing under way until it is re-applied', async () => {
  const alertId = newId()
  const facts = { service: 'nas', severity: 'critical', summary: 'Disk full', startedAt: world.now() } as const
  const rest = { impact: null, action: null, runbook: null, change: null, link: 'http://mainstay.example/x' }
  await world.database.transaction((tx) =>
    world.pager.open(tx, {
      ...{ alertId, service: null, policyName: 'shop', urgency: 'high', severity: 'critical', tier: null },
      facts: { ...facts, ...rest },
    }),
  )
  const policy = (wait: string) => `apiVersion: mainstay.dev/v1
kind: EscalationPolicy
metadata: {name: shop}
spec: {levels: [{notify: [{schedule: primary}], waitFor: ${wait}}, {notify: [{person: chi}], waitFor: 10m}], fallbackOwner: chi}
`
  await world.apply(policy('20m'))
  const nextAt = async () => (await call<{ items: { nextAt: string }[] }>('escalations.list')).items[0]?.nextAt
  expect(await nextAt()).toBe('2026-03-02T09:05:00.000Z')
  await world.forward(2 * minute)
  expect(await call('escalations.reapply', { params: { alert: alertId } })).toMatchObject({ phase: 'escalating' })
  expect(await nextAt()).toBe('2026-03-02T09:20:00.000Z')
  expect(world.types().at(-1)).toBe('escalation.changed')
  // What was waited counts: a shorter wait that has passed already is due at once.
  await world.apply(policy('1m'))
  await call('escalations.reapply', { params: { alert: alertId } })
  expect(await nextAt()).toBe('2026-03-02T09:02:00.000Z')
  await expect(call('escalations.reapply', { params: { alert: newId() } })).rejects.toMatchObject({
    code: 'oncall.no-escalation',
  })
  await world.apply(policy('5m'))
})

test('what an edited policy would do is told before it is taken over, and then it does that', async () => {
  const alertId = newId()
  const facts = { service: 'nas', severity: 'critical', summary: 'Disk full', startedAt: world.now() } as const
  const rest = { impact: null, action: null, runbook: null, change: null, link: 'http://mainstay.example/y' }
  await world.database.transaction((tx) =>
    world.pager.open(tx, {
      ...{ alertId, service: null, policyName: 'shop', urgency: 'high', severity: 'critical', tier: null },
      facts: { ...facts, ...rest },
    }),
  )
  const read = () => call<EscalationNow>('escalations.read', { params: { alert: alertId } })
  expect(await read()).toMatchObject({ escalation: { alertId, policy: 'shop' }, edited: null })
  const policy = (levels: string) => `apiVersion: mainstay.dev/v1
kind: EscalationPolicy
metadata: {name: shop}
spec: {levels: [${levels}], fallbackOwner: chi}
`
  const usual = '{notify: [{schedule: primary}], waitFor: 5m}, {notify: [{person: chi}], waitFor: 10m}'
  const paged = async () =>
    (await call<{ items: { person: string; because: string }[] }>('pages.list', { query: { alert: alertId } })).items
      .map((each) => `${each.person}: ${each.because}`)
      .sort()
  const before = await paged()
  await world.apply(
    `apiVersion: mainstay.dev/v1\nkind: Team\nmetadata: {name: helpers}\nspec: {lead: chi, members: [ana]}\n---\n${policy(
      '{notify: [{schedule: primary}, {team: helpers}], waitFor: 5m}',
    )}`,
  )
  const { edited } = await read()
  expect(edited?.pages.map((each) => each.person)).toEqual(['chi'])
  expect(await paged()).toEqual(before)
  await call('escalations.reapply', { params: { alert: alertId } })
  expect(await paged()).toEqual(
    [...before, 'chi: in team helpers, added by the edited policy; level 1, round 1'].sort(),
  )
  expect(await read()).toMatchObject({ edited: null })
  expect(world.entries.filter((each) => each.type === 'escalation.changed').at(-1)?.entry.reason).toMatch(
    /took over the edited policy shop.*chi/,
  )
  await expect(call('escalations.read', { params: { alert: newId() } })).rejects.toMatchObject({
    code: 'oncall.no-escalation',
  })
  await world.apply(policy(usual))
})

test('a policy may page a team; one nobody of whom can be reached is warned of, one that is not declared refused', async () => {
  const policy = (target: string) => `apiVersion: mainstay.dev/v1
kind: EscalationPolicy
metadata: {name: teamwork}
spec: {levels: [{notify: [${target}], waitFor: 5m}], repeat: 1, fallbackOwner: chi}
`
  await expect(world.apply(policy('{team: nowhere}'))).rejects.toMatchObject({
    details: { faults: [{ pointer: '/spec/levels/0/notify/0/team' }] },
  })
  await expect(world.apply(policy('{team: helpers, person: chi}'))).rejects.toMatchObject({
    details: { faults: [{ pointer: '/spec/levels/0/notify/0' }] },
  })
  await world.apply(policy('{team: helpers}'))
  const { steps, trace } = await call<{ steps: { person: string }[]; trace: { sentence: string }[] }>(
    'policies.simulate',
    { params: { name: 'teamwork' }, body: { at: '2026-03-04T12:00:00Z' } },
  )
  expect([...new Set(steps.map((each) => each.person))].sort()).toEqual(['ana', 'chi'])
  expect(trace[0]?.sentence).toBe('Level 1, round 1: chi (in team helpers), ana (in team helpers).')
  // The same people when the database is away.
  const plan = await loadOncallPlan(world.database, world.needs, world.oncall, world.now())
  const policies = plan.policies.map((each) => (each.name === 'teamwork' ? { ...each, name: 'default' } : each))
  const armed = { ...plan, policies }
  const of = { service: null, team: null, urgency: 'high' } as const
  const { step } = await openApart(
    armed,
    directoryOfPlan(armed, () => true, new Set()),
    of,
    world.now(),
  )
  expect(step.effects.flatMap((each) => (each.kind === 'page' ? each.people : [])).map((each) => each.person)).toEqual([
    'chi',
    'ana',
  ])
  expect(peopleOfPlan(plan)).toContain('chi')
})

test('a shift that begins is told once', async () => {
  await world.moveTo('2026-03-09T07:59:30Z')
  await tellHandOvers(world.needs, world.oncall)
  await world.moveTo('2026-03-09T08:00:30Z')
  await tellHandOvers(world.needs, world.oncall)
  await tellHandOvers(world.needs, world.oncall)
  await world.moveTo('2026-03-09T08:01:30Z')
  await tellHandOvers(world.needs, world.oncall)
  await world.run()
  expect(world.mails.map((mail) => [mail.to, mail.email.subject])).toEqual([
    ['ben@shop.example', 'You are on call for primary until Mon 16 Mar 08:00'],
  ])
})

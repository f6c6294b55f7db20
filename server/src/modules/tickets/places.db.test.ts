// Where tickets are: never another place, never twice, and what both sides agreed on stays agreed.
import { expect, test, vi } from 'vitest'
import { sql } from '../../platform/database/queries.ts'
import { startGithub } from './testing/github-stand.ts'
import { startGitlab } from './testing/gitlab-stand.ts'
import { startJira } from './testing/jira-stand.ts'
import { startServicenow } from './testing/servicenow-stand.ts'
import {
  actionOf,
  connect,
  declare,
  hook,
  hookSecret,
  kept,
  moveTo,
  openFor,
  openHouse,
  statusOf,
  ticketOf,
  ticketsOf,
  timeline,
  withGithub,
} from './testing/ticket-house.ts'
import type { TicketConnectionReply, TicketReply } from './tickets.contract.ts'

vi.setConfig({ testTimeout: 180_000 })

const repository = (id: number, name: string) =>
  ({ when: 'before', say: { status: 200, body: { id, full_name: name, has_issues: true } } }) as const

test('a connection with tickets stays where they are: elsewhere the same numbers are strangers', async () => {
  const { world, github } = await withGithub('tickets-place')
  const elsewhere = kept(await startGithub())
  const admin = world.as('admin')
  const body = { tracker: 'github', url: github.url, project: 'shop/checkout', token: github.token }
  const put = (change: object, status = 409) =>
    admin<{ code: string; detail: string }>('PUT /api/v1/ticket-connections/code', { ...body, ...change }, { status })
  // Without tickets it may still go anywhere.
  github.mishap('GET', /^\/repos\/shop\/others$/, repository(2, 'shop/others'))
  await put({ project: 'shop/others' }, 200)
  await put({}, 200)
  const id = await declare(world)
  await openFor(world, id)
  await world.worker.drain()
  github.mishap('GET', /^\/repos\/shop\/others$/, repository(2, 'shop/others'))
  expect(await put({ project: 'shop/others' })).toMatchObject({
    code: 'tickets.other-tracker',
    detail: expect.stringMatching(/under a new name/),
  })
  expect(await put({ url: elsewhere.url })).toMatchObject({ code: 'tickets.other-tracker' })
  const gitlab = kept(await startGitlab())
  expect(await put({ tracker: 'gitlab', url: gitlab.url, token: gitlab.token })).toMatchObject({
    code: 'tickets.other-tracker',
  })
  // Made anew under its old name: its numbers begin again.
  github.mishap('GET', /^\/repos\/shop\/checkout$/, repository(3, 'shop/checkout'))
  await put({})
  // Renamed, it is the same.
  github.mishap('GET', /^\/repos\/shop\/store$/, repository(1296269, 'shop/store'))
  await put({ project: 'shop/store' }, 200)
  await put({}, 200)
  expect(elsewhere.asked.filter((each) => each.path.includes('/issues'))).toEqual([])
  expect(await ticketOf(world, id)).toMatchObject({ phase: 'there', key: '#1' })
})

test('an address of another repository is not a number in ours, and a pull request is no ticket', async () => {
  const { world, github } = await withGithub('tickets-address')
  const host = new URL(github.url).host
  const about = { kind: 'incident', id: await declare(world) }
  const link = (ticket: string, status: number) =>
    world.as('responder')<TicketReply>('POST /api/v1/tickets/link', { connection: 'code', about, ticket }, { status })
  for (const ticket of [
    `http://${host}/stranger/project/issues/1`,
    'https://github.example/shop/checkout/issues/1',
    `http://${host}/shop/checkout/pull/1`,
    'stranger/project#1',
    'one',
  ])
    await link(ticket, 422)
  github.issues.push(
    ...[1, 2].map((number) => ({
      ...{ number, title: 'By hand', body: '', state: 'open' as const, state_reason: null, comments: [] },
    })),
  )
  const linked = await link(`http://${host}/Shop/checkout/issues/1?x=1#issuecomment-7`, 201)
  expect(await ticketOf(world, about.id)).toMatchObject({ key: '#1', title: 'By hand', agreed: 'open' })
  await world.as('responder')(`DELETE /api/v1/tickets/${linked.id}`, undefined, { status: 204 })
  Object.assign(github.issues[1] ?? {}, { isPull: true })
  await link('#2', 201)
  expect((await ticketOf(world, about.id)).fault).toMatch(/#2 is a pull request/)
  await moveTo(world, about.id, 'resolved')
  await world.forward('20m')
  expect(github.issues[1]?.state).toBe('open')
})

test('one record of ServiceNow is driven once, whether it is named by its number or its id', async () => {
  const servicenow = kept(await startServicenow())
  const world = await openHouse('tickets-twice')
  const { user, token, url } = servicenow
  await connect(world, 'now', { tracker: 'servicenow', url, project: '-', user, token })
  const [first, second] = [await declare(world), await declare(world)]
  await openFor(world, first, 'incident', 'now')
  const { key } = await ticketOf(world, first)
  const link = (id: string, ticket: string, status = 201) =>
    world.as('responder')<TicketReply>(
      'POST /api/v1/tickets/link',
      { connection: 'now', about: { kind: 'incident', id }, ticket },
      { status },
    )
  await link(second, key ?? '', 409)
  expect((await link(first, key ?? '')).key).toBe(key)
  // Both were linked before the tracker was asked: the one that is looked at last is given up.
  const sysId = 'a'.repeat(32)
  servicenow.records.push({ sysId, number: 'INC0099999', fields: { state: '1', short_description: 'By the desk' } })
  const third = await declare(world)
  await link(second, sysId)
  await link(third, 'INC0099999')
  expect([...(await ticketsOf(world, second)), ...(await ticketsOf(world, third))]).toHaveLength(1)
  const faults = await world.database.many(sql<{ fault: string }>`select fault from tickets where fault is not null`)
  expect(faults).toEqual([{ fault: 'INC0099999 is looked after as another ticket already.' }])
  expect(world.troubles).toEqual([])
})

test('a ticket of Jira that goes back to do opens the incident again, and stays where it was put', async () => {
  const jira = kept(await startJira('Cloud'))
  const world = await openHouse('tickets-todo')
  const { user, token, url } = jira
  await connect(world, 'ops', { tracker: 'jira', url, project: 'OPS', user, token, hookSecret })
  const id = await declare(world)
  await openFor(world, id, 'incident', 'ops')
  await world.worker.drain()
  await moveTo(world, id, 'resolved')
  await world.worker.drain()
  expect(jira.issues[0]?.status).toBe('Done')
  Object.assign(jira.issues[0] ?? {}, { status: 'To Do' })
  expect((await hook(world, jira.hook('OPS-1', hookSecret), 'ops')).status).toBe(202)
  await world.worker.drain()
  await world.forward('30m')
  expect(await statusOf(world, id)).toBe('active')
  expect(await ticketOf(world, id)).toMatchObject({ stateName: 'To Do', conflict: false, held: null, fault: null })
  expect(jira.issues[0]?.comments).toEqual([])
  await moveTo(world, id, 'resolved')
  await world.worker.drain()
  expect(jira.issues[0]?.status).toBe('Done')
})

test('why an incident stays open is said there once, however many of its alerts end', async () => {
  const { world, github } = await withGithub('tickets-said')
  await world.receive({ service: 'checkout', alert: 'checkout errors', severity: 'critical' })
  const { items } = await world.as('admin')<{ items: { id: string }[] }>('GET /api/v1/incidents')
  const id = items[0]?.id ?? ''
  const alert = { service: 'checkout', alert: 'checkout latency', severity: 'critical' }
  await world.receive(alert)
  await openFor(world, id)
  await world.worker.drain()
  Object.assign(github.issues[0] ?? {}, { state: 'closed', state_reason: 'completed' })
  await hook(world, github.hook(1, hookSecret))
  await world.worker.drain()
  expect(github.issues[0]?.comments).toHaveLength(1)
  const { items: alerts } = await world.as('admin')<{ items: { id: string }[] }>('GET /api/v1/alerts')
  expect(alerts).toHaveLength(2)
  await world.as('responder')(`POST /api/v1/alerts/${alerts[0]?.id}/resolve`, { note: 'Over.' })
  await world.forward('30m')
  expect((await ticketOf(world, id)).held).toMatch(/stays open/)
  expect(github.issues[0]?.comments).toHaveLength(1)
  expect((await timeline(world, id)).filter((each) => each.type === 'ticket.held')).toHaveLength(1)
})

test('connected again with a new token, it keeps its states, its user and its type; null takes them away', async () => {
  const jira = kept(await startJira('Cloud'))
  const world = await openHouse('tickets-again')
  const { user, token, url } = jira
  const place = { tracker: 'jira', url, project: 'OPS' }
  const states = { done: ["Won't Do"] }
  await connect(world, 'ops', { ...place, user, token, type: 'Bug', states, hookSecret })
  expect(await connect(world, 'ops', { ...place, token })).toMatchObject({
    user,
    type: 'Bug',
    states,
    hookSigned: true,
  })
  expect(await connect(world, 'ops', { ...place, type: null, states: {} })).toMatchObject({ type: null, states: {} })
  const body = { ...place, user: null }
  // Without its user the token is none to Jira Cloud.
  await world.as('admin')('PUT /api/v1/ticket-connections/ops', body, { status: 409 })
})

test('asked by hand and found well, a tracker that was away is used at once', async () => {
  const { world, github } = await withGithub('tickets-test')
  const id = await declare(world)
  const away = { status: 503, headers: { 'retry-after': '3600' } }
  github.mishap('POST', /\/issues$/, { when: 'before', say: away })
  await openFor(world, id)
  expect(await ticketOf(world, id)).toMatchObject({ phase: 'wanted' })
  await world.as('admin')('POST /api/v1/ticket-connections/code/test')
  const { items } = await world.as('viewer')<{ items: TicketConnectionReply[] }>('GET /api/v1/ticket-connections')
  expect(items[0]?.away).toBeNull()
  expect(await ticketOf(world, id)).toMatchObject({ phase: 'there' })
})

test('a tracker that is being forgotten takes no ticket more: none is left being created', async () => {
  const { world } = await withGithub('tickets-forgotten')
  const about = { kind: 'incident', id: await declare(world) }
  let opened: Promise<unknown> = Promise.resolve()
  await world.database.transaction(async (tx) => {
    await tx.run(sql`delete from ticket_connections where name = 'code'`)
    opened = world.as('responder')('POST /api/v1/tickets', { connection: 'code', about }, { status: 404 })
    const waiting = sql<{ count: number }>`
      select count(distinct pid)::int as count from pg_locks where not granted and pid in
        (select pid from pg_locks where database = (select oid from pg_database where datname = current_database()))`
    await expect.poll(async () => (await world.database.one(waiting)).count, { timeout: 60_000 }).toBe(1)
  })
  await opened
  expect(await world.database.many(sql`select id from tickets`)).toEqual([])
})

test('what was hurried while the tracker refused is looked at again at once', async () => {
  const { world, github } = await withGithub('tickets-hurried')
  const id = await declare(world)
  await openFor(world, id)
  await world.worker.drain()
  const refused = { status: 422, body: { message: 'Validation Failed' } }
  github.mishap('GET', /\/issues\/1$/, {
    when: 'meanwhile',
    happens: () => hook(world, github.hook(1, hookSecret, 'unlocked')),
  })
  github.mishap('PATCH', /\/issues\/1$/, { when: 'before', say: refused })
  await moveTo(world, id, 'resolved')
  expect(await ticketOf(world, id)).toMatchObject({ fault: null, stateName: 'completed', agreed: 'done' })
})

test('a conflict ends where one side goes back, even if the other may not follow', async () => {
  const { world, github } = await withGithub('tickets-calm')
  const incident = await declare(world)
  await moveTo(world, incident, 'resolved')
  const action = await actionOf(world, incident)
  await openFor(world, action, 'action')
  await world.worker.drain()
  github.mishap('GET', /\/issues\/1$/, { when: 'before', say: { status: 503 } })
  const change = (state: string) => world.as('admin')(`PATCH /api/v1/actions/${action}`, { state, reason: 'r' })
  await change('dropped')
  Object.assign(github.issues[0] ?? {}, { state: 'closed', state_reason: 'completed' })
  await world.worker.drain()
  await world.forward('10m')
  expect(await ticketOf(world, incident)).toMatchObject({ conflict: true })
  await change('open')
  expect(await ticketOf(world, incident)).toMatchObject({
    conflict: false,
    held: expect.stringMatching(/nobody has said what will show/),
  })
})

test('other tables of ServiceNow are told their own labels, never the numbers of incidents', async () => {
  const servicenow = kept(await startServicenow('change_request'))
  const world = await openHouse('tickets-table')
  const { user, token, url } = servicenow
  const states = { open: ['New'], doing: ['Implement'], done: ['Closed'] }
  await connect(world, 'now', { tracker: 'servicenow', url, project: '-', user, token, type: 'change_request', states })
  const id = await declare(world)
  await openFor(world, id, 'incident', 'now')
  await world.worker.drain()
  await moveTo(world, id, 'resolved')
  await world.worker.drain()
  const patches = servicenow.asked.filter((each) => each.method === 'PATCH')
  expect(patches.map((each) => [each.body.state, each.query.get('sysparm_input_display_value')])).toEqual([
    ['Implement', 'true'],
    ['Closed', 'true'],
  ])
  expect(patches.some((each) => 'close_code' in each.body)).toBe(false)
})

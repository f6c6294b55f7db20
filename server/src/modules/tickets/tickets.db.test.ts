// Incidents and actions with tickets at four trackers on loopback that behave as documented.
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

// Each test has a house of its own and lets minutes pass in it, on machines that may be slow.
vi.setConfig({ testTimeout: 180_000 })

test('an incident and its issue at GitHub go together, both ways, and nothing goes back and forth', async () => {
  const { world, github } = await withGithub('tickets-github')
  const id = await declare(world, { title: 'Payments fail for @everyone <b>#1</b>' })
  expect(await openFor(world, id)).toMatchObject({ phase: 'wanted', waiting: 'It is being created.' })
  expect(await ticketOf(world, id)).toMatchObject({
    phase: 'there',
    key: '#1',
    state: 'open',
    agreed: 'open',
    conflict: false,
  })
  expect(github.issues[0]?.title).toBe('Incident 1: Payments fail for @everyone <b>#1</b>')
  expect(github.issues[0]?.body).toContain('http://mainstay.test/incidents/')
  expect(github.issues[0]?.body).not.toMatch(/@everyone/)

  // Ours ends: theirs is closed, and the call that says so changes nothing more.
  await moveTo(world, id, 'resolved')
  expect(await ticketOf(world, id)).toMatchObject({ state: 'done', stateName: 'completed', agreed: 'done' })
  expect(github.issues[0]).toMatchObject({ state: 'closed', state_reason: 'completed' })
  expect((await hook(world, github.hook(1, hookSecret))).status).toBe(202)
  await world.worker.drain()
  await world.forward('20m')
  expect(github.asked.filter((each) => each.method === 'PATCH')).toHaveLength(1)
  expect(await statusOf(world, id)).toBe('resolved')

  // Theirs opens again: ours follows, once.
  Object.assign(github.issues[0] ?? {}, { state: 'open', state_reason: 'reopened' })
  await hook(world, github.hook(1, hookSecret, 'reopened'))
  expect(await ticketOf(world, id)).toMatchObject({ state: 'open', agreed: 'open' })
  expect(await statusOf(world, id)).toBe('active')
  expect(github.asked.filter((each) => each.method === 'PATCH')).toHaveLength(1)

  // Closed there without a call: found by looking.
  Object.assign(github.issues[0] ?? {}, { state: 'closed', state_reason: 'completed' })
  await world.forward('10m')
  expect(await statusOf(world, id)).toBe('resolved')
  expect((await timeline(world, id)).map((each) => each.type)).toEqual([
    'ticket.asked',
    'ticket.opened',
    'ticket.told',
    'ticket.followed',
    'ticket.followed',
  ])
  expect(world.troubles).toEqual([])
})

test('whatever a lost answer was about, there is one issue; asked for twice, too', async () => {
  const { world, github } = await withGithub('tickets-once')
  const made = await declare(world)
  github.mishap('POST', /\/issues$/, { when: 'after', say: 'drop' })
  await openFor(world, made)
  expect(await ticketOf(world, made)).toMatchObject({ phase: 'creating', key: null })
  // The answer came back from nowhere: asked for again, it is the same.
  expect((await openFor(world, made)).id).toBe((await ticketOf(world, made)).id)
  await world.forward('5m')
  expect(await ticketOf(world, made)).toMatchObject({ phase: 'there', key: '#1' })
  expect(github.issues).toHaveLength(1)

  // The connection broke before anything was done: looked for three times, then made.
  const lost = await declare(world)
  github.mishap('POST', /\/issues$/, { when: 'before', say: 'drop' })
  await openFor(world, lost)
  await world.worker.drain()
  expect(github.issues).toHaveLength(1)
  await world.forward('10m')
  expect(await ticketOf(world, lost)).toMatchObject({ phase: 'there', key: '#2' })
  expect(github.issues).toHaveLength(2)
  expect(world.troubles).toEqual([])
})

test('a tracker that asks for patience gets it, and the order comes through afterwards', async () => {
  const { world, github } = await withGithub('tickets-slow')
  const id = await declare(world)
  const limited = {
    status: 403,
    body: { message: 'You have exceeded a secondary rate limit.' },
    headers: { 'retry-after': '600' },
  }
  github.mishap('POST', /\/issues$/, { when: 'before', say: limited })
  await openFor(world, id)
  expect(await ticketOf(world, id)).toMatchObject({
    phase: 'wanted',
    waiting: 'GitHub is away: GitHub asks us to slow down.',
  })
  const before = github.asked.length
  await world.forward('9m')
  expect(github.asked).toHaveLength(before)
  await world.forward('2m')
  expect(await ticketOf(world, id)).toMatchObject({ phase: 'there', waiting: null })
  const [connection] = (await world.as('viewer')<{ items: TicketConnectionReply[] }>('GET /api/v1/ticket-connections'))
    .items
  expect(connection).toMatchObject({ away: null, tickets: 1, hookSigned: true })
  expect(JSON.stringify(connection)).not.toContain(github.token)
})

test('both moved: it is told once, and whoever decides is obeyed', async () => {
  const { world, github } = await withGithub('tickets-conflict')
  const id = await declare(world)
  await world.as('admin')(`POST /api/v1/incidents/${id}/transition`, { to: 'resolved', note: 'Over.' })
  await world.as('responder')('POST /api/v1/tickets', { connection: 'code', about: { kind: 'incident', id } })
  await world.worker.drain()
  const action = await actionOf(world, id)
  await openFor(world, action, 'action')
  await world.worker.drain()
  // The action is dropped here while it is closed as done there, with nobody looking.
  github.mishap('GET', /\/issues\/2$/, { when: 'before', say: { status: 503 } })
  await world.as('admin')(`PATCH /api/v1/actions/${action}`, { state: 'dropped', reason: 'Not worth it.' })
  Object.assign(github.issues[1] ?? {}, { state: 'closed', state_reason: 'completed' })
  await world.worker.drain()
  await world.forward('10m')
  const mine = (await ticketsOf(world, id)).find((each) => each.about.kind === 'action')
  expect(mine).toMatchObject({ conflict: true, state: 'done' })
  expect((await timeline(world, id)).filter((each) => each.type === 'ticket.conflict')).toHaveLength(1)
  await world.as('responder')(`POST /api/v1/tickets/${mine?.id}/settle`, { take: 'ours' })
  expect((await ticketsOf(world, id)).find((each) => each.about.kind === 'action')).toMatchObject({
    conflict: false,
    agreed: 'dropped',
    stateName: 'not_planned',
  })
  await world.as('responder')(`POST /api/v1/tickets/${mine?.id}/settle`, { take: 'ours' }, { status: 409 })
})

test('a closed ticket closes no action without a proof: it says so here and there, and follows once there is one', async () => {
  const { world, github } = await withGithub('tickets-proof')
  const incident = await declare(world)
  await moveTo(world, incident, 'resolved')
  const action = await actionOf(world, incident)
  await openFor(world, action, 'action')
  await world.worker.drain()
  expect(github.issues[0]?.body).toContain('closing this ticket does not close the action')
  Object.assign(github.issues[0] ?? {}, { state: 'closed', state_reason: 'completed' })
  await world.forward('30m')
  expect(await ticketOf(world, incident)).toMatchObject({
    held: 'Action 1 stays open: nobody has said what will show that it worked. Name its signal in Mainstay, and it follows.',
    agreed: 'open',
  })
  expect(github.issues[0]?.comments).toHaveLength(1)
  expect(github.issues[0]?.comments[0]).toContain('stays open')
  const signal = { kind: 'alert', service: 'checkout', title: 'checkout errors', windowMs: 1_209_600_000 }
  await world.as('admin')(`PATCH /api/v1/actions/${action}`, { signal })
  expect(await ticketOf(world, incident)).toMatchObject({ held: null, agreed: 'done' })
  const { items } = await world.as('viewer')<{ items: { state: string }[] }>('GET /api/v1/actions')
  expect(items[0]?.state).toBe('proving')
  // The alert comes back: the action is open again, and so is its ticket.
  await world.receive({ service: 'checkout', alert: 'checkout errors' })
  await world.worker.drain()
  await world.forward('1m')
  expect(github.issues[0]?.state).toBe('open')
})

test('an incident whose alerts are not over is not ended by its ticket', async () => {
  const { world, github } = await withGithub('tickets-alerts')
  await world.receive({ service: 'checkout', alert: 'checkout errors', severity: 'critical' })
  const { items } = await world.as('admin')<{ items: { id: string }[] }>('GET /api/v1/incidents')
  const id = items[0]?.id ?? ''
  await openFor(world, id)
  await world.worker.drain()
  Object.assign(github.issues[0] ?? {}, { state: 'closed', state_reason: 'completed' })
  await hook(world, github.hook(1, hookSecret))
  expect((await ticketOf(world, id)).held).toMatch(/stays open: not all of its alerts are over/)
  expect(await statusOf(world, id)).not.toBe('resolved')
})

test('of a restricted incident no word leaves, and whoever may not read it sees no ticket', async () => {
  const { world, github } = await withGithub('tickets-restricted')
  const ana = await world.signIn('ana', 'responder')
  const ben = await world.signIn('ben', 'responder')
  const { id } = await ana<{ id: string }>('POST /api/v1/incidents', {
    title: 'Cards leaked',
    severity: 'SEV1',
    kind: 'security',
    readers: ['person:ana'],
  })
  const order = { connection: 'code', about: { kind: 'incident', id }, title: 'Cards leaked by checkout' }
  await ben('POST /api/v1/tickets', order, { status: 404 })
  const ticket = await ana<TicketReply>('POST /api/v1/tickets', order)
  await world.worker.drain()
  expect(github.issues[0]?.title).toBe('Restricted incident 1')
  expect(JSON.stringify(github.asked.map((each) => each.body))).not.toMatch(/[Cc]ards|checkout/)
  expect((await ben<{ items: unknown[] }>('GET /api/v1/tickets')).items).toEqual([])
  await ben(`POST /api/v1/tickets/${ticket.id}/look`, undefined, { status: 404 })
  const seen = await ben<{ items: { type: string }[] }>(`GET /api/v1/journal?type=ticket.opened`)
  expect(seen.items).toEqual([])
  expect((await ana<{ items: unknown[] }>('GET /api/v1/tickets')).items).toHaveLength(1)
})

test('a call that is not signed, or for nobody, is not heard', async () => {
  const { world, github } = await withGithub('tickets-hooks')
  const id = await declare(world)
  await openFor(world, id)
  await world.worker.drain()
  const before = github.asked.length
  expect((await hook(world, github.hook(1, 'another-secret'))).status).toBe(403)
  const { payload, headers } = github.hook(1, hookSecret)
  expect((await hook(world, { headers, payload: payload.replace('closed', 'opened') })).status).toBe(403)
  expect((await hook(world, { headers, payload }, 'nobody')).status).toBe(403)
  const other = github.hook(1, hookSecret)
  const elsewhere = other.payload.replaceAll('shop/checkout', 'shop/others')
  const { createHmac } = await import('node:crypto')
  const signed = `sha256=${createHmac('sha256', hookSecret).update(elsewhere).digest('hex')}`
  expect(
    (await hook(world, { payload: elsewhere, headers: { ...other.headers, 'x-hub-signature-256': signed } })).status,
  ).toBe(202)
  await world.worker.drain()
  expect(github.asked).toHaveLength(before)
})

test('a token that is wrong is not kept, and a kept one goes to no other address', async () => {
  const github = kept(await startGithub())
  const elsewhere = kept(await startGithub())
  const world = await openHouse('tickets-connect')
  const good = { tracker: 'github', url: github.url, project: 'shop/checkout', token: github.token }
  const admin = world.as('admin')
  await admin('PUT /api/v1/ticket-connections/code', { ...good, token: 'wrong' }, { status: 409 })
  await admin('PUT /api/v1/ticket-connections/code', { ...good, project: 'nothing' }, { status: 422 })
  await admin('PUT /api/v1/ticket-connections/code', good)
  const { token: _, ...without } = good
  await admin('PUT /api/v1/ticket-connections/code', without)
  await admin('PUT /api/v1/ticket-connections/code', { ...without, url: elsewhere.url }, { status: 422 })
  expect(elsewhere.asked).toEqual([])
  expect(await admin('POST /api/v1/ticket-connections/code/test')).toEqual({
    ok: true,
    sentence: 'GitHub answers, takes the token and shows shop/checkout.',
  })
  const rows = await world.database.many(sql<{ settings: string }>`select settings from ticket_connections`)
  expect(rows[0]?.settings).not.toContain(github.token)
  await admin('DELETE /api/v1/ticket-connections/code', undefined, { status: 204 })
  await admin('DELETE /api/v1/ticket-connections/code', undefined, { status: 404 })
})

test('a tracker that does not answer holds up no other, and its tickets wait', async () => {
  const { world, github } = await withGithub('tickets-hang')
  const gitlab = kept(await startGitlab())
  await connect(world, 'lab', { tracker: 'gitlab', url: gitlab.url, project: 'shop/checkout', token: gitlab.token })
  const url = github.url
  await github.close()
  for (let count = 0; count < 5; count += 1) {
    const id = await declare(world)
    await openFor(world, id)
    await openFor(world, id, 'incident', 'lab')
  }
  await world.worker.drain()
  await world.forward('1m')
  expect(gitlab.issues).toHaveLength(5)
  const { items } = await world.as('viewer')<{ items: TicketConnectionReply[] }>('GET /api/v1/ticket-connections')
  expect(items.find((each) => each.url === url)?.away?.because).toMatch(/^GitHub: /)
  expect(items.find((each) => each.name === 'lab')?.away).toBeNull()

  // All ten, three at a time, each once.
  const seen: string[] = []
  for (let cursor = ''; ; ) {
    const page = await world.as('viewer')<{ items: TicketReply[]; nextCursor: string | null }>(
      `GET /api/v1/tickets?limit=3${cursor}`,
    )
    seen.push(...page.items.map((each) => each.id))
    if (page.nextCursor === null) break
    cursor = `&cursor=${page.nextCursor}`
  }
  expect([seen.length, new Set(seen).size]).toEqual([10, 10])
  const wrong = Buffer.from(JSON.stringify(['2026-01-01T00:00:00Z', '-'.repeat(36)])).toString('base64url')
  await world.as('viewer')(`GET /api/v1/tickets?cursor=${wrong}`, undefined, { status: 422 })
  expect(world.troubles).toEqual([])
})

test('a ticket is found by its key, those of many actions and an action by its number with one request each', async () => {
  const { world } = await withGithub('tickets-found')
  const incident = await declare(world)
  await openFor(world, incident)
  await world.worker.drain()
  await moveTo(world, incident, 'resolved')
  const action = await actionOf(world, incident)
  await openFor(world, action, 'action')
  await world.worker.drain()
  const found = async (query: string) =>
    (await world.as('viewer')<{ items: TicketReply[] }>(`GET /api/v1/tickets?${query}`)).items
  expect(await found('key=%232')).toMatchObject([{ key: '#2', about: { kind: 'action', id: action } }])
  expect(await found('key=%233')).toEqual([])
  expect(await found('key=%232&connection=other')).toEqual([])
  const [ticket] = await found('key=%231')
  expect(await found(`key=${ticket?.id.toUpperCase()}`)).toEqual([ticket])
  const many = Array.from({ length: 99 }, (_, index) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`)
  expect(await found(`actions=${[...many, action].join(',')}`)).toMatchObject([{ key: '#2' }])
  expect(await found(`actions=${incident}`)).toEqual([])
  for (const wrong of ['actions=', 'actions=x', `actions=${action},`, `actions=${[...many, action, action].join(',')}`])
    await world.as('viewer')(`GET /api/v1/tickets?${wrong}`, undefined, { status: 422 })
  const numbered = async (number: number) =>
    (await world.as('viewer')<{ items: { id: string }[] }>(`GET /api/v1/actions?number=${number}`)).items
  const all = (await world.as('viewer')<{ items: { id: string; number: number }[] }>('GET /api/v1/actions')).items
  expect(await numbered(all.find((each) => each.id === action)?.number ?? 0)).toMatchObject([{ id: action }])
  expect(await numbered(999_999)).toEqual([])
})

test('GitLab, Jira Cloud, Jira Data Center and ServiceNow: opened, told, followed, found again', async () => {
  const gitlab = kept(await startGitlab())
  const cloud = kept(await startJira('Cloud'))
  const center = kept(await startJira('Server'))
  const servicenow = kept(await startServicenow())
  const world = await openHouse('tickets-all')
  await connect(world, 'gitlab', {
    tracker: 'gitlab',
    url: gitlab.url,
    project: 'shop/checkout',
    token: gitlab.token,
    hookSecret,
  })
  const jira = { tracker: 'jira', project: 'OPS', hookSecret }
  const connected = await connect(world, 'cloud', { ...jira, url: cloud.url, user: cloud.user, token: cloud.token })
  expect(connected.shown).toMatchObject({ server: 'Cloud 1001.0.0', project: 'OPS Operations', as: 'Ana Ruiz' })
  await connect(world, 'center', { ...jira, url: center.url, token: center.token })
  const now = { tracker: 'servicenow', url: servicenow.url, project: '-', hookSecret }
  await connect(world, 'now', { ...now, user: servicenow.user, token: servicenow.token })

  for (const stand of [gitlab, cloud, center, servicenow])
    stand.mishap('POST', /issues?$|incident$/, { when: 'after', say: 'drop' })
  const id = await declare(world)
  for (const name of ['gitlab', 'cloud', 'center', 'now']) await openFor(world, id, 'incident', name)
  await world.worker.drain()
  await world.forward('5m')
  const names = async () =>
    new Map((await ticketsOf(world, id)).map((each) => [each.connection, [each.key, each.stateName, each.agreed]]))
  // Made in the trackers' first state, then told that somebody works on it.
  expect(await names()).toEqual(
    new Map([
      ['gitlab', ['#1', 'opened', 'open']],
      ['cloud', ['OPS-1', 'In Progress', 'doing']],
      ['center', ['OPS-1', 'In Progress', 'doing']],
      ['now', ['INC0010001', 'In Progress', 'doing']],
    ]),
  )
  expect([gitlab.issues.length, cloud.issues.length, center.issues.length, servicenow.records.length]).toEqual([
    1, 1, 1, 1,
  ])

  // Somebody closes it at one of them: all the others are told.
  Object.assign(cloud.issues[0] ?? {}, { status: 'Done' })
  expect((await hook(world, cloud.hook('OPS-1', hookSecret), 'cloud')).status).toBe(202)
  await world.worker.drain()
  expect(await statusOf(world, id)).toBe('resolved')
  expect([...(await names()).values()].map(([, state]) => state).sort()).toEqual(['Done', 'Done', 'Resolved', 'closed'])
  expect(servicenow.records[0]?.fields).toMatchObject({ state: '6', close_code: 'Solution provided' })

  const payload = JSON.stringify({ sys_id: servicenow.records[0]?.sysId, number: 'INC0010001' })
  const token = { 'content-type': 'application/json', 'x-mainstay-token': hookSecret }
  expect((await hook(world, { headers: token, payload }, 'now')).status).toBe(202)
  const lab = { 'content-type': 'application/json', 'x-gitlab-token': hookSecret }
  expect((await hook(world, { headers: lab, payload: gitlab.hook(1) }, 'gitlab')).status).toBe(202)
  expect(
    (await hook(world, { headers: { ...lab, 'x-gitlab-token': 'no' }, payload: gitlab.hook(1) }, 'gitlab')).status,
  ).toBe(403)
  expect(world.troubles).toEqual([])
})

test('a ticket that is there already is linked, by its number, and unlinked', async () => {
  const servicenow = kept(await startServicenow())
  const world = await openHouse('tickets-link')
  const { user, token, url } = servicenow
  await connect(world, 'now', { tracker: 'servicenow', url, project: '-', user, token })
  servicenow.records.push({
    sysId: 'a'.repeat(32),
    number: 'INC0099999',
    fields: { state: '1', short_description: 'By the desk' },
  })
  const id = await declare(world)
  const about = { kind: 'incident', id }
  const ana = world.as('responder')
  await ana('POST /api/v1/tickets/link', { connection: 'now', about, ticket: 'not a key' }, { status: 422 })
  const linked = await ana<TicketReply>('POST /api/v1/tickets/link', { connection: 'now', about, ticket: 'inc0099999' })
  expect(await ticketOf(world, id)).toMatchObject({ key: 'INC0099999', title: 'By the desk', agreed: 'doing' })
  const other = await declare(world)
  const taken = { connection: 'now', about: { kind: 'incident', id: other }, ticket: 'INC0099999' }
  await ana('POST /api/v1/tickets/link', taken, { status: 409 })
  await ana(`DELETE /api/v1/tickets/${linked.id}`, undefined, { status: 204 })
  expect(await ticketsOf(world, id)).toEqual([])
  await ana('POST /api/v1/tickets/link', taken)
})

test('a ticket that was removed there is no longer looked after; a project that is hidden only waits', async () => {
  const { world, github } = await withGithub('tickets-gone')
  const id = await declare(world)
  await openFor(world, id)
  await world.worker.drain()
  const hidden = { when: 'before', say: { status: 404, body: { message: 'Not Found' } } } as const
  github.mishap('GET', /\/issues\/1$/, hidden)
  github.mishap('GET', /checkout$/, hidden)
  await world.forward('6m')
  expect(await ticketOf(world, id)).toMatchObject({ phase: 'there' })
  await world.forward('20m')
  expect(await ticketOf(world, id)).toMatchObject({ phase: 'there', fault: null })
  github.mishap('GET', /\/issues\/1$/, {
    when: 'before',
    say: { status: 410, body: { message: 'This issue was deleted' } },
  })
  await world.forward('10m')
  expect(await ticketsOf(world, id)).toEqual([])
  expect((await timeline(world, id)).at(-1)?.type).toBe('ticket.gone')
})

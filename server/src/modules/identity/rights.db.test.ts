import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Role } from '../../kernel/actor.ts'
import {
  goodPassword,
  type IdentityWorld,
  join,
  openIdentityWorld,
  type Process,
  sessionOf,
  setUp,
} from './identity.fixture.ts'
import { issueKey, reissueKey } from './usecases/keys.ts'

let world: IdentityWorld
let here: Process
let there: Process
let admin: { session: string; id: string }
beforeEach(async () => {
  world = await openIdentityWorld('rights')
  here = await world.startProcess()
  // The other process hears no hints: only the age of its memory can end an old answer.
  there = await world.startProcess({ deaf: true })
  admin = await setUp(here)
})
afterEach(() => world.close())

const status = async (process: Process, credentials: { session?: string; key?: string }, url = '/api/v1/session') =>
  (await process.call({ method: 'GET', url, ...credentials })).statusCode
/** `poll` gives up after a second, which is the promise. */
const becomes = (process: Process, credentials: { session?: string; key?: string }, expected: number) =>
  expect.poll(() => status(process, credentials), { timeout: 1_000, interval: 20 }).toBe(expected)
const patch = (id: string, payload: object, headers = {}) =>
  here.call({ method: 'PATCH', url: `/api/v1/people/${id}`, session: admin.session, payload, headers })
const createKey = async (session: string, payload: object) => {
  const answer = await here.call({
    method: 'POST',
    url: '/api/v1/keys',
    session,
    payload: { name: 'ci', role: 'viewer', scopes: ['identity:*'], ...payload },
  })
  return { answer, ...answer.json<{ token: string; key: { id: string } }>() }
}

test('signing out counts here at once and elsewhere within a second', async () => {
  const ben = await join(here, admin.session, 'ben@shop.example', 'viewer')
  expect([await status(here, ben), await status(there, ben)]).toEqual([200, 200])
  expect((await here.call({ method: 'DELETE', url: '/api/v1/session', session: ben.session })).statusCode).toBe(204)
  expect(await status(here, ben)).toBe(401)
  await becomes(there, ben, 401)
})

test('disabling ends sessions and personal keys; enabling does not bring sessions back', async () => {
  const ben = await join(here, admin.session, 'ben@shop.example', 'editor')
  const { token } = await createKey(ben.session, {})
  const service = await issueKey(here.needs, { name: 'svc', role: 'viewer', scopes: ['*'] })
  for (const process of [here, there])
    expect([
      await status(process, ben),
      await status(process, { key: token }),
      await status(process, { key: service }),
    ]).toEqual([200, 200, 200])
  expect((await patch(ben.id, { disabled: true, reason: 'left the company' })).json()).toMatchObject({
    person: { disabled: true },
  })
  expect([await status(here, ben), await status(here, { key: token })]).toEqual([401, 401])
  await becomes(there, ben, 401)
  await becomes(there, { key: token }, 401)
  expect(await status(there, { key: service })).toBe(200)
  const back = await here.call({
    method: 'POST',
    url: '/api/v1/session',
    payload: { email: 'ben@shop.example', password: goodPassword },
  })
  expect(back.statusCode).toBe(403)
  await patch(ben.id, { disabled: false })
  expect([await status(here, ben), await status(here, { key: token })]).toEqual([401, 200])
})

test('a role counts at once, for sessions and for keys of their maker', async () => {
  const ben = await join(here, admin.session, 'ben@shop.example', 'admin')
  const { token } = await createKey(ben.session, { role: 'admin', scopes: ['identity:*'] })
  const mayCreate = async (process: Process, credentials: { session?: string; key?: string }) =>
    (
      await process.call({
        method: 'POST',
        url: '/api/v1/people',
        ...credentials,
        payload: { email: 'not-an-address', name: 'X', role: 'viewer' },
      })
    ).statusCode
  const mayInvite = async (process: Process, credentials: { session?: string; key?: string }) =>
    (
      await process.call({
        method: 'POST',
        url: '/api/v1/people/00000000-0000-4000-8000-000000000000/invitation',
        ...credentials,
      })
    ).statusCode
  expect(await mayCreate(here, ben)).toBe(422)
  for (const process of [here, there])
    expect([await mayInvite(process, ben), await mayInvite(process, { key: token })]).toEqual([404, 404])
  await patch(ben.id, { role: 'viewer' })
  expect([await mayInvite(here, ben), await mayInvite(here, { key: token })]).toEqual([403, 403])
  await expect.poll(() => mayInvite(there, ben), { timeout: 1_000 }).toBe(403)
  await expect.poll(() => mayInvite(there, { key: token }), { timeout: 1_000 }).toBe(403)
  const refusal = await here.call({
    method: 'POST',
    url: '/api/v1/people/00000000-0000-4000-8000-000000000000/invitation',
    session: ben.session,
  })
  expect(refusal.json()).toMatchObject({
    code: 'identity.forbidden',
    detail: 'This needs the role admin; yours is viewer. Ana can grant it.',
  })
})

test('hints bring a change to another process before its memory is old', async () => {
  const ben = await join(here, admin.session, 'ben@shop.example', 'viewer')
  const listening = await world.startProcess()
  await expect
    .poll(
      async () =>
        (await world.owner.query(`select from pg_stat_activity where query = 'listen mainstay_sessions'`)).rowCount,
    )
    .toBeGreaterThanOrEqual(2)
  expect(await status(listening, ben)).toBe(200)
  await here.call({ method: 'DELETE', url: '/api/v1/session', session: ben.session })
  await becomes(listening, ben, 401)
})

test('a session ends after twelve idle hours, and after thirty days in any case', async () => {
  await world.setClock('11 hours')
  await becomes(here, admin, 200)
  await world.setClock('22 hours')
  // Seen at 11 h, so 22 h is 11 idle hours.
  expect(await status(await world.startProcess({ deaf: true }), admin)).toBe(200)
  await world.setClock('34 hours 1 minute')
  expect(await status(await world.startProcess({ deaf: true }), admin)).toBe(401)

  const again = await here.call({
    method: 'POST',
    url: '/api/v1/session',
    payload: { email: 'ana@shop.example', password: goodPassword },
  })
  await world.owner.query(
    `update sessions set seen_at = mainstay_now(), started_at = mainstay_now() - interval '30 days 1 second'`,
  )
  expect(await status(there, { session: sessionOf(again) })).toBe(401)
})

test('one’s own sessions are shown and ended, others’ only by administrators', async () => {
  const ben = await join(here, admin.session, 'ben@shop.example', 'viewer')
  const list = async (session: string) =>
    (await here.call({ method: 'GET', url: '/api/v1/sessions', session, headers: { 'user-agent': 'x' } })).json<{
      items: { id: string; current: boolean; person: { name: string } }[]
    }>().items
  expect(await list(ben.session)).toMatchObject([{ current: true, person: { name: 'ben' } }])
  const all = await list(admin.session)
  expect(all.length).toBe(2)
  const mine = all.find((session) => session.current)
  const end = (session: string, id = '') => here.call({ method: 'DELETE', url: `/api/v1/sessions/${id}`, session })
  expect((await end(ben.session, mine?.id)).statusCode).toBe(404)
  expect((await end(admin.session, all.find((session) => !session.current)?.id)).statusCode).toBe(204)
  expect(await status(here, ben)).toBe(401)
  const page = await here.call({ method: 'GET', url: '/api/v1/sessions?limit=1', session: admin.session })
  expect(page.json()).toMatchObject({ nextCursor: null })
})

test('a key works with its scope until it is revoked or expires; its secret is nowhere', async () => {
  const { token, key, answer } = await createKey(admin.session, {
    service: true,
    teams: ['web'],
    scopes: ['identity:self'],
  })
  expect(token).toMatch(/^mst_[a-z0-9]{10}_[\w-]{43}$/)
  expect(answer.json()).toMatchObject({ key: { last4: token.slice(-4), prefix: token.slice(4, 14), usedAt: null } })
  expect(await status(here, { key: token })).toBe(200)
  expect(await status(here, { key: token }, '/api/v1/people')).toBe(403)
  expect(await status(here, { key: `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}` })).toBe(401)
  expect(await status(here, { key: 'mst_nonsense' })).toBe(401)
  const basic = await here.call({
    method: 'GET',
    url: '/api/v1/session',
    headers: { authorization: `Basic ${Buffer.from(`any:${token}`).toString('base64')}` },
  })
  expect(basic.json()).toMatchObject({ key: { name: 'ci' } })
  const list = await here.call({ method: 'GET', url: '/api/v1/keys', session: admin.session })
  expect(list.json<{ items: { usedAt: string | null }[] }>().items[0]?.usedAt).not.toBeNull()
  expect(await status(there, { key: token })).toBe(200)
  expect(
    (await here.call({ method: 'DELETE', url: `/api/v1/keys/${key.id}`, session: admin.session })).statusCode,
  ).toBe(204)
  expect(await status(here, { key: token })).toBe(401)
  await becomes(there, { key: token }, 401)

  const past = await createKey(admin.session, { expiresAt: '2020-01-01T00:00:00Z' })
  expect(past.answer.json()).toMatchObject({ code: 'identity.key-expired', errors: [{ pointer: '/expiresAt' }] })
  const soon = await createKey(admin.session, { expiresAt: new Date(Date.now() + 3_600_000).toISOString() })
  expect(await status(here, { key: soon.token })).toBe(200)
  await world.setClock('61 minutes')
  expect(await status(await world.startProcess({ deaf: true }), { key: soon.token })).toBe(401)

  const dump = JSON.stringify(
    (
      await world.owner.query(
        `select j::text from journal j union all select k::text from api_keys k union all select s::text from sessions s union all select p::text from people p union all select l::text from setup_links l`,
      )
    ).rows,
  )
  for (const secret of [token, soon.token, admin.session, goodPassword]) {
    expect(dump).not.toContain(secret)
    expect(dump).not.toContain(secret.slice(-43))
  }
})

test.each<{ role: Role; order: object; code: number }>([
  { role: 'editor', order: { role: 'editor' }, code: 201 },
  { role: 'editor', order: { role: 'admin' }, code: 403 },
  { role: 'editor', order: { service: true }, code: 403 },
  { role: 'admin', order: { service: true, role: 'admin' }, code: 201 },
])('a $role may hand on $order: $code', async ({ role, order, code }) => {
  const maker = await join(here, admin.session, 'ben@shop.example', role)
  expect((await createKey(maker.session, order)).answer.statusCode).toBe(code)
})

test('a key says what it is, who made it and what it may do now', async () => {
  const who = async (key: string) =>
    (await here.call({ method: 'GET', url: '/api/v1/session', key })).json<{ person: null; key: object }>()
  const ben = await join(here, admin.session, 'ben@shop.example', 'editor')
  const { token, key } = await createKey(ben.session, { role: 'editor', scopes: ['identity:self'] })
  const owner = { id: ben.id, name: 'ben', email: 'ben@shop.example' }
  expect(await who(token)).toEqual({
    person: null,
    key: {
      ...{ id: key.id, name: 'ci', role: 'editor', scopes: ['identity:self'], teams: [] },
      ...{ service: false, expiresAt: null, owner },
    },
  })
  await patch(ben.id, { role: 'viewer' })
  expect(await who(token)).toMatchObject({ key: { role: 'viewer', owner } })
  const service = await issueKey(here.needs, { name: 'svc', role: 'responder', scopes: ['*'] })
  expect(await who(service)).toMatchObject({ person: null, key: { name: 'svc', role: 'responder', owner: null } })
})

test('what starts anew replaces its key: the one of before ends everywhere, others of that name stay', async () => {
  const order = { name: 'demo-shop', role: 'editor', scopes: ['*'] } as const
  const mine = await createKey(admin.session, { name: 'demo-shop', service: true, scopes: ['*'] })
  const first = await reissueKey(there.needs, order)
  expect([await status(here, { key: first }), await status(there, { key: first })]).toEqual([200, 200])
  const second = await reissueKey(there.needs, order)
  expect(await status(there, { key: first })).toBe(401)
  await becomes(here, { key: first }, 401)
  expect([await status(here, { key: second }), await status(here, { key: mine.token })]).toEqual([200, 200])
  const list = await here.call({ method: 'GET', url: '/api/v1/keys', session: admin.session })
  expect(list.json<{ items: { name: string }[] }>().items.map((each) => each.name)).toEqual(['demo-shop', 'demo-shop'])
  expect((await world.journal()).filter((type) => type.startsWith('key.'))).toEqual([
    ...['key.created', 'key.created', 'key.revoked', 'key.created'],
  ])
})

test('keys of others are neither shown nor revoked', async () => {
  const ben = await join(here, admin.session, 'ben@shop.example', 'editor')
  const { key } = await createKey(admin.session, { service: true })
  const list = await here.call({ method: 'GET', url: '/api/v1/keys', session: ben.session })
  expect(list.json()).toEqual({ items: [], nextCursor: null })
  expect((await here.call({ method: 'DELETE', url: `/api/v1/keys/${key.id}`, session: ben.session })).statusCode).toBe(
    404,
  )
})

test('the last administrator stays one, also when two leave at once', async () => {
  expect((await patch(admin.id, { role: 'editor' })).json()).toMatchObject({ code: 'identity.last-administrator' })
  expect((await patch(admin.id, { disabled: true })).statusCode).toBe(409)
  const ben = await join(here, admin.session, 'ben@shop.example', 'admin')
  const answers = await Promise.all([
    patch(admin.id, { role: 'editor' }),
    here.call({ method: 'PATCH', url: `/api/v1/people/${ben.id}`, session: ben.session, payload: { disabled: true } }),
  ])
  expect(answers.map((answer) => answer.statusCode).sort()).toEqual([200, 409])
})

test('If-Match guards a person’s row; the change is told with before and after', async () => {
  const ben = await join(here, admin.session, 'ben@shop.example', 'viewer')
  const first = await patch(ben.id, { role: 'editor', reason: 'joined the team' })
  expect((await patch(ben.id, { role: 'admin' }, { 'if-match': '"v1"' })).statusCode).toBe(412)
  expect((await patch(ben.id, { name: 'Benjamin' }, { 'if-match': String(first.headers.etag) })).json()).toMatchObject({
    person: { name: 'Benjamin', role: 'editor' },
  })
  const { rows } = await world.owner.query(
    `select reason, before, after from journal where type = 'person.changed' order by id limit 1`,
  )
  expect(rows[0]).toMatchObject({ reason: 'joined the team', before: { role: 'viewer' }, after: { role: 'editor' } })
})

test('teams come from the catalog and count at once', async () => {
  const members = [{ email: 'ANA@shop.example', team: 'web' }]
  const process = await world.startProcess({ ports: { teamMembers: async () => members } })
  const teams = async () =>
    (await process.call({ method: 'GET', url: '/api/v1/session', session: admin.session })).json<{
      person: { teams: string[] }
    }>().person.teams
  expect(await teams()).toEqual([])
  const refresh = process.room.jobs?.find(({ job }) => job.kind === 'identity.refresh-teams')
  const run = () =>
    refresh?.handle(
      {},
      {
        id: 1,
        attempt: 1,
        dueAt: 0 as never,
        finish: async () => undefined,
        again: async () => undefined,
        rest: () => undefined,
      },
    )
  await run()
  expect(await teams()).toEqual(['web'])
  members.push({ email: 'ana@shop.example', team: 'data' })
  await run()
  expect(await teams()).toEqual(['data', 'web'])
  members.length = 0
  await run()
  expect(await teams()).toEqual([])
})

test('a change with a cookie needs the header another site cannot set', async () => {
  const answer = await here.server.inject({
    method: 'DELETE',
    url: '/api/v1/session',
    headers: { cookie: `mainstay_session=${admin.session}` },
  })
  expect(answer.json()).toMatchObject({ code: 'http.csrf' })
})

// The catalog's edge: each refusal once, then the good case.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CatalogWorld, openCatalogWorld } from './catalog.fixture.ts'
import type { CatalogPorts } from './catalog.ports.ts'
import { listServiceRows } from './catalog.store.ts'
import { reachOf, summarize, withStandings } from './usecases/describe-services.ts'
import { servicesBeneath } from './usecases/walk-dependencies.ts'

let world: CatalogWorld
beforeAll(async () => {
  world = await openCatalogWorld('catalog edge')
})
afterAll(() => world.close())

const document = (kind: string, name: string, spec: object = {}, metadata: object = {}) =>
  JSON.stringify({ apiVersion: 'mainstay.dev/v1', kind, metadata: { name, ...metadata }, spec })
const apply = (documents: string, more: object = {}, as = 'ana') =>
  world.call({ method: 'POST', url: '/api/v1/apply', as, body: { documents, ...more } })

const shop = [
  document('Person', 'ana', { email: 'Ana@shop.example', timeZone: 'Europe/Berlin' }, { displayName: 'Ana R.' }),
  document('Team', 'web', { members: ['ana'], contacts: [{ label: 'Desk', kind: 'phone', value: '+49 30 1' }] }),
  document('Team', 'pay', { members: ['ana'] }),
  document('Service', 'checkout', { team: 'web', tier: 0, dependsOn: ['payment'] }, { description: 'Takes the order' }),
  document('Service', 'payment', { team: 'pay', tier: 1, dependsOn: [{ service: 'bank', strength: 'soft' }] }),
  document('Service', 'bank', { type: 'third-party' }),
  document('Journey', 'buy', { services: ['checkout', 'payment'], tier: 0 }),
].join('\n---\n')

test('callers without a good token, role or team are turned away', async () => {
  expect((await world.call({ url: '/api/v1/services', as: '' })).statusCode).toBe(401)
  expect((await world.call({ url: '/api/v1/services', as: 'nobody' })).statusCode).toBe(401)
  expect((await apply(document('Domain', 'retail'), {}, 'vic')).statusCode).toBe(403)
  const other = await apply(shop)
  expect([other.statusCode, other.json().code]).toEqual([403, 'identity.forbidden'])
  // What one document may not do, none of the text does.
  expect((await world.call({ url: '/api/v1/services' })).json().items).toEqual([])
  expect((await apply(shop, {}, 'root')).statusCode).toBe(200)
  // Taking a service into one's own team needs leave from the team that has it.
  expect((await apply(document('Service', 'payment', { team: 'web' }))).statusCode).toBe(403)
  expect((await world.call({ method: 'DELETE', url: '/api/v1/resources/teams/pay' })).statusCode).toBe(403)
})

test.each([
  { url: '/api/v1/services/nowhere', code: 'catalog.unknown-service' },
  { url: '/api/v1/services/nowhere/blast-radius', code: 'catalog.unknown-service' },
  { url: '/api/v1/teams/nobody', code: 'catalog.unknown-team' },
  { url: '/api/v1/resources/servces', code: 'resources.unknown-kind', says: 'Did you mean services?' },
  { url: '/api/v1/resources/services/nowhere', code: 'resources.unknown' },
  { url: '/api/v1/resources/services/bank?at=2001-01-01T00:00:00Z', code: 'resources.unknown' },
  { url: '/api/v1/resources/services/nowhere/history', code: 'resources.unknown' },
])('$url is not found', async ({ url, code, says }) => {
  const answer = await world.call({ url })
  expect([answer.statusCode, answer.json().code]).toEqual([404, code])
  expect(answer.json().detail).toContain(says ?? '')
})

test.each([
  { url: '/api/v1/services?cursor=x', pointer: '?cursor' },
  { url: '/api/v1/services?limit=0', pointer: '?/limit' },
  { url: '/api/v1/services?limit=501', pointer: '?/limit' },
  { url: '/api/v1/services?tier=4', pointer: '?/tier' },
  { url: '/api/v1/resources/services/bank?at=yesterday', pointer: '?/at' },
])('$url is refused', async ({ url, pointer }) => {
  const answer = await world.call({ url })
  expect(answer.statusCode).toBe(422)
  expect(answer.json().errors[0].pointer).toBe(pointer)
})

test('what others refer to, and what changed meanwhile, is not removed', async () => {
  const referred = await world.call({ method: 'DELETE', url: '/api/v1/resources/services/bank' })
  expect([referred.statusCode, referred.json().code]).toEqual([409, 'resources.referred-to'])
  expect(referred.json().detail).toContain('Service payment')
  await apply(document('Domain', 'retail'))
  const read = await world.call({ url: '/api/v1/resources/domains/retail' })
  expect(read.headers.etag).toBe('"v1"')
  await apply(document('Domain', 'retail', { team: 'web' }))
  const remove = (ifMatch?: string) =>
    world.call({
      method: 'DELETE',
      url: '/api/v1/resources/domains/retail',
      ...(ifMatch === undefined ? {} : { ifMatch }),
    })
  expect((await remove('"v1"')).statusCode).toBe(412)
  expect((await remove('*')).statusCode).toBe(412)
  expect((await remove('"v2"')).statusCode).toBe(204)
  expect((await remove()).statusCode).toBe(404)
})

test('lists go on where they stopped', async () => {
  const first = (await world.call({ url: '/api/v1/resources/svc?limit=2' })).json()
  expect(first.items.map((each: { metadata: { name: string } }) => each.metadata.name)).toEqual(['bank', 'checkout'])
  const second = (await world.call({ url: `/api/v1/resources/svc?limit=2&cursor=${first.nextCursor}` })).json()
  expect([second.items.length, second.nextCursor]).toEqual([1, null])
  const services = (await world.call({ url: '/api/v1/services?limit=1&team=web' })).json()
  expect([services.items[0].name, services.nextCursor]).toEqual(['checkout', null])
  expect((await world.call({ url: '/api/v1/services?search=TAKES%20the' })).json().items).toHaveLength(1)
  expect((await world.call({ url: '/api/v1/services?search=%25' })).json().items).toEqual([])
  expect((await world.call({ url: '/api/v1/services?tier=2' })).json().items[0].name).toBe('bank')
})

test('any day can be looked at as it was', async () => {
  await apply(document('System', 'shop'))
  const created = (await world.call({ url: '/api/v1/resources/systems/shop' })).json().status.updatedAt
  await apply(document('System', 'shop', { team: 'web' }))
  const now = (await world.call({ url: '/api/v1/resources/systems/shop' })).json()
  const then = (await world.call({ url: `/api/v1/resources/systems/shop?at=${created}` })).json()
  expect([now.spec, now.status.version]).toEqual([{ team: 'web' }, 2])
  expect(now.status.owners).toEqual({ '/spec/team': 'console' })
  expect([then.spec, then.status.version]).toEqual([{}, 1])
  await world.call({ method: 'DELETE', url: '/api/v1/resources/systems/shop' })
  const history = (await world.call({ url: '/api/v1/resources/systems/shop/history' })).json().items
  expect(
    history.map((each: { version: number; deleted: boolean; actor: string }) => [
      each.version,
      each.deleted,
      each.actor,
    ]),
  ).toEqual([
    [3, true, 'ana'],
    [2, false, 'ana'],
    [1, false, 'ana'],
  ])
})

test('a listed service says where it stands when somebody keeps objectives, and that nobody does when nobody does', async () => {
  const asked: (readonly string[])[] = []
  const standingsOf: CatalogPorts['standingsOf'] = async (_queries, services) => {
    asked.push(services)
    return [{ service: 'bank', count: 2, state: 'burning', level: 'page' }]
  }
  const [bank, checkout] = await listServiceRows(world.database, { team: null, tier: null, search: null }, null, 2)
  const services = [bank, checkout].flatMap((row) => (row === undefined ? [] : [summarize(row)]))
  const told = await withStandings(world.database, { ...world.ports, standingsOf }, services)
  expect(told.map((each) => each.objectives)).toEqual([
    { count: 2, state: 'burning', level: 'page' },
    { count: 0, state: null, level: 'none' },
  ])
  expect(asked).toEqual([['bank', 'checkout']])
  const listed = (await world.call({ url: '/api/v1/services?limit=1' })).json().items[0]
  expect(listed).toMatchObject({ name: 'bank', objectives: null })
})

test('a service is described with everything known of it', async () => {
  const payment = (await world.call({ url: '/api/v1/services/payment' })).json()
  expect(payment).toMatchObject({
    team: 'pay',
    tier: 1,
    dependsOn: [{ service: 'bank', strength: 'soft' }],
    dependants: [{ service: 'checkout', distance: 1, softened: false, via: 'payment', tier: 0 }],
    members: [{ name: 'ana', displayName: 'Ana R.', email: 'Ana@shop.example', timeZone: 'Europe/Berlin' }],
    journeys: ['buy'],
    defaults: { availabilityTarget: 0.999, gate: 'refuse' },
    sloCount: 0,
    version: 1,
  })
  const radius = (await world.call({ url: '/api/v1/services/bank/blast-radius' })).json().items
  expect(radius.map((each: { service: string; softened: boolean }) => [each.service, each.softened])).toEqual([
    ['payment', true],
    ['checkout', true],
  ])
  expect((await world.call({ url: '/api/v1/teams/web' })).json()).toMatchObject({ services: ['checkout'] })
  expect((await world.call({ url: '/api/v1/teams' })).json().items).toHaveLength(2)
  expect((await world.call({ url: '/api/v1/journeys' })).json().items).toMatchObject([{ name: 'buy', tier: 0 }])
  const kinds = (await world.call({ url: '/api/v1/kinds' })).json().items
  expect(kinds.find((each: { kind: string }) => each.kind === 'Service')).toMatchObject({
    plural: 'services',
    count: 3,
  })
})

test('the way around one service is walked through loops and past soft steps', async () => {
  const chain = (name: string, dependsOn: readonly unknown[]) => document('Service', name, { dependsOn })
  await apply(
    [
      chain('loop-a', ['loop-b']),
      chain('loop-b', ['loop-c', { service: 'leaf', strength: 'soft' }]),
      chain('loop-c', ['loop-a']),
      chain('leaf', []),
      chain('beside', ['leaf']),
    ].join('\n---\n'),
  )
  expect([...(await servicesBeneath(world.database, 'loop-a'))].sort()).toEqual(['leaf', 'loop-a', 'loop-b', 'loop-c'])
  expect([...(await servicesBeneath(world.database, 'leaf'))]).toEqual([])
  const above = await reachOf(world.database, 'leaf')
  expect(above.map((each) => [each.service, each.distance, each.softened])).toEqual([
    ...[
      ['beside', 1, false],
      ['loop-b', 1, true],
      ['loop-a', 2, true],
      ['loop-c', 3, true],
    ],
  ])
  expect(await reachOf(world.database, 'nobody')).toEqual([])
})

test('a plan changes nothing and says who owns what stands in the way', async () => {
  await apply(document('Environment', 'live', { class: 'production' }), { manager: 'git:infra' })
  const plan = await world.call({
    method: 'POST',
    url: '/api/v1/plan',
    as: 'vic',
    body: { documents: document('Environment', 'live', { class: 'staging' }) },
  })
  expect(plan.json().changes).toMatchObject([
    {
      action: 'conflict',
      fields: [{ path: '/spec/class', before: 'production', after: 'staging', owner: 'git:infra' }],
    },
  ])
  const refused = await apply(document('Environment', 'live', { class: 'staging' }))
  expect([refused.statusCode, refused.json().code]).toEqual([409, 'resources.owned-elsewhere'])
  expect((await apply(document('Environment', 'live', { class: 'staging' }), { force: true })).statusCode).toBe(200)
})

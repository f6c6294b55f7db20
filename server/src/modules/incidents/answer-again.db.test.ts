// A server ends between the commit of what was asked under a key and its answer: who asks again is given the answer it had.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { second } from '../../kernel/duration.ts'
import { type IncidentsWorld, openIncidentsWorld } from './incidents.fixture.ts'

let world: IncidentsWorld
beforeAll(async () => {
  world = await openIncidentsWorld('incidents answer again')
  // As a server that ends right after its commit leaves it: the answer is never kept.
  await world.owner.query(`
    create function forget() returns trigger language plpgsql as 'begin return null; end';
    create trigger forget before update on idempotency_keys for each row when (new.status is not null) execute function forget()`)
})
afterAll(() => world.close())

const entries = async (): Promise<number> => {
  const { rows } = await world.owner.query<{ n: number }>('select count(*)::int as n from journal')
  return rows[0]?.n ?? 0
}

test('declaring, leading and writing down answer again as they did, and do nothing a second time', async () => {
  const declared = await world.call({
    method: 'POST',
    url: '/api/v1/incidents',
    body: { title: 'Slow', severity: 'SEV2' },
  })
  const { id } = declared.json() as { id: string }
  await world.receive({ service: 'checkout' })
  const { items } = (await world.call({ url: '/api/v1/alerts' })).json() as { items: { id: string }[] }
  const of = (part: string) => `/api/v1/incidents/${id}/${part}`
  const orders = [
    { url: '/api/v1/incidents', body: { title: 'Down', severity: 'SEV1', services: ['checkout'] } },
    { url: of('notes'), body: { text: 'We roll back.' } },
    { url: of('transition'), body: { to: 'mitigated' } },
    { url: of('roles'), body: { role: 'commander' } },
    { url: of('alerts'), body: { alert: items[0]?.id ?? '' } },
  ].map((each, index) => ({ ...each, method: 'POST' as const, key: `key ${index}`.replace(' ', '-') }))
  for (const order of orders) {
    const first = await world.call(order)
    expect([order.url, Math.floor(first.statusCode / 100), first.body]).toEqual([order.url, 2, expect.any(String)])
    const before = await entries()
    expect((await world.call(order)).json()).toMatchObject({ code: 'http.idempotency-in-flight' })
    await world.clock.forward(11 * second)
    const again = await world.call(order)
    expect([order.url, again.statusCode, again.json()]).toEqual([order.url, first.statusCode, first.json()])
    expect(again.headers['idempotency-replayed']).toBe('true')
    expect(await entries()).toBe(before)
  }
})

test('what has no answer to give again says that it was done, and where to read it', async () => {
  const declared = await world.call({
    method: 'POST',
    url: '/api/v1/incidents',
    body: { title: 'Late', severity: 'SEV3' },
  })
  const { id } = declared.json() as { id: string }
  const order = {
    method: 'POST' as const,
    url: `/api/v1/incidents/${id}/work`,
    body: { kind: 'task', text: 'Call' },
    key: 'item',
  }
  expect((await world.call(order)).statusCode).toBe(201)
  const before = await entries()
  await world.clock.forward(61 * second)
  const problem = (await world.call(order)).json() as { status: number; code: string; detail: string }
  expect(problem).toMatchObject({ status: 409, code: 'http.answer-lost' })
  expect(problem.detail).toMatch(new RegExp(`Read incident ${id}, of which it wrote entry \\d+ of the journal`))
  expect(await entries()).toBe(before)
})

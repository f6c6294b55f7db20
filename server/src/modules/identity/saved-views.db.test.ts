import { afterAll, beforeAll, expect, test } from 'vitest'
import { type IdentityWorld, join, openIdentityWorld, type Process, setUp } from './identity.fixture.ts'
import { issueKey } from './usecases/keys.ts'

let world: IdentityWorld
let process: Process
let ana: { session: string }
beforeAll(async () => {
  world = await openIdentityWorld('saved_views')
  process = await world.startProcess()
  ana = await setUp(process)
})
afterAll(() => world.close())

const url = '/api/v1/me/views/incidents'
const read = async (as: { session?: string; key?: string }) =>
  (await process.call({ method: 'GET', url, ...as })).json()
const save = (as: { session: string }, name: string, query: string) =>
  process.call({ method: 'POST', url, ...as, payload: { name, query } })

test('views are the person’s, on whatever machine: saved, replaced, forgotten, and nobody else’s', async () => {
  const ben = await join(process, ana.session, 'ben@shop.example', 'viewer')
  expect(await read(ben)).toEqual({ views: [] })
  await save(ben, 'Payment', 'service=payment')
  await save(ben, ' SEV1 ', 'severity=SEV1')
  expect((await save(ben, 'Payment', 'service=payment&status=over')).json()).toEqual({
    views: [
      { name: 'SEV1', query: 'severity=SEV1' },
      { name: 'Payment', query: 'service=payment&status=over' },
    ],
  })
  expect(await read(ana)).toEqual({ views: [] })
  const forgotten = await process.call({ method: 'DELETE', url: `${url}?name=SEV1`, ...ben })
  expect(forgotten.json()).toEqual({ views: [{ name: 'Payment', query: 'service=payment&status=over' }] })
  expect((await process.call({ method: 'GET', url: '/api/v1/me/views/alerts', ...ben })).json()).toEqual({ views: [] })
})

test('two windows that save at once lose nothing; a key of the house has none', async () => {
  await Promise.all([1, 2, 3, 4, 5].map((each) => save(ana, `View ${each}`, `service=s${each}`)))
  const names = (await read(ana)).views.map((each: { name: string }) => each.name)
  expect(names.sort()).toEqual(['View 1', 'View 2', 'View 3', 'View 4', 'View 5'])
  const key = await issueKey(process.needs, { name: 'svc', role: 'viewer', scopes: ['*'] })
  expect(await read({ key })).toMatchObject({ code: 'identity.unknown-person' })
})

test.each([
  { name: '', query: 'a=1' },
  { name: 'x'.repeat(41), query: 'a=1' },
  { name: 'All', query: '' },
  { name: 'All', query: 'x'.repeat(1_001) },
])('name $name.length and query $query.length long: refused with the field', async ({ name, query }) => {
  const answer = await save(ana, name, query)
  expect(answer.statusCode).toBe(422)
  expect(answer.json().errors[0].pointer).toMatch(/^\/(name|query)$/)
})

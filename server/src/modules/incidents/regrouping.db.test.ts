// Splitting, merging, taking back, and what is learnt of it for the next time.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { day, hour, minute } from '../../kernel/duration.ts'
import { instant, plus } from '../../kernel/instant.ts'
import { type IncidentsWorld, openIncidentsWorld } from './incidents.fixture.ts'

let world: IncidentsWorld
let now = instant(Date.UTC(2026, 2, 1, 3))
beforeAll(async () => {
  world = await openIncidentsWorld('incidents regrouping')
})
afterAll(() => world.close())
beforeEach(async () => {
  await world.clear()
  await world.owner.query('truncate correlation_pairs, incident_regroupings cascade')
  await later(day)
})

const later = async (ms: number) => {
  now = plus(now, ms)
  await world.clock.set(now)
}
interface Shown {
  id: string
  number: number
  title: string
  status: string
  services: string[]
}
interface Told {
  id: string
  kind: string
  from: Shown
  to: Shown
  pairs: { id: string; verdict: string; sentence: string; used: number }[]
  undoneBy: string | null
}
const post = async (url: string, body: object, as = 'ana') => world.call({ method: 'POST', url, body, as })
const get = async (url: string, as = 'ana') => (await world.call({ url, as })).json()
const alertsIn = async (incident: string) => {
  const { rows } = await world.owner.query<{ id: string; key: string }>(
    'select id, key from alerts where incident_id = $1 order by number',
    [incident],
  )
  return rows
}
const keysIn = async (incident: string) => (await alertsIn(incident)).map((each) => each.key)
const fire = (service: string, key = service) =>
  world.receive({ service, dedupKey: key, summary: `${service} fails`, labels: { alertname: `${service}Fails` } })
const endAll = async () => {
  for (const { key } of (await world.owner.query<{ key: string }>("select key from alerts where status <> 'resolved'"))
    .rows)
    await world.receive({ status: 'resolved', dedupKey: key })
  await world.owner.query(
    "update incidents set status = 'resolved', resolved_at = mainstay_now(), mitigated_at = mainstay_now() where status <> 'resolved'",
  )
  await later(2 * hour)
}

/** Checkout and payment fail together: one incident; the alert of payment is split off. */
async function split(body: object = {}): Promise<Told> {
  await fire('payment')
  await later(minute)
  await fire('checkout')
  const { id } = await world.only()
  const checkout = (await alertsIn(id)).find((each) => each.key === 'checkout')
  const answer = await post(`/api/v1/incidents/${id}/split`, {
    alerts: [checkout?.id],
    reason: 'Another rollout.',
    ...body,
  })
  expect(answer.statusCode).toBe(201)
  return answer.json()
}

test('what is another problem gets an incident of its own, and the timeline of both says so', async () => {
  const told = await split()
  expect(told).toMatchObject({ kind: 'split', to: { title: 'checkout: checkout fails' } })
  expect(await keysIn(told.from.id)).toEqual(['payment'])
  expect(await keysIn(told.to.id)).toEqual(['checkout'])
  const [from, to] = [await get(`/api/v1/incidents/${told.from.id}`), await get(`/api/v1/incidents/${told.to.id}`)]
  expect(from.services).toEqual(['payment'])
  expect(to.services).toEqual(['checkout'])
  expect(await world.timeline(told.from.id)).toContain(`ana split off incident ${told.to.number}: Another rollout.`)
  expect(told.pairs).toMatchObject([
    {
      verdict: 'apart',
      sentence: 'ana said that checkoutFails of checkout and paymentFails of payment are two problems.',
    },
  ])
})

test('an incident called after the alert that went is called after the first that stays, and back again', async () => {
  await fire('payment')
  await later(minute)
  await fire('checkout')
  const { id, title } = await world.only()
  expect(title).toBe('payment: payment fails')
  const [first] = await alertsIn(id)
  const told = (await post(`/api/v1/incidents/${id}/split`, { alerts: [first?.id], reason: 'Apart.' })).json() as Told
  expect(await get(`/api/v1/incidents/${id}`)).toMatchObject({ title: 'checkout: checkout fails' })
  await post(`/api/v1/incidents/${id}/regroupings/${told.id}/undo`, { reason: 'One.' })
  expect(await get(`/api/v1/incidents/${id}`)).toMatchObject({ title: 'payment: payment fails' })
})

test('the next time they come apart, and the pair counts its use; another rule of the service is not meant', async () => {
  await split()
  await endAll()
  await fire('payment', 'payment-2')
  await later(minute)
  await fire('checkout', 'checkout-2')
  const open = (await world.incidents()).filter((each) => each.status !== 'resolved')
  expect(open.map((each) => each.services).sort()).toEqual([['checkout'], ['payment']])
  const { items } = await get('/api/v1/correlation/pairs?service=payment')
  expect(items).toMatchObject([{ verdict: 'apart', used: 1 }])
  await world.receive({ service: 'bank', dedupKey: 'bank', summary: 'bank fails', labels: { alertname: 'bankFails' } })
  expect((await world.incidents()).filter((each) => each.status !== 'resolved')).toHaveLength(2)
})

test('a pair counts for 90 days, and no longer once somebody makes it forgotten', async () => {
  const { pairs } = await split()
  const forgotten = await post(`/api/v1/correlation/pairs/${pairs[0]?.id}/forget`, { reason: 'It was one rollout.' })
  expect(forgotten.json()).toMatchObject({ verdict: 'apart' })
  expect((await post(`/api/v1/correlation/pairs/${pairs[0]?.id}/forget`, { reason: 'Again.' })).statusCode).toBe(404)
  await endAll()
  await fire('payment', 'payment-2')
  await fire('checkout', 'checkout-2')
  expect((await world.incidents()).filter((each) => each.status !== 'resolved')).toHaveLength(1)
  await endAll()
  await world.owner.query('truncate incidents, alerts cascade')
  await split()
  expect((await get('/api/v1/correlation/pairs')).items).toHaveLength(1)
  await later(91 * day)
  expect((await get('/api/v1/correlation/pairs')).items).toEqual([])
})

test('a split is taken back: the alert returns, the incident made for it ends, nothing stays learnt', async () => {
  const { id, from, to } = await split()
  const url = `/api/v1/incidents/${from.id}/regroupings/${id}/undo`
  expect((await post(url, { reason: 'It was one.' })).json()).toMatchObject({ undoneBy: 'ana', pairs: [] })
  expect(await keysIn(from.id)).toEqual(['payment', 'checkout'])
  expect(await get(`/api/v1/incidents/${from.id}`)).toMatchObject({ services: ['payment', 'checkout'] })
  expect(await get(`/api/v1/incidents/${to.id}`)).toMatchObject({ status: 'resolved' })
  expect((await get('/api/v1/correlation/pairs')).items).toEqual([])
  expect(await world.timeline(to.id)).toContain(`ana took the split with incident ${from.number} back: It was one.`)
  expect((await post(url, { reason: 'Twice.' })).json()).toMatchObject({ code: 'incidents.not-undoable' })
  const { items } = await get(`/api/v1/incidents/${to.id}/regroupings`)
  expect(items).toMatchObject([{ id, undoneBy: 'ana' }])
})

test('what people merged comes together the next time, however far apart the two are; a merge is taken back', async () => {
  await fire('search')
  await fire('bank')
  const [one, two] = await world.incidents()
  const [own, into] = one?.services[0] === 'search' ? [one, two] : [two, one]
  expect((await post(`/api/v1/incidents/${own?.id}/merge`, { into: into?.id, reason: 'One switch.' })).statusCode).toBe(
    200,
  )
  expect(await keysIn(into?.id ?? '')).toEqual(['search', 'bank'])
  await endAll()
  await fire('bank', 'bank-2')
  await later(minute)
  await fire('search', 'search-2')
  const joined = (await world.incidents()).filter((each) => each.status !== 'resolved')
  expect(joined).toMatchObject([{ services: ['bank', 'search'] }])
  expect((await world.timeline(joined[0]?.id ?? '')).length).toBeGreaterThan(2)
  await endAll()

  await world.owner.query(
    "update incidents set status = 'active', resolved_at = null, mitigated_at = null where id = $1",
    [into?.id],
  )
  const { items } = (await get(`/api/v1/incidents/${into?.id}/regroupings`)) as { items: Told[] }
  const undone = await post(`/api/v1/incidents/${into?.id}/regroupings/${items[0]?.id}/undo`, {
    reason: 'Two after all.',
  })
  expect(undone.json()).toMatchObject({ kind: 'merge', undoneBy: 'ana', pairs: [] })
  expect(await keysIn(own?.id ?? '')).toEqual(['search'])
  expect(await keysIn(into?.id ?? '')).toEqual(['bank'])
  expect(await get(`/api/v1/incidents/${own?.id}`)).toMatchObject({ status: 'active' })
  expect(await get(`/api/v1/incidents/${into?.id}`)).toMatchObject({ services: ['bank'] })
})

test('a merge takes all that is known along, and taken back each has its own again', async () => {
  const declare = async (title: string) => (await post('/api/v1/incidents', { title, severity: 'SEV2' })).json().id
  const [own, into] = [await declare('Cards fail'), await declare('Payments fail')]
  const impact = (id: string, body: object) =>
    world.call({ method: 'PUT', url: `/api/v1/incidents/${id}/impact`, body })
  const hurt = { people: 3_000, regions: ['eu', 'us'], customers: ['Globex'] }
  expect((await impact(own, { statement: 'Cards fail.', spans: [], ...hurt })).statusCode).toBe(200)
  await impact(into, { statement: null, spans: [], people: 12_000, regions: ['eu'], customers: ['Acme'] })
  await post(`/api/v1/incidents/${own}/work`, { kind: 'task', text: 'Call the bank' })
  const vendorCase = { vendor: 'bank', caseNumber: 'C-1' }
  await post(`/api/v1/incidents/${own}/work`, { kind: 'vendor-case', text: 'Cards', vendorCase })
  await post(`/api/v1/incidents/${into}/work`, { kind: 'task', text: 'Roll back' })
  await later(minute)
  await post(`/api/v1/incidents/${own}/updates`, { audience: 'company', text: 'Cards fail.', nextInMs: 10 * minute })
  const promised = (await get(`/api/v1/incidents/${own}`)).nextUpdateAt
  await later(minute)
  const merged = await post(`/api/v1/incidents/${own}/merge`, { into, reason: 'One switch.' })
  expect(merged.json()).toMatchObject({
    impactStatement: 'Cards fail.',
    impact: { people: 12_000, regions: ['eu', 'us'], customers: ['Acme', 'Globex'] },
    measures: { timeToFirstUpdate: { kind: 'known', ms: minute } },
    nextUpdateAt: promised,
  })
  const textsOf = async (id: string) =>
    (await get(`/api/v1/incidents/${id}/work`)).items.map((each: { text: string }) => each.text).sort()
  expect(await textsOf(into)).toEqual(['Call the bank', 'Cards', 'Roll back'])
  expect(await textsOf(own)).toEqual([])
  const told = (await world.timeline(into)).join('\n')
  expect(told).toContain('Of 12,000 people and 3,000 people the larger number counts: they may be the same.')
  expect(told).toContain('ana stated the impact: Cards fail.; 12,000 people; regions eu, us; customers Acme, Globex')
  // Said since: it stays.
  await post(`/api/v1/incidents/${into}/work`, { kind: 'task', text: 'Tell support' })
  await impact(into, { statement: 'Cards fail.', spans: [], customers: ['Acme', 'Globex', 'Initech'] })
  const { items } = (await get(`/api/v1/incidents/${into}/regroupings`)) as { items: Told[] }
  await post(`/api/v1/incidents/${into}/regroupings/${items[0]?.id}/undo`, { reason: 'Two.' })
  expect(await get(`/api/v1/incidents/${into}`)).toMatchObject({
    impactStatement: null,
    impact: { people: 12_000, regions: ['eu'], customers: ['Acme', 'Initech'] },
    measures: { timeToFirstUpdate: { kind: 'not-yet' } },
  })
  expect(await get(`/api/v1/incidents/${own}`)).toMatchObject({ status: 'active', impact: hurt })
  expect(await textsOf(into)).toEqual(['Roll back', 'Tell support'])
  expect(await textsOf(own)).toEqual(['Call the bank', 'Cards'])
  const again = await post(`/api/v1/incidents/${own}/merge`, { into, reason: 'One after all.', people: 15_000 })
  expect(again.json().impact.people).toBe(15_000)
})

test('what cannot be split says why, and nobody splits who only reads', async () => {
  await fire('payment')
  const { id } = await world.only()
  const [only] = await alertsIn(id)
  const url = `/api/v1/incidents/${id}/split`
  expect((await post(url, { alerts: [only?.id], reason: 'x' })).json()).toMatchObject({
    code: 'incidents.not-splittable',
  })
  expect((await post(url, { alerts: ['00000000-0000-4000-8000-000000000000'], reason: 'x' })).statusCode).toBe(409)
  expect((await post(url, { alerts: [only?.id], reason: 'x' }, 'vic')).statusCode).toBe(403)
})

test('of a restricted incident nothing is learnt, and its splits are shown to its readers only', async () => {
  await fire('payment')
  await later(minute)
  await fire('checkout')
  const { id } = await world.only()
  await world.owner.query("update incidents set kind = 'security', readers = '{person:ana}' where id = $1", [id])
  const [first] = await alertsIn(id)
  const told = (await post(`/api/v1/incidents/${id}/split`, { alerts: [first?.id], reason: 'Apart.' })).json() as Told
  expect(told.pairs).toEqual([])
  expect((await get(`/api/v1/incidents/${id}/regroupings`)).items).toHaveLength(1)
  expect((await world.call({ url: `/api/v1/incidents/${told.to.id}/regroupings`, as: 'ben' })).statusCode).toBe(404)
  const undo = `/api/v1/incidents/${id}/regroupings/${told.id}/undo`
  expect((await post(undo, { reason: 'Curious.' }, 'ben')).statusCode).toBe(404)
})

// Updates that a second person looks at: nobody is told before, and nobody approves their own.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { automation } from '../../kernel/actor.ts'
import { sql } from '../../platform/database/queries.ts'
import { applyDocuments } from '../catalog/index.ts'
import { catalogKinds } from '../catalog/kinds/kinds.ts'
import { type IncidentsWorld, openIncidentsWorld } from './incidents.fixture.ts'
import { incidentPolicyKind } from './kinds/incident-policy.ts'

let world: IncidentsWorld
beforeAll(async () => {
  world = await openIncidentsWorld('incidents proposals')
})
afterAll(() => world.close())
beforeEach(async () => {
  await world.clear()
  await declarePolicy(['customers', 'executives'])
})

async function declarePolicy(updateApproval: readonly string[]): Promise<void> {
  const policy = {
    apiVersion: 'mainstay.dev/v1',
    kind: 'IncidentPolicy',
    metadata: { name: 'default' },
    spec: { updateApproval },
  }
  const house = { kinds: () => [...catalogKinds, incidentPolicyKind], translators: [], mayChange: () => undefined }
  await applyDocuments(world.needs, house, { documents: JSON.stringify(policy), actor: automation('test') })
}
const ask = async (method: 'GET' | 'POST', path: string, as: string, body?: object) => {
  const reply = await world.call({
    method,
    url: `/api/v1/incidents/${path}`,
    as,
    ...(body === undefined ? {} : { body }),
  })
  return { ...reply.json(), status: reply.statusCode }
}
const declare = async (): Promise<string> =>
  (
    await world.call({ method: 'POST', url: '/api/v1/incidents', body: { title: 'Payments fail', severity: 'SEV1' } })
  ).json().id
const toCustomers = { audience: 'customers', text: 'We look into it.', nextInMs: 3_600_000 }
const decide = (id: string, number: number, as: string, body: object) =>
  ask('POST', `${id}/updates/proposals/${number}/decision`, as, body)
const withdraw = (id: string, number: number, as: string, body: object = {}) =>
  ask('POST', `${id}/updates/proposals/${number}/withdrawal`, as, body)

test('what the policy names is proposed, approved by somebody else, and told only then', async () => {
  const id = await declare()
  const before = (await ask('GET', id, 'ana')).nextUpdateAt
  expect(await ask('POST', `${id}/updates`, 'ana', toCustomers)).toMatchObject({
    status: 409,
    code: 'incidents.needs-approval',
  })
  expect(await ask('POST', `${id}/updates`, 'ana', { ...toCustomers, audience: 'company' })).toMatchObject({
    status: 201,
    approvedBy: null,
  })
  expect(await ask('POST', `${id}/updates/proposals`, 'ana', toCustomers)).toMatchObject({
    status: 201,
    number: 1,
    decidedBy: null,
  })
  expect(await ask('GET', `${id}/updates`, 'vic')).toMatchObject({
    approval: ['executives', 'customers'],
    items: [{ audience: 'company' }],
    waiting: [{ number: 1, proposedBy: 'ana', text: 'We look into it.' }],
  })
  expect((await ask('GET', id, 'ana')).nextUpdateAt).not.toBe(before)

  expect(await decide(id, 1, 'vic', { approve: true })).toMatchObject({ status: 403 })
  expect(await decide(id, 1, 'ana', { approve: true })).toMatchObject({ status: 403, code: 'incidents.own-proposal' })
  expect(await decide(id, 2, 'ben', { approve: true })).toMatchObject({
    status: 404,
    code: 'incidents.unknown-proposal',
  })
  expect(await decide(id, 1, 'ben', { approve: true })).toMatchObject({ status: 200, decidedBy: 'ben', update: 2 })
  expect(await decide(id, 1, 'root', { approve: true })).toMatchObject({
    status: 409,
    code: 'incidents.proposal-decided',
  })
  expect(await ask('GET', `${id}/updates`, 'vic')).toMatchObject({
    items: [{ number: 2, audience: 'customers', postedBy: 'ana', approvedBy: 'ben' }, { number: 1 }],
    waiting: [],
  })
  expect(await world.timeline(id)).toEqual(
    expect.arrayContaining([
      expect.stringContaining('ana proposed an update to customers, which waits as number 1: We look into it.'),
      expect.stringContaining('ben posted update 2 to customers, proposed by ana: We look into it.'),
    ]),
  )
})

test('it is declined with a reason, taken back by who proposed it, and nobody is told', async () => {
  const id = await declare()
  for (const text of ['It names a bank.', 'Too early.'])
    await ask('POST', `${id}/updates/proposals`, 'ana', { ...toCustomers, text })
  expect(await decide(id, 1, 'ben', { approve: false })).toMatchObject({
    status: 422,
    code: 'incidents.reason-missing',
  })
  expect(await decide(id, 1, 'ben', { approve: false, reason: 'No names.' })).toMatchObject({
    update: null,
    because: 'No names.',
    outcome: 'declined',
  })
  expect(await ask('GET', `${id}/updates`, 'ana')).toMatchObject({
    waiting: [{ number: 2, mine: true, outcome: 'waiting' }],
  })
  expect(await ask('GET', `${id}/updates`, 'ben')).toMatchObject({ waiting: [{ number: 2, mine: false }] })
  expect(await withdraw(id, 2, 'vic')).toMatchObject({ status: 403 })
  expect(await withdraw(id, 2, 'ben')).toMatchObject({ status: 403, code: 'incidents.not-own-proposal' })
  expect(await withdraw(id, 3, 'ana')).toMatchObject({ status: 404, code: 'incidents.unknown-proposal' })
  expect(await withdraw(id, 2, 'ana', { reason: 'Later.' })).toMatchObject({
    status: 200,
    ...{ update: null, decidedBy: 'ana', because: 'Later.', outcome: 'taken-back' },
  })
  expect(await withdraw(id, 2, 'ana')).toMatchObject({ status: 409, code: 'incidents.proposal-decided' })
  // The older way says it, too, and needs no reason of them.
  await ask('POST', `${id}/updates/proposals`, 'ana', { ...toCustomers, text: 'Wrong page.' })
  expect(await decide(id, 3, 'ana', { approve: false })).toMatchObject({ status: 200, outcome: 'taken-back' })
  expect(await ask('GET', `${id}/updates`, 'ana')).toMatchObject({ items: [], waiting: [] })
  expect(await world.timeline(id)).toEqual(
    expect.arrayContaining([
      expect.stringContaining('ben declined proposed update 1 to customers: No names.'),
      expect.stringContaining('ana took back proposed update 2 to customers: Later.'),
      expect.stringContaining('ana took back proposed update 3 to customers'),
    ]),
  )
})

test('of many who decide at once one does, and people are told once', async () => {
  const id = await declare()
  await ask('POST', `${id}/updates/proposals`, 'ana', toCustomers)
  const answers = await Promise.all(['ben', 'root', 'ben', 'root'].map((as) => decide(id, 1, as, { approve: true })))
  expect(answers.map((each) => each.status).sort()).toEqual([200, 409, 409, 409])
  const { count } = await world.database.one(
    sql<{ count: number }>`select count(*)::int as count from incident_updates where incident_id = ${id}`,
  )
  expect(count).toBe(1)
})

test('twenty wait at most, and addressees are checked before anybody reads it', async () => {
  const id = await declare()
  const wrong = { audience: 'customer', customer: 'nobody', text: 'Sorry.' }
  expect(await ask('POST', `${id}/updates/proposals`, 'ana', wrong)).toMatchObject({
    code: 'incidents.unclear-addressee',
  })
  for (let count = 0; count < 20; count += 1)
    expect((await ask('POST', `${id}/updates/proposals`, 'ana', toCustomers)).status).toBe(201)
  expect(await ask('POST', `${id}/updates/proposals`, 'ana', toCustomers)).toMatchObject({
    status: 409,
    code: 'incidents.too-many',
  })
})

test('without a policy nobody waits, and what was proposed all the same is decided', async () => {
  await declarePolicy([])
  const id = await declare()
  expect(await ask('POST', `${id}/updates/proposals`, 'ana', toCustomers)).toMatchObject({ number: 1 })
  expect(await ask('POST', `${id}/updates`, 'ana', toCustomers)).toMatchObject({ status: 201, number: 1 })
  expect(await decide(id, 1, 'ben', { approve: true })).toMatchObject({ update: 2 })
})

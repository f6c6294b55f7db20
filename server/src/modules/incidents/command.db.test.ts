// Kinds, restricted readers, hand-overs that are accepted, corrected times, the severity policy.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { automation } from '../../kernel/actor.ts'
import { minute } from '../../kernel/duration.ts'
import { formatInstant, instant, plus } from '../../kernel/instant.ts'
import { readerOf } from '../audit/core/index.ts'
import { listEntries } from '../audit/index.ts'
import { applyDocuments } from '../catalog/index.ts'
import { readerFor } from './core/index.ts'
import { type IncidentsWorld, openIncidentsWorld } from './incidents.fixture.ts'
import { listRestricted } from './incidents.store.ts'
import { incidentPolicyKind } from './kinds/incident-policy.ts'

let world: IncidentsWorld
beforeAll(async () => {
  world = await openIncidentsWorld('incidents command')
})
afterAll(() => world.close())
const start = instant(Date.UTC(2026, 2, 1, 3))
beforeEach(async () => {
  await world.clear()
  await world.clock.set(start)
})

const at = (ms: number) => formatInstant(plus(start, ms))
const declare = (body: object = {}, as = 'ana') =>
  world.call({ method: 'POST', url: '/api/v1/incidents', as, body: { title: 'Payments fail', ...body } })
const post = (id: string, verb: string, body: object, as = 'ana') =>
  world.call({ method: 'POST', url: `/api/v1/incidents/${id}/${verb}`, as, body })
const get = (path: string, as: string) => world.call({ url: `/api/v1/${path}`, as })

test('a security incident is read by its readers and by administrators, on every path', async () => {
  const { id, number } = (await declare({ kind: 'security', title: 'Keys leaked', services: ['search'] })).json()
  expect((await get(`incidents/${id}`, 'ana')).json()).toMatchObject({ title: 'Keys leaked', kind: 'security' })
  expect((await get(`incidents/${id}`, 'root')).statusCode).toBe(200)
  for (const path of [`incidents/${id}`, `incidents/${id}/timeline`])
    expect((await get(path, 'ben')).json().code).toBe('incidents.unknown')
  for (const verb of ['notes', 'transition', 'roles', 'times'])
    expect((await post(id, verb, bodies[verb] ?? {}, 'ben')).json().code).toBe('incidents.unknown')
  expect((await get('incidents', 'ben')).json().items).toEqual([])
  expect((await get(`incidents?number=${number}`, 'ben')).json().items).toEqual([])
  expect((await get('incidents?search=leaked', 'ben')).json().items).toEqual([])
  expect((await get('overview', 'ben')).json()).toMatchObject({ needsHuman: [], counts: { openIncidents: 0 } })
  expect((await get('overview', 'ana')).json().counts.openIncidents).toBe(1)
  await post(id, 'readers', { kind: 'security', readers: ['person:ana', 'person:ben'], reason: 'Ben helps.' })
  expect((await get(`incidents/${id}`, 'ben')).statusCode).toBe(200)
})

const bodies: Readonly<Record<string, object>> = {
  notes: { text: 'hello' },
  transition: { to: 'mitigated' },
  roles: { role: 'commander' },
  times: { time: 'detectedAt', at: at(0), reason: 'because' },
}

test('the journal hides a restricted incident, also what was written before it was restricted', async () => {
  const { id } = (await declare({ title: 'Odd logins' })).json()
  const seen = async (as: string) => {
    const actor = { kind: 'person', id: as, name: as, role: 'responder', teams: [] } as const
    const reader = readerOf(actor, await listRestricted(world.database, readerFor(actor, as)))
    return (await listEntries(world.database, reader, { concerns: `incident:${id}` }, null, 100)).map(
      (each) => each.type,
    )
  }
  expect(await seen('ben')).toEqual(['incident.declared'])
  await post(id, 'readers', { kind: 'security', readers: ['person:ana'], reason: 'It is an intrusion.' })
  await post(id, 'notes', { text: 'The attacker came by the build server.' })
  expect(await seen('ben')).toEqual([])
  expect(await seen('ana')).toEqual(['incident.note-added', 'incident.readers-changed', 'incident.declared'])
  const refused = await post(id, 'readers', { kind: 'security', readers: ['person:ben'], reason: 'x' })
  expect(refused.json().code).toBe('incidents.reader-left-out')
})

test('a hand-over waits for its acceptance, and exactly one person commands', async () => {
  const { id } = (await declare()).json()
  await post(id, 'roles', { role: 'commander' })
  const offered = (await post(id, 'roles/offer', { role: 'commander', person: 'ben' })).json()
  expect(offered.roles).toMatchObject([{ role: 'commander', person: 'ana' }])
  expect(offered.offers).toMatchObject([{ role: 'commander', person: 'ben', offeredBy: 'ana' }])
  expect((await post(id, 'roles/answer', { role: 'commander', accept: true })).json().code).toBe('incidents.no-offer')
  expect((await post(id, 'roles/answer', { role: 'commander', accept: true }, 'ben')).json()).toMatchObject({
    roles: [{ role: 'commander', person: 'ben' }],
    offers: [],
  })
  expect(await world.timeline(id)).toContain('ana handed the role of commander to ben')
  await post(id, 'roles/offer', { role: 'scribe', person: 'ana' }, 'ben')
  const declined = (await post(id, 'roles/answer', { role: 'scribe', accept: false })).json()
  expect(declined).toMatchObject({ roles: [{ role: 'commander' }], offers: [] })
  expect((await post(id, 'roles/offer', { role: 'scribe', person: 'ana' })).json().code).toBe('incidents.offer-to-self')
})

test('a corrected time carries its reason and moves the measures', async () => {
  const { id } = (await declare()).json()
  const corrected = (
    await post(id, 'times', { time: 'impactStartedAt', at: at(-12 * minute), reason: 'The graph shows it.' })
  ).json()
  expect(corrected).toMatchObject({
    impactStartedAt: at(-12 * minute),
    measures: { timeToDetect: { kind: 'known', ms: 12 * minute } },
    impact: { minutes: 12, ongoing: true },
  })
  expect((await world.timeline(id)).at(-1)).toContain('The graph shows it.')
  const ahead = await post(id, 'times', { time: 'mitigatedAt', at: at(minute), reason: 'x' })
  expect(ahead.json().code).toBe('incidents.time-ahead')
  const wrong = await post(id, 'times', { time: 'detectedAt', at: at(-20 * minute), reason: 'x' })
  expect(wrong.json().code).toBe('incidents.times-disordered')
})

test('one written down afterwards has its own times, and only such a one', async () => {
  const past = { startedAt: at(-90 * minute), detectedAt: at(-80 * minute), resolvedAt: at(-30 * minute) }
  expect((await declare({ kind: 'backfilled', ...past })).json()).toMatchObject({
    status: 'resolved',
    kind: 'backfilled',
    measures: { timeToDetect: { ms: 10 * minute }, timeToResolve: { ms: 60 * minute } },
    impact: { minutes: 60, ongoing: false },
  })
  expect((await declare(past)).json().code).toBe('incidents.not-backfilled')
  expect((await declare({ kind: 'backfilled' })).json().code).toBe('incidents.time-needed')
})

test('no real alert joins a drill', async () => {
  const drill = (await declare({ kind: 'drill', services: ['payment'] })).json()
  await world.receive({ service: 'payment' })
  const all = await world.incidents()
  expect(all.map((each) => [each.kind, each.alerts.length]).sort()).toEqual([
    ['drill', 0],
    ['normal', 1],
  ])
  expect((await get(`incidents?kind=drill`, 'ana')).json().items).toMatchObject([{ id: drill.id }])
})

test('a review ends it; only then it is reviewed, and it can be reopened', async () => {
  const { id } = (await declare()).json()
  expect((await post(id, 'transition', { to: 'reviewed' })).json().code).toBe('incidents.no-such-way')
  await post(id, 'transition', { to: 'resolved' })
  expect((await post(id, 'transition', { to: 'reviewed', note: 'Read by all.' })).json()).toMatchObject({
    status: 'reviewed',
    reviewedAt: at(0),
    resolvedAt: at(0),
  })
  expect((await get('incidents?status=open', 'ana')).json().items).toEqual([])
  const again = (await post(id, 'transition', { to: 'active', note: 'It came back.' })).json()
  expect(again).toMatchObject({ status: 'active', reviewedAt: null, resolvedAt: null })
})

test('what the severities mean is declared', async () => {
  expect((await get('severities', 'vic')).json()).toMatchObject({ declared: false, postmortemDueDays: 5 })
  const document = (spec: object, name = 'default') =>
    JSON.stringify({ apiVersion: 'mainstay.dev/v1', kind: 'IncidentPolicy', metadata: { name }, spec })
  const apply = (text: string) =>
    applyDocuments(
      world.needs,
      { kinds: () => [incidentPolicyKind], translators: [], mayChange: () => undefined },
      { documents: text, actor: automation('test') },
    )
  await expect(apply(document({ severities: { SEV1: { updateEvery: 'often' } } }))).rejects.toThrow('One mistake')
  await expect(apply(document({}, 'other'))).rejects.toThrow('One mistake')
  await apply(document({ severities: { SEV3: { meaning: 'A shop is slow.', updateEvery: '2h', postmortem: true } } }))
  const told = (await get('severities', 'vic')).json()
  expect(told.declared).toBe(true)
  expect(told.severities[2]).toEqual({
    severity: 'SEV3',
    meaning: 'A shop is slow.',
    updateEveryMs: 120 * minute,
    postmortem: true,
    peopleAffected: 1,
  })
})

test('a proposal says why', async () => {
  world.burn.set('payment', 20)
  const proposed = await world.call({
    method: 'POST',
    url: '/api/v1/severities/propose',
    as: 'vic',
    body: { services: ['payment'] },
  })
  expect(proposed.json()).toMatchObject({ severity: 'SEV2' })
  expect(proposed.json().reasons[0]).toContain('payment (tier 1) burns 20 times too fast')
})

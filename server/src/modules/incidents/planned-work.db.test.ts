// Planned work is led like an incident: it begins and ends by its time, follows its maintenance, wakes nobody and is
// measured by nothing, until it goes wrong.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Instant, instant } from '../../kernel/instant.ts'
import { sql } from '../../platform/database/queries.ts'
import { declaring } from '../maintenance/maintenance.fixture.ts'
import { maintenanceRoom } from '../maintenance/maintenance.module.ts'
import { turnMaintenance } from '../maintenance/usecases/plan-windows.ts'
import { type IncidentsWorld, openIncidentsWorld } from './incidents.fixture.ts'

let world: IncidentsWorld
beforeAll(async () => {
  // Its routes have permissions of their own, and are tested there.
  world = await openIncidentsWorld('incidents planned work', (needs) => {
    const { operations, ...room } = maintenanceRoom(needs)
    return [room]
  })
})
afterAll(() => world.close())
// Another for each test: what is declared unchanged is not planned anew.
let [window, tests] = ['', 0]
beforeEach(async () => {
  tests += 1
  window = `vacuum-${tests}`
  await world.clear()
  await world.owner.query('truncate maintenance_windows, maintenance_occurrences cascade')
  await world.clock.set(at('2026-03-01T12:00:00Z'))
})

const at = (text: string) => instant(Date.parse(text))
const ask = async (method: 'GET' | 'POST', path: string, body?: object, as = 'ana') => {
  const reply = await world.call({
    method,
    url: `/api/v1/incidents${path}`,
    as,
    ...(body === undefined ? {} : { body }),
  })
  return { ...reply.json(), answered: reply.statusCode }
}
const night = { startsAt: '2026-03-02T02:00:00.000Z', endsAt: '2026-03-02T04:00:00.000Z' }
const declare = (body: object = night) =>
  ask('POST', '', { title: 'New index of orders', kind: 'scheduled', services: ['payment'], ...body })
const read = (id: string) => ask('GET', `/${id}`)
const turn = async () => {
  while (await turnMaintenance(world.needs));
  await world.drain()
}
const declareWindow = (spec: object = {}) =>
  declaring(world.needs).declare(window, { services: ['payment'], start: '2026-03-02 02:00', ...spec })
const occurrence = async () =>
  world.database.one(
    sql<{ id: string; starts: Instant; ends: Instant; off: boolean }>`
      select id, starts_at as starts, ends_at as ends, cancelled_at is not null as off from maintenance_occurrences order by starts_at limit 1`,
  )
const events = async (id: string): Promise<readonly string[]> =>
  (
    await world.database.many(
      sql<{
        type: string
      }>`select type from journal where subject_kind = 'incident' and subject_id = ${id} order by id`,
    )
  ).map((each) => each.type)

test('declared ahead it waits among no open ones, begins by itself, and who leads is reminded of its end', async () => {
  const made = await declare()
  expect(made).toMatchObject({
    ...{ answered: 201, status: 'planned', kind: 'scheduled', severity: 'SEV4' },
    ...{ plan: { ...night, maintenance: null }, next: ['active', 'resolved'], nextUpdateAt: null },
    ...{ detectedAt: null, acknowledgedAt: null, impactStartedAt: null },
  })
  expect((await ask('GET', '?status=open')).items).toEqual([])
  expect((await ask('GET', '?status=planned')).items).toHaveLength(1)
  await ask('POST', `/${made.id}/roles`, { role: 'commander' })
  await world.clock.set(at('2026-03-02T01:59:59Z'))
  await world.drain()
  expect((await read(made.id)).status).toBe('planned')
  // A server that slept over its beginning finds it when it wakes.
  await world.clock.set(at('2026-03-02T02:30:00Z'))
  await world.drain()
  expect(await read(made.id)).toMatchObject({ status: 'active', nextUpdateAt: null, next: ['resolved'] })
  await world.clock.set(at('2026-03-02T04:00:00Z'))
  await world.drain()
  await world.clock.set(at('2026-03-02T04:30:00Z'))
  await world.drain()
  expect(world.reminders.map(({ person, what }) => [person, what])).toEqual([
    ['ana', 'end'],
    ['ana', 'end'],
  ])
  expect(await ask('POST', `/${made.id}/transition`, { to: 'resolved', note: 'The index stands.' })).toMatchObject({
    status: 'resolved',
    measures: { timeToResolve: { kind: 'unknown', because: 'Planned work is not measured.' } },
  })
  await world.clock.set(at('2026-03-02T06:00:00Z'))
  await world.drain()
  expect(await events(made.id)).toEqual([
    ...['incident.scheduled', 'incident.role-taken', 'incident.began', 'incident.overran', 'incident.overran'],
    'incident.resolved',
  ])
})

test('what cannot take place is refused with the field', async () => {
  expect(await declare({})).toMatchObject({ answered: 422, code: 'incidents.bad-plan' })
  expect(await declare({ ...night, startsAt: '2026-03-01T11:00:00Z' })).toMatchObject({ code: 'incidents.bad-plan' })
  expect(await declare({ ...night, kind: 'normal' })).toMatchObject({
    code: 'incidents.bad-plan',
    errors: [{ pointer: '/kind' }],
  })
  expect(await declare({ maintenance: 'nothing' })).toMatchObject({ errors: [{ pointer: '/maintenance' }] })
  expect(await declare({ ...night, startedAt: '2026-03-01T11:00:00Z' })).toMatchObject({ code: 'incidents.bad-plan' })
  const { id } = await ask('POST', '', { title: 'Down' })
  expect(await ask('POST', `/${id}/plan`, { ...night, reason: 'No.' })).toMatchObject({
    code: 'incidents.not-scheduled',
  })
  expect(await ask('POST', `/${id}/went-wrong`, { reason: 'No.' })).toMatchObject({ code: 'incidents.not-scheduled' })
})

test('it is put off, begun early, and takes longer, each with its reason', async () => {
  const { id } = await declare()
  const later = { startsAt: '2026-03-03T02:00:00.000Z', endsAt: '2026-03-03T04:00:00.000Z' }
  expect(await ask('POST', `/${id}/plan`, { startsAt: later.startsAt, reason: 'A launch.' }, 'vic')).toMatchObject({
    answered: 403,
  })
  expect(await ask('POST', `/${id}/plan`, { startsAt: later.startsAt, reason: 'A launch.' })).toMatchObject({
    plan: later,
  })
  await world.clock.set(at('2026-03-02T03:00:00Z'))
  await world.drain()
  expect((await read(id)).status).toBe('planned')
  expect(await ask('POST', `/${id}/transition`, { to: 'active' })).toMatchObject({
    status: 'active',
    plan: { startsAt: '2026-03-02T03:00:00.000Z', endsAt: later.endsAt },
  })
  expect(await ask('POST', `/${id}/plan`, { startsAt: later.endsAt, reason: 'Later.' })).toMatchObject({
    errors: [{ pointer: '/startsAt' }],
  })
  expect(
    await ask('POST', `/${id}/plan`, { endsAt: '2026-03-03T05:00:00.000Z', reason: 'A slow disk.' }),
  ).toMatchObject({ plan: { endsAt: '2026-03-03T05:00:00.000Z' } })
  await world.clock.set(at('2026-03-03T04:30:00Z'))
  await world.drain()
  expect(await events(id)).not.toContain('incident.overran')
  expect((await world.timeline(id)).join('\n')).toContain('A slow disk.')
})

test('called off it never begins', async () => {
  const { id } = await declare()
  expect(await ask('POST', `/${id}/transition`, { to: 'resolved' })).toMatchObject({ code: 'incidents.reason-missing' })
  await ask('POST', `/${id}/transition`, { to: 'resolved', note: 'Not needed.' })
  await world.clock.set(at('2026-03-02T05:00:00Z'))
  await world.drain()
  expect((await read(id)).status).toBe('resolved')
  expect(await events(id)).toEqual(['incident.scheduled', 'incident.called-off'])
})

test('gone wrong it is an incident as any other, from then on, with the whole of its timeline', async () => {
  const { id, number } = await declare()
  await ask('POST', `/${id}/updates`, { audience: 'company', text: 'Tonight the index is built.' })
  expect(await ask('POST', `/${id}/went-wrong`, { reason: 'Locks.' })).toMatchObject({ code: 'incidents.not-begun' })
  await world.clock.set(at('2026-03-02T02:00:00Z'))
  await world.drain()
  await world.clock.set(at('2026-03-02T02:40:00Z'))
  const wrong = await ask('POST', `/${id}/went-wrong`, {
    ...{ reason: 'The index locks orders.', severity: 'SEV2', startedAt: '2026-03-02T02:30:00Z' },
  })
  expect(wrong).toMatchObject({
    ...{ number, kind: 'normal', status: 'active', severity: 'SEV2', declaredAt: '2026-03-02T02:40:00.000Z' },
    ...{ impactStartedAt: '2026-03-02T02:30:00.000Z', nextUpdateAt: '2026-03-02T03:40:00.000Z' },
    measures: { timeToDetect: { kind: 'known', ms: 600_000 }, timeToFirstUpdate: { kind: 'not-yet' } },
    next: ['mitigated', 'resolved'],
  })
  // Alerts of its services join it as any other.
  await world.receive({ service: 'payment', summary: 'Errors' })
  expect((await read(id)).alerts).toHaveLength(1)
  expect((await ask('GET', '')).items).toHaveLength(1)
  await world.clock.set(at('2026-03-02T06:00:00Z'))
  await world.drain()
  expect(await events(id)).toEqual(
    expect.arrayContaining(['incident.scheduled', 'incident.began', 'incident.went-wrong', 'incident.declared']),
  )
  expect(await events(id)).not.toContain('incident.overran')
})

test('while it runs no alert joins it, and none is merged with it', async () => {
  const { id } = await declare()
  await ask('POST', `/${id}/transition`, { to: 'active' })
  await world.receive({ service: 'payment', summary: 'Errors' })
  const items = (await ask('GET', '?status=open')).items as { id: string; kind: string }[]
  expect(items.map((each) => each.kind).sort()).toEqual(['normal', 'scheduled'])
  const other = items.find((each) => each.kind === 'normal')
  expect(await ask('POST', `/${id}/merge`, { into: other?.id, reason: 'one' })).toMatchObject({
    code: 'incidents.not-mergeable',
  })
  const twin = await declare({ startsAt: '2026-03-01T13:00:00Z', endsAt: '2026-03-01T14:00:00Z' })
  await ask('POST', `/${twin.id}/transition`, { to: 'active' })
  expect(await ask('POST', `/${id}/merge`, { into: twin.id, reason: 'one' })).toMatchObject({
    code: 'incidents.not-mergeable',
  })
})

test('of a maintenance it takes times and services, follows its changes, and one room leads it', async () => {
  await declareWindow()
  const { id: time } = await occurrence()
  const made = await declare({ maintenance: window })
  expect(made).toMatchObject({ answered: 201, services: ['payment'], plan: { ...night, maintenance: time } })
  expect(await declare({ maintenance: time })).toMatchObject({ answered: 409, code: 'incidents.led-already' })
  // Nobody was told of it, and it keeps its name all the same.
  await declareWindow({ start: '2026-03-02 03:00', services: ['payment', 'checkout'] })
  await turn()
  expect((await occurrence()).id).toBe(time)
  expect(await read(made.id)).toMatchObject({
    plan: { startsAt: '2026-03-02T03:00:00.000Z', endsAt: '2026-03-02T05:00:00.000Z', maintenance: time },
    services: ['checkout', 'payment'],
  })
  await world.clock.set(at('2026-03-02T03:00:00Z'))
  await turn()
  expect((await read(made.id)).status).toBe('active')
  // Done early: the maintenance is over with it, and pages are heard again.
  await world.clock.set(at('2026-03-02T03:30:00Z'))
  await ask('POST', `/${made.id}/transition`, { to: 'resolved' })
  expect((await occurrence()).ends).toBe(at('2026-03-02T03:30:00.000Z'))
})

test('begun early, put off and made longer with its maintenance, which the rule does not bring back', async () => {
  await declareWindow()
  const { id } = await declare({ maintenance: window })
  await ask('POST', `/${id}/plan`, { startsAt: '2026-03-02T06:00:00Z', reason: 'A launch.' })
  expect((await occurrence()).starts).toBe(at('2026-03-02T06:00:00.000Z'))
  // Past the time it was declared for, planned anew many times.
  await world.clock.set(at('2026-03-02T05:00:00Z'))
  await turn()
  expect(await read(id)).toMatchObject({ status: 'planned', plan: { startsAt: '2026-03-02T06:00:00.000Z' } })
  await ask('POST', `/${id}/transition`, { to: 'active', note: 'The launch is through.' })
  expect((await occurrence()).starts).toBe(at('2026-03-02T05:00:00.000Z'))
  await turn()
  await ask('POST', `/${id}/plan`, { endsAt: '2026-03-02T09:00:00Z', reason: 'A slow disk.' })
  await turn()
  expect(await read(id)).toMatchObject({ status: 'active', plan: { endsAt: '2026-03-02T09:00:00.000Z' } })
  expect((await occurrence()).ends).toBe(at('2026-03-02T09:00:00.000Z'))
})

test('called off on either side it is called off on both', async () => {
  await declareWindow()
  const first = await declare({ maintenance: window })
  await ask('POST', `/${first.id}/transition`, { to: 'resolved', note: 'No disks.' })
  expect((await occurrence()).off).toBe(true)
  await declaring(world.needs).declare('other', { services: ['search'], start: '2026-03-02 02:00' })
  const second = await declare({ maintenance: 'other' })
  await declaring(world.needs).remove('other')
  await turn()
  expect(await read(second.id)).toMatchObject({ status: 'resolved', services: ['search'] })
  expect(await events(second.id)).toEqual(['incident.scheduled', 'incident.called-off'])
})

test('gone wrong it ends its maintenance: what was held is heard', async () => {
  await declareWindow()
  const { id } = await declare({ maintenance: window })
  await world.clock.set(at('2026-03-02T02:00:00Z'))
  await turn()
  await world.clock.set(at('2026-03-02T02:10:00Z'))
  await world.receive({ service: 'payment', summary: 'Errors' })
  expect((await ask('GET', '?status=open')).items).toHaveLength(1)
  await world.clock.set(at('2026-03-02T02:20:00Z'))
  expect(await ask('POST', `/${id}/went-wrong`, { reason: 'Locks.' })).toMatchObject({ kind: 'normal' })
  expect((await occurrence()).ends).toBe(at('2026-03-02T02:20:00.000Z'))
  await world.clock.set(at('2026-03-02T02:30:00Z'))
  await turn()
  expect((await ask('GET', '?status=open')).items).toHaveLength(1)
})

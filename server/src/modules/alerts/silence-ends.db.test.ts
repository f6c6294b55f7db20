// Silences that end before their time, and the reminder before they end by themselves.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { hour, minute } from '../../kernel/duration.ts'
import { formatInstant, type Instant, plus } from '../../kernel/instant.ts'
import { sweepAlerts } from './alerts.contract.ts'
import { type AlertsWorld, ana, openAlertsWorld } from './alerts.fixture.ts'
import { alertsJobs } from './alerts.jobs.ts'
import type { AlertsPorts } from './alerts.ports.ts'
import { acknowledgeAlert } from './usecases/acknowledge-alerts.ts'
import { endByRate, endSilencesWith, remindOfEnds } from './usecases/end-silences.ts'
import { editSilence } from './usecases/silence-alerts.ts'

let world: AlertsWorld
let ports: AlertsPorts
const reminded: string[] = []
beforeAll(async () => {
  world = await openAlertsWorld('silence-ends')
  ports = {
    ...world.ports,
    remindOfSilence: async (_tx, { person, held, reason }) => reminded.push(`${person}: ${reason}, ${held} held`) > 0,
  }
})
afterAll(() => world.close())
let start: Instant
beforeEach(async () => {
  await world.clear()
  reminded.length = 0
  start = await world.database.now()
  await world.clock.set(start)
})

const silence = async (more: object = {}, lastsMs = 2 * hour) =>
  world.call({
    method: 'POST',
    url: '/api/v1/silences',
    body: {
      sets: [[{ name: 'service', operator: '=', value: 'checkout' }]],
      endsAt: formatInstant(plus(start, lastsMs)),
      reason: 'disk is replaced',
      ...more,
    },
  })
const held = async () => (await world.alerts()).filter((row) => row.silencedBy !== null).length
const current = async () => (await world.call({ url: '/api/v1/silences' })).json().items.length

test('with the next change of a service, and only with one that came after it', async () => {
  const made = await silence({ endsWith: { change: 'search' } })
  expect(made.json().endsWith).toEqual(['with the next change of search'])
  await world.receive([{ dedupKey: 'a' }])
  expect(world.asked).toEqual([])
  const change = (of: string, at: number) =>
    endSilencesWith(world.needs, ports, { kind: 'change', of, at, because: `${of} was changed` })
  expect(await change('search', plus(start, -minute))).toBe(0)
  expect(await change('checkout', plus(start, minute))).toBe(0)
  expect(await held()).toBe(1)
  expect(await change('search', plus(start, minute))).toBe(1)
  expect(await held()).toBe(0)
  expect(await current()).toBe(0)
  expect(world.asked).toEqual(['open checkout'])
})

test('when more begins under it than it was made for', async () => {
  await silence({ endsWith: { rate: { alerts: 2, withinMs: 10 * minute } } })
  await world.receive([{ dedupKey: 'a' }, { dedupKey: 'b' }])
  await endByRate(world.needs, ports)
  expect(await current()).toBe(1)
  await world.clock.set(plus(start, 11 * minute))
  await world.receive([{ dedupKey: 'c' }])
  await endByRate(world.needs, ports)
  // The first two are too long ago.
  expect(await current()).toBe(1)
  await world.receive([{ dedupKey: 'd' }, { dedupKey: 'e' }])
  await endByRate(world.needs, ports)
  expect(await current()).toBe(0)
  expect(world.asked.filter((each) => each.startsWith('open'))).toHaveLength(1)
})

test('when its incident is resolved', async () => {
  const incident = '11111111-2222-4333-8444-555555555555'
  const known = { ...ports, openIncident: async () => ({ number: '7' }) }
  const refused = await silence({ endsWith: { incident } })
  expect([refused.statusCode, refused.json().code]).toEqual([422, 'alerts.unknown-end'])
  await world.owner.query(
    `insert into silences (id, sets, starts_at, ends_at, created_by, reason, ends_with)
     values (gen_random_uuid(), '[[{"name": "service", "operator": "=", "value": "checkout"}]]', $1, $2, 'ana', 'work', $3)`,
    [new Date(start), new Date(plus(start, hour)), JSON.stringify({ incident, incidentNumber: '7' })],
  )
  await world.receive([{ dedupKey: 'a' }])
  await endSilencesWith(world.needs, known, { kind: 'incident', of: 'another', because: 'over' })
  expect(await held()).toBe(1)
  await endSilencesWith(world.needs, known, { kind: 'incident', of: incident, because: 'over' })
  expect(await held()).toBe(0)
})

test('whoever made it is reminded once, when something is held', async () => {
  await silence()
  await world.clock.set(plus(start, 2 * hour - 16 * minute))
  await world.receive([{ dedupKey: 'a' }])
  await remindOfEnds(world.needs, ports)
  expect(reminded).toEqual([])
  await world.clock.set(plus(start, 2 * hour - 15 * minute))
  await remindOfEnds(world.needs, ports)
  await remindOfEnds(world.needs, ports)
  expect(reminded).toEqual(['ana: disk is replaced, 1 held'])
})

test('nothing held, nothing said', async () => {
  await silence()
  await world.clock.set(plus(start, 2 * hour - minute))
  await remindOfEnds(world.needs, ports)
  expect(reminded).toEqual([])
})

test('by team: the alerts of what it owns, whoever sent them', async () => {
  await silence({ sets: [[{ name: 'team', operator: '=', value: 'web' }]] })
  await world.receive([
    { dedupKey: 'a', service: 'search' },
    { dedupKey: 'b', service: 'report' },
  ])
  expect((await world.alerts()).map((row) => [row.service, row.silencedBy !== null]).sort()).toEqual([
    ['report', false],
    ['search', true],
  ])
})

test('what cannot come is no end', async () => {
  for (const endsWith of [
    { change: 'nothing-like-it' },
    { rate: { alerts: 0, withinMs: minute } },
    { rate: { alerts: 1, withinMs: 1 } },
  ])
    expect((await silence({ endsWith })).statusCode).toBe(422)
  expect(await current()).toBe(0)
})

test('a program that edits a matcher keeps the other ends, and not those of a silence that is over', async () => {
  const { id } = (await silence({ endsWith: { change: 'search' } })).json()
  const order = {
    ...{ startsAt: null, endsAt: plus(start, hour), reason: 'disk is replaced', by: 'ana', actor: ana },
    sets: [[{ name: 'service', operator: '=', value: 'search' }]] as const,
  }
  const edited = await editSilence(world.needs, ports, id, order)
  expect(edited?.id).not.toBe(id)
  expect(edited?.endsWith).toEqual({ change: 'search' })
  const again = await editSilence(world.needs, ports, id, order)
  expect(again?.endsWith).toBeNull()
})

test('of two silences the one that ends last holds it: nobody is reminded of the other', async () => {
  await silence({ reason: 'short' }, hour)
  await silence({ reason: 'long' }, 3 * hour)
  await world.receive([{ dedupKey: 'a' }])
  await world.clock.set(plus(start, 50 * minute))
  await remindOfEnds(world.needs, ports)
  expect(reminded).toEqual([])
  await world.clock.set(plus(start, 170 * minute))
  await remindOfEnds(world.needs, ports)
  expect(reminded).toEqual(['ana: long, 1 held'])
})

test('what somebody has already is not told when it ends, so nobody is reminded of it', async () => {
  await silence()
  await world.receive([{ dedupKey: 'a' }])
  await acknowledgeAlert(world.needs, ports, { alertId: (await world.only()).id, actor: ana, by: 'ana' })
  await world.clock.set(plus(start, 2 * hour - minute))
  await remindOfEnds(world.needs, ports)
  expect(reminded).toEqual([])
})

test('ended by a person, everything it held is heard, however much', async () => {
  const { id } = (await silence({ sets: [[{ name: 'team', operator: '=', value: 'web' }]] })).json()
  await world.receive(Array.from({ length: 600 }, (_, index) => ({ dedupKey: `k${index}` })))
  expect(await held()).toBe(600)
  await world.call({ method: 'DELETE', url: `/api/v1/silences/${id}` })
  expect(await held()).toBe(0)
  // And a new one holds what fires, wherever it stands among the others.
  await world.receive([{ dedupKey: 'z', labels: { alertname: 'Last' } }])
  await silence({ sets: [[{ name: 'alertname', operator: '=', value: 'Last' }]] })
  expect(await held()).toBe(1)
})

test('a reminder that cannot be made keeps nobody unheard', async () => {
  const remindOfSilence = async () => {
    throw new Error('The reminder is broken.')
  }
  await silence({}, hour)
  await silence({ sets: [[{ name: 'service', operator: '=', value: 'search' }]] }, 2 * hour)
  await world.receive([{ dedupKey: 'a' }, { dedupKey: 'b', service: 'search' }])
  await world.clock.set(plus(start, hour + 50 * minute))
  const sweep = alertsJobs(world.needs, { ...ports, remindOfSilence }).find(({ job }) => job.kind === sweepAlerts.kind)
  await sweep?.handle(
    {},
    {
      id: 1,
      attempt: 1,
      dueAt: start,
      finish: async () => undefined,
      again: async () => undefined,
      rest: () => undefined,
    },
  )
  expect(world.asked).toEqual(['open checkout'])
})

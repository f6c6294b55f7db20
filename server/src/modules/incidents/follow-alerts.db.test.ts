// Incidents that open from alerts, grow along the dependency graph, and end when it is quiet.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { hour, minute } from '../../kernel/duration.ts'
import { formatInstant, instant, plus } from '../../kernel/instant.ts'
import { type IncidentsWorld, openIncidentsWorld } from './incidents.fixture.ts'

let world: IncidentsWorld
beforeAll(async () => {
  world = await openIncidentsWorld('incidents follow')
})
afterAll(() => world.close())
const start = instant(Date.UTC(2026, 2, 1, 3))
beforeEach(async () => {
  await world.clear()
  await world.clock.set(start)
})
const at = (ms: number) => formatInstant(plus(start, ms))

test('an alert that wakes somebody opens an incident and says how bad it is and why', async () => {
  world.burn.set('checkout', 20)
  await world.receive({ service: 'checkout', summary: 'One in ten fails', startsAt: plus(start, -2 * minute) })
  const incident = await world.only()
  expect(incident).toMatchObject({
    title: 'checkout: One in ten fails',
    severity: 'SEV1',
    severityReason: 'checkout (tier 0) burns 20 times too fast: SEV1.',
    status: 'triage',
    services: ['checkout'],
    teams: ['web'],
    impactStartedAt: at(-2 * minute),
    detectedAt: at(0),
    acknowledgedAt: null,
    automatic: true,
    alerts: [{ title: 'One in ten fails', status: 'firing' }],
    next: ['active', 'resolved'],
    impact: { minutes: 2, ongoing: true },
    measures: { timeToDetect: { kind: 'known', ms: 2 * minute }, timeToAcknowledge: { kind: 'not-yet' } },
  })
})

test.each([
  { service: 'checkout', burn: undefined, severity: 'SEV2', why: 'has no burn data, counted as sustained' },
  { service: 'payment', burn: 3, severity: 'SEV3', why: 'payment (tier 1) burns 3 times too fast' },
  { service: 'search', burn: 0.4, severity: 'SEV4', why: 'is within its budget' },
  { service: 'nowhere', burn: undefined, severity: 'SEV3', why: 'No affected service is named yet' },
])('$service burning $burn is proposed as $severity', async ({ service, burn, severity, why }) => {
  if (burn !== undefined) world.burn.set(service, burn)
  await world.receive({ service })
  const incident = await world.only()
  expect(incident.severity).toBe(severity)
  expect(incident.severityReason).toContain(why)
})

test('a storm about services nobody declared is one incident for each name or rule, not for each alert', async () => {
  const about = (service: string | null, rule: string, index: number) => ({
    dedupKey: `${service} ${rule} ${index}`,
    service,
    labels: { alertname: rule, index: String(index) },
  })
  for (let index = 0; index < 3; index += 1)
    await world.receive(about('legacy-1', 'Down', index), about('legacy-2', 'Slow', index), about(null, 'Full', index))
  expect((await world.incidents()).map((each) => each.alerts.length)).toEqual([3, 3, 3])
  // Another name under a rule that is known, and another sender's word for neither.
  await world.receive(about('legacy-3', 'Slow', 9))
  expect(await world.incidents()).toHaveLength(3)
  await world.receive(about('legacy-4', 'Else', 9))
  expect(await world.incidents()).toHaveLength(4)
})

test('what wakes nobody opens nothing', async () => {
  await world.receive({ service: 'checkout', severity: 'warning' })
  expect(await world.incidents()).toEqual([])
  await world.receive({ service: 'checkout', severity: 'critical' })
  expect(await world.incidents()).toHaveLength(1)
})

test('cause and symptoms of one failure are one incident, strangers another', async () => {
  await world.receive({ service: 'checkout', summary: 'Fails' })
  await world.receive({ service: 'payment', summary: 'Slow' })
  await world.receive({ service: 'front', summary: 'White pages' })
  await world.receive({ service: 'search', summary: 'Empty' })
  const incidents = await world.incidents()
  expect(incidents.map((each) => each.services)).toEqual([['search'], ['checkout', 'payment', 'front']])
  const [, shop] = incidents
  expect(shop?.teams).toEqual(['web', 'pay'])
  expect(await world.timeline(shop?.id ?? '')).toEqual([
    ...['Alert opened on checkout: Fails (critical)', 'Mainstay (incidents.open) declared SEV2: checkout: Fails'],
    ...['Alert linked by Mainstay (incidents.open): Fails', 'Alert opened on payment: Slow (critical)'],
    'Alert linked by Mainstay (incidents.open): Slow',
    'Mainstay (incidents.open) renamed it to payment: Slow (checkout depends on payment.)',
    'Alert opened on front: White pages (critical)',
    'Alert linked by Mainstay (incidents.open): White pages',
  ])
})

test('it is named after what the others depend on, while its name is young and nobody chose another', async () => {
  await world.receive({ service: 'front', summary: 'Slow pages' })
  await world.receive({ service: 'checkout', summary: 'One in ten fails' })
  expect(await world.only()).toMatchObject({ title: 'checkout: One in ten fails' })
  // What depends on it is no better name.
  await world.receive({ dedupKey: 'other', service: 'front', summary: 'Errors' })
  const { id, title } = await world.only()
  expect(title).toBe('checkout: One in ten fails')
  expect((await world.timeline(id)).join('\n')).toContain('renamed it to checkout: One in ten fails')
  await world.clock.forward(6 * minute)
  await world.receive({ service: 'payment', summary: 'Refuses cards' })
  expect(await world.only()).toMatchObject({
    title: 'checkout: One in ten fails',
    services: ['front', 'checkout', 'payment'],
  })
})

test('a name that a person chose stays', async () => {
  await world.receive({ service: 'checkout', summary: 'One in ten fails' })
  const { id } = await world.only()
  await world.call({ method: 'PATCH', url: `/api/v1/incidents/${id}`, body: { title: 'Black Friday' } })
  await world.receive({ service: 'payment', summary: 'Refuses cards' })
  expect(await world.only()).toMatchObject({ title: 'Black Friday' })
})

test('two that call the same service and fail together are one incident, long after the other is over another', async () => {
  await world.receive({ service: 'checkout' })
  await world.clock.forward(30_000)
  await world.receive({ service: 'invoices' })
  const incident = await world.only()
  expect(incident.services).toEqual(['checkout', 'invoices'])
  expect(await world.timeline(incident.id)).toHaveLength(5)
  await world.clear()
  await world.receive({ service: 'checkout' })
  await world.receive({ service: 'checkout', status: 'resolved' })
  await world.clock.forward(2 * minute)
  await world.receive({ service: 'invoices' })
  expect(await world.incidents()).toHaveLength(2)
})

test('a storm in one request is one incident', async () => {
  await world.receive(
    ...Array.from({ length: 60 }, (_, index) => ({
      service: ['checkout', 'payment', 'front'][index % 3] ?? '',
      dedupKey: `s${index}`,
    })),
  )
  const incident = await world.only()
  expect(incident.alerts).toHaveLength(60)
  expect([...incident.services].sort()).toEqual(['checkout', 'front', 'payment'])
})

test('a storm told one by one and placed by two processes is one incident, and few transactions placed all of it', async () => {
  const storm = 120
  for (let index = 0; index < storm; index += 1)
    await world.takeIn({
      service: ['checkout', 'payment', 'front'][index % 3] ?? '',
      dedupKey: `s${index}`,
    })
  await Promise.all([world.worker('one').drain(), world.worker('other').drain()])
  const incident = await world.only()
  expect([...incident.services].sort()).toEqual(['checkout', 'front', 'payment'])
  // Each alert says which transaction wrote it last: the one that placed it.
  const { rows } = await world.owner.query<{ placed: number; transactions: number }>(
    `select count(*)::int as placed, count(distinct xmin::text)::int as transactions from alerts where incident_id = $1`,
    [incident.id],
  )
  expect(rows[0]?.placed).toBe(storm)
  expect(rows[0]?.transactions).toBeLessThanOrEqual(storm / 6)
})

test('one that cannot be placed holds up none of those that came with it, and is placed later', async () => {
  await world.owner.query(`
    create function refuse_fault() returns trigger language plpgsql as $$ begin raise exception 'out of order'; end $$;
    create trigger refuse_fault before update on alerts for each row when (new.title = 'Faulty' and new.incident_id is not null) execute function refuse_fault()`)
  await world.receive({ service: 'checkout' }, { service: 'search', summary: 'Faulty' }, { service: 'front' })
  expect((await world.incidents()).map((each) => each.services)).toEqual([['checkout', 'front']])
  await world.owner.query('drop trigger refuse_fault on alerts; drop function refuse_fault()')
  await world.clock.forward(minute)
  await world.drain()
  expect((await world.incidents()).map((each) => each.services)).toEqual([['search'], ['checkout', 'front']])
})

test('what begins more than an hour later nearby is another problem', async () => {
  await world.receive({ service: 'checkout' })
  await world.clock.forward(hour + minute)
  await world.receive({ service: 'payment' })
  await world.receive({ service: 'checkout', dedupKey: 'another' })
  expect((await world.incidents()).map((each) => each.alerts.length).sort()).toEqual([1, 2])
})

test('an acknowledged alert makes the incident active, its end mitigates it, ten quiet minutes end it', async () => {
  await world.receive({ service: 'checkout' }, { service: 'front' })
  await world.clock.forward(3 * minute)
  await world.acknowledge('checkout', 'ana')
  expect(await world.only()).toMatchObject({ status: 'active', acknowledgedAt: at(3 * minute) })
  await world.clock.forward(2 * minute)
  await world.receive({ service: 'checkout', status: 'resolved' })
  expect((await world.only()).status).toBe('active')
  await world.receive({ service: 'front', status: 'resolved' })
  expect(await world.only()).toMatchObject({ status: 'mitigated', mitigatedAt: at(5 * minute) })
  await world.clock.forward(10 * minute - 1)
  await world.drain()
  expect((await world.only()).status).toBe('mitigated')
  await world.clock.forward(1)
  await world.drain()
  expect(await world.only()).toMatchObject({
    status: 'resolved',
    resolvedAt: at(15 * minute),
    impact: { minutes: 5, ongoing: false },
    measures: {
      timeToMitigate: { kind: 'known', ms: 5 * minute },
      timeToAcknowledge: { kind: 'known', ms: 3 * minute },
    },
  })
})

test('a relapse in the quiet time makes it active again, and the quiet time begins anew', async () => {
  await world.receive({ service: 'checkout' })
  await world.acknowledge('checkout', 'ana')
  await world.receive({ service: 'checkout', status: 'resolved' })
  await world.clock.forward(5 * minute)
  await world.receive({ service: 'checkout', summary: 'Again' })
  expect(await world.only()).toMatchObject({ status: 'active', mitigatedAt: null })
  await world.clock.forward(hour)
  await world.drain()
  expect((await world.only()).status).toBe('active')
  await world.receive({ service: 'checkout', status: 'resolved' })
  await world.clock.forward(10 * minute)
  await world.drain()
  const incident = await world.only()
  expect([incident.status, incident.alerts.length]).toEqual(['resolved', 2])
  expect(await world.timeline(incident.id)).toContain(
    'Mainstay (incidents.open) reopened the incident: It is back: Again',
  )
})

test('what heals before anybody looks is resolved at once, with the minutes it hurt', async () => {
  await world.receive({ service: 'checkout' })
  await world.clock.forward(4 * minute)
  await world.receive({ service: 'checkout', status: 'resolved' })
  expect(await world.only()).toMatchObject({
    status: 'resolved',
    mitigatedAt: at(4 * minute),
    impact: { minutes: 4, ongoing: false },
    measures: { timeToAcknowledge: { kind: 'unknown' }, timeToMitigate: { kind: 'known', ms: 4 * minute } },
  })
})

test('an alert that opens and ends in one request leaves no incident behind', async () => {
  await world.receive({ service: 'checkout' }, { service: 'checkout', status: 'resolved' })
  expect(await world.incidents()).toEqual([])
})

test('a silenced alert opens no incident until it is heard', async () => {
  const sets = [[{ name: 'region', operator: '=', value: 'eu' }]]
  const body = { sets, endsAt: at(hour), reason: 'Moving house' }
  expect((await world.call({ method: 'POST', url: '/api/v1/silences', body })).statusCode).toBe(201)
  await world.receive({ service: 'checkout', labels: { region: 'eu' } })
  expect(await world.incidents()).toEqual([])
  await world.clock.forward(hour)
  await world.owner.query(
    "insert into due_work (kind, lane, due_at, payload) values ('alerts.sweep', 1, mainstay_now(), '{}')",
  )
  await world.drain()
  expect((await world.only()).services).toEqual(['checkout'])
})

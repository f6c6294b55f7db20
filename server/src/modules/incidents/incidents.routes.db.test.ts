// What people do to incidents, and the overview.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { minute } from '../../kernel/duration.ts'
import { formatInstant, instant, plus } from '../../kernel/instant.ts'
import { type IncidentsWorld, openIncidentsWorld } from './incidents.fixture.ts'

let world: IncidentsWorld
beforeAll(async () => {
  world = await openIncidentsWorld('incidents edge')
})
afterAll(() => world.close())
const start = instant(Date.UTC(2026, 2, 1, 3))
beforeEach(async () => {
  await world.clear()
  await world.clock.set(start)
})

const nobody = '00000000-0000-4000-8000-000000000000'
const declare = (body: object = {}, as = 'ana') =>
  world.call({ method: 'POST', url: '/api/v1/incidents', as, body: { title: 'Payments fail', ...body } })
const post = (id: string, verb: string, body: object, as = 'ana') =>
  world.call({ method: 'POST', url: `/api/v1/incidents/${id}/${verb}`, as, body })
const change = (id: string, body: object) => world.call({ method: 'PATCH', url: `/api/v1/incidents/${id}`, body })

test('a sentence is enough to declare one', async () => {
  const declared = await declare({}, 'ben')
  expect(declared.statusCode).toBe(201)
  expect(declared.json()).toMatchObject({
    ...{ title: 'Payments fail', severity: 'SEV3', status: 'active', automatic: false, declaredBy: 'ben' },
    impact: { minutes: null, ongoing: false },
    measures: { timeToDetect: { kind: 'unknown' }, timeToAcknowledge: { kind: 'known', ms: 0 } },
  })
})

test('one declared from alerts takes over their services and teams', async () => {
  await world.receive({ service: 'payment', severity: 'warning' }, { service: 'search', severity: 'warning' })
  const alerts = (await world.call({ url: '/api/v1/alerts' })).json().items.map((each: { id: string }) => each.id)
  const declared = (
    await declare({
      services: ['checkout'],
      alerts,
      severity: 'P1',
      note: 'Support called.',
      startedAt: formatInstant(plus(start, -minute)),
    })
  ).json()
  expect(declared).toMatchObject({
    severity: 'SEV2',
    severityReason: 'ana chose it.',
    impact: { minutes: 1, ongoing: true },
  })
  expect([...declared.services].sort()).toEqual(['checkout', 'payment', 'search'])
  expect([...declared.teams].sort()).toEqual(['pay', 'web'])
  expect(declared.alerts).toHaveLength(2)
  expect(await world.timeline(declared.id)).toContain('ana noted: Support called.')
  const warning = (await world.call({ url: '/api/v1/alerts' })).json().items
  expect(warning.every((each: { incident: { id: string } }) => each.incident.id === declared.id)).toBe(true)
})

test.each([
  { body: { severity: 'SEV5' }, code: 'incidents.bad-severity' },
  { body: { services: ['chekout'] }, code: 'incidents.unknown-service' },
  { body: { alerts: [nobody] }, code: 'alerts.unknown' },
  { body: { title: '' }, code: 'http.invalid' },
])('declaring with $body is refused whole', async ({ body, code }) => {
  expect((await declare(body)).json().code).toBe(code)
  expect(await world.incidents()).toEqual([])
})

test('it moves on, and only where it can go', async () => {
  const { id } = (await declare()).json()
  const to = (phase: string, note?: string) =>
    post(id, 'transition', { to: phase, ...(note === undefined ? {} : { note }) })
  expect((await to('active')).json().code).toBe('incidents.same-phase')
  expect((await to('triage')).json().code).toBe('incidents.no-such-way')
  await world.clock.forward(minute)
  expect((await to('mitigated')).json()).toMatchObject({ status: 'mitigated', next: ['active', 'resolved'] })
  expect((await to('active')).json().code).toBe('incidents.reason-missing')
  expect((await to('active', 'Half of it is back.')).json()).toMatchObject({ status: 'active', mitigatedAt: null })
  await world.clock.forward(minute)
  expect((await to('resolved', 'Rolled back.')).json()).toMatchObject({
    status: 'resolved',
    mitigatedAt: formatInstant(plus(start, 2 * minute)),
    resolvedAt: formatInstant(plus(start, 2 * minute)),
  })
  expect(await world.timeline(id)).toEqual([
    ...['ana declared SEV3: Payments fail', 'Mitigated by ana: From active to mitigated.'],
    ...['ana reopened the incident: Half of it is back.', 'Resolved by ana: Rolled back.'],
  ])
})

test('what is over is listed whether it was reviewed or not', async () => {
  const ids = []
  for (const phases of [['resolved', 'reviewed'], ['resolved'], ['mitigated']]) {
    const { id } = (await declare()).json()
    for (const to of phases) await post(id, 'transition', { to })
    ids.push(id)
  }
  const listed = async (status: string) =>
    (await world.call({ url: `/api/v1/incidents?status=${status}`, as: 'vic' }))
      .json()
      .items.map((each: { id: string }) => each.id)
  expect(await listed('over')).toEqual([ids[1], ids[0]])
  expect(await listed('resolved')).toEqual([ids[1]])
  expect(await listed('open')).toEqual([ids[2]])
})

test('a severity changes with a reason', async () => {
  const { id } = (await declare()).json()
  expect((await change(id, { severity: 'SEV1' })).json().code).toBe('incidents.reason-missing')
  expect((await change(id, { severity: 'SEV3', reason: 'x' })).json().code).toBe('incidents.same-severity')
  expect((await change(id, { severity: 'P0', reason: 'All cards fail.', title: 'No payments' })).json()).toMatchObject({
    ...{ severity: 'SEV1', severityReason: 'All cards fail.', title: 'No payments' },
  })
  expect((await world.timeline(id)).slice(1)).toEqual([
    'ana changed severity from SEV3 to SEV1: All cards fail.',
    'ana renamed it to No payments',
  ])
})

test('roles are taken, handed over and given up; an open incident keeps its commander', async () => {
  const { id } = (await declare()).json()
  const role = (body: object, as = 'ana') => post(id, 'roles', body, as)
  expect((await role({ role: 'commander' })).json().roles).toEqual([
    { role: 'commander', person: 'ana', since: formatInstant(start) },
  ])
  expect((await role({ role: 'commander' })).json().code).toBe('incidents.role-held')
  expect((await role({ role: 'commander', release: true })).json().code).toBe('incidents.commander-needed')
  await world.clock.forward(minute)
  expect((await role({ role: 'commander', person: 'ben' })).json().roles).toMatchObject([{ person: 'ben' }])
  await role({ role: 'expert' })
  expect((await role({ role: 'expert', person: 'ben' })).json().roles).toHaveLength(3)
  expect((await role({ role: 'scribe', release: true })).json().code).toBe('incidents.role-not-held')
  expect((await role({ role: 'expert', release: true })).json().roles).toHaveLength(2)
  expect((await world.timeline(id)).slice(1)).toEqual([
    ...[
      'ana is commander',
      'ana handed the role of commander to ben',
      'ana is expert',
      'ben is expert',
      'ana is no longer expert',
    ],
  ])
})

test('two who take the lead in the same second: one has it, by a hand-over', async () => {
  const { id } = (await declare()).json()
  const answers = await Promise.all([
    post(id, 'roles', { role: 'commander' }),
    post(id, 'roles', { role: 'commander' }, 'ben'),
  ])
  expect(answers.map((each) => each.statusCode)).toEqual([200, 200])
  expect((await world.only()).roles).toHaveLength(1)
})

test('notes and alerts are added, and the timeline is read on from where it stopped', async () => {
  await world.receive({ service: 'search', severity: 'warning', summary: 'Slow' })
  const alert = (await world.call({ url: '/api/v1/alerts' })).json().items[0].id
  const { id } = (await declare()).json()
  const note = (await post(id, 'notes', { text: 'Trying the other region.' })).json()
  expect(note).toMatchObject({ sentence: 'ana noted: Trying the other region.', type: 'incident.note-added' })
  expect((await post(id, 'alerts', { alert })).json().alerts).toHaveLength(1)
  expect((await post(id, 'alerts', { alert: nobody })).statusCode).toBe(404)
  const first = (await world.call({ url: `/api/v1/incidents/${id}/timeline?limit=2` })).json()
  expect([first.items.length, first.more]).toEqual([2, true])
  const rest = (await world.call({ url: `/api/v1/incidents/${id}/timeline?after=${first.items[1].id}` })).json()
  expect([...first.items, ...rest.items].map((each: { sentence: string }) => each.sentence)).toEqual([
    ...['Alert opened on search: Slow (warning)', 'ana declared SEV3: Payments fail'],
    ...['ana noted: Trying the other region.', 'Alert linked by ana: Slow'],
  ])
})

test('lists are filtered and go on where they stopped; strangers are turned away', async () => {
  for (const title of ['One', 'Two', 'Three']) {
    await declare({ title, severity: title === 'Two' ? 'SEV1' : 'SEV4', services: title === 'Three' ? ['search'] : [] })
    await world.clock.forward(minute)
  }
  const titles = async (query: string) =>
    (await world.call({ url: `/api/v1/incidents${query}` })).json().items.map((each: { title: string }) => each.title)
  expect(await titles('')).toEqual(['Three', 'Two', 'One'])
  expect(await titles('?severity=SEV1')).toEqual(['Two'])
  expect(await titles('?service=search')).toEqual(['Three'])
  expect(await titles('?search=ON')).toEqual(['One'])
  expect(await titles('?status=open')).toHaveLength(3)
  const [, two] = (await world.call({ url: '/api/v1/incidents' })).json().items
  expect(await titles(`?number=${two.number}`)).toEqual(['Two'])
  expect(await titles(`?number=${two.number}&severity=SEV4`)).toEqual([])
  expect((await world.call({ url: '/api/v1/incidents?number=0' })).statusCode).toBe(422)
  const { nextCursor } = (await world.call({ url: '/api/v1/incidents?limit=2' })).json()
  expect(await titles(`?limit=2&cursor=${nextCursor}`)).toEqual(['One'])
  expect((await declare({}, 'vic')).statusCode).toBe(403)
  expect((await declare({}, '')).statusCode).toBe(401)
  expect((await world.call({ url: `/api/v1/incidents/${nobody}` })).statusCode).toBe(404)
  expect((await post(nobody, 'notes', { text: 'x' })).statusCode).toBe(404)
})

test('the overview names what needs a human, worst and oldest first, each with its action', async () => {
  const calm = (await world.call({ url: '/api/v1/overview' })).json()
  expect(calm).toMatchObject({
    needsHuman: [],
    calm: '6 services, no objectives yet. Nothing needs you.',
    firstRun: false,
  })
  await world.receive({ service: 'search', severity: 'warning' })
  world.burn.set('payment', 0)
  await world.receive({ service: 'payment', summary: 'Slow' })
  await world.clock.forward(minute)
  await declare({ title: 'Everything is down', severity: 'SEV1' })
  Object.assign(world.objectives, { total: 4, healthy: 3 })
  const overview = (await world.call({ url: '/api/v1/overview' })).json()
  expect(
    overview.needsHuman.map((each: { kind: string; severity: string }) => `${each.kind} ${each.severity}`),
  ).toEqual([...['alert critical', 'incident critical', 'incident warning']])
  expect(overview.needsHuman[0].action).toMatchObject({ operation: 'alerts.acknowledge' })
  expect(overview).toMatchObject({
    calm: '6 services, 3 of 4 objectives are kept. Nothing else needs you.',
    counts: { services: 6, openAlerts: 2, openIncidents: 2 },
  })
  await world.acknowledge('payment', 'ana')
  const after = (await world.call({ url: '/api/v1/overview' })).json()
  expect(after.needsHuman.map((each: { kind: string }) => each.kind)).toEqual(['incident', 'incident'])
})
test('what fires of one incident and nobody took is one row of the overview, the oldest first, and taken as one', async () => {
  await world.receive({ service: 'payment', summary: 'Errors', dedupKey: 'errors' })
  await world.clock.forward(minute)
  await world.receive(
    { service: 'payment', summary: 'Slow', dedupKey: 'slow' },
    { service: 'payment', summary: 'Queue grows', dedupKey: 'queue' },
  )
  const rows = async () =>
    (await world.call({ url: '/api/v1/overview' }))
      .json()
      .needsHuman.filter((each: { kind: string }) => each.kind === 'alert')
  const [row, ...rest] = await rows()
  expect(rest).toEqual([])
  expect(row).toMatchObject({
    sentence: 'payment: nobody has acknowledged it, nor 2 more of its incident.',
    severity: 'critical',
    action: { label: 'Acknowledge 3', operation: 'alerts.bulk', id: row.id },
  })
  expect(row.title).toContain('Errors')
  const { ids } = row.action
  expect(new Set(ids).size).toBe(3)
  const body = { ids, action: 'acknowledge' }
  const reply = await world.call({ method: 'POST', url: '/api/v1/alerts/bulk', body })
  expect(reply.json()).toEqual({ done: ids, refused: [] })
  expect(await rows()).toEqual([])
})

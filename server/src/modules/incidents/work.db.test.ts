// The incident room: work items with verification, pins, placing, related, updates, impact, merging, export.
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { automation } from '../../kernel/actor.ts'
import { minute } from '../../kernel/duration.ts'
import { formatInstant, instant, plus } from '../../kernel/instant.ts'
import { sql } from '../../platform/database/queries.ts'
import { lockAlerts } from '../alerts/index.ts'
import { applyDocuments } from '../catalog/index.ts'
import { catalogKinds } from '../catalog/kinds/kinds.ts'
import { insertChange } from '../changes/changes.store.ts'
import { openSloKinds } from '../slo/kinds/openslo-kinds.ts'
import { pushCounts } from '../telemetry/usecases/push-counts.ts'
import { type IncidentsWorld, openIncidentsWorld } from './incidents.fixture.ts'
import { lockOpening } from './incidents.store.ts'

const objective = `
apiVersion: openslo/v1
kind: SLO
metadata: {name: payment-now}
spec:
  service: payment
  indicator: {metadata: {name: payment-views}, spec: {ratioMetric: {good: {metricSource: {type: push, spec: {series: a}}}, total: {metricSource: {type: push, spec: {series: b}}}}}}
  timeWindow: [{duration: 1h, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: 0.99}]
`
let world: IncidentsWorld
beforeAll(async () => {
  world = await openIncidentsWorld('incidents work')
  const everyone = { kinds: () => [...catalogKinds, ...openSloKinds], translators: [], mayChange: () => undefined }
  await applyDocuments(world.needs, everyone, { documents: objective, actor: automation('test') })
})
afterAll(() => world.close())
const start = instant(Date.UTC(2026, 2, 1, 3))
let day = 0
let now = start
beforeEach(async () => {
  await world.clear()
  day += 1
  // A day of its own for each test: counts of the one before are far away.
  now = plus(start, day * 24 * 60 * minute)
  await world.clock.set(now)
})

const forward = async (minutes: number, bad: number) => {
  for (let index = 0; index < minutes; index += 1) {
    const counts = [{ objective: 'payment-now', at: formatInstant(now), good: 1000 - bad, bad }]
    await pushCounts(world.needs, { counts }, automation('test'))
    now = plus(now, minute)
    await world.clock.set(now)
    await world.drain()
  }
}
const at = (ms: number) => formatInstant(plus(now, ms))
const send = async (method: 'POST' | 'PATCH' | 'PUT', path: string, body: object, as = 'ana') =>
  (await world.call({ method, url: `/api/v1/incidents/${path}`, as, body })).json()
const get = async (path: string, as = 'ana') => (await world.call({ url: `/api/v1/incidents/${path}`, as })).json()
const declare = async (body: object = {}): Promise<string> =>
  (await world.call({ method: 'POST', url: '/api/v1/incidents', body: { title: 'Payments fail', ...body } })).json().id
const stateOf = async (id: string) => (await get(`${id}/work`)).items[0].state

const somebodyWaits = () =>
  vi.waitFor(
    async () => {
      const { rows } = await world.owner.query(
        `select count(*)::int as count from pg_locks join pg_stat_activity using (pid) where datname = current_database() and not granted`,
      )
      expect(rows[0].count).toBeGreaterThan(0)
    },
    { timeout: 30_000, interval: 20 },
  )
const alertIds = async (): Promise<readonly string[]> =>
  (await world.owner.query('select id from alerts order by key')).rows.map((row) => row.id)

test('whoever merges holds no incident while somebody places alerts', async () => {
  const [own, into] = [await declare({ title: 'One' }), await declare({ title: 'Other' })]
  await world.receive({ dedupKey: 'a', service: 'search', severity: 'info' })
  const [alert] = await alertIds()
  await send('POST', `${own}/alerts`, { alert })
  const held = await world.database.transaction(async (tx) => {
    await lockOpening(tx)
    await lockAlerts(tx, [alert ?? ''])
    const merging = send('POST', `${own}/merge`, { into, reason: 'One cause.' })
    await somebodyWaits()
    await tx.run(sql`select from incidents where id = any(${[own, into]}::uuid[]) for update nowait`)
    return { merging }
  })
  expect(await held.merging).toMatchObject({ id: into, alerts: [{ id: alert }] })
})

test('alerts that an incident is declared with are held in the order of everybody', async () => {
  await world.receive({ dedupKey: 'a', severity: 'info' }, { dedupKey: 'b', service: 'search', severity: 'info' })
  const [a, b] = await alertIds()
  const held = await world.database.transaction(async (tx) => {
    await lockAlerts(tx, [a ?? ''])
    const declaring = declare({ alerts: [b, a] })
    await somebodyWaits()
    await tx.run(sql`select from alerts where id = ${b ?? ''} for update nowait`)
    return { declaring }
  })
  expect((await get(await held.declaring)).alerts).toHaveLength(2)
})

test('a mitigation is verified by what is measured, not by who hopes', { timeout: 60_000 }, async () => {
  const id = await declare({ services: ['payment'] })
  const verify = { objective: 'payment-now', holdMs: 10 * minute, withinMs: 60 * minute }
  await send('POST', `${id}/work`, { kind: 'mitigation', text: 'Rolled back payment to 1.4.2', verify })
  await forward(4, 200)
  expect((await get(`${id}/work`)).items[0]).toMatchObject({
    state: 'started',
    verification: { goodSince: null, because: 'Still 20 % of events are bad, 1 % are allowed.' },
  })
  await forward(8, 1)
  expect((await get(`${id}/work`)).items[0].verification.because).toMatch(/^Within its budget for \d of 10 min\.$/)
  await forward(5, 1)
  expect(await stateOf(id)).toBe('verified')
  expect((await world.timeline(id)).join('\n')).toContain(
    'The mitigation is verified: Rolled back payment to 1.4.2 (Within its budget for 10 min in a row',
  )
  expect((await get(`${id}/updates/draft?audience=company`)).text).toContain('Done against it: Rolled back payment')
})

test('one without effect is said so when its time is up', async () => {
  const id = await declare()
  const verify = { objective: 'payment-now', holdMs: 2 * minute, withinMs: 4 * minute }
  await send('POST', `${id}/work`, { kind: 'mitigation', text: 'Restarted it', verify })
  await forward(5, 300)
  expect(await stateOf(id)).toBe('ineffective')
  const refused = await send('POST', `${id}/work`, { kind: 'task', text: 'x', verify })
  expect(refused.code).toBe('incidents.not-verifiable')
  const unknown = { kind: 'mitigation', text: 'x', verify: { objective: 'nothing' } }
  expect((await send('POST', `${id}/work`, unknown)).code).toBe('incidents.unknown-objective')
})

test('hypotheses carry evidence, decisions their reason, tasks an owner', async () => {
  const id = await declare()
  const hypothesis = await send('POST', `${id}/work`, { kind: 'hypothesis', text: 'The card network is down' })
  const path = `${id}/work/${hypothesis.id}`
  await send('PATCH', path, { evidence: { side: 'against', text: 'Their status page is green.' } }, 'ben')
  expect((await send('PATCH', path, { state: 'refuted' })).code).toBe('incidents.reason-missing')
  expect(await send('PATCH', path, { state: 'refuted', reason: 'Their calls succeed.' })).toMatchObject({
    state: 'refuted',
    reason: 'Their calls succeed.',
    evidence: [{ side: 'against', by: 'ben' }],
    next: ['open'],
  })
  expect((await send('POST', `${id}/work`, { kind: 'decision', text: 'No rollback' })).code).toBe(
    'incidents.reason-missing',
  )
  await send('POST', `${id}/work`, { kind: 'decision', text: 'No rollback', reason: 'The schema has changed.' })
  const task = await send('POST', `${id}/work`, { kind: 'task', text: 'Call the bank', owner: 'ben' })
  expect(await send('PATCH', `${id}/work/${task.id}`, { state: 'done' })).toMatchObject({ state: 'done', owner: 'ben' })
  expect(await world.timeline(id)).toEqual(
    expect.arrayContaining([
      'ana suspects: The card network is down',
      'ana decided: No rollback (The schema has changed.)',
      'ana asked ben for: Call the bank',
      'ana set the task to done: Call the bank',
    ]),
  )
})

test('a vendor is asked by the contacts of the catalog, under the number it gave', async () => {
  const id = await declare({ services: ['checkout'] })
  const contacts = [{ label: 'Hotline', kind: 'phone', value: '+49 30 1234' }]
  expect((await get(`${id}/related`)).vendors).toEqual([
    { service: 'bank', displayName: 'bank', contacts, distance: 2 },
  ])
  const asked = { kind: 'vendor-case', text: 'Card payments time out', vendorCase: { vendor: 'bank' } }
  const item = await send('POST', `${id}/work`, asked)
  expect(item).toMatchObject({ state: 'asked', vendorCase: { vendor: 'bank', contacts, caseNumber: null } })
  const path = `${id}/work/${item.id}`
  expect((await send('PATCH', path, { caseNumber: 'C-00123' }, 'ben')).vendorCase.caseNumber).toBe('C-00123')
  expect(await send('PATCH', path, { state: 'answered' })).toMatchObject({
    code: 'incidents.reason-missing',
    detail: 'Say what the vendor answered.',
  })
  const draft = (await get(`${id}/updates/draft?audience=company`)).text
  expect(draft).toContain('Waiting for: bank, case C-00123 (asked)')
  expect((await get(`${id}/updates/draft?audience=customers`)).text).not.toContain('bank')
  await send('PATCH', path, { state: 'answered', reason: 'A switch of theirs is down.' })
  expect(await send('PATCH', path, { state: 'done' })).toMatchObject({ state: 'done', next: ['asked'] })
  expect((await get(`${id}/updates/draft?audience=company`)).text).not.toContain('Waiting for')
  expect(await world.timeline(id)).toEqual(
    expect.arrayContaining([
      'ana contacted bank: Card payments time out',
      'The case at bank is C-00123: Card payments time out',
      'What bank was asked is answered: Card payments time out (A switch of theirs is down.)',
    ]),
  )
  const { markdown } = await get(`${id}/export`)
  expect(markdown).toContain('bank, case C-00123: Card payments time out')
})

test('a vendor belongs to a case at a vendor, and such a case needs one', async () => {
  const id = await declare()
  const other = {
    kind: 'vendor-case',
    text: 'x',
    vendorCase: { vendor: 'Their registrar', contact: 'noc@example.org' },
  }
  expect((await send('POST', `${id}/work`, other)).vendorCase).toEqual({
    vendor: 'Their registrar',
    contacts: [{ label: 'contact', kind: 'other', value: 'noc@example.org' }],
    caseNumber: null,
  })
  for (const wrong of [
    { kind: 'vendor-case', text: 'x' },
    { kind: 'task', text: 'x', vendorCase: { vendor: 'bank' } },
  ])
    expect((await send('POST', `${id}/work`, wrong)).code).toBe('incidents.vendor-case')
  const task = await send('POST', `${id}/work`, { kind: 'task', text: 'x' })
  expect((await send('PATCH', `${id}/work/${task.id}`, { caseNumber: '1' })).code).toBe('incidents.vendor-case')
})

test('a pinned graph is data: it says the same when more is counted later', async () => {
  const id = await declare()
  await forward(5, 100)
  const pin = await send('POST', `${id}/pins`, { objective: 'payment-now', from: at(-5 * minute), to: at(0) })
  const bad = (each: { points: { bad: number }[] }) => each.points.reduce((sum, point) => sum + point.bad, 0)
  expect(bad(pin)).toBe(500)
  const counts = [{ objective: 'payment-now', at: at(-minute), good: 0, bad: 700 }]
  await pushCounts(world.needs, { counts }, automation('test'))
  expect(bad((await get(`${id}/work`)).pins[0])).toBe(500)
  expect(pin).toMatchObject({ title: 'payment-now', target: 0.99 })
})

test('lines stand where they happened', async () => {
  const id = await declare()
  await send('POST', `${id}/notes`, { text: 'Support had the first call', at: at(-20 * minute) })
  const before = (await get(`${id}/timeline`)).items
  expect(before[0]).toMatchObject({ at: at(-20 * minute), recordedAt: at(0) })
  const declared = before.find((each: { type: string }) => each.type === 'incident.declared')
  await send('POST', `${id}/timeline/${declared.id}/place`, {
    at: at(-30 * minute),
    reason: 'Ana said so in the call.',
  })
  expect((await get(`${id}/timeline`)).items[0]).toMatchObject({ id: declared.id, at: at(-30 * minute) })
  expect((await send('POST', `${id}/timeline/999999999/place`, { at: at(0), reason: 'x' })).code).toBe(
    'incidents.unknown-entry',
  )
  expect((await send('POST', `${id}/notes`, { text: 'x', at: at(minute) })).code).toBe('incidents.time-ahead')
})

test('what is related is ranked and says why', async () => {
  const first = await declare({ services: ['payment'] })
  await send('POST', `${first}/transition`, { to: 'resolved' })
  await world.database.transaction(async (tx) => {
    const change = { source: 'ci', kind: 'deployment', version: '1.5', link: null } as const
    const one = (id: number, service: string, ago: number) => ({
      ...change,
      id: `00000000-0000-4000-8000-00000000000${id}`,
      externalId: `${day}-${id}`,
      service,
      summary: `${service} 1.5`,
      at: plus(now, -ago * minute),
    })
    await insertChange(tx, one(1, 'bank', 4))
    await insertChange(tx, one(2, 'payment', 6))
    await insertChange(tx, one(3, 'search', 1))
  })
  const id = await declare({ services: ['payment'], title: 'Payments fail again' })
  const related = await get(`${id}/related`)
  expect(related.changes.map((each: { service: string }) => each.service)).toEqual(['payment', 'bank'])
  expect(related.similar).toMatchObject([{ id: first }])
  expect(related.similar[0].because[0]).toBe('The same service: payment.')
  expect(related.reach.map((each: { service: string }) => each.service)).toEqual(['checkout', 'invoices', 'front'])
})

test('where to look first: what fails at the bottom, and what changed there', async () => {
  await world.receive(
    { service: 'front', summary: 'Front answers with errors' },
    { service: 'checkout', summary: 'Checkout answers with errors' },
    { service: 'payment', summary: 'Payment: CPU saturated' },
  )
  await world.database.transaction((tx) =>
    insertChange(tx, {
      id: '00000000-0000-4000-8000-00000000000a',
      source: 'ci',
      externalId: `${day}-a`,
      kind: 'deployment',
      version: '1.6',
      link: null,
      service: 'payment',
      summary: 'payment 1.6 rolled out',
      at: plus(now, -3 * minute),
    }),
  )
  const incident = await world.only()
  const { causes } = await get(`${incident.id}/related`)
  expect(causes.map((each: { service: string }) => each.service)).toEqual(['payment', 'checkout', 'front'])
  expect(causes[0].because).toEqual(['Payment: CPU saturated', 'payment 1.6 rolled out, 3 minutes before'])
})

test('updates are promised by severity, and whoever communicates is reminded until one is out', async () => {
  const id = await declare({ severity: 'SEV1' })
  expect((await get(id)).nextUpdateAt).toBe(at(30 * minute))
  await send('POST', `${id}/roles`, { role: 'communications-lead' }, 'ben')
  await world.clock.set(plus(now, 31 * minute))
  await world.drain()
  expect(world.reminders).toMatchObject([{ person: 'ben', incident: { id } }])
  expect((await world.timeline(id)).filter((each) => each.includes('overdue'))).toHaveLength(1)
  await world.clock.set(plus(now, 46 * minute))
  await world.drain()
  expect(world.reminders).toHaveLength(2)
  const draft = await get(`${id}/updates/draft?audience=company`)
  expect(draft.text).toContain('State: We are working on it\nSeverity: SEV1')
  await send('POST', `${id}/updates`, { audience: 'company', text: draft.text })
  expect((await get(id)).nextUpdateAt).toBe(at(76 * minute))
  await send('PATCH', id, { severity: 'SEV2', reason: 'Only cards.' })
  expect((await get(`${id}/updates/draft?audience=company`)).changed).toEqual([
    { fact: 'Severity', before: 'SEV1', after: 'SEV2' },
  ])
  const customers = await get(`${id}/updates/draft?audience=customers`)
  expect(customers.text).not.toContain('SEV')
  await send('POST', `${id}/transition`, { to: 'resolved' })
  expect((await get(id)).nextUpdateAt).toBeNull()
  await world.clock.set(plus(now, 500 * minute))
  await world.drain()
  expect(world.reminders).toHaveLength(2)
})

test('an update to one customer names one there is, and of what is restricted or a drill no customer is told', async () => {
  const id = await declare()
  const post = async (body: object, to = id) => {
    const reply = await send('POST', `${to}/updates`, { text: 'It is slow.', ...body })
    return reply.code ?? reply.audience
  }
  expect(await post({ audience: 'executives' })).toBe('executives')
  expect(await post({ audience: 'customer' })).toBe('incidents.unclear-addressee')
  expect(await post({ audience: 'company', customer: 'acme' })).toBe('incidents.unclear-addressee')
  expect(await post({ audience: 'customer', customer: 'nobody' })).toBe('incidents.unclear-addressee')
  for (const kind of ['security', 'drill'])
    expect(await post({ audience: 'customer', customer: 'nobody' }, await declare({ kind }))).toBe(
      'incidents.not-for-customers',
    )
  expect((await get(`${id}/updates/draft?audience=customer`)).code).toBe('incidents.unclear-addressee')
  const draft = await get(`${id}/updates/draft?audience=customer&customer=acme`)
  expect(draft).toMatchObject({ customer: 'acme', text: expect.not.stringContaining('Payments fail') })
  expect((await get(`${id}/updates`)).items.map((each: object) => ('audience' in each ? each.audience : ''))).toEqual([
    'executives',
  ])
})

test('minutes of impact in common count once', async () => {
  const id = await declare({ services: ['payment', 'search'], startedAt: at(-30 * minute) })
  expect(await get(`${id}/impact`)).toMatchObject({ derived: true, minutes: 30, ongoing: true })
  const span = (service: string, from: number, to: number | null) => ({
    service,
    startedAt: at(from * minute),
    endedAt: to === null ? null : at(to * minute),
  })
  const stated = await send('PUT', `${id}/impact`, {
    statement: 'One card payment in five failed.',
    spans: [span('payment', -30, -10), span('search', -20, -5)],
  })
  expect(stated.impact).toEqual({ minutes: 25, ongoing: false, people: null, regions: [], customers: [] })
  expect(await get(`${id}/impact`)).toMatchObject({ derived: false, statement: 'One card payment in five failed.' })
  const wrong = await send('PUT', `${id}/impact`, { statement: null, spans: [span('payment', -5, -10)] })
  expect(wrong.code).toBe('incidents.times-disordered')
})

test('people, regions and customers are stated beside services; what is left out stays', async () => {
  const id = await declare({ services: ['checkout', 'payment', 'search'], startedAt: at(-30 * minute) })
  expect((await get(`${id}/impact`)).byTier).toEqual([
    { tier: 0, minutes: 30 },
    { tier: 1, minutes: 30 },
    { tier: 2, minutes: 30 },
  ])
  const hurt = { people: 12_000, regions: ['eu-west', 'eu-west'], customers: ['Acme', 'Globex'] }
  await send('PUT', `${id}/impact`, { statement: 'One payment in three failed.', spans: [], ...hurt })
  await send('PUT', `${id}/impact`, { statement: 'One payment in two failed.', spans: [] })
  expect((await get(id)).impact).toMatchObject({ ...hurt, regions: ['eu-west'] })
  const company = (await get(`${id}/updates/draft?audience=company`)).text
  expect(company).toContain('People affected: 12,000 people\nRegions: eu-west\nCustomers: Acme, Globex')
  const outside = (await get(`${id}/updates/draft?audience=customers`)).text
  expect(outside).toContain('Regions: eu-west')
  expect(outside).not.toMatch(/12,000|Acme/)
  expect((await world.timeline(id)).join('\n')).toContain(
    'ana stated the impact: One payment in three failed.; 12,000 people; regions eu-west; customers Acme, Globex',
  )
  expect((await get(`${id}/export`)).markdown).toContain('**People affected:** 12,000 people')
  await send('PUT', `${id}/impact`, { statement: null, spans: [], people: null, regions: [], customers: [] })
  expect((await get(id)).impact).toMatchObject({ people: null, regions: [], customers: [] })
})

test('how many are affected speaks for a severity', async () => {
  const proposed = async (body: object) =>
    (await world.call({ method: 'POST', url: '/api/v1/severities/propose', as: 'ana', body })).json()
  expect((await proposed({ services: [] })).severity).toBe('SEV3')
  expect((await proposed({ services: [], peopleAffected: 12_000 })).severity).toBe('SEV1')
  const id = await declare({ peopleAffected: 1_500 })
  expect(await get(id)).toMatchObject({ severity: 'SEV2', impact: { people: 1_500 } })
})

test('the first word to anybody outside the room is measured', async () => {
  const id = await declare({ severity: 'SEV1' })
  const told = async () => (await get(id)).measures.timeToFirstUpdate
  await world.clock.set(plus(now, 2 * minute))
  await send('POST', `${id}/updates`, { audience: 'responders', text: 'Look at the card network.' })
  expect(await told()).toMatchObject({ kind: 'not-yet' })
  await world.clock.set(plus(now, 7 * minute))
  await send('POST', `${id}/updates`, { audience: 'company', text: 'Payments fail.' })
  await world.clock.set(plus(now, 20 * minute))
  await send('POST', `${id}/updates`, { audience: 'company', text: 'Still.' })
  expect(await told()).toMatchObject({ kind: 'known', ms: 7 * minute })
})

test('one that is the same moves its alerts and ends; children and neighbours are linked', async () => {
  await world.receive({ service: 'search' })
  const own = (await world.only()).id
  const into = await declare({ services: ['payment'], startedAt: at(-minute) })
  const merged = await send('POST', `${own}/merge`, { into, reason: 'One cause.' })
  expect(merged).toMatchObject({ id: into, services: ['payment', 'search'] })
  expect(merged.alerts).toHaveLength(1)
  expect(await get(own)).toMatchObject({ status: 'resolved', mergedInto: into, alerts: [] })
  expect((await get(`${into}/related`)).relations).toMatchObject([{ id: own, relation: 'merged-from' }])
  expect((await send('POST', `${own}/merge`, { into, reason: 'x' })).code).toBe('incidents.not-mergeable')
  const child = await declare()
  await send('POST', `${child}/relations`, { other: into, relation: 'child-of', reason: 'A part of it.' })
  expect((await send('POST', `${into}/relations`, { other: child, relation: 'child-of', reason: 'x' })).code).toBe(
    'incidents.not-mergeable',
  )
  expect((await get(`${child}/related`)).relations).toMatchObject([{ id: into, relation: 'parent' }])
  await send('POST', `${child}/relations`, { other: into, relation: 'none', reason: 'Not so.' })
  expect((await get(`${child}/related`)).relations).toEqual([])
})

test('the export holds everything, and what people typed stays text', async () => {
  const id = await declare({ title: '<img src=x onerror=alert(1)> # fails', note: '[click](javascript:alert(1))' })
  const { markdown, timeline, incident } = await get(`${id}/export`)
  expect(incident.id).toBe(id)
  expect(timeline.length).toBeGreaterThan(1)
  expect(markdown).not.toContain('<img')
  expect(markdown).not.toMatch(/[^\\]\]\(/)
  expect(markdown).toContain('&lt;img src=x onerror=alert(1)&gt; \\# fails')
})

test('none of it is open to who may not read the incident', async () => {
  const id = await declare({ kind: 'security' })
  for (const path of ['work', 'related', 'updates', 'updates/draft', 'impact', 'export'])
    expect((await get(`${id}/${path}`, 'ben')).code).toBe('incidents.unknown')
  const other = await declare()
  const refused = await send('POST', `${other}/merge`, { into: id, reason: 'x' }, 'ben')
  expect(refused.code).toBe('incidents.unknown')
})

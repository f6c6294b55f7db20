// The room's own API: reading, answering, refusals.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { minute } from '../../kernel/duration.ts'
import { formatInstant, instant, plus } from '../../kernel/instant.ts'
import { type AlertsWorld, openAlertsWorld } from './alerts.fixture.ts'

let world: AlertsWorld
beforeAll(async () => {
  world = await openAlertsWorld('alerts edge')
})
afterAll(() => world.close())
const start = instant(Date.UTC(2026, 2, 1, 3))
beforeEach(async () => {
  await world.clear()
  await world.clock.set(start)
})

const act = (id: string, verb: string, body?: object, as = 'ana') =>
  world.call({ method: 'POST', url: `/api/v1/alerts/${id}/${verb}`, as, ...(body === undefined ? {} : { body }) })
const list = async (query = '') => (await world.call({ url: `/api/v1/alerts${query}` })).json()
const nobody = '00000000-0000-4000-8000-000000000000'

test('an alert is taken, passed on, given back and closed, each by whoever did it', async () => {
  await world.receive([{}])
  const { id } = await world.only()
  expect((await act(id, 'acknowledge')).json()).toMatchObject({ status: 'acknowledged', acknowledgedBy: 'ana' })
  await world.clock.forward(minute)
  expect((await act(id, 'acknowledge', undefined, 'ben')).json()).toMatchObject({ acknowledgedBy: 'ben' })
  expect((await act(id, 'unacknowledge')).json()).toMatchObject({ status: 'firing', acknowledgedBy: null })
  const snoozed = (await act(id, 'snooze', { forMs: 5 * minute })).json()
  expect(snoozed).toMatchObject({ status: 'snoozed', snoozedUntil: formatInstant(plus(start, 6 * minute)) })
  expect((await act(id, 'resolve', { note: 'Rolled back.' })).json()).toMatchObject({
    status: 'resolved',
    ended: 'closed',
  })
  // The first acknowledgement stays the response time.
  expect((await world.only()).acknowledgedAt).toBe(start)
  expect(world.asked).toEqual([
    ...['open checkout', 'acknowledge checkout ana', 'acknowledge checkout ben', 'unacknowledge checkout ana'],
    ...['snooze checkout ana', 'resolve checkout closed'],
  ])
  const read = (await world.call({ url: `/api/v1/alerts/${id}` })).json()
  expect(read.trace.slice(7).map((each: { because: string }) => each.because)).toEqual([
    'ana acknowledged.',
    'ben took it over from ana.',
    'ana took it from ben and gave it back.',
    `ana snoozed it until ${formatInstant(plus(start, 6 * minute))}.`,
    'ana closed it. Rolled back.',
  ])
  expect(await world.journal(id)).toEqual([
    ...[
      'alert.opened',
      'alert.acknowledged',
      'alert.acknowledged',
      'alert.unacknowledged',
      'alert.snoozed',
      'alert.closed',
    ],
  ])
})

test('two who acknowledge in the same second both succeed, and one has it', async () => {
  await world.receive([{}])
  const { id } = await world.only()
  const answers = await Promise.all([act(id, 'acknowledge'), act(id, 'acknowledge', undefined, 'ben')])
  expect(answers.map((each) => each.statusCode)).toEqual([200, 200])
  const reasons = (await world.call({ url: `/api/v1/alerts/${id}` })).json().trace.slice(7)
  expect(reasons.filter((each: { because: string }) => each.because.includes('took it over'))).toHaveLength(1)
})

test.each([
  { verb: 'acknowledge', code: 'alerts.already-ended' },
  { verb: 'unacknowledge', code: 'alerts.already-ended' },
  { verb: 'snooze', code: 'alerts.already-ended', body: { forMs: minute } },
  { verb: 'resolve', code: 'alerts.already-ended', body: {} },
])('$verb of what is over is refused', async ({ verb, code, body }) => {
  await world.receive([{}, { status: 'resolved' }])
  const answer = await act((await world.only()).id, verb, body)
  expect([answer.statusCode, answer.json().code]).toEqual([409, code])
})

test('refusals: no such alert, nobody to take it from, too long, not allowed', async () => {
  await world.receive([{}])
  const { id } = await world.only()
  expect((await act(nobody, 'acknowledge')).statusCode).toBe(404)
  expect((await world.call({ url: `/api/v1/alerts/${nobody}` })).statusCode).toBe(404)
  expect((await world.call({ url: '/api/v1/alerts/7' })).statusCode).toBe(422)
  expect((await act(id, 'unacknowledge')).json().code).toBe('alerts.not-acknowledged')
  expect((await act(id, 'snooze', { forMs: 8 * 86_400_000 })).statusCode).toBe(422)
  expect((await act(id, 'snooze', { forMs: 1 })).statusCode).toBe(422)
  expect((await act(id, 'acknowledge', undefined, 'vic')).statusCode).toBe(403)
  expect((await act(id, 'acknowledge', undefined, '')).statusCode).toBe(401)
  expect((await world.only()).status).toBe('firing')
})

test('many are answered at once, each for itself', async () => {
  await world.receive(Array.from({ length: 5 }, (_, index) => ({ dedupKey: `k${index}` })))
  await world.receive([{ dedupKey: 'k0', status: 'resolved' }])
  const ids = (await world.alerts()).map((each) => each.id)
  const body = { ids: [...ids, ids[1], nobody], action: 'acknowledge' }
  const answer = (await world.call({ method: 'POST', url: '/api/v1/alerts/bulk', body })).json()
  expect(answer.done).toHaveLength(4)
  expect(answer.refused.map((each: { code: string }) => each.code).sort()).toEqual([
    'alerts.already-ended',
    'alerts.unknown',
  ])
  expect((await list('?status=acknowledged')).items).toHaveLength(4)
  for (const id of answer.done) {
    const steps = (await world.trace(id)).filter((each) => each === 'answer: acknowledged')
    expect(steps).toHaveLength(1)
  }
})

test('lists are filtered, ordered and go on where they stopped', async () => {
  for (const dedupKey of ['a', 'b', 'c']) {
    await world.receive([
      { dedupKey, summary: `Disk ${dedupKey} is full`, service: dedupKey === 'a' ? 'search' : 'checkout' },
    ])
    await world.clock.forward(minute)
  }
  await world.receive([{ dedupKey: 'b', status: 'resolved' }])
  const titles = async (query: string) =>
    (await list(query)).items.map((each: { title: string }) => each.title.slice(5, 6)).join('')
  expect(await titles('')).toBe('cba')
  expect(await titles('?status=open')).toBe('ca')
  expect(await titles('?status=resolved')).toBe('b')
  expect(await titles('?service=search')).toBe('a')
  expect(await titles('?team=web&severity=critical')).toBe('cba')
  expect(await titles('?search=DISK%20C')).toBe('c')
  expect(await titles('?search=%25')).toBe('')
  const [, middle] = (await list()).items
  expect(await titles(`?number=${middle.number}`)).toBe('b')
  expect(await titles(`?number=${middle.number}&status=open`)).toBe('')
  expect(await titles('?number=999999')).toBe('')
  expect((await world.call({ url: '/api/v1/alerts?number=0' })).statusCode).toBe(422)
  expect(await titles(`?from=${formatInstant(plus(start, 4 * minute))}`)).toBe('ca')
  expect(await titles(`?to=${formatInstant(plus(start, minute))}`)).toBe('a')
  const first = await list('?limit=2')
  expect(await titles(`?limit=2&cursor=${first.nextCursor}`)).toBe('a')
  expect((await world.call({ url: '/api/v1/alerts?cursor=WzFd' })).statusCode).toBe(422)
  const counts = (await world.call({ url: '/api/v1/alerts/counts' })).json()
  expect(counts).toEqual({ firing: 2, acknowledged: 0, snoozed: 0, critical: 2, warning: 0, info: 0 })
})

test('signals of our own API: taken after they are stored, refused as a whole', async () => {
  const send = (signals: object[], source?: string) =>
    world.call({
      method: 'POST',
      url: '/api/v1/signals',
      body: { signals, ...(source === undefined ? {} : { source }) },
    })
  const good = {
    dedupKey: 'backup',
    summary: 'Backup is late',
    severity: 'P3',
    service: 'report',
    links: [{ title: 'Job', url: 'https://jobs.shop.example/7' }],
  }
  const taken = await send([good], 'cron')
  expect([taken.statusCode, taken.json()]).toEqual([202, { opened: 1, refreshed: 0, resolved: 0, ignored: 0 }])
  expect(await world.only()).toMatchObject({ source: 'cron', severity: 'warning', urgency: 'low', service: 'report' })
  const bad = await send([
    good,
    { ...good, labels: { ok: 'x' }, startsAt: formatInstant(start), endsAt: formatInstant(plus(start, -minute)) },
  ])
  expect(bad.statusCode).toBe(422)
  expect(bad.json().errors).toMatchObject([{ pointer: '/signals/1/endsAt' }])
  expect((await send([])).statusCode).toBe(422)
  expect((await send([{ ...good, summary: 'a\u0000' }])).json().code).toBe('input.unstorable-text')
  expect((await send([{ ...good, status: 'resolved' }], 'cron')).json().resolved).toBe(1)
})

// Ratings in one gesture, and the sums by rule, service and team: each alert counted once, where it belongs.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type AlertsWorld, openAlertsWorld } from './alerts.fixture.ts'

let world: AlertsWorld
beforeAll(async () => {
  world = await openAlertsWorld('quality')
})
afterAll(() => world.close())
beforeEach(() => world.clear())

const post = (url: string, body?: unknown) => world.call({ method: 'POST', url: `/api/v1/alerts/${url}`, body })
const quality = async (query = '') => (await world.call({ url: `/api/v1/alert-quality?${query}`, as: 'vic' })).json()
const fire = (key: string, more: object = {}) =>
  world.receive([
    { dedupKey: key, labels: { alertname: 'Slow', service: 'checkout', severity: 'critical', key }, ...more },
  ])
const end = (key: string, more: object = {}) => fire(key, { status: 'resolved', ...more })
const idOf = async (key: string) => (await world.alerts()).find((each) => each.key === key)?.id ?? ''

test('rated with the acknowledgement, with the end, in bulk, afterwards, and taken back', async () => {
  for (const key of ['a', 'b', 'c', 'd']) await fire(key, { service: key === 'a' ? 'checkout' : 'report' })
  const [a, b, c, d] = await Promise.all(['a', 'b', 'c', 'd'].map(idOf))
  expect((await post(`${a}/acknowledge?useful=true`)).json()).toMatchObject({ status: 'acknowledged', useful: true })
  expect((await post(`${b}/resolve`, { useful: false })).json()).toMatchObject({ status: 'resolved', useful: false })
  const bulk = await post('bulk', { ids: [c, d], action: 'resolve', useful: false })
  expect(bulk.json().done).toHaveLength(2)
  expect(await quality()).toMatchObject({ total: { alerts: 4, useful: 1, noise: 3 } })
  const taken = await post(`${d}/rating`, { useful: null })
  expect(taken.json()).toEqual({ id: d, useful: null, by: null, at: null })
  expect((await post(`${b}/rating`, { useful: true })).json()).toMatchObject({ useful: true, by: 'ana' })
  expect(await quality()).toMatchObject({ total: { alerts: 4, useful: 2, noise: 1 } })
  expect(await world.trace(b ?? '')).toContain('rating: useful')
  expect((await world.journal(b ?? '')).filter((each) => each === 'alert.rated')).toHaveLength(2)
  // The same again is no change.
  await post(`${b}/rating`, { useful: true })
  expect((await world.journal(b ?? '')).filter((each) => each === 'alert.rated')).toHaveLength(2)
})

test('only those who may take alerts rate them, and only alerts that are there', async () => {
  await fire('a')
  const url = `/api/v1/alerts/${await idOf('a')}/rating`
  expect((await world.call({ method: 'POST', url, as: 'vic', body: { useful: true } })).statusCode).toBe(403)
  expect((await world.call({ method: 'POST', url, body: {} })).statusCode).toBe(422)
  const nobody = '/api/v1/alerts/00000000-0000-4000-8000-000000000000/rating'
  expect((await world.call({ method: 'POST', url: nobody, body: { useful: true } })).statusCode).toBe(404)
})

test('what was paged for nothing, what healed, how long it was open, and by whom', async () => {
  await fire('healed')
  await end('healed')
  await fire('answered', {
    labels: { alertname: 'Full', service: 'search' },
    service: 'search',
    annotations: { runbook_url: 'https://a' },
  })
  await post(`${await idOf('answered')}/acknowledge`)
  await end('answered', { labels: { alertname: 'Full', service: 'search' } })
  await fire('open', { labels: { alertname: 'Lost' }, service: 'unheard-of', severity: 'warning' })
  await fire('rated', { labels: { alertname: 'Full', service: 'search' }, service: 'search' })
  await post(`${await idOf('rated')}/acknowledge?useful=false`)
  const byRule = await quality('by=rule')
  expect(byRule.total).toMatchObject({
    alerts: 4,
    pages: 4,
    pagesForNothing: 2,
    ended: 2,
    selfHealed: 1,
    noise: 1,
    critical: 3,
  })
  expect(byRule.items).toMatchObject([
    {
      name: 'Full',
      alerts: 2,
      pages: 2,
      pagesForNothing: 1,
      selfHealed: 0,
      criticalWithRunbook: 1,
      criticalWithTeam: 2,
    },
    { name: 'Slow', alerts: 1, pages: 1, pagesForNothing: 1, selfHealed: 1, criticalWithRunbook: 0 },
    { name: 'Lost', alerts: 1, pages: 1, pagesForNothing: 0, critical: 0 },
  ])
  expect((await quality('by=service')).items.map((each: { name: string | null }) => each.name)).toEqual([
    'search',
    'checkout',
    null,
  ])
  expect((await quality('by=team&limit=1')).items).toMatchObject([{ name: 'web', alerts: 3 }])
  expect((await quality('by=team&limit=1')).more).toBe(true)
  const listed = (await world.call({ url: '/api/v1/alerts?rule=Full' })).json()
  expect(listed.items.map((each: { title: string }) => each.title)).toHaveLength(2)
})

test('silenced and ended at once, nobody was paged; a page after hours is one by the clocks of the zone', async () => {
  await world.call({
    method: 'POST',
    url: '/api/v1/silences',
    body: { sets: [[{ name: 'key', operator: '=', value: 'quiet' }]], endsAt: '2099-01-01T00:00:00Z', reason: 'work' },
  })
  await fire('quiet')
  await end('quiet')
  expect((await quality()).total).toMatchObject({ alerts: 1, pages: 0, pagesForNothing: 0, selfHealed: 1 })
  const february = 'from=2026-02-01T00:00:00Z&to=2026-03-01T00:00:00Z'
  // A Wednesday at 17:30 in London and 18:30 in Berlin, and a Saturday at noon.
  await world.owner.query(
    `update alert_outcomes set opened_at = '2026-02-04T17:00:00Z', told_at = '2026-02-04T17:30:00Z'`,
  )
  expect((await quality(`${february}&zone=Europe/London`)).total).toMatchObject({ pages: 1, pagesAfterHours: 0 })
  expect((await quality(`${february}&zone=Europe/Berlin`)).total).toMatchObject({ pagesAfterHours: 1 })
  await world.owner.query(`update alert_outcomes set told_at = '2026-02-07T12:00:00Z'`)
  expect((await quality(february)).total).toMatchObject({ pagesAfterHours: 1 })
})

test.each([
  ['zone=Moon/Crater', 422, 'alerts.unknown-zone'],
  ['from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z', 422, 'alerts.quality-span'],
  ['from=2024-02-01T00:00:00Z&to=2026-01-01T00:00:00Z', 422, 'alerts.quality-span'],
])('%s is refused', async (query, status, code) => {
  const reply = await world.call({ url: `/api/v1/alert-quality?${query}` })
  expect({ status: reply.statusCode, code: reply.json().code }).toEqual({ status, code })
})

test('rules that fired once and are quiet since', async () => {
  for (const rule of ['Old', 'New', 'Again']) {
    await fire(rule, { labels: { alertname: rule, service: 'checkout' } })
    await end(rule, { labels: { alertname: rule, service: 'checkout' } })
  }
  await world.owner.query(`update alert_outcomes set opened_at = opened_at - interval '100 days' where rule <> 'New'`)
  await fire('Again', { labels: { alertname: 'Again', service: 'checkout' } })
  expect((await quality()).quiet.map((each: { rule: string }) => each.rule)).toEqual(['Old'])
  expect((await quality()).items.map((each: { name: string }) => each.name).sort()).toEqual(['Again', 'New'])
})

test('a later end of the same alert moves its outcome and adds none', async () => {
  await fire('a')
  await end('a', { endsAt: await world.database.now() })
  await end('a', { endsAt: ((await world.database.now()) + 60_000) as never })
  const { rows } = await world.owner.query('select count(*)::int as n from alert_outcomes')
  expect(rows).toEqual([{ n: 1 }])
})

// What usually heals by itself waits first, where its service says so: told at latest when its pause is over, whoever
// died meanwhile; and what keeps beginning is marked.
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { automation } from '../../kernel/actor.ts'
import { applyDocuments } from '../catalog/index.ts'
import { catalogKinds } from '../catalog/kinds/kinds.ts'
import { type AlertsWorld, openAlertsWorld } from './alerts.fixture.ts'
import { tellDue } from './usecases/tell-alerts.ts'

let world: AlertsWorld
const minutes = 60_000
const patient = (name: string, more: object = {}) =>
  JSON.stringify({
    apiVersion: 'mainstay.dev/v1',
    kind: 'Service',
    metadata: { name, labels: { 'mainstay.dev/transient-pause': '5m', ...more } },
    spec: { team: 'web', tier: 2 },
  })
beforeAll(async () => {
  world = await openAlertsWorld('pause')
  await applyDocuments(
    world.needs,
    { kinds: () => catalogKinds, translators: [], mayChange: () => undefined },
    {
      documents: [patient('queue'), patient('cards', { 'mainstay.dev/transient-pause-critical': 'true' })].join(
        '\n---\n',
      ),
      actor: automation('test'),
    },
  )
})
afterAll(() => world.close())
beforeEach(() => world.clear())

const fire = (more: object = {}) =>
  world.receive([
    {
      dedupKey: 'q',
      service: 'queue',
      severity: 'warning',
      labels: { alertname: 'QueueLong', service: 'queue' },
      ...more,
    },
  ])
const heal = (more: object = {}) => fire({ status: 'resolved', ...more })

/** Episodes that are over, the newest an hour ago: how long each lasted, and whether it healed by itself. */
async function lived(lasted: readonly { readonly ms: number; readonly healed: boolean }[], more: object = {}) {
  for (const { ms, healed } of lasted) {
    await fire(more)
    const { rows } = await world.owner.query(`select id from alerts where status <> 'resolved'`)
    const url = `/api/v1/alerts/${rows[0]?.id}/acknowledge`
    if (!healed) await world.call({ method: 'POST', url })
    await heal(more)
    // The same as if the clock had gone on meanwhile.
    await world.owner.query(
      `update alerts set opened_at = opened_at - interval '3 hours', ended_at = opened_at - interval '3 hours' + make_interval(secs => $1) where id = $2`,
      [ms / 1_000, rows[0]?.id],
    )
    await world.owner.query(
      `update alerts set opened_at = opened_at - interval '1 minute', ended_at = ended_at - interval '1 minute' where status = 'resolved'`,
    )
  }
  world.asked.length = 0
}
const always = Array.from({ length: 10 }, () => ({ ms: 100_000, healed: true }))
const openId = async () => (await world.alerts()).find((each) => each.status !== 'resolved')?.id ?? ''
const later = (ms: number) => world.clock.forward(Math.ceil(ms))

test('it waits in words, and people are told when it did not heal', async () => {
  await lived(always)
  await fire()
  const id = await openId()
  expect(world.asked).toEqual([])
  const alert = (await world.call({ url: `/api/v1/alerts/${id}` })).json()
  expect(Date.parse(alert.pausedUntil) - Date.parse(alert.openedAt)).toBe(2 * minutes)
  expect(alert.trace.map((each: { because: string }) => each.because)).toContain(
    'It heals by itself within 2m in 10 of 10 times: people are told after 2m.',
  )
  await later(minutes)
  await world.tell()
  expect(world.asked).toEqual([])
  await later(minutes + 1_000)
  // Another process than the one that put it off.
  await tellDue({ ...world.needs }, world.ports)
  expect(world.asked).toEqual(['open queue'])
  expect((await world.trace(id)).slice(-3)).toEqual([
    'pause: over',
    'group: own page',
    expect.stringMatching(/^paging: /),
  ])
  expect((await world.call({ url: `/api/v1/alerts/${id}` })).json().pausedUntil).toBeNull()
  await world.tell()
  expect(world.asked).toEqual(['open queue'])
})

test('it heals within its pause and nobody is told; nor whoever took it meanwhile', async () => {
  await lived(always)
  await fire()
  const id = await openId()
  await later(minutes)
  await heal()
  await later(2 * minutes)
  await world.tell()
  expect(world.asked.filter((each) => each.startsWith('open'))).toEqual([])
  expect(await world.trace(id)).toContain('pause: healed')
  await fire()
  await world.call({ method: 'POST', url: `/api/v1/alerts/${await openId()}/acknowledge` })
  world.asked.length = 0
  await later(3 * minutes)
  await world.tell()
  expect(world.asked).toEqual([])
})

test('what gets worse while it waits is told at once, and what was never this bad does not wait', async () => {
  await lived(always)
  await fire()
  expect(world.asked).toEqual([])
  await fire({ severity: 'critical' })
  expect(world.asked.filter((each) => each.startsWith('open'))).toEqual(['open queue'])
  const of = { dedupKey: 'c', service: 'cards', labels: { alertname: 'CardsSlow', service: 'cards' } }
  await lived(always, of)
  await fire({ ...of, severity: 'critical' })
  expect(world.asked).toContain('open cards')
  expect(await world.trace(await idOf('c'))).toContain('pause: told now')
})
const idOf = async (key: string) =>
  (await world.alerts()).find((each) => each.key === key && each.status !== 'resolved')?.id ?? ''

test('critical ones wait only where the service says so', async () => {
  const cards = {
    dedupKey: 'c',
    service: 'cards',
    severity: 'critical',
    labels: { alertname: 'CardsSlow', service: 'cards' },
  }
  await lived(always, cards)
  await fire(cards)
  expect(world.asked).toEqual([])
  await world.clear()
  await lived(always, { severity: 'critical' })
  await fire({ severity: 'critical' })
  expect(world.asked).toEqual(['open queue'])
  expect((await world.trace(await openId())).filter((each) => each.startsWith('pause'))).toEqual([])
})

test('a service that says nothing tells at once', async () => {
  const of = { service: 'search', labels: { alertname: 'Slow', service: 'search' } }
  await lived(always, of)
  await fire(of)
  expect(world.asked).toEqual(['open search'])
})

test('what keeps beginning is marked, with or without a pause, and explained', async () => {
  const labels = { alertname: 'Slow', service: 'search', severity: 'warning' }
  const of = { service: 'search', labels }
  for (let times = 0; times < 4; times += 1) {
    await fire(of)
    await later(4 * minutes)
    await heal(of)
    await later(4 * minutes)
  }
  await fire(of)
  const alert = (await world.call({ url: `/api/v1/alerts/${await openId()}` })).json()
  expect(alert.flapping).toBe(true)
  expect(alert.trace.map((each: { because: string }) => each.because)).toContain(
    'It began 5 times in 2h: it is flapping until it has calmed.',
  )
  await heal(of)
  const explain = async () =>
    (await world.call({ method: 'POST', url: '/api/v1/signals/explain', body: { labels } })).json()
  expect((await explain()).trace.map((each: { rule: string }) => each.rule)).toContain('flapping')
  await later(150 * minutes)
  await fire(of)
  expect((await world.call({ url: `/api/v1/alerts/${await openId()}` })).json()).toMatchObject({ flapping: false })
  expect(await world.trace(await openId())).toContain('flapping: calm')
})

test('explained before it comes: after how long, and why', async () => {
  await lived(always)
  const labels = { alertname: 'QueueLong', service: 'queue' }
  const explained = await world.call({
    method: 'POST',
    url: '/api/v1/signals/explain',
    body: { labels, severity: 'warning' },
  })
  expect(explained.json().sentence).toMatch(/^After 2m, unless it healed: Team web/)
})

test('whatever came before, an alert that stays is told when its longest pause is over', async () => {
  const past = fc.array(fc.record({ ms: fc.integer({ min: 0, max: 900_000 }), healed: fc.boolean() }), {
    maxLength: 12,
  })
  await fc.assert(
    fc.asyncProperty(past, fc.integer({ min: 1, max: 4 }), async (episodes, looks) => {
      await world.clear()
      await lived(episodes)
      await fire()
      for (let look = 0; look < looks; look += 1) {
        await later((5 * minutes) / looks)
        await tellDue({ ...world.needs }, world.ports)
      }
      await later(1)
      await tellDue({ ...world.needs }, world.ports)
      expect(world.asked).toEqual(['open queue'])
    }),
    { numRuns: 6 },
  )
})

// Open alerts found by their labels among many, and labels that follow their alert.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { formatInstant } from '../../kernel/instant.ts'
import { type AlertsWorld, openAlertsWorld } from './alerts.fixture.ts'
import { listForPlan } from './alerts-plan.store.ts'
import { findOpenByFingerprint, listSources, readOpenAlerts } from './open-alerts.store.ts'
import { loadAlertsPlan } from './usecases/alerts-plan.ts'

let world: AlertsWorld
beforeAll(async () => {
  world = await openAlertsWorld('open_alerts')
})
afterAll(() => world.close())
beforeEach(() => world.clear())

const post = (alerts: readonly object[], as = 'key-one') =>
  world.call({ method: 'POST', url: '/api/v2/alerts', as, body: alerts })
const kept = async () =>
  (
    await world.owner.query(
      `select labels, labels = signal -> 'labels' and fingerprint = signal ->> 'fingerprint' and status <> 'resolved' as right
       from alert_labels join alerts on alerts.id = alert_id order by number`,
    )
  ).rows
const database = () => world.database

test('they come with the alert, follow what its sender says, and go with its end', async () => {
  const said = (labels: { readonly host: string }, status = 'firing') =>
    world.call({
      method: 'POST',
      url: '/api/v1/signals',
      as: 'key-one',
      body: { signals: [{ dedupKey: 'disk', summary: `Disk of ${labels.host} fills`, status, labels }] },
    })
  await said({ host: 'one' })
  await post([{ labels: { alertname: 'A', host: 'one' } }])
  expect(await kept()).toEqual([
    { labels: { host: 'one' }, right: true },
    { labels: { alertname: 'A', host: 'one' }, right: true },
  ])
  await said({ host: 'two' })
  expect((await kept())[0]).toEqual({ labels: { host: 'two' }, right: true })
  expect(await listSources(database(), [{ host: 'two' }])).toHaveLength(1)
  await said({ host: 'two' }, 'resolved')
  await post([{ labels: { alertname: 'A', host: 'one' }, endsAt: formatInstant(await world.database.now()) }])
  expect(await kept()).toEqual([])
})

test('a plan for the time without a database knows what they say now, and reads anew only what says something else', async () => {
  const said = (key: string, summary: string, status = 'firing') =>
    world.call({
      method: 'POST',
      url: '/api/v1/signals',
      as: 'key-one',
      body: { signals: [{ dedupKey: key, summary, status, annotations: { long: 'text' } }] },
    })
  const planned = async () => {
    const { alerts } = await loadAlertsPlan(database(), world.ports, await database().now())
    return new Map(alerts.map(({ episode: { signal } }) => [signal.key, signal]))
  }
  await said('disk', 'Disk fills')
  await said('queue', 'Queue grows')
  const before = await planned()
  expect([...before.values()].map((each) => [each.summary, each.annotations]).sort()).toEqual([
    ['Disk fills', {}],
    ['Queue grows', {}],
  ])
  await said('disk', 'Disk is full')
  const after = await planned()
  expect(after.get('disk')?.summary).toBe('Disk is full')
  expect(after.get('queue')?.labels).toBe(before.get('queue')?.labels)
  await said('queue', 'Queue grows', 'resolved')
  expect([...(await planned()).keys()]).toEqual(['disk'])
})

test('a plan that has not room for all holds those that began last, whichever was heard last', async () => {
  await world.owner.query(`
    with clock as materialized (select mainstay_now() as now),
    fresh as (
      insert into alerts (id, source, key, status, severity, worst, urgency, title, signal, started_at, last_seen_at)
      select ('0000000' || place || '-0000-7000-8000-000000000000')::uuid, 'one', place::text, 'firing', 'warning', 'warning', 'low', 'Many',
        jsonb_build_object('key', place::text, 'labels', '{}'::jsonb), now, now from generate_series(1, 4) as place, clock returning id, key)
    insert into alert_leases (alert_id, identity, content, last_seen_at, lease_until, lease_given, count)
    select id, gen_random_uuid(), gen_random_uuid(), now - make_interval(secs => key::int), null, null, 1 from fresh, clock`)
  const first = await listForPlan(database(), 3, new Map())
  expect(first.rows.map(({ key }) => key)).toEqual(['4', '3', '2'])
  await world.owner.query(`update alert_leases set last_seen_at = mainstay_now()`)
  const second = await listForPlan(database(), 3, first.signals)
  expect(second.rows.map(({ id, signal }) => signal === first.signals.get(id)?.signal)).toEqual([true, true, true])
})

test('by what they have at least; what no text can hold, none has', async () => {
  await post([
    { labels: { alertname: 'A', zone: 'x' } },
    { labels: { alertname: 'A', zone: 'y' } },
    { labels: { alertname: 'B', zone: 'y' } },
  ])
  const found = async (...probes: Record<string, string>[]) =>
    (await listSources(database(), probes)).map(({ labels }) => `${labels.alertname}${labels.zone}`).sort()
  expect(await found({ alertname: 'A' }, { zone: 'y' })).toEqual(['Ax', 'Ay', 'By'])
  expect(await found({ alertname: 'A', zone: 'y' })).toEqual(['Ay'])
  expect(await found({})).toHaveLength(3)
  expect(await found({ alertname: 'C' })).toEqual([])
  expect(await found({ alertname: 'A\u0000' }, { zone: '\ud800' })).toEqual([])
  expect(await found()).toEqual([])
  const strange = await world.call({ url: `/api/v2/alerts?filter=${encodeURIComponent('alertname="A\u0000"')}` })
  expect([strange.statusCode, strange.json()]).toEqual([200, []])
})

test('of two senders of the same labels the one heard last, once', async () => {
  const alert = { labels: { alertname: 'Twice' } }
  await post([{ ...alert, annotations: { summary: 'first' } }])
  await post([{ ...alert, annotations: { summary: 'second' } }], 'key-two')
  const shown = (await world.call({ url: '/api/v2/alerts' })).json()
  expect(shown.map((each: { annotations: object }) => each.annotations)).toEqual([{ summary: 'second' }])
  const row = await findOpenByFingerprint(database(), shown[0].fingerprint)
  expect(row?.signal.annotations).toEqual({ summary: 'second' })
})

// More than are read at once, twice over, and of each set of labels those of two senders.
const many = 5_600

test('thousands are shown whole, each once, in the order of fingerprints', { timeout: 120_000 }, async () => {
  await world.owner.query(`
    with clock as materialized (select mainstay_now() as now),
    fresh as (
      insert into alerts (id, source, key, status, severity, worst, urgency, title, signal, started_at, last_seen_at)
      select gen_random_uuid(), sender, place::text, 'firing', 'warning', 'warning', 'low', 'Many',
        jsonb_build_object('fingerprint', lpad(to_hex(place * 7919), 16, '0'), 'labels', jsonb_build_object('alertname', 'Many', 'place', place::text, 'half', (place % 2)::text), 'annotations', '{}'::jsonb, 'links', '[]'::jsonb),
        now, now + make_interval(secs => case sender when 'one' then 1 else 0 end)
      from generate_series(1, ${many}) as place, unnest(array['one', 'two']) as sender, clock returning id, signal)
    insert into alert_labels (alert_id, fingerprint, labels) select id, signal ->> 'fingerprint', signal -> 'labels' from fresh`)
  const shown: { fingerprint: string; labels: { place: string } }[] = (
    await world.call({ url: '/api/v2/alerts' })
  ).json()
  const order = shown.map(({ fingerprint }) => fingerprint)
  expect(new Set(shown.map(({ labels }) => labels.place)).size).toBe(many)
  expect(order).toEqual([...new Set(order)].sort())
  const pages: number[] = []
  const newest = (await world.owner.query(`select max(last_seen_at) as at from alerts`)).rows[0].at.getTime()
  for (const having of [{ alertname: 'Many' }, {}]) {
    const names: string[] = []
    for await (const page of readOpenAlerts(database(), having)) {
      pages.push(page.length)
      names.push(...page.map((row) => row.fingerprint))
      // That of sender one, who was heard last.
      expect(page.every((row) => row.lastSeenAt === newest)).toBe(true)
    }
    expect(names).toEqual(order)
  }
  expect(Math.max(...pages)).toBeLessThan(1_000)
  expect((await world.call({ url: '/api/v2/alerts?filter=place%3D77' })).json()).toHaveLength(1)
  const groups = (await world.call({ url: '/api/v2/alerts/groups?filter=place%3D~%225..%22' })).json()
  expect(groups.flatMap((each: { alerts: unknown[] }) => each.alerts)).toHaveLength(100)
})

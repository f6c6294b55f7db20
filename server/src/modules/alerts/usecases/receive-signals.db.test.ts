import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { minute } from '../../../kernel/duration.ts'
import { instant, plus } from '../../../kernel/instant.ts'
import { type AlertsWorld, ana, openAlertsWorld, signalOf } from '../alerts.fixture.ts'
import type { SignalDraft } from '../core/index.ts'
import { acknowledgeAlert } from './acknowledge-alerts.ts'
import { resolveAlert, snoozeAlert } from './answer-alert.ts'
import { intakeActor, receiveInTransaction, receiveSignals } from './receive-signals.ts'
import { sweepAlerts } from './sweep-alerts.ts'
import { tellDue } from './tell-alerts.ts'

let world: AlertsWorld
beforeAll(async () => {
  world = await openAlertsWorld('alerts receive')
})
afterAll(() => world.close())
beforeEach(() => world.clear())

const start = instant(Date.UTC(2026, 2, 1, 3))
const counts = (more: object) => ({ opened: 0, refreshed: 0, resolved: 0, ignored: 0, ...more })

test('a problem is opened once, refreshed without a page, and ends with its reasons', async () => {
  await world.clock.set(start)
  const labels = { alertname: 'ErrorRateHigh', region: 'eu' }
  expect(await world.receive([{ labels, summary: 'One in ten fails' }])).toEqual(counts({ opened: 1 }))
  const now = await world.clock.forward(minute)
  expect(await world.receive([{ labels, summary: 'One in ten fails', startsAt: start }])).toEqual(
    counts({ refreshed: 1 }),
  )
  const open = await world.only()
  expect(open).toMatchObject({
    ...{ status: 'firing', severity: 'critical', urgency: 'high', service: 'checkout', team: 'web', tier: 0, count: 2 },
    ...{ title: 'One in ten fails', startedAt: start, openedAt: start, lastSeenAt: now, version: 1 },
  })
  expect(await world.receive([{ status: 'resolved', endsAt: now }])).toEqual(counts({ resolved: 1 }))
  const over = await world.only()
  expect(over).toMatchObject({ status: 'resolved', ended: 'resolved', endedAt: now, count: 3 })
  expect(over.signal.labels).toEqual(labels)
  expect(await world.trace(over.id)).toEqual([
    ...[
      'identity: test:k',
      'state: open',
      'service: checkout',
      'urgency: high',
      'silence: heard',
      'group: own page',
      'paging: paged',
    ],
    ...['identity: test:k', 'state: close'],
  ])
  expect(await world.journal(over.id)).toEqual(['alert.opened', 'alert.resolved'])
  expect(world.asked).toEqual(['open checkout', 'resolve checkout resolved'])
})

test('a clock that goes back an hour: what opens then is the alert that is repeated and that ends', async () => {
  const later = plus(start, 60 * minute)
  await world.clock.set(later)
  await world.receive([{}])
  await world.receive([{ status: 'resolved', endsAt: later }])
  await world.clock.set(start)
  expect(await world.receive([{}])).toEqual(counts({ opened: 1 }))
  expect(await world.receive([{ summary: 'Still failing' }])).toEqual(counts({ refreshed: 1 }))
  expect(await world.receive([{ status: 'resolved', endsAt: start }])).toEqual(counts({ resolved: 1 }))
})

test('what changed is kept, and only a worse one is told again', async () => {
  await world.receive([{ severity: 'warning', summary: 'slow' }])
  await world.receive([{ severity: 'critical', summary: 'slower' }])
  await world.receive([{ severity: 'warning', summary: 'slow again' }])
  await world.receive([{ severity: 'critical', summary: 'slower' }])
  const alert = await world.only()
  expect(alert).toMatchObject({ severity: 'critical', worst: 'critical', urgency: 'high', title: 'slower', count: 4 })
  expect(world.asked).toEqual(['open checkout', 'raise checkout Severity rose from warning to critical.'])
  expect(await world.journal(alert.id)).toEqual(['alert.opened', 'alert.worsened'])
})

test.each([
  { service: 'search', severity: 'critical', urgency: 'high', tier: 2, owner: 'web' },
  { service: 'search', severity: 'warning', urgency: 'low', tier: 2, owner: 'web' },
  { service: 'report', severity: 'critical', urgency: 'low', tier: 3, owner: null },
  { service: 'nowhere', severity: 'critical', urgency: 'high', tier: null, owner: null },
])('$severity on $service is of $urgency urgency', async ({ service, severity, urgency, tier, owner }) => {
  await world.receive([{ service, severity }])
  const alert = await world.only()
  expect([alert.urgency, alert.tier, alert.team, alert.service]).toEqual([
    ...[urgency, tier, owner, tier === null ? null : service],
  ])
  // The sender's own word is kept beside what the catalog knows.
  expect(alert.signal.service).toBe(service)
})

test('two processes that hear of the same new problems open each once', async () => {
  const keys = Array.from({ length: 40 }, (_, index) => `k${index}`)
  const batch = keys.map((dedupKey) => ({ dedupKey }))
  const results = await Promise.all([world.receive(batch), world.receive([...batch].reverse()), world.receive(batch)])
  const sum = (of: 'opened' | 'refreshed') => results.reduce((total, each) => total + each[of], 0)
  expect([sum('opened'), sum('refreshed')]).toEqual([40, 80])
  const alerts = await world.alerts()
  expect(alerts.map((each) => each.key).sort()).toEqual([...keys].sort())
  expect(alerts.every((each) => each.count === 3)).toBe(true)
})

test('1,000 signals are one transaction: all or none', async () => {
  const many = Array.from({ length: 1_000 }, (_, index) => ({ dedupKey: `m${index}`, severity: 'warning' }))
  expect(await world.receive(many)).toEqual(counts({ opened: 1_000 }))
  expect(await world.receive(many)).toEqual(counts({ refreshed: 1_000 }))
  const journal = { ...world.needs.journal, publishAll: () => Promise.reject(new Error('The journal is broken.')) }
  const [template] = await world.alerts()
  const signals = [{ ...(template?.signal ?? never()), key: 'fresh', service: 'search', startsAt: start, endsAt: null }]
  await expect(
    receiveSignals({ ...world.needs, journal }, world.ports, {
      source: 'test',
      signals,
      policy: { assumedLeaseMs: null },
      actor: ana,
    }),
  ).rejects.toThrow('The journal is broken.')
  expect(await world.alerts()).toHaveLength(1_000)
})

test('a page that cannot be made holds nobody else up, and is made as soon as it can be', async () => {
  const open = world.ports.paging.open
  const failing: typeof open = (tx, alert) =>
    alert.service === 'search' ? Promise.reject(new Error('The pager is broken.')) : open(tx, alert)
  const broken = { ...world.ports, paging: { ...world.ports.paging, open: failing } }
  const now = await world.database.now()
  const signals = ['search', 'checkout', 'report'].map((service) =>
    signalOf({ dedupKey: service, service, severity: 'critical' }, now),
  )
  const policy = { assumedLeaseMs: null }
  await receiveSignals(world.needs, broken, { source: 'test', signals, policy, actor: ana })
  await tellDue(world.needs, broken)
  expect([...world.asked].sort()).toEqual(['open checkout', 'open report'])
  // Whoever died meanwhile, and whoever asks twice: the turn is in the database.
  await tellDue(world.needs, world.ports)
  expect(world.asked).toHaveLength(2)
  await world.clock.forward(2_000)
  await Promise.all([tellDue(world.needs, world.ports), tellDue(world.needs, world.ports)])
  expect([...world.asked].sort()).toEqual(['open checkout', 'open report', 'open search'])
})

test('a round that ends with people still waiting leaves a job as old as their wait', async () => {
  const came = await world.database.now()
  const signals = Array.from({ length: 40 }, (_, index) =>
    signalOf({ dedupKey: `k${index}`, service: 'checkout', severity: 'critical' }, came),
  )
  await receiveSignals(world.needs, world.ports, {
    ...{ source: 'test', signals, policy: { assumedLeaseMs: null }, actor: ana },
  })
  await world.owner.query("delete from due_work where kind = 'alerts.tell'")
  await world.clock.forward(9_000)
  await tellDue(world.needs, world.ports, 0)
  const left = await world.owner.query(
    "select count(*)::int as jobs, min(mainstay_now() - due_at) >= interval '9 seconds' as old, (select count(*)::int from alert_turns) as waiting from due_work where kind = 'alerts.tell'",
  )
  expect(left.rows).toEqual([{ jobs: 1, old: true, waiting: 8 }])
  await tellDue(world.needs, world.ports)
  const after = await world.owner.query('select count(*)::int as waiting from alert_turns')
  expect(after.rows).toEqual([{ waiting: 0 }])
})

test('the worst are told first; what ended, or was taken, before its turn wakes nobody', async () => {
  const now = await world.database.now()
  const policy = { assumedLeaseMs: null }
  const send = (drafts: readonly Partial<SignalDraft>[]) =>
    receiveSignals(world.needs, world.ports, {
      source: 'test',
      signals: drafts.map((draft) => signalOf({ dedupKey: draft.service ?? 'none', ...draft }, now)),
      policy,
      actor: ana,
    })
  const mild = Array.from({ length: 50 }, (_, index) => ({
    service: `elsewhere-${index}`,
    severity: 'info',
  }))
  await send(mild)
  await send([
    { service: 'checkout', severity: 'critical' },
    { service: 'search', severity: 'critical' },
    { service: 'report', severity: 'critical' },
  ])
  await send([{ service: 'search', status: 'resolved', startsAt: now, endsAt: now }])
  const report = (await world.alerts()).find((each) => each.service === 'report') ?? never()
  await acknowledgeAlert(world.needs, world.ports, { alertId: report.id, actor: ana, by: 'ana' })
  world.asked.length = 0
  await tellDue(world.needs, world.ports)
  expect(world.asked[0]).toBe('open checkout')
  expect(world.asked.filter((each) => each.startsWith('open'))).toHaveLength(51)
  expect(await world.trace(report.id)).toContain('paging: answered')
})

const never = (): never => {
  throw new Error('There is an alert.')
}

test('within a batch a later signal sees what an earlier one did', async () => {
  expect(
    await world.receive([
      {},
      { severity: 'critical' },
      { status: 'resolved' },
      {},
      { status: 'resolved' },
      { status: 'resolved' },
    ]),
  ).toEqual(counts({ opened: 2, refreshed: 1, resolved: 2, ignored: 1 }))
  const alerts = await world.alerts()
  expect(alerts.map((each) => [each.status, each.count])).toEqual([
    ['resolved', 2],
    ['resolved', 3],
  ])
})

test('a batch that says the same twice counts both; one that says two things is looked at in its order', async () => {
  await world.clock.set(start)
  const said = { summary: 'One in ten fails', startsAt: start, endsAt: plus(start, minute) }
  await world.receive([said])
  expect(await world.receive([said, said])).toEqual(counts({ refreshed: 2 }))
  expect((await world.only()).count).toBe(3)
  const longer = { ...said, endsAt: plus(start, 2 * minute) }
  expect(await world.receive([longer, said])).toEqual(counts({ refreshed: 2 }))
  expect(await world.only()).toMatchObject({ count: 5, leaseUntil: plus(start, 2 * minute) })
})

test('of two ends in one batch the later one holds, and every signal counts', async () => {
  await world.clock.set(start)
  await world.receive([{ startsAt: start }])
  await world.clock.forward(5 * minute)
  const resolved = (at: number) => ({ status: 'resolved', startsAt: start, endsAt: plus(start, at) }) as const
  await world.receive([{ startsAt: start }, resolved(minute), resolved(4 * minute)])
  expect(await world.only()).toMatchObject({ status: 'resolved', endedAt: plus(start, 4 * minute), count: 3 })
})

test('an end that nobody gave is known when it is known better', async () => {
  await world.clock.set(start)
  await world.receive([{ endsAt: plus(start, 4 * minute) }])
  await world.clock.forward(5 * minute)
  expect(await sweepAlerts(world.needs, world.ports)).toBe(1)
  await tellDue(world.needs, world.ports)
  expect(await world.only()).toMatchObject({ ended: 'expired', endedAt: plus(start, 4 * minute) })
  expect(await world.receive([{ status: 'resolved', startsAt: start, endsAt: plus(start, 2 * minute) }])).toEqual(
    counts({ refreshed: 1 }),
  )
  const alert = await world.only()
  expect(alert).toMatchObject({ ended: 'resolved', endedAt: plus(start, 2 * minute) })
  expect(world.asked).toEqual(['open checkout', 'resolve checkout expired'])
  expect(await world.journal(alert.id)).toEqual(['alert.opened', 'alert.expired'])
})

test('a sender that falls silent ends its alerts in its own way', async () => {
  await world.clock.set(start)
  await world.receive([{}], { assumedLeaseMs: 5 * minute })
  await world.clock.forward(4 * minute)
  await world.receive([{}], { assumedLeaseMs: 5 * minute })
  await world.clock.forward(4 * minute)
  expect(await sweepAlerts(world.needs, world.ports)).toBe(0)
  await world.clock.forward(minute)
  expect(await sweepAlerts(world.needs, world.ports)).toBe(1)
  expect(await world.only()).toMatchObject({ ended: 'silent', endedAt: plus(start, 9 * minute), count: 2 })
})

test('a lease that runs out while the sweep looks ends the alert and never takes an answer away', async () => {
  await world.clock.set(start)
  await world.receive([{ endsAt: plus(start, minute) }])
  await acknowledgeAlert(world.needs, world.ports, { alertId: (await world.only()).id, actor: ana, by: 'ana' })
  // Each look at this clock is a millisecond later than the last one, and the first is just before the end.
  await world.owner.query('create sequence ticks minvalue 0; grant usage on sequence ticks to public')
  await world.owner.query(`
    create or replace function mainstay_now() returns timestamptz language sql volatile as
    $$select '${new Date(start + minute - 1).toISOString()}'::timestamptz + nextval('public.ticks') * interval '1 ms'$$`)
  for (let round = 0; round < 3; round += 1) await sweepAlerts(world.needs, world.ports)
  const alert = await world.only()
  expect([alert.answeredBy, alert.ended]).toEqual(['ana', 'expired'])
  expect(await world.journal(alert.id)).toEqual(['alert.opened', 'alert.acknowledged', 'alert.expired'])
  await world.owner.query(`
    create or replace function mainstay_now() returns timestamptz language sql stable parallel safe as
    'select coalesce((select at from public.test_clock limit 1), date_trunc(''milliseconds'', clock_timestamp()))'`)
})

test('a snooze ends by itself, and the alert is back', async () => {
  await world.clock.set(start)
  await world.receive([{}])
  const { id } = await world.only()
  await snoozeAlert(world.needs, world.ports, { alertId: id, actor: ana, by: 'ana', forMs: 10 * minute })
  await world.clock.forward(9 * minute)
  expect(await sweepAlerts(world.needs, world.ports)).toBe(0)
  await world.clock.forward(minute)
  expect(await sweepAlerts(world.needs, world.ports)).toBe(1)
  const alert = await world.only()
  expect(alert).toMatchObject({ status: 'firing', answeredBy: null, snoozedUntil: null, acknowledgedAt: start })
  expect(await world.journal(id)).toEqual(['alert.opened', 'alert.snoozed', 'alert.woken'])
})

test('what a person closed opens anew when the sender goes on', async () => {
  await world.receive([{}])
  await resolveAlert(world.needs, world.ports, {
    alertId: (await world.only()).id,
    actor: ana,
    by: 'ana',
    note: 'A test.',
  })
  expect(await world.receive([{}])).toEqual(counts({ opened: 1 }))
  expect((await world.alerts()).map((each) => [each.status, each.ended])).toEqual([
    ['firing', null],
    ['resolved', 'closed'],
  ])
  expect(world.asked).toEqual(['open checkout', 'resolve checkout closed', 'open checkout'])
})

test('what is written down for an earlier time is judged by that time', async () => {
  await world.clock.set(start)
  const at = plus(start, -10 * minute)
  const take = (more: Partial<SignalDraft>) =>
    world.database.transaction((tx) =>
      receiveInTransaction({ ...tx, now: async () => at }, world.needs, world.ports, {
        ...{ at, source: 'test', policy: { assumedLeaseMs: 5 * minute }, actor: intakeActor },
        signals: [signalOf({ startsAt: at, ...more }, at)],
      }),
    )
  await take({})
  const leaseUntil = plus(at, 5 * minute)
  expect(await world.only()).toMatchObject({ status: 'firing', startedAt: at, lastSeenAt: at, leaseUntil })
})

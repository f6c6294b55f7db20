// One page for one failure, against the database: who is told, who takes what, and that nobody is ever forgotten.
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { automation } from '../../kernel/actor.ts'
import { AppError } from '../../kernel/app-error.ts'
import { minute } from '../../kernel/duration.ts'
import { plus } from '../../kernel/instant.ts'
import type { AlertSeverity } from '../../kernel/severity.ts'
import { applyDocuments } from '../catalog/index.ts'
import { catalogKinds } from '../catalog/kinds/kinds.ts'
import { type AlertsWorld, ana, openAlertsWorld } from './alerts.fixture.ts'
import type { AlertRow } from './alerts.store.ts'
import { spreadLimit } from './core/index.ts'
import { acknowledgeAlert, acknowledgeAlerts } from './usecases/acknowledge-alerts.ts'
import { noteResumed, snoozeAlert, unacknowledgeAlert } from './usecases/answer-alert.ts'
import { createSilence, expireSilence } from './usecases/silence-alerts.ts'
import { sweep } from './usecases/sweep.ts'

let world: AlertsWorld
beforeAll(async () => {
  world = await openAlertsWorld('page_groups')
})
afterAll(() => world.close())
beforeEach(() => world.clear())

const fire = (key: string, more: { service?: string; severity?: AlertSeverity } = {}) =>
  world.receive([{ dedupKey: key, labels: { key }, summary: key, ...more }])
const end = (key: string) => world.receive([{ dedupKey: key, status: 'resolved' }])
const of = async (key: string): Promise<AlertRow> => {
  const row = (await world.alerts()).find((each) => each.key === key)
  if (row === undefined) throw new Error(`No alert ${key}.`)
  return row
}
const by = (row: AlertRow) => ({ alertId: row.id, actor: ana, by: 'ana' })

test('three alerts of one service are one page; whoever takes one has all, and each says so', async () => {
  await Promise.all([fire('a'), fire('b'), fire('c')])
  await world.regroup()
  expect(world.asked[0]).toBe('open checkout')
  expect(world.asked.filter((each) => each.startsWith('open'))).toHaveLength(1)
  expect(world.asked.at(-1)).toMatch(/and 2 more$/)
  const rows = await world.alerts()
  const leader = rows.find((row) => row.pagedWith === null)
  const follower = rows.find((row) => row.pagedWith !== null)
  if (leader === undefined || follower === undefined) throw new Error('Nobody joined.')
  expect(rows.filter((row) => row.pagedWith === leader.id && row.pagedWithNumber === leader.number)).toHaveLength(2)
  expect(await world.trace(follower.id)).toContain('group: joins')
  await acknowledgeAlert(world.needs, world.ports, by(follower))
  expect((await world.alerts()).map((row) => `${row.status} ${row.answeredBy}`)).toEqual(
    Array(3).fill('acknowledged ana'),
  )
  for (const row of rows) expect(await world.trace(row.id)).toContain('answer: acknowledged')
})

// On a fast machine pages of one batch are made within the same millisecond: with the clock standing, all of them are.
test.each(['runs', 'stands'])(
  'a rule that fires for many services of the same people pages them a few times, then says with one page what else fails (the clock %s)',
  async (goes) => {
    if (goes === 'stands') await world.clock.set(await world.clock.now())
    const everyone = { kinds: () => catalogKinds, translators: [], mayChange: () => undefined }
    const names = Array.from({ length: spreadLimit + 6 }, (_, index) => `hall-${index}`)
    const documents = names
      .map((name) =>
        JSON.stringify({
          ...{ apiVersion: 'mainstay.dev/v1', kind: 'Service' },
          metadata: { name },
          spec: { team: 'web', tier: 2 },
        }),
      )
      .join('\n---\n')
    await applyDocuments(world.needs, everyone, { documents, actor: automation('test') })
    const down = (service: string, rule = 'Unreachable') => ({
      ...{ service, dedupKey: `${service} ${rule}`, summary: `${service} is unreachable` },
      ...{ severity: 'critical' as const, labels: { alertname: rule, service } },
    })
    await world.receive(names.slice(0, -2).map((name) => down(name)))
    for (const name of names.slice(-2)) await world.receive([down(name)])
    await world.regroup()
    const rows = await world.alerts()
    const alone = rows.filter((row) => row.pagedWith === null)
    expect(alone).toHaveLength(spreadLimit)
    const joined = rows.filter((row) => row.pagedWith !== null)
    expect(new Set(joined.map((row) => row.pagedWith)).size).toBe(1)
    expect(await world.trace(joined[0]?.id ?? '')).toContain('group: joins')
    expect(world.asked.at(-1)).toMatch(/and 6 more$/)
    // The page is about its own service as before: what else happens to the others is told by itself.
    await world.receive([down(names.at(-1) ?? '', 'DiskFull')])
    expect((await of(`${names.at(-1)} DiskFull`)).pagedWith).toBeNull()
    // Whoever takes it has all that is on it.
    await acknowledgeAlert(world.needs, world.ports, by(joined[0] ?? (await of('none'))))
    expect((await world.alerts()).filter((row) => row.status === 'acknowledged')).toHaveLength(7)
  },
)

test('many that share pages are taken once each, and one that another room refuses keeps no other from it', async () => {
  await Promise.all([fire('a'), fire('b'), fire('c'), fire('z', { service: 'search' })])
  await world.regroup()
  const rows = await world.alerts()
  expect(rows.filter((row) => row.pagedWith === null)).toHaveLength(2)
  const apart = await of('z')
  const { paging } = world.ports
  const ports = {
    ...world.ports,
    paging: {
      ...paging,
      acknowledge: async (...call: Parameters<typeof paging.acknowledge>) => {
        if (call[1] === apart.id) throw new AppError('conflict', 'oncall.page-over', 'This page is over.')
        await paging.acknowledge(...call)
      },
    },
  }
  const ids = rows.map((row) => row.id)
  const taken = await acknowledgeAlerts(world.needs, ports, [...ids, ...ids], { actor: ana, by: 'ana' })
  expect(taken.done.map((row) => row.key).sort()).toEqual(['a', 'b', 'c'])
  expect(taken.refused.map(({ id, error }) => [id, error.code])).toEqual([[apart.id, 'oncall.page-over']])
  expect((await of('z')).status).toBe('firing')
  await acknowledgeAlerts(world.needs, world.ports, [apart.id], { actor: ana, by: 'ana', useful: true })
  for (const { key, status, answeredBy } of await world.alerts())
    expect([key, status, answeredBy]).toEqual([key, 'acknowledged', 'ana'])
  expect((await of('z')).useful).toBe(true)
})

test('of what fails at one moment the page speaks of what the others depend on', async () => {
  await world.receive([
    { dedupKey: 'a', service: 'shop', summary: 'the shop' },
    { dedupKey: 'b', service: 'checkout', summary: 'the checkout' },
  ])
  await world.regroup()
  expect(world.asked.filter((each) => each.startsWith('open'))).toEqual(['open checkout'])
  expect((await of('a')).pagedWith).toBe((await of('b')).id)
})

test('what is worse, or somebody else’s, is told by itself', async () => {
  await fire('a', { severity: 'warning' })
  await fire('b', { severity: 'critical' })
  await fire('c', { service: 'report' })
  expect(world.asked).toEqual(['open checkout', 'open checkout', 'open report'])
})

test('the first one ends: its page goes on for the others, keeps what it is, and ends with the last', async () => {
  await fire('a')
  await fire('b')
  await fire('c')
  await end('a')
  await world.regroup()
  expect(world.asked).toEqual(['open checkout', 'describe checkout as b and 1 more'])
  expect(await world.trace((await of('b')).id)).toContain('group: goes on')
  await end('b')
  await world.regroup()
  await end('c')
  await world.regroup()
  expect(world.asked.slice(2)).toEqual(['describe checkout as c and 0 more', 'resolve checkout resolved'])
  await fire('a')
  expect(world.asked.at(-1)).toBe('open checkout')
})

test('given back by one that joined: a page of its own; by the first: the page goes on for all', async () => {
  await fire('a')
  await fire('b')
  await acknowledgeAlert(world.needs, world.ports, by(await of('a')))
  await unacknowledgeAlert(world.needs, world.ports, by(await of('b')))
  expect(world.asked).toEqual(['open checkout', 'acknowledge checkout ana', 'open checkout'])
  expect(await of('a')).toMatchObject({ status: 'acknowledged' })
  expect(await of('b')).toMatchObject({ status: 'firing', pagedWith: null })
  await fire('c')
  await unacknowledgeAlert(world.needs, world.ports, by(await of('a')))
  expect((await world.alerts()).map((row) => row.status)).toEqual(['firing', 'firing', 'firing'])
})

test('put off alone: the page goes on for the others, and it has its own when its time comes', async () => {
  await fire('a')
  await fire('b')
  await snoozeAlert(world.needs, world.ports, { ...by(await of('b')), forMs: minute })
  await world.regroup()
  expect(world.asked).toEqual(['open checkout', 'describe checkout as a and 0 more'])
  await world.clock.forward(minute)
  await sweep(world.needs, world.ports)
  expect(world.asked.at(-1)).toBe('open checkout')
})

test('put off until a time that has come when its page is looked at: the sweep wakes it, nothing is put off into the past', async () => {
  await fire('a')
  await fire('b')
  await snoozeAlert(world.needs, world.ports, { ...by(await of('a')), forMs: minute })
  await end('b')
  await world.clock.forward(2 * minute)
  await world.regroup()
  expect(world.asked.filter((each) => each.startsWith('snooze'))).toEqual([])
  await sweep(world.needs, world.ports)
  expect(await of('a')).toMatchObject({ status: 'firing' })
})

test('rising above what the page said leaves it, answered or not', async () => {
  await fire('a', { severity: 'warning' })
  await fire('b', { severity: 'warning' })
  await acknowledgeAlert(world.needs, world.ports, by(await of('a')))
  await fire('b', { severity: 'critical' })
  expect(await of('b')).toMatchObject({ status: 'firing', pagedWith: null, urgency: 'high' })
  expect(world.asked).toEqual(['open checkout', 'acknowledge checkout ana', 'open checkout'])
})

test('joined a moment after somebody took the first: it is theirs, and says so', async () => {
  await fire('a')
  await acknowledgeAlert(world.needs, world.ports, by(await of('a')))
  await world.clock.forward(5 * minute)
  await fire('b')
  expect(await of('b')).toMatchObject({ status: 'acknowledged', answeredBy: 'ana' })
  expect(await world.journal((await of('b')).id)).toEqual(['alert.opened', 'alert.acknowledged'])
  await world.clock.forward(11 * minute)
  await fire('c')
  expect(await of('c')).toMatchObject({ status: 'firing', pagedWith: null })
})

type Step = { readonly kind: string; readonly key: string }
const kinds = [
  'fire',
  'fire',
  'worse',
  'end',
  'ack',
  'unack',
  'snooze',
  'silence',
  'unsilence',
  'sweep',
  'regroup',
  'wait',
  'timeout',
]
const anyStep = fc.record({ kind: fc.constantFrom(...kinds), key: fc.constantFrom('a', 'b', 'c', 'd') })

/** Runs one step; what is refused (it ended, nobody has it) changes nothing. */
async function take({ kind, key }: Step, silences: string[]): Promise<void> {
  const { needs, ports } = world
  const row = (await world.alerts()).find((each) => each.key === key && each.status !== 'resolved')
  if (kind === 'fire' || kind === 'worse') {
    const severity = kind === 'worse' ? 'critical' : 'warning'
    await fire(key, { severity, service: key === 'd' ? 'search' : 'checkout' })
  }
  if (kind === 'sweep') await sweep(needs, ports)
  if (kind === 'regroup') await world.regroup()
  if (kind === 'wait') await world.clock.forward(4 * minute)
  if (kind === 'silence') {
    const now = await needs.database.now()
    const sets = [[{ name: 'key', operator: '=' as const, value: key }]]
    const order = { sets, startsAt: null, endsAt: plus(now, 10 * minute), reason: 'work', actor: ana, by: 'ana' }
    silences.push((await createSilence(needs, ports, order)).id)
  }
  if (kind === 'unsilence') {
    const id = silences.pop()
    if (id !== undefined) await expireSilence(needs, ports, { id, actor: ana }).catch(() => undefined)
  }
  if (row === undefined) return
  if (kind === 'end') await end(key)
  if (kind === 'ack') await acknowledgeAlert(needs, ports, by(row))
  if (kind === 'unack') await unacknowledgeAlert(needs, ports, by(row)).catch(() => undefined)
  if (kind === 'snooze') await snoozeAlert(needs, ports, { ...by(row), forMs: 3 * minute })
  const group = row.pagedWith ?? row.id
  if (kind === 'timeout' && (await ports.paging.standing(needs.database, group)) === 'acknowledged') {
    // As oncall does when an acknowledgement timed out: it pages, and says so.
    await needs.database.transaction((tx) => ports.paging.unacknowledge(tx, group, 'time'))
    await noteResumed(needs, ports, group)
  }
}

test('no alert that should be heard is ever without a page that goes on, or somebody who has it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { minLength: 4, maxLength: 24 }), async (steps) => {
      await world.clear()
      const silences: string[] = []
      for (const step of steps) await take(step, silences)
      await world.regroup()
      await sweep(world.needs, world.ports)
      for (const row of await world.alerts()) {
        if (row.status === 'resolved' || row.silencedBy !== null) continue
        const standing = await world.ports.paging.standing(world.database, row.pagedWith ?? row.id)
        const heard = {
          firing: ['escalating', ...(row.urgency === 'low' ? ['assigned'] : [])],
          acknowledged: ['acknowledged', 'escalating'],
          snoozed: ['snoozed', 'none', 'escalating', 'acknowledged', 'assigned'],
          resolved: [],
        }[row.status]
        expect(heard, `${row.key} is ${row.status}, its page ${standing}`).toContain(standing)
      }
    }),
    { numRuns: 60, seed: 7 },
  )
}, 120_000)

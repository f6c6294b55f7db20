// Two at once: who waits for whom, and that nobody is told twice or forgotten.
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { minute, second } from '../../kernel/duration.ts'
import { type Instant, plus } from '../../kernel/instant.ts'
import type { Database } from '../../platform/database/database.ts'
import { sql } from '../../platform/database/queries.ts'
import { type AlertsWorld, openAlertsWorld, signalOf } from './alerts.fixture.ts'
import { lockAlerts } from './alerts.store.ts'
import { takeTurns } from './turns.store.ts'
import { flushDue } from './usecases/flush-groups.ts'
import { intakeActor, receiveSignals } from './usecases/receive-signals.ts'
import { tellDue } from './usecases/tell-alerts.ts'
import { untilTold } from './usecases/until-told.ts'

let world: AlertsWorld
beforeAll(async () => {
  world = await openAlertsWorld('at-the-same-time')
})
afterAll(() => world.close())
let start: Instant
beforeEach(async () => {
  await world.clear()
  start = await world.database.now()
  await world.clock.set(start)
})

const text = `
route: {receiver: pager, group_by: [alertname], group_wait: 30s, group_interval: 5m, repeat_interval: 4h}
receivers: [{name: pager, webhook_configs: [{url: 'http://hook.example'}]}]
`
const take = (more: object = {}) =>
  world.call({ method: 'PUT', url: '/api/v1/routing', as: 'ada', body: { text, ...more } })
const draft = (id: string, severity = 'warning') => ({
  ...{ dedupKey: id, service: null, summary: id, severity, startsAt: null },
  labels: { alertname: 'Down', id },
})
/** Taken in, and nobody is told yet. */
const takenIn = async (...drafts: ReturnType<typeof draft>[]) =>
  receiveSignals(world.needs, world.ports, {
    ...{ source: 'test', policy: { assumedLeaseMs: null }, actor: intakeActor },
    signals: drafts.map((each) => signalOf(each, start)),
  })
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
const opened = () => world.asked.filter((each) => each.startsWith('open')).map((each) => each.slice(5))

test('a flush waits for nobody who holds an alert', async () => {
  await take()
  await world.receive([draft('A')])
  await world.clock.set(plus(start, 30 * second))
  const { id } = await world.only()
  await world.database.transaction(async (tx) => {
    await lockAlerts(tx, [id])
    await flushDue(world.needs, world.ports)
  })
  await world.tell()
  expect(opened()).toEqual(['A'])
})

test('whoever hurries what is critical holds no member while it waits for a group', async () => {
  await take({ criticalAtOnce: true })
  await world.receive([draft('A')])
  const { id } = await world.only()
  const waiting = await world.database.transaction(async (tx) => {
    await tx.run(sql`select from route_groups for update`)
    const taking = takenIn(draft('A', 'critical'), draft('B'))
    await somebodyWaits()
    await tx.run(sql`select from route_group_members where alert_id = ${id} for update nowait`)
    return { taking }
  })
  await waiting.taking
  await world.tell()
  expect(opened()).toEqual(['A'])
})

test('told by another process between the look and the mark: told once', async () => {
  await take()
  await world.receive([draft('A')])
  await world.clock.set(plus(start, 30 * second))
  await world.owner.query('begin')
  await world.owner.query('update route_group_members set told = true')
  const flushing = flushDue(world.needs, world.ports)
  await somebodyWaits()
  await world.owner.query('commit')
  await flushing
  expect((await world.owner.query('select from alert_turns')).rowCount).toBe(0)
})

test('who asks while a round hands over is not forgotten', async () => {
  await takenIn(draft('A'))
  let transactions = 0
  const database: Database = {
    ...world.database,
    transaction: async (work) => {
      const done = await world.database.transaction(work)
      transactions += 1
      // The second one looks who is left, finds nobody, and has not answered yet.
      if (transactions === 2) {
        await takenIn(draft('B'))
        await tellDue(needs, world.ports)
      }
      return done
    },
  }
  const needs = { ...world.needs, database }
  await tellDue(needs, world.ports, 0)
  expect(opened()).toEqual(['A', 'B'])
})

test('opened and risen to critical in one batch: told at once where that may', async () => {
  await take({ criticalAtOnce: true })
  await world.receive([draft('A'), draft('A', 'critical')])
  expect(opened()).toEqual(['A'])
  await world.clock.set(plus(start, minute))
  await flushDue(world.needs, world.ports)
  await world.tell()
  expect(opened()).toEqual(['A'])
})

test('while somebody tells, what wakes nobody makes no job and is told by the same rounds; what is critical has its job', async () => {
  const jobs = async () => {
    const { rows } = await world.owner.query(`select count(*)::int as count from due_work where kind = 'alerts.tell'`)
    return rows[0].count
  }
  await takenIn(draft('A'))
  expect(await jobs()).toBe(1)
  const { id } = await world.only()
  const held = await world.database.transaction(async (tx) => {
    await lockAlerts(tx, [id])
    const telling = tellDue(world.needs, world.ports)
    await somebodyWaits()
    await takenIn(draft('B'))
    expect(await jobs()).toBe(1)
    await takenIn(draft('C', 'critical'))
    expect(await jobs()).toBe(2)
    return { telling }
  })
  await held.telling
  expect(opened()).toEqual(['A', 'C', 'B'])
  // Nobody tells any more: the next one asks for it.
  await takenIn(draft('D'))
  expect(await jobs()).toBe(3)
})

test('who follows an alert goes on when its people are told: not while their turn waits, nor while it is taken and not committed', async () => {
  await takenIn(draft('A', 'critical'))
  const { id } = await world.only()
  let isOver = false
  const waiting = untilTold(world.database, [id], Array<number>(10_000).fill(5)).then(() => {
    isOver = true
  })
  const looked = () => untilTold(world.database, [id], [0])
  await looked()
  await world.database.transaction(async (tx) => {
    expect((await takeTurns(tx, 1)).turns).toHaveLength(1)
    await looked()
    expect(isOver).toBe(false)
  })
  await waiting
  expect(isOver).toBe(true)
})

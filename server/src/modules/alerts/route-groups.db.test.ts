// Timers of a routing file, on the database: who is told when, across flushes, muting, other files and restarts.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { hour, minute, second } from '../../kernel/duration.ts'
import { formatInstant, type Instant, plus } from '../../kernel/instant.ts'
import { type AlertsWorld, ana, openAlertsWorld } from './alerts.fixture.ts'
import { acknowledgeAlert } from './usecases/acknowledge-alerts.ts'
import { repeatOne } from './usecases/flush-groups.ts'
import { sweep } from './usecases/sweep.ts'

let world: AlertsWorld
beforeAll(async () => {
  world = await openAlertsWorld('route-groups')
})
afterAll(() => world.close())
let start: Instant
beforeEach(async () => {
  await world.clear()
  start = await world.database.now()
  await world.clock.set(start)
})

const file = (more = '') => `
route: {receiver: pager, group_by: [alertname], group_wait: 30s, group_interval: 5m, repeat_interval: 4h${more}}
inhibit_rules:
  - {source_matchers: [kind="cause"], target_matchers: [kind="symptom"]}
receivers: [{name: pager, webhook_configs: [{url: 'http://hook.example'}]}]
`
const take = (body: object) => world.call({ method: 'PUT', url: '/api/v1/routing', as: 'ada', body })
const fire = (id: string, more: object = {}) =>
  world.receive([
    { ...{ dedupKey: id, service: null, summary: id, labels: { alertname: 'Down', id }, startsAt: null }, ...more },
  ])
const end = (id: string) => fire(id, { status: 'resolved' })
/** Moves time there; what is due then happens. */
const pass = async (ms: number) => {
  await world.clock.set(plus(start, ms))
  await sweep(world.needs, world.ports)
  const due = await world.owner.query(
    `delete from due_work where kind = 'alerts.repeat-page' returning payload ->> 'alert' as alert`,
  )
  for (const { alert } of due.rows) await repeatOne(world.needs, world.ports, String(alert))
  await world.tell()
}
const opened = () => world.asked.filter((each) => each.startsWith('open')).map((each) => each.slice(5))
const jobs = async () => {
  const rows = await world.owner.query(
    `select distinct round(extract(epoch from due_at) * 1000) as at from due_work where kind = 'alerts.flush-groups' order by 1`,
  )
  return rows.rows.map((row) => Number(row.at) - start)
}

test('a group waits group_wait, then tells what is new every group_interval', async () => {
  await take({ text: file() })
  await fire('A')
  expect(opened()).toEqual([])
  expect(await jobs()).toEqual([30 * second])
  await pass(20 * second)
  await fire('B')
  await pass(29 * second)
  expect(opened()).toEqual([])
  await pass(30 * second)
  expect(opened().sort()).toEqual(['A', 'B'])
  // On the beat, rounded up to the next second.
  expect((await jobs()).some((at) => at >= 5 * minute + 30 * second && at < 5 * minute + 31 * second)).toBe(true)
  await pass(2 * minute)
  await fire('C')
  await pass(3 * minute)
  await end('C')
  await fire('D')
  await pass(5 * minute + 29 * second)
  expect(opened()).toHaveLength(2)
  await pass(5 * minute + 30 * second)
  // C came and went: nobody hears of either.
  expect(opened().slice(2)).toEqual(['D'])
  const gone = (await world.alerts()).find((row) => row.title === 'C')
  expect(await world.trace(gone?.id ?? '')).toContain('timers: over')
})

test('the end of what was told is told at once, and an empty group is gone: the next one waits anew', async () => {
  await take({ text: file() })
  await fire('A')
  await pass(30 * second)
  await pass(2 * minute)
  await end('A')
  expect(world.asked.at(-1)).toBe('resolve A resolved')
  await pass(5 * minute + 30 * second)
  expect((await world.owner.query('select from route_groups')).rowCount).toBe(0)
  await fire('A')
  expect(opened()).toHaveLength(1)
  await pass(6 * minute)
  expect(opened()).toHaveLength(2)
})

test('fired again before the flush: told by it, because its end was', async () => {
  await take({ text: file() })
  await fire('A')
  await pass(30 * second)
  await pass(minute)
  await end('A')
  await fire('A')
  expect(opened()).toHaveLength(1)
  await pass(5 * minute + 30 * second)
  expect(opened()).toHaveLength(2)
})

test('older than group_wait: told at once, without another job', async () => {
  await take({ text: file() })
  await fire('A', { startsAt: plus(start, -minute) })
  expect(opened()).toEqual(['A'])
  await fire('B')
  expect(opened()).toEqual(['A'])
  await pass(5 * minute)
  expect(opened()).toEqual(['A', 'B'])
})

test.each([
  ['critical, which may go at once', { criticalAtOnce: true }, { severity: 'critical' }, 0],
  ['a warning where critical may go at once', { criticalAtOnce: true }, { severity: 'warning' }, 30 * second],
  ['timers that are not kept', { timing: 'at-once' }, {}, 0],
  ['a group_wait of nothing', { text: file().replace('group_wait: 30s', 'group_wait: 0s') }, {}, 0],
])('%s', async (_, order, signal, ms) => {
  await take({ text: file(), ...order })
  await fire('A', signal)
  expect(opened()).toEqual(ms === 0 ? ['A'] : [])
  await pass(ms)
  await pass(30 * second)
  expect(opened()).toEqual(['A'])
})

test('without intervals, who joins later waits group_wait at most', async () => {
  await take({ text: file(), timing: 'no-interval' })
  await fire('A')
  await pass(30 * second)
  await pass(minute)
  await fire('B')
  await pass(minute + 29 * second)
  expect(opened()).toEqual(['A'])
  await pass(minute + 30 * second)
  expect(opened()).toEqual(['A', 'B'])
})

test('a warning that rises to critical while it waits goes at once where that may', async () => {
  await take({ text: file(), criticalAtOnce: true })
  await fire('A', { severity: 'warning' })
  await fire('A', { severity: 'critical' })
  expect(opened()).toEqual(['A'])
  await pass(30 * second)
  expect(opened()).toEqual(['A'])
})

test('what begins to inhibit it while it waits keeps it back; told at the flush after that is over', async () => {
  await take({ text: file() })
  await fire('S', { labels: { alertname: 'Slow', kind: 'symptom' } })
  await pass(10 * second)
  await fire('C', { labels: { alertname: 'Cause', kind: 'cause' } })
  await pass(40 * second)
  expect(opened()).toEqual(['C'])
  const [held] = (await world.alerts()).filter((row) => row.title === 'S')
  expect(held?.heldBecause).toBe('inhibited')
  await pass(2 * minute)
  await end('C')
  await pass(2 * minute + 10 * second)
  expect(opened()).toEqual(['C'])
  await pass(5 * minute + 30 * second)
  expect(opened()).toEqual(['C', 'S'])
})

test('whoever takes it while it waits is not called', async () => {
  await take({ text: file() })
  await fire('A')
  await fire('B')
  const [a] = (await world.alerts()).filter((row) => row.title === 'A')
  await acknowledgeAlert(world.needs, world.ports, { alertId: a?.id ?? '', actor: ana, by: 'ana' })
  await pass(30 * second)
  expect(world.asked.slice(-1)).toEqual(['open B'])
  expect(world.asked.filter((each) => each === 'open A')).toHaveLength(1)
  // Made by the acknowledgement, and answered before anybody was told.
  expect(world.asked.slice(0, 2)).toEqual(['open A', 'acknowledge A ana'])
})

test('repeated after repeat_interval while nobody answered, at the first flush on which it is over', async () => {
  await take({ text: file() })
  await fire('A')
  await pass(30 * second)
  const [row] = await world.alerts()
  // Its page told everybody and stopped.
  await world.ports.paging.resolve(null as never, row?.id ?? '', 'silent')
  await pass(4 * hour + 29 * second)
  expect(opened()).toHaveLength(1)
  await pass(4 * hour + 30 * second)
  expect(opened()).toHaveLength(2)
  expect(await world.trace(row?.id ?? '')).toContain('timers: repeat interval elapsed')
})

test('another file: who waits is told by its timers, who was told is not told again', async () => {
  await take({ text: file() })
  await fire('A')
  await pass(30 * second)
  await fire('B')
  await pass(minute)
  await take({ text: file().replace('group_by: [alertname]', 'group_by: [id]') })
  await pass(2 * minute)
  expect(opened()).toEqual(['A', 'B'])
  await fire('C')
  await world.call({ method: 'DELETE', url: '/api/v1/routing', as: 'ada' })
  expect(opened()).toEqual(['A', 'B', 'C'])
  await pass(hour)
  expect(opened()).toHaveLength(3)
})

test('the tree counts what each route has, and another file is asked about what really came', async () => {
  await take({
    text: file().replace(
      'repeat_interval: 4h',
      'repeat_interval: 4h, routes: [{matchers: [id=~"x.*"], receiver: pager}]',
    ),
  })
  await fire('x1', { labels: { alertname: 'Down', id: 'x1' } })
  await fire('y1', { labels: { alertname: 'Down', id: 'y1' } })
  const tree = (await world.call({ url: '/api/v1/routing/tree' })).json()
  expect(
    tree.routes.map((each: { depth: number; open: number; groups: number }) => [each.depth, each.open, each.groups]),
  ).toEqual([
    [0, 1, 1],
    [1, 1, 1],
  ])
  const nobody = file().replace(
    'repeat_interval: 4h',
    'repeat_interval: 4h, routes: [{matchers: [id="y1"], receiver: none}]',
  )
  const text = nobody.replace('receivers: [', 'receivers: [{name: none}, ')
  const replay = (await world.call({ method: 'POST', url: '/api/v1/routing/replay', body: { text, days: 1 } })).json()
  expect(replay).toMatchObject({ looked: 2, toldBefore: 2, toldAfter: 1, newlyHeld: 1, newlyTold: 0, moved: 0 })
  expect(replay.examples).toMatchObject([{ title: 'y1', before: { held: null }, after: { held: 'nobody' } }])
  const without = (await world.call({ method: 'POST', url: '/api/v1/routing/replay', body: {} })).json()
  expect(without).toMatchObject({ toldBefore: 2, toldAfter: 2 })
})

test('a batch of many groups is flushed by few jobs, each alert once', async () => {
  await take({ text: file().replace('group_by: [alertname]', "group_by: ['...']") })
  await world.receive(
    Array.from({ length: 300 }, (_, index) => ({
      ...{
        dedupKey: `k${index}`,
        service: null,
        summary: `k${index}`,
        labels: { alertname: 'Down', index: String(index) },
      },
      startsAt: null,
    })),
  )
  expect(await jobs()).toEqual([30 * second])
  await pass(30 * second)
  expect(new Set(opened()).size).toBe(300)
  await pass(5 * minute + 30 * second)
  expect(opened()).toHaveLength(300)
})

test('explained before it comes, and shown while it waits', async () => {
  await take({ text: file() })
  const explained = await world.call({
    method: 'POST',
    url: '/api/v1/signals/explain',
    body: { labels: { alertname: 'Down' }, severity: 'critical' },
  })
  expect(explained.json().sentence).toMatch(/^After 30s, with its group: /)
  await fire('A')
  const [row] = await world.alerts()
  const shown = (await world.call({ url: `/api/v1/alerts/${row?.id}` })).json()
  expect(shown.pausedUntil).toBe(formatInstant(plus(start, 30 * second)))
})

const silenceA = async (id: string, ms: number) =>
  world.call({
    method: 'POST',
    url: '/api/v1/silences',
    body: {
      sets: [[{ name: 'id', operator: '=', value: id }]],
      endsAt: formatInstant(plus(start, ms)),
      reason: 'the disk is replaced',
    },
  })
const hourly = () => file().replace('group_interval: 5m', 'group_interval: 1h')

test.each([
  ['critical at once', { criticalAtOnce: true }, 'critical', 10 * minute],
  ['a warning where critical may go at once', { criticalAtOnce: true }, 'warning', hour + 30 * second],
  ['no intervals', { timing: 'no-interval' }, 'warning', 10 * minute],
])('what a silence held first: %s', async (_, order, severity, expected) => {
  await take({ text: hourly(), ...order })
  await fire('A', { severity: 'warning' })
  await pass(30 * second)
  await silenceA('B', 10 * minute)
  await fire('B', { severity })
  await pass(10 * minute - second)
  expect(opened()).toEqual(['A'])
  await pass(10 * minute)
  await sweep(world.needs, world.ports)
  await pass(10 * minute)
  expect(opened()).toEqual(expected === 10 * minute ? ['A', 'B'] : ['A'])
  await pass(expected)
  expect(opened()).toEqual(['A', 'B'])
})

test.each([
  ['critical at once', { criticalAtOnce: true }, 10 * minute],
  ['no intervals', { timing: 'no-interval' }, 10 * minute],
  ['as written', {}, hour + 30 * second],
])('what was inhibited first: %s', async (_, order, expected) => {
  await take({ text: hourly(), ...order })
  await fire('A', { severity: 'warning', labels: { alertname: 'Slow', kind: 'other' } })
  await fire('C', { severity: 'warning', labels: { alertname: 'Cause', kind: 'cause' } })
  await pass(30 * second)
  await fire('S', { labels: { alertname: 'Slow', kind: 'symptom' } })
  await pass(10 * minute - second)
  await end('C')
  await pass(10 * minute)
  await pass(10 * minute)
  expect(opened().includes('S')).toBe(expected === 10 * minute)
  await pass(expected)
  expect(opened().filter((each) => each === 'S')).toEqual(['S'])
})

test('another file while more are open than are looked at: whoever waited is told', async () => {
  await take({ text: file() })
  await fire('A')
  await world.owner.query(
    `insert into alerts (id, source, key, status, severity, worst, urgency, title, signal, started_at, last_seen_at)
     select gen_random_uuid(), 'flood', number::text, 'acknowledged', 'info', 'info', 'low', 'flood', $1, $2, $2
     from generate_series(1, 20000) number`,
    [JSON.stringify({ labels: {}, startsAt: start, endsAt: null }), new Date(plus(start, minute))],
  )
  expect((await take({ text: file(), timing: 'at-once' })).statusCode).toBe(200)
  expect(opened()).toEqual(['A'])
})

test('another file that tells nobody of who waits, or keeps it back for now', async () => {
  await take({ text: file() })
  await fire('A')
  await fire('S', { labels: { alertname: 'Slow', kind: 'symptom' } })
  const silent = file(', routes: [{matchers: [id=A], receiver: none}]').replace(
    'receivers: [',
    'receivers: [{name: none}, ',
  )
  await take({ text: silent.replace('kind="cause"', 'id="A"'), timing: 'at-once' })
  await pass(hour)
  expect(opened()).toEqual([])
  expect((await world.alerts()).map((row) => [row.title, row.heldBecause]).sort()).toEqual([
    ['A', 'nobody'],
    ['S', 'inhibited'],
  ])
  await end('A')
  await pass(hour)
  expect(opened()).toEqual(['S'])
})

test('two routes on one line of a file are two groups', async () => {
  const down = (wait: string) => ({ receiver: 'pager', matchers: ['alertname="Down"'], group_wait: wait })
  const parent = (id: string, wait: string) => ({ receiver: 'pager', matchers: [`id="${id}"`], routes: [down(wait)] })
  const route = { receiver: 'pager', group_by: ['alertname'], routes: [parent('A', '10s'), parent('B', '2m')] }
  const receivers = [{ name: 'pager', webhook_configs: [{ url: 'http://hook.example' }] }]
  await take({ text: JSON.stringify({ route, receivers }) })
  await fire('A')
  await fire('B')
  await pass(10 * second)
  expect(opened()).toEqual(['A'])
  await pass(2 * minute)
  expect(opened()).toEqual(['A', 'B'])
})

test('replaying a file is for those who may answer', async () => {
  const reply = await world.call({ method: 'POST', url: '/api/v1/routing/replay', as: 'vic', body: {} })
  expect(reply.statusCode).toBe(403)
})

test('explained while its group is out: when that is told next', async () => {
  await take({ text: file(), criticalAtOnce: true })
  await fire('A', { severity: 'warning' })
  await pass(30 * second)
  await pass(90 * second)
  const explain = async (severity: string) => {
    const body = { labels: { alertname: 'Down' }, severity }
    return (await world.call({ method: 'POST', url: '/api/v1/signals/explain', body })).json()
  }
  const explained = await explain('warning')
  expect(explained.sentence).toMatch(/^After 4m, with its group: /)
  const next = formatInstant(plus(start, 5 * minute + 30 * second))
  expect(JSON.stringify(explained.trace)).toContain(`told next at ${next}`)
  expect((await explain('critical')).sentence).not.toMatch(/^After/)
})

test.each([
  ['critical', 'at once'],
  ['page', 'at once'],
  ['warning', '30s'],
])('a route asked about %s says what its timers mean for that', async (severity, verdict) => {
  await take({ text: file(), criticalAtOnce: true })
  const body = { labels: { alertname: 'Down', severity } }
  const { trace } = (await world.call({ method: 'POST', url: '/api/v1/routing/test', body })).json()
  expect(trace.find((step: { rule: string }) => step.rule === 'timers').verdict).toBe(verdict)
})

// A sweep looks before it begins: whatever time brings about has to be seen by that look.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { hour, minute } from '../../../kernel/duration.ts'
import { formatInstant, instant, plus } from '../../../kernel/instant.ts'
import { sql } from '../../../platform/database/queries.ts'
import { declaring } from '../../maintenance/maintenance.fixture.ts'
import { type AlertsWorld, ana, openAlertsWorld } from '../alerts.fixture.ts'
import { lookForSweep } from '../sweep-look.store.ts'
import { addTurns } from '../turns.store.ts'
import { snoozeAlert } from './answer-alert.ts'
import { sweep } from './sweep.ts'

let world: AlertsWorld
beforeAll(async () => {
  world = await openAlertsWorld('alerts sweep')
})
afterAll(() => world.close())
const start = instant(Date.UTC(2026, 2, 1, 3))
beforeEach(async () => {
  await world.clear()
  await world.clock.set(start)
  await world.database.run(sql`delete from maintenance_occurrences`)
})

const swept = () => sweep(world.needs, world.ports)
const sets = [[{ name: 'service', operator: '=', value: 'checkout' }]]
const silence = (more: object) =>
  world.call({ method: 'POST', url: '/api/v1/silences', body: { sets, reason: 'Moving house', ...more } })

test('where nothing is open, nothing is due', async () => {
  expect(await lookForSweep(world.database)).toEqual({ isDue: false, isFiring: false })
  await world.receive([{}])
  expect(await lookForSweep(world.database)).toEqual({ isDue: false, isFiring: true })
  await world.receive([{ status: 'resolved' }])
  expect(await lookForSweep(world.database)).toEqual({ isDue: false, isFiring: false })
})

test('a lease that runs out, and its end is told', async () => {
  await world.receive([{}], { assumedLeaseMs: 5 * minute })
  await world.clock.set(plus(start, 5 * minute - 1))
  await swept()
  expect(await world.only()).toMatchObject({ status: 'firing' })
  await world.clock.set(plus(start, 5 * minute))
  await swept()
  expect(await world.only()).toMatchObject({ status: 'resolved', ended: 'silent' })
  // The turn stays for whoever tells: a sweep finds it when nobody did.
  await swept()
  expect(world.asked).toEqual(['open checkout', 'resolve checkout silent'])
})

test('a snooze that is over', async () => {
  await world.receive([{}])
  await snoozeAlert(world.needs, world.ports, {
    alertId: (await world.only()).id,
    actor: ana,
    by: 'ana',
    forMs: 10 * minute,
  })
  expect(await lookForSweep(world.database)).toEqual({ isDue: false, isFiring: false })
  await world.clock.set(plus(start, 10 * minute))
  await swept()
  expect(await world.only()).toMatchObject({ status: 'firing', snoozedUntil: null })
})

test('a turn whose process is gone', async () => {
  await silence({ endsAt: formatInstant(plus(start, hour)) })
  await world.receive([{}])
  await world.database.run(sql`delete from silences`)
  await world.database.run(sql`update alerts set silenced_by = null`)
  expect(world.asked).toEqual([])
  const { id } = await world.only()
  await world.database.transaction((tx) => addTurns(tx, [{ alertId: id, task: 'tell', severity: 'critical' }]))
  await swept()
  expect(world.asked).toEqual(['open checkout'])
})

test('a silence that begins over what pages, and ends', async () => {
  await world.receive([{}])
  const [startsAt, endsAt] = [plus(start, hour), plus(start, 2 * hour)].map(formatInstant)
  await silence({ startsAt, endsAt })
  await world.clock.set(plus(start, hour))
  await swept()
  expect(world.asked).toEqual(['open checkout', expect.stringMatching(/^snooze checkout/)])
  await world.clock.set(plus(start, 2 * hour))
  await swept()
  expect((await world.only()).silencedBy).toBeNull()
})

test('maintenance that begins over what pages, and ends', async () => {
  await declaring(world.needs).declare('disks', { services: ['checkout'], start: '2026-03-01 04:00' })
  await world.receive([{}])
  await world.clock.set(plus(start, hour))
  await swept()
  expect(world.asked).toEqual(['open checkout', 'snooze checkout maintenance disks'])
  await world.clock.set(plus(start, 4 * hour))
  await swept()
  expect((await world.only()).silencedBy).toBeNull()
})

// The calendar: what changed and what was planned, on one line of time.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hour } from '../../kernel/duration.ts'
import { formatInstant, instant, plus } from '../../kernel/instant.ts'
import { ana, type MaintenanceWorld, openMaintenanceWorld } from '../maintenance/maintenance.fixture.ts'
import { readCalendar } from './usecases/read-calendar.ts'
import { recordChange } from './usecases/record-change.ts'

let world: MaintenanceWorld
const noon = instant(Date.UTC(2026, 2, 2, 12))
beforeAll(async () => {
  world = await openMaintenanceWorld('calendar')
  await world.clock.set(noon)
})
afterAll(() => world.close())

test('changes and maintenance stand in order, and a change says which maintenance it fell into', async () => {
  await world.declare('disks', { services: ['db'], start: '2026-03-02 13:00' }, 'New disks')
  const change = (externalId: string, service: string) =>
    recordChange(world.needs, { source: 'ci', externalId, service, summary: 'Release', version: externalId }, ana)
  await change('1', 'db')
  await world.clock.set(plus(noon, 90 * 60_000))
  await change('2', 'db')
  await change('3', 'checkout')
  const calendar = await readCalendar(world.database, { from: null, to: null, service: null })
  expect(calendar.entries.map((each) => [each.kind, each.title, each.state, each.during.length])).toEqual([
    ['change', 'Release (1)', 'done', 0],
    ['maintenance', 'New disks', 'in_progress', 0],
    expect.arrayContaining(['change', 'done']),
    expect.arrayContaining(['change', 'done']),
  ])
  const inside = calendar.entries.filter((each) => each.during.length > 0)
  expect(inside.map((each) => each.title)).toEqual(['Release (2)'])
  const ofOne = await readCalendar(world.database, { from: noon, to: plus(noon, 4 * hour), service: 'checkout' })
  expect(ofOne.entries.map((each) => each.title)).toEqual(['Release (3)'])
  expect(ofOne).toMatchObject({ from: formatInstant(noon), more: false })
  await expect(readCalendar(world.database, { from: plus(noon, hour), to: noon, service: null })).rejects.toMatchObject(
    { code: 'changes.bad-range' },
  )
})

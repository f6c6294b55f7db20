// Declared, planned ahead, begun, changed by people and by declarations, over; and each of that told once.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { hour, minute } from '../../kernel/duration.ts'
import { instant, plus } from '../../kernel/instant.ts'
import { sql } from '../../platform/database/queries.ts'
import { ana, type MaintenanceWorld, openMaintenanceWorld } from './maintenance.fixture.ts'
import { listOccurrences, maintenanceRevision } from './maintenance.store.ts'
import { changeOccurrence } from './usecases/change-occurrence.ts'
import { listHolding, listHoldingAt } from './usecases/list-holding.ts'
import { previewWindow } from './usecases/preview-window.ts'

let world: MaintenanceWorld
const noon = instant(Date.UTC(2026, 2, 2, 12))
const at = (text: string) => instant(Date.parse(text))
beforeAll(async () => {
  world = await openMaintenanceWorld('maintenance')
})
afterAll(() => world.close())
beforeEach(async () => {
  for (const { name } of await world.database.many(
    sql<{ name: string }>`select name from resources where kind = 'MaintenanceWindow'`,
  ))
    await world.remove(name)
  await world.database.run(sql`delete from maintenance_occurrences`)
  await world.clock.set(noon)
})

const all = (window: string) =>
  listOccurrences(
    world.database,
    { from: instant(0), to: plus(noon, 1_000 * 24 * hour), services: null, window },
    null,
    500,
  )
const weekly = {
  services: ['db'],
  start: '2026-03-01 02:00',
  repeat: 'FREQ=WEEKLY;BYDAY=SU',
  timeZone: 'Europe/Vienna',
}
const since = async () => {
  const before = (await world.told()).length
  return async () => (await world.told()).slice(before)
}

test('a rule stands in the calendar three months ahead, on the wall clock of its zone', async () => {
  await world.declare('disks', weekly)
  const rows = await all('disks')
  expect(rows.map((each) => new Date(each.startsAt).toISOString().slice(0, 16))).toEqual([
    ...['2026-03-08T01:00', '2026-03-15T01:00', '2026-03-22T01:00', '2026-03-29T01:00', '2026-04-05T00:00'],
    ...['2026-04-12T00:00', '2026-04-19T00:00', '2026-04-26T00:00', '2026-05-03T00:00', '2026-05-10T00:00'],
    ...['2026-05-17T00:00', '2026-05-24T00:00', '2026-05-31T00:00'],
  ])
  expect(rows[0]).toMatchObject({ declaredBy: 'Ana', services: ['db'], budget: 'drop', reason: 'New disks' })
  await world.declare('disks', weekly)
  expect((await all('disks')).map((each) => each.id)).toEqual(rows.map((each) => each.id))
  await world.clock.set(at('2026-03-20T00:00:00Z'))
  await world.turn()
  expect((await all('disks')).length).toBe(15)
})

test('it begins and ends by its times, and each is told once', async () => {
  const told = await since()
  await world.declare('disks', weekly)
  await world.clock.set(at('2026-03-08T01:00:00Z'))
  expect((await listHolding(world.database, at('2026-03-08T01:00:00Z'))).map((each) => each.window)).toEqual(['disks'])
  await world.turn()
  await world.turn()
  expect(await told()).toEqual(['maintenance.began'])
  await world.clock.set(at('2026-03-08T03:00:00Z'))
  expect(await listHolding(world.database, at('2026-03-08T03:00:00Z'))).toEqual([])
  await world.turn()
  await world.turn()
  expect(await told()).toEqual(['maintenance.began', 'maintenance.ended'])
})

test('a server that was away tells of what it missed', async () => {
  const told = await since()
  await world.declare('disks', weekly)
  await world.clock.set(at('2026-03-08T12:00:00Z'))
  await world.turn()
  expect(await told()).toEqual(['maintenance.began', 'maintenance.ended'])
})

test('dependants are covered as the graph stands when it begins', async () => {
  await world.declare('disks', { ...weekly, dependants: 'hard' })
  expect((await all('disks'))[0]?.services).toEqual(['checkout', 'db'])
  await world.apply(
    '{apiVersion: mainstay.dev/v1, kind: Service, metadata: {name: shop}, spec: {tier: 0, dependsOn: [checkout]}}',
  )
  await world.clock.set(at('2026-03-08T01:00:05Z'))
  await world.turn()
  const [first] = await all('disks')
  expect(first?.services).toEqual(['checkout', 'db', 'shop'])
  expect(first?.earlier).toMatchObject([{ services: ['checkout', 'db'] }])
  await world.declare('disks', { ...weekly, dependants: 'all' })
  expect((await all('disks'))[0]?.services).toEqual(['checkout', 'db', 'report', 'shop'])
})

test('ended early, extended, cancelled: by name and reason, and only the one that is meant', async () => {
  await world.declare('disks', { ...weekly, announce: { title: 'Disks', text: 'Slower.', ahead: '1d' } })
  const [first, second, third] = await all('disks')
  const by = { actor: ana, reason: 'as it is' }
  await world.clock.set(at('2026-03-08T01:30:00Z'))
  await world.turn()
  const told = await since()
  const longer = await changeOccurrence(
    world.needs,
    first?.id ?? '',
    { kind: 'extend', until: at('2026-03-08T05:00:00Z') },
    by,
  )
  expect(longer).toMatchObject({ endsAt: at('2026-03-08T05:00:00Z'), changedBy: 'Ana', changedBecause: 'as it is' })
  await world.declare('disks', { ...weekly, lasts: '1h' })
  expect((await all('disks')).slice(0, 2).map((each) => each.endsAt)).toEqual([
    at('2026-03-08T05:00:00Z'),
    at('2026-03-15T02:00:00Z'),
  ])
  await world.clock.set(at('2026-03-08T04:00:00Z'))
  await changeOccurrence(world.needs, first?.id ?? '', { kind: 'end' }, by)
  await changeOccurrence(world.needs, second?.id ?? '', { kind: 'cancel' }, by)
  await world.turn()
  await expect(changeOccurrence(world.needs, first?.id ?? '', { kind: 'end' }, by)).rejects.toMatchObject({
    code: 'maintenance.refused',
  })
  expect(await told()).toEqual([
    ...['maintenance.changed', 'maintenance.changed', 'maintenance.changed', 'maintenance.ended'],
  ])
  await world.declare('disks', weekly)
  const after = await all('disks')
  expect(after.filter((each) => each.cancelledAt !== null).map((each) => each.id)).toEqual([second?.id])
  expect(after.find((each) => each.id === third?.id)?.cancelledAt).toBeNull()
})

test('removed, one under way ends and one that was announced is cancelled; the others are gone', async () => {
  await world.declare('disks', { ...weekly, announce: { title: 'Disks', text: 'Slower.', ahead: '8d' } })
  await world.clock.set(at('2026-03-08T01:30:00Z'))
  await world.turn()
  const told = await since()
  const before = await maintenanceRevision(world.database)
  await world.remove('disks')
  await world.turn()
  expect(await told()).toEqual(expect.arrayContaining(['maintenance.ended', 'maintenance.changed']))
  const left = await all('disks')
  expect(left).toHaveLength(2)
  expect(left[0]?.endsAt).toBe(at('2026-03-08T01:30:00Z'))
  expect(left[1]?.cancelledAt).toBe(at('2026-03-08T01:30:00Z'))
  expect(await maintenanceRevision(world.database)).toBeGreaterThan(before)
})

test('what is over cannot be declared any more; what runs begins now', async () => {
  const refused = await world.declare('late', { services: ['db'], start: '2026-03-02 09:00' }).catch((error) => error)
  expect(JSON.stringify(refused)).toContain('correction')
  await world.declare('now', { services: ['db'], start: '2026-03-02 11:00' })
  expect((await all('now'))[0]).toMatchObject({ startsAt: noon, endsAt: plus(noon, hour) })
  // Its words may still be changed when it is over.
  await world.clock.forward(3 * hour)
  await world.turn()
  await world.declare('now', { services: ['db'], start: '2026-03-02 11:00', reason: 'Old disks' })
  expect((await all('now')).length).toBe(1)
  await expect(world.declare('other', { services: ['nobody'], start: '2026-03-03 11:00' })).rejects.toMatchObject({
    code: 'resources.refused',
  })
})

test('a preview says when, whom and what else, and keeps nothing', async () => {
  await world.declare('disks', weekly)
  const preview = await previewWindow(world.database, {
    ...{ services: ['db', 'nobody'], dependants: 'all', start: '2026-03-08 01:30', timeZone: 'UTC', lasts: '1h' },
  })
  expect(preview).toMatchObject({
    occurrences: [{ startsAt: '2026-03-08T01:30:00.000Z', endsAt: '2026-03-08T02:30:00.000Z', lastsMs: hour }],
    overlaps: [{ window: 'disks' }],
    warnings: ['nobody is not in the catalog.'],
  })
  expect(preview.services.filter((each) => !each.named).map((each) => each.name)).toEqual(
    expect.arrayContaining(['checkout', 'report']),
  )
  await expect(
    previewWindow(world.database, { services: ['db'], start: '2026-03-08 01:30', timeZone: 'Mars', lasts: '1h' }),
  ).rejects.toMatchObject({ code: 'maintenance.refused' })
})

test('far beyond the calendar the declaration says what holds', async () => {
  await world.declare('disks', weekly)
  const inWinter = at('2026-12-06T02:00:00Z')
  expect((await listHoldingAt(world.database, inWinter)).map((each) => each.window)).toEqual(['disks'])
  expect(await listHoldingAt(world.database, plus(inWinter, 2 * hour))).toEqual([])
  const [first] = await all('disks')
  await changeOccurrence(world.needs, first?.id ?? '', { kind: 'cancel' }, { actor: ana, reason: 'no' })
  expect(await listHoldingAt(world.database, plus(at('2026-03-08T01:00:00Z'), minute))).toEqual([])
  expect((await listHoldingAt(world.database, plus(at('2026-03-15T01:00:00Z'), minute))).length).toBe(1)
})

test('two windows over the same hours are two, and each ends on its own', async () => {
  await world.declare('disks', { services: ['db'], start: '2026-03-03 01:00' })
  await world.declare('cables', { services: ['db'], start: '2026-03-03 02:00' })
  await world.clock.set(at('2026-03-03T02:30:00Z'))
  const holding = async () =>
    (await listHolding(world.database, at('2026-03-03T02:30:00Z'))).map((each) => each.window).sort()
  expect(await holding()).toEqual(['cables', 'disks'])
  await world.clock.set(at('2026-03-03T03:30:00Z'))
  expect(await holding()).toEqual(['cables'])
})

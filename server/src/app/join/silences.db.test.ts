// Silences that end with an incident, in the whole house.
import { expect, test, vi } from 'vitest'
import { openWorld } from '../../../test/world.ts'
import { sql } from '../../platform/database/queries.ts'

type Made = { readonly id: string; readonly number: number }
type Silences = { readonly items: readonly { readonly reason: string; readonly endsWith: readonly string[] }[] }

test('a silence made for an incident goes on with the one it is merged into, and ends with that', async () => {
  const world = await openWorld({ name: 'join_silences' })
  const ana = world.as('responder')
  const declare = (title: string) => ana<Made>('POST /api/v1/incidents', { title, severity: 'SEV3' })
  const [into, own, second] = [await declare('checkout'), await declare('checkout too'), await declare('third')]
  await ana('POST /api/v1/silences', {
    sets: [[{ name: 'service', operator: '=', value: 'checkout' }]],
    endsAt: '2026-03-02T21:00:00Z',
    reason: 'the disk is replaced',
    endsWith: { incident: own.id },
  })
  await world.receive({ service: 'checkout', alert: 'Down' })
  const merge = async (from: Made, to: Made) => {
    await ana(`POST /api/v1/incidents/${from.id}/merge`, { into: to.id, reason: 'the same disk' })
    await world.worker.drain()
  }
  const left = async () => (await ana<Silences>('GET /api/v1/silences')).items.flatMap((each) => each.endsWith)
  await merge(own, into)
  expect(await left()).toEqual([`when incident ${into.number} is resolved`])
  await merge(into, second)
  expect(await left()).toEqual([`when incident ${second.number} is resolved`])
  world.expectNoPage()
  await ana(`POST /api/v1/incidents/${second.id}/transition`, { to: 'resolved', note: 'replaced' })
  await world.worker.drain()
  expect(await left()).toEqual([])
  world.expectPage('ana', /Down/)
  expect(world.troubles).toEqual([])
}, 180_000)

test('an incident that is resolved at this very moment is no end', async () => {
  const world = await openWorld({ name: 'join_silences_now' })
  const ana = world.as('responder')
  const { id } = await ana<Made>('POST /api/v1/incidents', { title: 'checkout', severity: 'SEV3' })
  const held = await world.database.transaction(async (tx) => {
    await tx.run(sql`update incidents set status = 'resolved', resolved_at = mainstay_now() where id = ${id}`)
    const body = {
      sets: [[{ name: 'service', operator: '=', value: 'checkout' }]],
      ...{ endsAt: '2026-03-02T21:00:00Z', reason: 'the disk is replaced', endsWith: { incident: id } },
    }
    const asking = ana('POST /api/v1/silences', body, { status: 422 })
    await vi.waitFor(
      async () => {
        const { count } = await world.database.one(sql<{ count: number }>`
          select count(*)::int as count from pg_locks join pg_stat_activity using (pid) where datname = current_database() and not granted`)
        expect(count).toBeGreaterThan(0)
      },
      { timeout: 30_000, interval: 20 },
    )
    return { asking }
  })
  expect(await held.asking).toMatchObject({ code: 'alerts.unknown-end' })
}, 180_000)

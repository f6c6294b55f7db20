// From what a service tells of itself to a hint, and to an alert only where somebody asked for one.
import { expect, test } from 'vitest'
import { openWorld, type World } from '../../../test/world.ts'
import { day, hour, minute } from '../../kernel/duration.ts'
import { instant } from '../../kernel/instant.ts'
import { emptyMinute } from '../../modules/telemetry/core/signals/index.ts'
import { saveSignalMinutes, saveSignalServices, type WrittenCell } from '../../modules/telemetry/signals.store.ts'

const begin = Date.UTC(2026, 2, 2)
// What settles in three minutes is looked at a minute later at the latest.
const lookedAtMs = 5 * minute

async function tell(world: World, from: number, to: number, traffic: (at: number) => number): Promise<void> {
  const cells: WrittenCell[] = []
  for (let at = from; at < to; at += minute)
    cells.push({ service: 'checkout', start: at, minute: { ...emptyMinute, traffic: traffic(at) } })
  await world.database.transaction(async (tx) => {
    await saveSignalServices(tx, [
      {
        service: 'checkout',
        firstAt: begin,
        lastAt: to,
        trafficAt: to,
        errorsAt: null,
        latencyAt: null,
        saturationAt: null,
        findings: {},
      },
    ])
    await saveSignalMinutes(tx, cells)
  })
  await world.clock.set(instant(to + lookedAtMs))
  await world.worker.drain()
}

const steady = (at: number) => 600 + ((at / minute) % 7) * 5
const watch = (more: string) =>
  `apiVersion: mainstay.dev/v1\nkind: AnomalyWatch\nmetadata: { name: checkout }\nspec: { service: checkout${more} }\n`
const asked = 'GET /api/v1/anomalies?service=checkout&state=open'
type List = { readonly items: readonly Readonly<Record<string, unknown>>[] }

test('without a watch it is a hint and nobody is told; with one it is an alert that ends by itself', async () => {
  const world = await openWorld({ name: 'join_anomalies', at: '2026-03-02T00:00:00Z' })
  const viewer = world.as('viewer')
  const alerts = () => viewer<List>('GET /api/v1/alerts?service=checkout')
  await tell(world, begin, begin + 2 * day, steady)
  expect((await viewer<List>(asked)).items).toEqual([])

  let now = begin + 2 * day
  await tell(world, now, now + 5 * minute, () => 30)
  expect((await viewer<List>(asked)).items).toMatchObject([{ signal: 'traffic', objective: null, alerted: false }])
  expect((await alerts()).items).toEqual([])
  world.expectNoPage()
  await tell(world, now + 5 * minute, now + 12 * hour, steady)
  expect((await viewer<List>(asked)).items).toEqual([])

  await world.apply(watch(''))
  now += 12 * hour
  await tell(world, now, now + 5 * minute, () => 9_000)
  expect((await viewer<List>(asked)).items).toMatchObject([{ alerted: true }])
  const [alert] = (await alerts()).items
  expect(alert).toMatchObject({ status: 'firing', severity: 'warning', source: 'anomaly', team: 'web' })
  expect(alert?.title).toMatch(/^Traffic: 1\d\.\d× the usual 12:00/)
  await tell(world, now + 5 * minute, now + hour, steady)
  expect((await alerts()).items).toMatchObject([{ status: 'resolved' }])
  expect(world.troubles).toEqual([])
}, 180_000)

test('a service has one watch, its zone is a real one, and what it refers to is declared', async () => {
  const world = await openWorld({ name: 'anomaly_watches' })
  const plan = async (documents: string) =>
    JSON.stringify(await world.as('admin')('POST /api/v1/plan', { documents, manager: 'git:test' }, { status: 422 }))
  expect(await plan(watch(', timeZone: Moon/Crater'))).toContain('no time zone Moon/Crater')
  expect(await plan(watch(', severity: critical'))).toContain('/spec/severity')
  expect(await plan(watch('').replaceAll('checkout', 'nobody'))).toContain('nobody')
  await world.apply(watch(', mode: hint, signals: [errors]'))
  expect(await plan(watch('').replace('name: checkout', 'name: second'))).toContain('is watched by checkout already')
}, 120_000)

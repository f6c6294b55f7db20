// The first word of an incident on a status page, in the whole house.
import { expect, test } from 'vitest'
import { openWorld } from '../../../test/world.ts'

test('a post on a status page is the first word of its incident, at the time it was published', async () => {
  const world = await openWorld({ name: 'first-word' })
  await world.apply(`
apiVersion: mainstay.dev/v1
kind: StatusPage
metadata: {name: shop}
spec: {visibility: public, components: [{name: checkout, title: Checkout, services: [checkout]}]}
`)
  const ana = await world.signIn('ana')
  const { id } = await ana<{ id: string }>('POST /api/v1/incidents', { title: 'Nobody can pay', severity: 'SEV2' })
  const told = async () =>
    (await ana<{ measures: { timeToFirstUpdate: object } }>(`GET /api/v1/incidents/${id}`)).measures.timeToFirstUpdate
  expect(await told()).toMatchObject({ kind: 'not-yet' })
  await world.forward('4m')
  const post = { kind: 'incident', title: 'Payments fail', state: 'investigating', body: 'We are on it.' }
  // One that names no incident of ours says nothing of it.
  await world.as('admin')('POST /api/v1/status-pages/shop/posts', post)
  await world.worker.drain()
  expect(await told()).toMatchObject({ kind: 'not-yet' })
  await world.as('admin')('POST /api/v1/status-pages/shop/posts', { ...post, incident: id })
  await world.forward('10m')
  expect(await told()).toMatchObject({ kind: 'known', ms: 240_000 })
  await ana(`POST /api/v1/incidents/${id}/updates`, { audience: 'company', text: 'Payments fail.' })
  expect(await told()).toMatchObject({ kind: 'known', ms: 240_000 })
})

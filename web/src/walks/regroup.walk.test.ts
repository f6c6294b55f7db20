// One incident that is two: alerts are split off, what was learnt is shown and forgotten, and the split is taken back.
import { expect, test } from 'vitest'
import { openWorld, watch } from './walk.fixture.ts'

const world = openWorld()

test('split off, seen, forgotten and taken back', async () => {
  await world().applyShop('everything')
  for (const service of ['payment', 'checkout'])
    await world().raise({ dedupKey: service, summary: `${service} fails`, service, severity: 'critical' })
  const open = async () =>
    (await world().ask('GET', '/api/v1/incidents?status=open')) as {
      items: { id: string; services: string[]; alertCount?: number }[]
    }
  await expect.poll(async () => (await open()).items[0]?.services.length, { timeout: 30_000 }).toBe(2)
  const [incident] = (await open()).items
  const context = await world().signedIn()
  const page = await context.newPage()
  const complaints = await watch(page)
  await page.goto(`/incidents/${incident?.id}?view=related`)
  await page.getByText('alerts and changes alone say so').waitFor()
  await page.getByRole('button', { name: 'Split alerts off' }).press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Split alerts off' })
  await dialog.getByRole('checkbox', { name: /checkout fails/ }).press('Space')
  await dialog.getByLabel('Why').fill('Another rollout.')
  await dialog.getByRole('button', { name: 'Split them off' }).press('Enter')
  await page.getByText('One alert was split off into').waitFor()
  await page.getByText('are two problems.').first().waitFor()
  expect((await open()).items.map((each) => each.services).sort()).toEqual([['checkout'], ['payment']])

  await page.getByRole('link', { name: 'Everything that was learnt' }).press('Enter')
  await page.getByRole('heading', { name: 'What was learnt', level: 1 }).waitFor()
  await page.getByRole('button', { name: /^Forget:/ }).press('Enter')
  await page.getByRole('dialog', { name: 'Forget what was learnt' }).getByLabel('Why').fill('It was one rollout.')
  await page.getByRole('button', { name: 'Forget it' }).press('Enter')
  await page.getByText('Nothing yet').waitFor()

  await page.goto(`/incidents/${incident?.id}?view=related`)
  await page.getByRole('button', { name: /^Take back:/ }).press('Enter')
  await page.getByRole('dialog', { name: 'Take the split back' }).getByLabel('Why').fill('It was one problem.')
  await page.getByRole('button', { name: 'Take it back' }).press('Enter')
  await page.getByText('Taken back by').waitFor()
  expect((await open()).items.map((each) => each.services)).toEqual([['payment', 'checkout']])
  complaints.expectNone()
})

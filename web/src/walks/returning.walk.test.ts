// Whoever comes back finds their views on another machine, and says with what a drill must prove that an action helped.
import { expect, test } from 'vitest'
import { openWorld, watch } from './walk.fixture.ts'

const world = openWorld()

test('a view saved in one browser is there in another, with those an earlier version kept', async () => {
  const first = await (await world().signedIn()).newPage()
  const complaints = await watch(first)
  await first.goto('/incidents?severity=SEV1')
  await first.getByRole('button', { name: 'Save this view' }).press('Enter')
  await first.getByLabel('Name of the view').fill('The worst')
  await first.getByLabel('Name of the view').press('Enter')
  await first.getByRole('list', { name: 'Saved views' }).getByRole('button', { name: 'The worst' }).waitFor()

  const elsewhere = await world().signedIn()
  await elsewhere.addInitScript(() => {
    const kept = JSON.stringify([{ name: 'Drills', query: 'kind=drill' }])
    if (sessionStorage.getItem('poured') === null) localStorage.setItem('mainstay.views.incidents', kept)
    sessionStorage.setItem('poured', 'yes')
  })
  const second = await elsewhere.newPage()
  await second.goto('/incidents')
  const views = second.getByRole('list', { name: 'Saved views' })
  await views.getByRole('button', { name: 'Drills' }).waitFor()
  await views.getByRole('button', { name: 'The worst' }).press('Enter')
  await second.waitForURL(/severity=SEV1/)
  await second.getByRole('button', { name: 'Forget “The worst”' }).press('Enter')
  await views.getByRole('button', { name: 'The worst' }).waitFor({ state: 'detached' })
  await first.reload()
  await first.getByRole('list', { name: 'Saved views' }).getByRole('button', { name: 'Drills' }).waitFor()
  expect(await first.getByRole('button', { name: 'The worst' }).count()).toBe(0)
  expect(await second.evaluate(() => localStorage.getItem('mainstay.views.incidents'))).toBeNull()
  complaints.expectNone()
})

test('an action is done, and a drill within a month must show it', async () => {
  const { ask } = world()
  const service =
    'apiVersion: mainstay.dev/v1\nkind: Service\nmetadata: {name: payment, displayName: Payment}\nspec: {tier: 1}'
  await ask('POST', '/api/v1/apply', { documents: service, manager: 'walk' })
  const order = { title: 'Payments fail', severity: 'SEV1', services: ['payment'] }
  const { id: incident } = (await ask('POST', '/api/v1/incidents', order)) as { id: string }
  await ask('POST', `/api/v1/incidents/${incident}/transition`, { to: 'resolved', note: 'Rolled back.' })
  const { id } = (await ask('POST', '/api/v1/postmortems', { incident })) as { id: string }
  await ask('POST', `/api/v1/postmortems/${id}/actions`, {
    ...{ title: 'Rehearse the failover', kind: 'mitigate', owner: 'ben', dueAt: '2030-01-01T00:00:00Z' },
  })
  const page = await (await world().signedIn()).newPage()
  const complaints = await watch(page)
  await page.goto(`/postmortems/${id}`)
  await page.getByRole('button', { name: /^Done.*Rehearse the failover/ }).press('Enter')
  const dialog = page.getByRole('dialog', { name: 'What will show that it worked' })
  await dialog.getByLabel('The sign').selectOption('A service passes a readiness check')
  await dialog.getByLabel(/^Service/).selectOption('Payment')
  await dialog.getByLabel(/^The service/).selectOption('links a runbook')
  await dialog.getByLabel('The sign').selectOption('A drill is mitigated')
  await dialog.getByLabel('Mitigated within how many minutes').fill('30')
  await dialog.getByLabel('Held within how many days').fill('30')
  await dialog.getByRole('button', { name: 'The work is done' }).press('Enter')
  await page.getByText('Proven when a drill of payment is mitigated within 30 minutes, held within 30 days.').waitFor()
  complaints.expectNone()
})

// Work is planned by keys alone, seen before it is kept, ended early with a reason; and a tester says what it does.
import { expect, test } from 'vitest'
import { openWorld, watch } from './walk.fixture.ts'

const world = openWorld()

test('from an empty calendar to a maintenance that is over, without a mouse', async () => {
  await world().applyShop('everything')
  const context = await world().signedIn({ reducedMotion: 'reduce' })
  const page = await context.newPage()
  const complaints = await watch(page)
  await page.goto('/maintenance')
  await page.getByText('No maintenance is planned.').waitFor()
  await page.keyboard.press('c')
  await page.getByLabel(/^What/).fill('New disks')
  await page.getByLabel(/^Why/).fill('The old ones are slow')
  await page.getByLabel(/^Services/).fill('payment')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'remove payment' }).waitFor()
  await page.getByLabel('Who depends on them').selectOption('hard')
  const now = new Date(Date.now() - 5 * 60_000)
  const wall = new Intl.DateTimeFormat('sv-SE', {
    timeZone: 'Europe/Berlin',
    dateStyle: 'short',
    timeStyle: 'short',
  }).format(now)
  await page.getByLabel(/^Begins/).fill(wall.replace(' ', 'T'))
  await page.getByText('Nobody is paged for 1 service').waitFor()
  await page.getByText('Dependants: ').waitFor()
  await page.getByRole('button', { name: 'Plan it' }).press('Enter')
  await page.getByText('Under way', { exact: true }).waitFor()

  await page.goto('/routing')
  await page.getByLabel('Its labels, one a line').fill('service=payment\nseverity=critical')
  await page.getByRole('button', { name: 'What would happen?' }).press('Enter')
  await page.getByText(/Nobody: held by maintenance new-disks until/).waitFor()

  await page.goto('/maintenance')
  await page.getByRole('button', { name: 'End now' }).press('Enter')
  await page.getByLabel(/^Why/).fill('Done')
  await page.keyboard.press('Enter')
  await page.getByText(/changed by Ana Ruiz: Done/).waitFor()
  await page.getByText('No maintenance is planned.').waitFor()
  expect(await page.getByText('Over', { exact: true }).count()).toBeGreaterThan(0)
  complaints.expectNone()
  await context.close()
})

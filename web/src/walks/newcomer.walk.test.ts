// Somebody new: the link from the terminal, the first account, the guide, the first definitions, the first services.
import { expect, test } from 'vitest'
import { shopDefinitions } from './product.fixture.ts'
import { admin, openWorld, watch } from './walk.fixture.ts'

const world = openWorld()

test('a newcomer sets up, is guided, declares services and sees them', async () => {
  const context = await world().stranger()
  const page = await context.newPage()
  const complaints = await watch(page)
  await page.goto(world().product.setupUrl)
  await page.getByRole('heading', { name: 'Make the first account' }).waitFor()
  await page.getByLabel('Your name').fill(admin.name)
  await page.getByLabel('E-mail').fill(admin.email)
  await page.getByRole('textbox', { name: 'Password' }).fill(admin.password)
  await page.getByRole('button', { name: 'Start' }).click()

  await page.getByRole('heading', { name: 'Start here' }).waitFor()
  for (const step of ['1. Be reachable', '2. Declare a service', '4. Point your alerts here'])
    await page.getByRole('heading', { name: step }).waitFor()

  await page.getByRole('listitem').getByRole('link', { name: 'Apply', exact: true }).last().click()
  await page.getByRole('heading', { name: 'Apply', level: 1 }).waitFor()
  const text = shopDefinitions('catalog')
  await page.getByLabel('Definitions, YAML or JSON').fill(text)
  await page.keyboard.press('Control+Enter')
  await page.getByRole('button', { name: /^Apply \d+/ }).click()
  await page
    .getByText(/^Applied: /)
    .first()
    .waitFor()

  await page.getByRole('navigation', { name: 'Rooms', exact: true }).getByRole('link', { name: 'Services' }).click()
  for (const name of ['Shop front', 'Checkout', 'Payment'])
    await page.getByText(name, { exact: true }).first().waitFor()
  await page.getByText('Checkout', { exact: true }).first().click()
  await page.getByRole('heading', { name: 'Checkout', level: 1 }).waitFor()
  complaints.expectNone()

  await page.goto('/')
  await page.getByRole('heading', { level: 1 }).waitFor()
  await expect(page.getByRole('heading', { name: 'Start here' }).count()).resolves.toBe(0)
  await context.close()
})

test('the link works once', async () => {
  const context = await world().stranger()
  const page = await context.newPage()
  await page.goto(world().product.setupUrl)
  await page.getByRole('textbox', { name: 'Password' }).fill(admin.password)
  await page.getByRole('button', { name: 'Start' }).click()
  await page.getByRole('alert').waitFor()
  expect(new URL(page.url()).pathname).toBe('/setup')
  await context.close()
})

test('a fault in the definitions names its line and changes nothing', async () => {
  const context = await world().signedIn()
  const page = await context.newPage()
  await page.goto('/apply')
  await page.getByLabel('Definitions, YAML or JSON').fill('apiVersion: mainstay.dev/v1\nkind: Service\nmetadata: {}\n')
  await page.getByRole('button', { name: 'Plan' }).click()
  await page.getByRole('alert').waitFor()
  await expect(page.getByRole('button', { name: /^Apply \d+/ }).count()).resolves.toBe(0)
  await context.close()
})

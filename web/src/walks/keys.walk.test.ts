// Getting about: the palette, the sheet of keys, jumps, the filter; and the door, out and in again.
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { admin, openWorld, watch } from './walk.fixture.ts'

const world = openWorld()
const path = (page: Page) => `${new URL(page.url()).pathname}${new URL(page.url()).search}`

test('every room has a jump', async () => {
  await world().applyShop('catalog')
  const context = await world().signedIn()
  const page = await context.newPage()
  const complaints = await watch(page)
  await page.goto('/')
  await page.getByRole('heading', { level: 1 }).waitFor()
  const jumps = [
    ['a', '/alerts'],
    ['i', '/incidents'],
    ['c', '/oncall'],
    ['s', '/services'],
    ['p', '/apply'],
    ['j', '/journal'],
    ['t', '/settings'],
    ['o', '/'],
  ] as const
  for (const [key, to] of jumps) {
    await page.keyboard.press('g')
    await page.keyboard.press(key)
    await page.waitForURL((url) => url.pathname === to)
    await page.getByRole('heading', { level: 1 }).waitFor()
  }
  complaints.expectNone()
  await context.close()
})

test('the palette finds a service by a part of its name; Escape gives the focus back', async () => {
  const context = await world().signedIn()
  const page = await context.newPage()
  await page.goto('/')
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.keyboard.press('Control+k')
  const box = page.getByRole('combobox')
  await box.waitFor()
  await page.keyboard.press('Escape')
  await box.waitFor({ state: 'detached' })
  await page.keyboard.press('Control+k')
  await box.waitFor()
  await page.keyboard.type('checko')
  await page
    .getByRole('option', { name: /Checkout/ })
    .first()
    .waitFor()
  await page.locator('[role=option][aria-selected=true]').filter({ hasText: 'Checkout' }).waitFor()
  await page.keyboard.press('Enter')
  await page.waitForURL('**/services/checkout')
  await page.getByRole('heading', { name: 'Checkout', level: 1 }).waitFor()
  await context.close()
})

test('? shows the keys of this page and / reaches its filter', async () => {
  const context = await world().signedIn()
  const page = await context.newPage()
  await page.goto('/services')
  await page.getByText('Shop front', { exact: true }).first().waitFor()
  await page.keyboard.press('?')
  const sheet = page.getByRole('dialog', { name: 'Keys on this page' })
  await sheet.getByText('Filter this list').waitFor()
  await page.keyboard.press('Escape')
  await sheet.waitFor({ state: 'detached' })
  await page.keyboard.press('/')
  await page.keyboard.type('pay')
  await page.waitForURL((url) => url.search.includes('pay'))
  await page.getByText('Shop front', { exact: true }).first().waitFor({ state: 'detached' })
  await page.getByText('Payment', { exact: true }).first().waitFor()
  // The copied address shows the same view.
  const other = await context.newPage()
  await other.goto(path(page))
  await other.getByText('Payment', { exact: true }).first().waitFor()
  expect(await other.getByText('Shop front', { exact: true }).count()).toBe(0)
  await context.close()
})

test('signing out closes the door; signing in leads back to where one wanted to go', async () => {
  // A session of its own: the others go on with theirs.
  await world().ask('GET', '/api/v1/session')
  const context = await world().stranger()
  const page = await context.newPage()
  await page.goto('/services/checkout?range=6h')
  await page.waitForURL((url) => url.pathname === '/sign-in')
  await page.getByLabel('E-mail').fill(admin.email)
  await page.getByRole('textbox', { name: 'Password' }).fill('not the password at all')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('alert').waitFor()
  await page.getByRole('textbox', { name: 'Password' }).fill(admin.password)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Checkout', level: 1 }).waitFor()
  expect(path(page)).toBe('/services/checkout?range=6h')

  await page.getByRole('button', { name: /, menu$/ }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.waitForURL((url) => url.pathname === '/sign-in')
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await page.goto('/alerts')
  await page.waitForURL((url) => url.pathname === '/sign-in')
  const refused = await context.request.get('/api/v1/alerts')
  expect(refused.status()).toBe(401)
  await context.close()
})

test('a foreign address is no way back', async () => {
  const context = await world().stranger()
  const page = await context.newPage()
  await page.goto('/sign-in?back=https%3A%2F%2Fevil.example%2F')
  await page.getByLabel('E-mail').fill(admin.email)
  await page.getByRole('textbox', { name: 'Password' }).fill(admin.password)
  await page.keyboard.press('Enter')
  await page.waitForURL((url) => url.pathname === '/')
  expect(new URL(page.url()).origin).toBe(world().product.url)
  await context.close()
})

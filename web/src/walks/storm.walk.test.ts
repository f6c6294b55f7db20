// A storm on a small screen: long lists stay short, nothing jumps, and what is asked for first is on the first screen.
import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { openWorld, watch } from './walk.fixture.ts'

const world = openWorld()
const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }
const many = 150

beforeAll(async () => {
  await world().applyShop('everything')
  const signals = Array.from({ length: many }, (_, index) => ({
    dedupKey: `p${index}`,
    summary:
      index === 0
        ? 'Card payments fail'
        : `Card payments fail in a name of ${'considerable'.repeat(9)} length ${index}`,
    service: 'payment',
    severity: 'critical',
    labels: { alertname: `PaymentErrors${index}` },
  }))
  for (let from = 0; from < many; from += 50)
    await world().ask('POST', '/api/v1/signals', { source: 'walk', signals: signals.slice(from, from + 50) })
  await world().raise({ dedupKey: 'c', summary: 'Checkout answers 500', service: 'checkout', severity: 'critical' })
})

test('an incident on a phone: its parts and where to look first need no scrolling', async () => {
  const page = await opened(phone)
  const complaints = await watch(page)
  const id = await incidentOf('payment')
  await page.goto(`/incidents/${id}`)
  const parts = page.getByRole('radiogroup', { name: 'Part of the room' })
  await parts.getByRole('radio', { name: 'State' }).and(page.locator('[aria-checked="true"]')).waitFor()
  await page.getByRole('region', { name: 'Roles' }).waitFor()
  await parts.getByRole('radio', { name: 'Related' }).click()
  const causes = page.getByRole('region', { name: 'Where to look first' })
  await causes.getByRole('listitem').first().getByRole('link', { name: 'payment' }).waitFor()
  await causes
    .getByText(/Card payments fail|PaymentErrors/)
    .first()
    .waitFor()
  expect(await topOf(causes)).toBeLessThan(phone.viewport.height)
  expect(await page.getByRole('region', { name: 'Roles' }).count()).toBe(0)
  expect(await isWide(page)).toBe(false)
  await page.setViewportSize({ width: 1440, height: 900 })
  await page.getByRole('region', { name: 'Roles' }).waitFor()
  complaints.expectNone()
})

test('the overview has one row for all that fires of one incident', async () => {
  const page = await opened(phone)
  await page.goto('/')
  // Those of payment, and that of checkout when it is seen to be of the same failure.
  await page.getByText(/nobody has acknowledged it, nor 1(49|50) more of its incident/).waitFor()
  await page.getByRole('button', { name: /^Acknowledge 15[01]$/ }).waitFor()
  expect(await isWide(page)).toBe(false)
})

test('an alert that is paged with many says a few and how many more', async () => {
  const page = await opened(phone)
  const { items } = (await world().ask('GET', '/api/v1/alerts?service=payment')) as { items: { id: string }[] }
  await page.goto(`/alerts/${items[0]?.id}`)
  const company = page
    .getByRole('definition')
    .filter({ has: page.getByText('Acknowledging one acknowledges all of them.') })
  await company.getByRole('button', { name: /more of|more alerts/ }).waitFor()
  expect(await company.getByRole('link').count()).toBe(5)
  await company.getByRole('button').click()
  expect(await company.getByRole('link').count()).toBeGreaterThan(5)
  expect(await isWide(page)).toBe(false)
})

test.each([
  ['/alerts', /100 alerts loaded/],
  ['/services', /^\d+ services/],
  ['/incidents', /INC-1/],
  ['/settings/retention', /MAINSTAY_KEEP_PAGES_DAYS/],
] as const)('%s does not jump while it loads', async (address, arrived) => {
  const page = await opened({})
  await page.addInitScript(() => {
    Reflect.set(window, 'mainstayShift', 0)
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries())
        Reflect.set(window, 'mainstayShift', Reflect.get(window, 'mainstayShift') + Reflect.get(entry, 'value'))
    }).observe({ type: 'layout-shift', buffered: true })
  })
  await page.goto(address)
  await page.getByText(arrived).first().waitFor()
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
  // What the field calls good is 0.1.
  expect(await page.evaluate(() => Number(Reflect.get(window, 'mainstayShift')))).toBeLessThan(0.1)
})

test('when the server falls silent, the page says that it may be old, and that a part could not be fetched', async () => {
  const context = await world().signedIn({ reducedMotion: 'reduce' })
  await context.route('**/api/v1/stream*', (route) => route.abort())
  const page = await context.newPage()
  await page.goto('/alerts')
  await page.getByText(/100 alerts loaded/).waitFor()
  await context.route('**/*', (route) => route.abort())
  await page.getByText(/^No word from the server since/).waitFor({ timeout: 45_000 })
  await page.getByRole('link', { name: 'Journal' }).first().click()
  await page.getByText('This page could not be fetched').waitFor()
  await context.close()
})

test('a legal hold is placed and lifted where one sees how long what is kept', async () => {
  const page = await opened({})
  const complaints = await watch(page)
  await page.goto('/settings/retention')
  await page.getByText('MAINSTAY_KEEP_PAGES_DAYS').waitFor()
  await page.getByRole('button', { name: 'Place a hold' }).click()
  const dialog = page.getByRole('dialog', { name: 'Place a legal hold' })
  await dialog.getByLabel('What is held').selectOption('service')
  await dialog.getByLabel('Name').fill('checkout')
  await dialog.getByLabel('Reason').fill('A claim of a customer')
  await dialog.getByRole('button', { name: 'Hold it' }).click()
  await page.getByRole('button', { name: 'Lift the hold on Service checkout' }).click()
  const lifting = page.getByRole('dialog', { name: 'Lift the hold on Service checkout' })
  await lifting.getByLabel('Reason').fill('Settled')
  await lifting.getByRole('button', { name: 'Lift it' }).click()
  await page.getByText('Nothing is held.').waitFor()
  complaints.expectNone()
})

async function opened(options: Parameters<ReturnType<typeof world>['signedIn']>[0]): Promise<Page> {
  return (await world().signedIn({ reducedMotion: 'reduce', ...options })).newPage()
}

/** Opened by the product itself, a moment after the alerts. */
async function incidentOf(service: string): Promise<string> {
  const read = async () =>
    (await world().ask('GET', `/api/v1/incidents?service=${service}`)) as { items: { id: string }[] }
  await expect.poll(async () => (await read()).items.length, { timeout: 15_000 }).toBeGreaterThan(0)
  return (await read()).items[0]?.id ?? ''
}

async function topOf(place: ReturnType<Page['getByRole']>): Promise<number> {
  return (await place.boundingBox())?.y ?? Number.POSITIVE_INFINITY
}

function isWide(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth + 1)
}

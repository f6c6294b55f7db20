// The person on call, without a mouse: an alert arrives by itself, is taken, becomes an incident, and is over.
import { expect, test } from 'vitest'
import { openWorld, watch } from './walk.fixture.ts'

const world = openWorld()
// The name of the signed-in person in the shop's definitions.
const taker = 'ana'

test('from the first signal to the end of the incident by keys alone', async () => {
  await world().applyShop('catalog')
  const context = await world().signedIn()
  const page = await context.newPage()
  const complaints = await watch(page)
  await page.goto('/alerts')
  await page.getByText('Nothing is firing.').waitFor()
  await page.getByText('Live', { exact: true }).waitFor()
  // A reload would lose it.
  await page.evaluate(() => Reflect.set(window, 'mainstayWalk', 'here'))
  await world().raise({ dedupKey: 'c1', summary: 'Checkout answers 500', service: 'checkout', severity: 'critical' })
  await page.getByText('Checkout answers 500').first().waitFor()

  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  const panel = page.getByRole('complementary', { name: /Checkout answers 500/ })
  await panel.waitFor()
  await page.keyboard.press('a')
  await page
    .getByText(/^Acknowledged: A-1\./)
    .first()
    .waitFor()
  await panel.getByText('by Ana Ruiz').first().waitFor()
  expect(await world().ask('GET', '/api/v1/alerts?status=acknowledged')).toMatchObject({
    items: [{ number: 1, status: 'acknowledged', acknowledgedBy: taker }],
  })
  await page.keyboard.press('Escape')
  await panel.waitFor({ state: 'detached' })

  await page.keyboard.press('g')
  await page.keyboard.press('i')
  await page.getByRole('heading', { name: 'Incidents', level: 1 }).waitFor()
  await page.keyboard.press('n')
  await page.getByRole('dialog', { name: 'Declare an incident' }).waitFor()
  await page.keyboard.type('Nobody can pay')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Nobody can pay', level: 1 }).waitFor()

  await page.keyboard.press('t')
  await page.getByText('Commander').first().waitFor()
  await page.keyboard.press('n')
  await page.keyboard.type('Rolled back checkout to 1.4.1')
  await page.keyboard.press('Control+Enter')
  const timeline = page.getByRole('list').filter({ has: page.getByText('Rolled back checkout to 1.4.1') })
  await timeline.first().waitFor()
  await page.keyboard.press('Escape')

  await page.keyboard.press('Shift+R')
  await page.getByRole('dialog', { name: 'Resolve' }).waitFor()
  await page.keyboard.type('The rollback held')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.getByText('Nothing: it is over.').waitFor()
  await page.getByText('The rollback held').first().waitFor()

  await page.keyboard.press('g')
  await page.keyboard.press('a')
  await page.getByRole('heading', { name: 'Alerts', level: 1 }).waitFor()
  await page.getByText('Checkout answers 500').first().waitFor()
  await page.keyboard.press('j')
  await page.keyboard.press('Shift+R')
  await page
    .getByText(/^Resolved: A-1\./)
    .first()
    .waitFor()
  await page.getByText('Nothing is firing.').waitFor()
  expect(await page.evaluate(() => Reflect.get(window, 'mainstayWalk'))).toBe('here')
  complaints.expectNone()
  await context.close()
})

test('two consoles agree: what one takes, the other shows', async () => {
  const [first, second] = [await world().signedIn(), await world().signedIn()]
  const [here, there] = [await first.newPage(), await second.newPage()]
  for (const page of [here, there]) {
    await page.goto('/alerts')
    await page.getByText('Live', { exact: true }).waitFor()
  }
  await world().raise({ dedupKey: 'p1', summary: 'Cards are refused', service: 'payment', severity: 'warning' })
  for (const page of [here, there]) await page.getByText('Cards are refused').first().waitFor()
  await here.keyboard.press('j')
  await here.keyboard.press('a')
  await there.getByRole('main').getByText('Ana Ruiz', { exact: true }).first().waitFor()
  await first.close()
  await second.close()
})

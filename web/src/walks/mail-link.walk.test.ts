// The link in the mail of a page, on a phone that runs no script: one button, and the alert is taken; one more says
// whether it was worth it.
import { expect, test } from 'vitest'
import { openWorld } from './walk.fixture.ts'

const world = openWorld()

test('the answer page acknowledges without JavaScript and without a session', async () => {
  await world().applyShop('catalog')
  await world().raise({ dedupKey: 'm1', summary: 'The front is down', service: 'front', severity: 'critical' })
  const { mails } = world().product
  const link = await expect
    .poll(() => mails.list().find((mail) => mail.ackUrl !== null)?.ackUrl ?? null, { timeout: 60_000 })
    .not.toBeNull()
    .then(() => mails.list().find((mail) => mail.ackUrl !== null)?.ackUrl ?? '')
  const context = await world().stranger({ javaScriptEnabled: false, viewport: { width: 390, height: 844 } })
  const page = await context.newPage()
  const reply = await page.goto(link)
  expect(reply?.headers()['content-security-policy']).toBeDefined()
  expect((await reply?.body())?.length ?? 0).toBeLessThan(30_000)
  await page.getByText('The front is down').first().waitFor()
  // Looking is not answering: mail scanners look.
  expect(await world().ask('GET', '/api/v1/alerts')).toMatchObject({ items: [{ status: 'firing' }] })
  await page.getByRole('button').click()
  await page.getByText('Was it worth waking you?').waitFor()
  expect(await world().ask('GET', '/api/v1/alerts')).toMatchObject({
    items: [{ status: 'acknowledged', useful: null }],
  })
  await page.getByRole('button', { name: 'Noise' }).click()
  await page.getByText('Was it worth waking you?').waitFor({ state: 'detached' })
  expect(await world().ask('GET', '/api/v1/alerts')).toMatchObject({
    items: [{ status: 'acknowledged', useful: false }],
  })
  await context.close()
})

// A push as the browser would deliver it: the worker shows a notification that can be answered.
import { expect, test } from 'vitest'
import { openWorld } from './walk.fixture.ts'

const world = openWorld()

test('the worker turns a push into a notification with its answer', async () => {
  const context = await world().signedIn()
  await context.grantPermissions(['notifications'], { origin: world().product.url })
  const page = await context.newPage()
  const debug = await context.newCDPSession(page)
  const registered = new Promise<string>((resolve) => {
    debug.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const [first] = registrations
      if (first !== undefined) resolve(first.registrationId)
    })
  })
  await debug.send('ServiceWorker.enable')
  await page.goto('/')
  await page.evaluate(async () => void (await navigator.serviceWorker.ready))
  const { url } = world().product
  await debug.send('ServiceWorker.deliverPushMessage', {
    origin: url,
    registrationId: await registered,
    data: JSON.stringify({
      title: 'Checkout answers 500',
      body: 'critical, checkout',
      key: 'walk-1',
      open: `${url}/alerts`,
      acknowledge: 'https://evil.example/a/token',
    }),
  })
  const shown = () =>
    page.evaluate(async () => {
      const registration = await navigator.serviceWorker.ready
      const list = await registration.getNotifications()
      return list.map((each) => ({ title: each.title, body: each.body, tag: each.tag, data: each.data }))
    })
  await expect.poll(shown, { timeout: 15_000 }).toEqual([
    {
      title: 'Checkout answers 500',
      body: 'critical, checkout',
      tag: 'walk-1',
      // An address of another site is never kept.
      data: expect.objectContaining({ url: `${url}/alerts`, ackUrl: null }),
    },
  ])
  await context.close()
})

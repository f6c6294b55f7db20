// What the page asks for before its console is there is exactly what the console then wants, and only for whom it is.
import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { openWorld, watch } from './walk.fixture.ts'

const world = openWorld()
beforeAll(() => world().applyShop('everything'))

test.each(['/', '/services', '/objectives', '/alerts', '/incidents', '/services/checkout', '/alerts?status=resolved'])(
  'every answer asked for early at %s is taken',
  async (address) => {
    const page = await (await world().signedIn()).newPage()
    const complaints = await watch(page)
    await page.goto(address)
    await page.locator('main h1').first().waitFor()
    await expect.poll(() => left(page), { timeout: 15_000 }).toEqual([])
    expect(await marks(page, 'early.asked')).toContain('/api/v1/session')
    complaints.expectNone()
    await page.context().close()
  },
)

test('for a stranger nothing is asked early', async () => {
  const page = await (await world().stranger()).newPage()
  await page.goto('/alerts')
  await page.waitForURL(/\/sign-in/)
  expect(await marks(page, 'early.asked')).toEqual([])
  await page.context().close()
})

const marks = (page: Page, name: string) =>
  page.evaluate(
    (mark) => performance.getEntriesByName(mark).map((entry) => String((entry as PerformanceMark).detail)),
    name,
  )

async function left(page: Page): Promise<readonly string[]> {
  const taken = new Set(await marks(page, 'early.taken'))
  return (await marks(page, 'early.asked')).filter((address) => !taken.has(address))
}

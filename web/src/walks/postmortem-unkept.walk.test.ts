// Nobody loses what they wrote without a word: a join that fails, a colleague who publishes, a page that is left.
import { expect, test } from 'vitest'
import { openWorld } from './walk.fixture.ts'

const world = openWorld()
const long = { timeout: 60_000, interval: 250 }

async function openPostmortem(): Promise<string> {
  const { ask } = world()
  const order = { title: 'Nobody can pay', severity: 'SEV3', services: ['payment'] }
  const incident = idOf(await ask('POST', '/api/v1/incidents', order))
  await ask('POST', `/api/v1/incidents/${incident}/transition`, { to: 'resolved', note: 'The rollback held.' })
  const id = idOf(await ask('POST', '/api/v1/postmortems', { incident }))
  const action = { title: 'Try it on few', kind: 'prevent', owner: 'ben', dueAt: '2030-01-01T00:00:00Z' }
  await ask('POST', `/api/v1/postmortems/${id}/actions`, action)
  const { request } = await world().signedIn()
  const { version } = (await ask('GET', `/api/v1/postmortems/${id}`)) as { version: number }
  const reply = await request.put(`/api/v1/postmortems/${id}/factors`, {
    headers: { 'x-mainstay-csrf': '1' },
    data: { factors: [{ id: 'f0', text: 'Nothing tried it', kind: 'latent', leadsTo: [] }], version },
  })
  expect(reply.status(), await reply.text()).toBe(200)
  return id
}

test('unsent text outlives a publication and leaving the page', { timeout: 300_000 }, async () => {
  await world().applyShop('catalog')
  const id = await openPostmortem()
  const context = await world().signedIn()
  const page = await context.newPage()
  const threw: string[] = []
  page.on('pageerror', (error) => threw.push(error.message))

  // A first join that fails: no field to type into, and it is tried again by itself.
  let isAway = true
  await page.route('**/document', async (route) =>
    isAway ? route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{}' }) : route.continue(),
  )
  await page.goto(`/postmortems/${id}?write=summary`)
  await page.getByText('No connection: trying again').waitFor()
  expect(await page.locator('textarea').count()).toBe(0)
  isAway = false
  const summary = page.getByRole('textbox', { name: 'Summary' })
  await summary.waitFor({ timeout: 60_000 })

  // What is typed does not get through; meanwhile a colleague publishes.
  await page.route('**/document/updates', (route) =>
    route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{}' }),
  )
  await summary.fill('Written at three in the morning.')
  for (const to of ['review', 'published'])
    await world().ask('POST', `/api/v1/postmortems/${id}/transition`, { to, note: 'Read.' })
  await page.getByText('What you wrote last is not kept').waitFor({ timeout: 60_000 })
  await expect.poll(() => page.getByText('Published', { exact: true }).count(), long).toBeGreaterThan(0)
  expect(await summary.inputValue()).toBe('Written at three in the morning.')

  // Left by a link: it is shown where its writer is now.
  await page.getByRole('link', { name: 'Journal', exact: true }).first().click()
  await page.getByRole('heading', { name: 'Journal', level: 1 }).waitFor()
  const note = page.getByRole('region', { name: 'Not kept: Nobody can pay' })
  await note.waitFor()
  expect(await note.innerText()).toContain('Written at three in the morning.')
  expect(threw).toEqual([])
})

function idOf(value: unknown): string {
  if (typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string') return value.id
  throw new Error(`No id in ${JSON.stringify(value)}`)
}

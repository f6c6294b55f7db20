// From nothing to an alarm of another product: connect a sender, paste its text, mend a mapping, try again.
import { expect, test } from 'vitest'
import { openWorld } from './walk.fixture.ts'

const world = openWorld()

const checkout = `apiVersion: mainstay.dev/v1
kind: Service
metadata: { name: checkout }
spec: { tier: 1 }
`

test('a sender is connected, what it says is mapped, and nothing of it is lost', async () => {
  const { product, ask } = world()
  const context = await world().signedIn()
  await ask('POST', '/api/v1/apply', { documents: checkout })
  const page = await context.newPage()
  await page.goto(`${product.url}/intake`)
  await page.getByText('No sender is connected yet').waitFor()
  await page.getByRole('button', { name: 'Connect a sender' }).click()
  await page.getByLabel('What it sends').selectOption('generic')
  await page.getByRole('textbox', { name: 'Name' }).fill('home-made')
  await page.getByRole('button', { name: 'Connect', exact: true }).click()
  await page.getByRole('heading', { name: 'home-made' }).waitFor()

  await page.getByRole('button', { name: 'Make a token' }).click()
  await page.getByText('Copy it now').waitFor()
  const token = /msi_[\w-]{43}/.exec((await page.locator('.copy-line code').first().textContent()) ?? '')?.[0]
  expect(token).toBeDefined()
  // As the text on the page says.
  const send = (data: object) =>
    context.request.post(`${product.url}/in/home-made`, { headers: { authorization: `Bearer ${token}` }, data })
  const answer = await send({ ident: 'd-1', broken: true, what: 'Disk of db-1 is full', on: 'checkout', level: 'page' })
  expect([answer.status(), (await answer.json()).status]).toEqual([202, 'kept'])

  const { needsHuman } = (await ask('GET', '/api/v1/overview')) as { needsHuman: { kind: string; href: string }[] }
  expect(needsHuman.find((each) => each.kind === 'intake')?.href).toBe('/intake/home-made')

  await page.reload()
  await page.getByText('neither dedupKey nor labels').first().waitFor()
  await page.getByRole('textbox', { name: 'What names the problem', exact: true }).fill('body.ident')
  await page.getByRole('textbox', { name: 'Firing or resolved', exact: true }).fill('body.broken')
  await page.getByRole('textbox', { name: 'Summary', exact: true }).fill('body.what')
  await page.getByRole('textbox', { name: 'Severity', exact: true }).fill('body.levl')
  await page.getByText('field not found: levl').waitFor()
  await page.getByRole('textbox', { name: 'Severity', exact: true }).fill('body.level')
  await page.getByRole('textbox', { name: 'Service', exact: true }).fill('body.on')
  await page.getByText('critical, from “page”').waitFor()
  expect((await page.locator('.outcome').textContent()) ?? '').toContain('Disk of db-1 is full')
  await page.getByRole('button', { name: 'Save the mapping' }).click()
  await page.getByRole('button', { name: 'Save the mapping' }).and(page.locator(':disabled')).waitFor()
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByRole('button', { name: 'Try again' }).waitFor({ state: 'detached' })
  const alerts = (await ask('GET', '/api/v1/alerts?status=open')) as { items: { title: string; source: string }[] }
  expect(alerts.items).toMatchObject([{ title: 'Disk of db-1 is full', source: 'in/home-made', service: 'checkout' }])

  await send({ ident: 'd-1', broken: false, what: 'Disk of db-1 is full', on: 'checkout', level: 'page' })
  const after = (await ask('GET', '/api/v1/alerts?status=open')) as { items: unknown[] }
  expect(after.items).toEqual([])
  await page.getByRole('button', { name: 'Replace the token' }).click()
  await page.getByText('ends').first().waitFor()
  await page.goto(`${product.url}/intake`)
  await page.getByText('Receiving').first().waitFor()
  await context.close()
}, 180_000)

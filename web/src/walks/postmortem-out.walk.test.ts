// A postmortem leaves the house: on paper, as one would hand it to a customer, and in public, without what is withheld.
import { expect, test } from 'vitest'
import { openWorld } from './walk.fixture.ts'

const world = openWorld()
const long = { timeout: 60_000, interval: 250 }
const hostile = '<script>document.title = "Taken"</script>'

interface Postmortem {
  readonly id: string
  readonly version: number
  readonly number: number
  readonly sections: readonly { readonly section: string; readonly version: number }[]
}

async function published(notes: number): Promise<Postmortem> {
  const { ask } = world()
  const { request } = await world().signedIn()
  const put = async (path: string, data: unknown) => {
    const reply = await request.put(path, { headers: { 'x-mainstay-csrf': '1' }, data })
    expect(reply.status(), await reply.text()).toBe(200)
  }
  const order = { title: 'Nobody can pay', severity: 'SEV3', services: ['payment'] }
  const { id: incident } = (await ask('POST', '/api/v1/incidents', order)) as { id: string }
  await ask('POST', `/api/v1/incidents/${incident}/roles`, { role: 'commander' })
  for (let number = 1; number <= notes; number += 1)
    await ask('POST', `/api/v1/incidents/${incident}/notes`, {
      text: `Look ${number}: the queue of payments holds what was not answered yet, and Ana Ruiz looks at it again.`,
    })
  await ask('POST', `/api/v1/incidents/${incident}/transition`, { to: 'resolved', note: 'The rollback held.' })
  const { id, sections } = (await ask('POST', '/api/v1/postmortems', { incident })) as Postmortem
  const body = `Ana Ruiz found it, by [the board](https://boards.example/pay). ${hostile}\n\n/impact\n\n- one\n- two`
  const version = sections.find((each) => each.section === 'summary')?.version
  await put(`/api/v1/postmortems/${id}/sections/summary`, { body, version })
  const now = (await ask('GET', `/api/v1/postmortems/${id}`)) as Postmortem
  const factors = [{ id: 'f0', text: 'Nothing tried it on few users', kind: 'latent', leadsTo: [] }]
  await put(`/api/v1/postmortems/${id}/factors`, { factors, version: now.version })
  const action = { title: 'Try it on few', kind: 'prevent', owner: 'ben', dueAt: '2030-01-01T00:00:00Z' }
  await ask('POST', `/api/v1/postmortems/${id}/actions`, action)
  for (const to of ['review', 'published'])
    await ask('POST', `/api/v1/postmortems/${id}/transition`, { to, note: 'Read.' })
  return (await ask('GET', `/api/v1/postmortems/${id}`)) as Postmortem
}

const pagesOf = (pdf: Buffer): number => pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0

test('on paper: light, whole, without the console, no page more than it takes', { timeout: 300_000 }, async () => {
  await world().applyShop('catalog')
  const context = await world().signedIn({ colorScheme: 'dark' })
  const page = await context.newPage()
  for (const [notes, least] of [
    [0, 1],
    [40, 3],
  ] as const) {
    const { id, number } = await published(notes)
    await page.goto(`/postmortems/${id}/print`)
    const sheet = page.locator('.print-sheet')
    await sheet.waitFor({ timeout: 60_000 })
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
    const text = await page.locator('body').innerText()
    for (const words of [
      'Nobody can pay',
      `${number}`,
      'Contributing factors',
      'Try it on few',
      'Users hurt for',
      'SHA-256',
    ])
      expect(text).toContain(words)
    for (const words of ['Overview', 'Back to the postmortem', 'Print or save as PDF', 'Skip to the page'])
      expect(text).not.toContain(words)
    const look = await sheet.evaluate((element) => {
      const { backgroundColor, color } = getComputedStyle(element)
      const link = element.querySelector('a[href^="https"]')
      const behind = link === null ? '' : getComputedStyle(link, '::after').content
      const soft = element.querySelector('.soft')
      return { backgroundColor, color, soft: soft === null ? '' : getComputedStyle(soft).color, behind }
    })
    const light = { backgroundColor: 'rgb(255, 255, 255)', color: 'rgb(16, 26, 30)', soft: 'rgb(77, 91, 98)' }
    expect(look).toMatchObject(light)
    expect(look.behind).toContain('boards.example')
    const pdf = await page.pdf({ format: 'A4', preferCSSPageSize: true, printBackground: true })
    expect(pagesOf(pdf)).toBeGreaterThanOrEqual(least)
    expect(pagesOf(pdf)).toBeLessThanOrEqual(least + 1)
    await page.emulateMedia({ media: 'screen' })
  }
  expect(await page.title()).not.toContain('Taken')
  await context.close()
})

test('in public: prepared and let out in the console, read by a stranger, taken back', {
  timeout: 300_000,
}, async () => {
  await world().applyShop('catalog')
  const policy = {
    apiVersion: 'mainstay.dev/v1',
    kind: 'PostmortemPolicy',
    metadata: { name: 'default' },
    spec: { organisation: 'Shop Ltd', publicBySecond: false },
  }
  await world().ask('POST', '/api/v1/apply', { documents: JSON.stringify(policy), manager: 'walk' })
  const { id } = await published(1)
  const context = await world().signedIn()
  const page = await context.newPage()
  await page.goto(`/postmortems/${id}`)
  await page.getByRole('button', { name: 'Public version' }).click()
  const dialog = page.getByRole('dialog', { name: 'Public version' })
  await dialog.getByRole('button', { name: 'Prepare' }).click()
  const preview = dialog.getByRole('region', { name: 'What would leave' })
  await preview.waitFor({ timeout: 60_000 })
  expect(await preview.innerText()).toContain('the incident commander found it')
  await preview.getByRole('button', { name: 'Let it out' }).click()
  const outside = dialog.getByRole('region', { name: 'What anybody may read' })
  await outside.waitFor({ timeout: 60_000 })
  const url = /https?:\/\/\S+\/reviews\/[\w-]{32}/.exec(await outside.innerText())?.[0] ?? ''
  const address = new URL(url).pathname

  const stranger = await world().stranger()
  const read = await stranger.newPage()
  const answer = await read.goto(address)
  expect(answer?.status()).toBe(200)
  const text = await read.locator('body').innerText()
  expect(text).toContain('Shop Ltd')
  expect(text).toContain('the incident commander found it')
  expect(await read.content()).not.toMatch(/ana\b|ruiz|shop\.example/i)
  expect(await read.title()).toBe('Nobody can pay')

  await outside.getByRole('textbox', { name: 'Why it is taken back' }).fill('A customer is named.')
  await outside.getByRole('button', { name: 'Take it back' }).click()
  await expect.poll(async () => (await read.goto(address))?.status(), long).toBe(404)
  await stranger.close()
  await context.close()
})

// Planned work has a room: opened from its maintenance, begun early, made longer, and turned into an incident when it goes wrong.
import { test } from 'vitest'
import { openWorld, watch } from './walk.fixture.ts'

const world = openWorld()
const day = 86_400_000

test('a maintenance is led in a room, begun, made longer, and goes wrong in one step', async () => {
  await world().applyShop('catalog')
  const start = new Date(Date.now() + 2 * day).toISOString().slice(0, 16).replace('T', ' ')
  const spec = { services: ['payment'], reason: 'Full vacuum of payments', start, timeZone: 'UTC', lasts: '2h' }
  const metadata = { name: 'vacuum', displayName: 'Vacuum of payments' }
  const documents = JSON.stringify({ apiVersion: 'mainstay.dev/v1', kind: 'MaintenanceWindow', metadata, spec })
  await world().ask('POST', '/api/v1/apply', { documents, manager: 'walk' })
  const page = await (await world().signedIn()).newPage()
  const complaints = await watch(page)
  await page.goto('/maintenance')
  await page.getByRole('button', { name: 'Open a room for it' }).press('Enter')
  await page.getByRole('heading', { name: 'Vacuum of payments' }).waitFor()
  await page
    .getByText(/^Begins/)
    .first()
    .waitFor()
  await page.getByText('Somebody takes command.').first().waitFor()

  await page.goto('/incidents?status=planned')
  await page.getByText('Vacuum of payments').first().waitFor()
  await page.goto('/maintenance')
  await page.getByRole('link', { name: /^Room: INC-/ }).press('Enter')

  await page.getByRole('button', { name: /^Put off/ }).press('Enter')
  const putOff = page.getByRole('dialog', { name: 'Put it off' })
  const begins = putOff.getByLabel('It begins')
  const later = new Date(Date.parse(`${await begins.inputValue()}:00Z`) + day).toISOString().slice(0, 16)
  await begins.fill(later)
  await putOff.getByLabel('Why, for the timeline').fill('A launch that night')
  await putOff.getByRole('button', { name: 'Put it off' }).press('Enter')
  await putOff.waitFor({ state: 'detached' })
  await page.getByText('A launch that night').first().waitFor()

  await page.getByRole('button', { name: /^Begin now/ }).press('Enter')
  const begin = page.getByRole('dialog', { name: 'Begin now' })
  await begin.getByText('Its maintenance begins with it').waitFor()
  await begin.getByRole('button', { name: 'Begin now' }).press('Enter')
  await page
    .getByText(/^Until/)
    .first()
    .waitFor()

  await page.getByRole('button', { name: /^Longer/ }).press('Enter')
  const longer = page.getByRole('dialog', { name: 'Let it last longer' })
  await longer.getByLabel('Why, for the timeline').fill('A slow disk')
  await longer.getByRole('button', { name: 'Let it last longer' }).press('Enter')
  await longer.waitFor({ state: 'detached' })
  await page.getByText('A slow disk').first().waitFor()

  await page.getByRole('button', { name: /^It went wrong/ }).press('Enter')
  const wrong = page.getByRole('dialog', { name: 'It went wrong' })
  await wrong.getByLabel('What went wrong').fill('The vacuum locks payments')
  await wrong.getByLabel('Severity').selectOption('SEV2')
  await wrong.getByRole('button', { name: 'Make it an incident' }).press('Enter')
  await page.getByText('made the planned work an incident: The vacuum locks payments').first().waitFor()
  await page.getByRole('button', { name: /^Mitigated/ }).waitFor()
  complaints.expectNone()
})

test('declared with times of its own, and called off with a reason', async () => {
  const page = await (await world().signedIn()).newPage()
  const complaints = await watch(page)
  await page.goto('/incidents?declare=1')
  const form = page.getByRole('dialog', { name: 'Declare an incident' })
  await form.getByLabel('Kind').selectOption('scheduled')
  await form.getByLabel('What is done').fill('Move the mail server')
  const local = (ahead: number) => new Date(Date.now() + ahead).toISOString().slice(0, 16)
  await form.getByRole('textbox', { name: /^It begins/ }).fill(local(3 * day))
  await form.getByRole('textbox', { name: /^It ends/ }).fill(local(3 * day + 7_200_000))
  await form.getByRole('button', { name: 'Declare' }).press('Enter')
  await page.getByRole('heading', { name: 'Move the mail server' }).waitFor()
  await page.getByText('It follows no maintenance').waitFor()
  await page.getByRole('button', { name: /^Call off/ }).press('Enter')
  const off = page.getByRole('dialog', { name: 'Call off' })
  await off.getByLabel('Why it does not take place').fill('Nobody needs mail')
  await off.getByRole('button', { name: 'Call off' }).press('Enter')
  await page.getByText('called it off: Nobody needs mail').first().waitFor()
  await page.getByRole('button', { name: /^Begin now/ }).waitFor({ state: 'detached' })
  complaints.expectNone()
})

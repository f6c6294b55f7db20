// What customers are told is looked at by a second person: proposed by one, read and approved by another, declined with a reason.
import { expect, test } from 'vitest'
import { openWorld, watch } from './walk.fixture.ts'

const world = openWorld()
const csrf = { 'x-mainstay-csrf': '1' }

test('proposed by one, approved by another, one is declined and one taken back', async () => {
  const { ask } = world()
  const policy =
    'apiVersion: mainstay.dev/v1\nkind: IncidentPolicy\nmetadata: {name: default}\nspec: {updateApproval: [customers]}'
  await ask('POST', '/api/v1/apply', { documents: policy, manager: 'walk' })
  const { id } = (await ask('POST', '/api/v1/incidents', { title: 'Payments fail', severity: 'SEV1' })) as {
    id: string
  }
  const { invitation } = (await ask('POST', '/api/v1/people', {
    ...{ email: 'ben@shop.example', name: 'Ben Okafor', role: 'responder' },
  })) as { invitation: string }
  const bens = await world().stranger()
  const taken = await bens.request.post('/api/v1/setup', {
    headers: csrf,
    data: {
      token: new URL(invitation).hash.slice(1),
      email: 'ben@shop.example',
      name: 'Ben Okafor',
      password: 'nine slow herons',
    },
  })
  expect(taken.status(), await taken.text()).toBe(201)
  for (const text of ['Payments with cards fail for some of you. We are on it.', 'The bank broke it.', 'Too early.']) {
    const page = await bens.newPage()
    await page.goto(`/incidents/${id}?view=updates`)
    await page.getByRole('radio', { name: 'Customers', exact: true }).press('Space')
    await page.getByText('Somebody else approves it first').waitFor()
    await page.getByRole('textbox', { name: 'Update' }).fill(text)
    await page.getByRole('button', { name: 'Propose the update' }).press('Enter')
    await page.getByText(text).waitFor()
    await page.close()
  }
  const own = await bens.newPage()
  await own.goto(`/incidents/${id}?view=updates`)
  const mine = own.getByRole('list', { name: 'Updates that wait for approval' })
  expect(await mine.getByRole('button', { name: 'Approve and tell' }).count()).toBe(0)
  await mine.getByRole('button', { name: 'Take back' }).nth(2).press('Enter')
  const sure = own.getByRole('dialog', { name: 'Take back update 3' })
  await sure.getByRole('button', { name: 'Take it back' }).press('Enter')
  await mine.getByText('Too early.').waitFor({ state: 'detached' })
  await own.goto(`/incidents/${id}`)
  await own.getByText('took back proposed update 3 to customers').first().waitFor()

  const page = await (await world().signedIn()).newPage()
  const complaints = await watch(page)
  await page.goto(`/incidents/${id}?view=updates`)
  const waiting = page.getByRole('list', { name: 'Updates that wait for approval' })
  await waiting.getByRole('button', { name: 'Approve and tell' }).first().press('Enter')
  await page.getByText('approved by').waitFor()
  await waiting.getByRole('button', { name: 'Decline' }).press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Decline update 2' })
  await dialog.getByLabel('Why').fill('We name nobody.')
  await dialog.getByRole('button', { name: 'Decline' }).press('Enter')
  await waiting.waitFor({ state: 'detached' })
  await page.goto(`/incidents/${id}`)
  await page.getByText('declined proposed update 2 to customers: We name nobody.').first().waitFor()
  complaints.expectNone()
})

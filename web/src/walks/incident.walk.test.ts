// An incident led by keys alone: command, a suspicion, a mitigation, an update, the end, and what it taught.
import { expect, test } from 'vitest'
import { startGithub } from '../../../server/src/modules/tickets/testing/github-stand.ts'
import { openWorld, watch } from './walk.fixture.ts'

const world = openWorld()

test('from the declaration to the published postmortem', async () => {
  await world().applyShop('everything')
  const context = await world().signedIn()
  const page = await context.newPage()
  const complaints = await watch(page)
  await page.goto('/incidents')
  await page.getByRole('heading', { name: 'Incidents', level: 1 }).waitFor()
  await page.keyboard.press('n')
  await page.getByRole('dialog', { name: 'Declare an incident' }).waitFor()
  await page.keyboard.type('<img src=x onerror=alert(1)> nobody can pay')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: /nobody can pay/, level: 1 }).waitFor()
  // What people say in a call leads to the same place.
  const address = page.url()
  const name = await page
    .getByText(/^INC-\d+$/)
    .first()
    .textContent()
  await page.goto(`/incidents/${name}`)
  await page.waitForURL(address)
  await page.getByRole('heading', { name: /nobody can pay/, level: 1 }).waitFor()
  await page.goto('/incidents/999999')
  await page.getByText('There is no incident 999999.').waitFor()
  await page.goto(address)
  await page.getByRole('heading', { name: /nobody can pay/, level: 1 }).waitFor()
  await page.keyboard.press('t')
  await page.getByText('Stop the harm first').waitFor()

  await page.keyboard.press('h')
  await page.getByPlaceholder('What may be the cause').waitFor()
  await page.keyboard.type('The release dropped the retry')
  await page.keyboard.press('Control+Enter')
  await page.getByRole('listitem').filter({ hasText: 'The release dropped the retry' }).first().waitFor()
  await page.keyboard.press('Escape')
  await page.keyboard.press('i')
  await page.getByPlaceholder('What you do against it, now').waitFor()
  await page.keyboard.type('Rolled back to 1.4.1')
  await page.keyboard.press('Control+Enter')
  await page.getByRole('listitem').filter({ hasText: 'Rolled back to 1.4.1' }).first().waitFor()
  await page.keyboard.press('Escape')

  await page.keyboard.press('u')
  const draft = page.getByLabel('Update', { exact: true })
  await expect.poll(() => draft.inputValue(), { timeout: 15_000 }).toContain('Done against it: Rolled back to 1.4.1')
  await page.keyboard.press('Control+Enter')
  await page.getByText('Update 1 to company').waitFor()
  await page.keyboard.press('Escape')

  await page.keyboard.press('Shift+R')
  await page.getByRole('dialog', { name: 'Resolve' }).waitFor()
  await page.keyboard.type('The rollback held')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.getByText('Write down what it taught').waitFor()
  await page.getByRole('button', { name: 'Write the postmortem' }).press('Enter')
  await page.getByRole('heading', { name: 'Contributing factors' }).waitFor()

  await page.getByRole('button', { name: /^Write.*Summary/ }).press('Enter')
  const summary = page.getByRole('textbox', { name: 'Summary' })
  await summary.fill(
    'A release dropped the retry. <script>alert(1)</script> [why](javascript:alert(1)) **nobody** tried it first.',
  )
  await page.getByRole('button', { name: 'Done', exact: true }).press('Enter')
  await page.getByText('<script>alert(1)</script> [why](javascript:alert(1))').waitFor()
  await page.getByLabel('One more factor').fill('Nothing tried it on few users')
  await page.keyboard.press('Enter')
  await page.getByRole('listitem').filter({ hasText: 'Nothing tried it on few users' }).first().waitFor()
  await page.getByLabel('One more action').fill('Try each release on 1 % first')
  await page.getByLabel('Who').selectOption('ben')
  await page.getByRole('button', { name: 'Agree on it' }).press('Enter')
  await page.getByRole('listitem').filter({ hasText: 'Try each release on 1 % first' }).first().waitFor()
  await page.getByRole('heading', { level: 1 }).click()
  await page.keyboard.press('m')
  await page.getByRole('button', { name: 'Send to review' }).last().press('Enter')
  await page.getByText('In review').waitFor()
  await page.keyboard.press('m')
  await page.getByRole('button', { name: 'Publish' }).last().press('Enter')
  await page.getByText(/^[0-9a-f]{64}$/).waitFor()

  const { items } = (await world().ask('GET', '/api/v1/postmortems')) as {
    items: { status: string; incident: { id: string } }[]
  }
  expect(items[0]?.status).toBe('published')
  const about = await world().ask('GET', `/api/v1/incidents/${items[0]?.incident.id}`)
  expect(about).toMatchObject({ status: 'reviewed' })
  complaints.expectNone()
})

test('a silence is made that ends with a ticket of the tracker', async () => {
  const github = await startGithub()
  try {
    await world().applyShop('everything')
    const { url, token } = github
    await world().ask('PUT', '/api/v1/ticket-connections/code', {
      ...{ tracker: 'github', url, project: 'shop/checkout', token, hookSecret: 'a-secret-of-the-hook' },
    })
    const { id } = (await world().ask('POST', '/api/v1/incidents', {
      ...{ title: 'The card network is slow', severity: 'SEV3', services: ['payment'] },
    })) as { id: string }
    await world().ask('POST', '/api/v1/tickets', { connection: 'code', about: { kind: 'incident', id } })
    const context = await world().signedIn({ viewport: { width: 390, height: 844 } })
    const page = await context.newPage()
    const complaints = await watch(page)
    // The tracker is asked by a job: the ticket has no key, and is nothing to choose, before it has answered.
    const choice = page.getByLabel('When this ticket is closed')
    await expect
      .poll(
        async () => {
          await page.goto('/silences?of=service%3Dpayment')
          await page.getByLabel('When this incident is resolved').waitFor()
          await page.getByText(/^Hides/).waitFor()
          return choice.count()
        },
        { timeout: 30_000 },
      )
      .toBe(1)
    const named = choice.locator('option').filter({ hasText: 'The card network is slow' })
    const [key = ''] = ((await named.textContent()) ?? '').split(' ')
    await choice.selectOption((await named.getAttribute('value')) ?? '')
    await page.getByLabel('Why', { exact: true }).fill('Waits for the network')
    await page.getByText(`when ${key} is closed`).waitFor()
    await page.getByRole('button', { name: 'Silence', exact: true }).click()
    const line = page.getByRole('listitem').filter({ hasText: 'Waits for the network' })
    await line.getByText(`when ticket ${key} is closed`).waitFor()
    expect(await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)).toBe(false)
    // What was chosen is gone from the form: the next silence is not tied to it unawares.
    await expect.poll(() => choice.inputValue()).toBe('')
    complaints.expectNone()
  } finally {
    await github.close()
  }
})

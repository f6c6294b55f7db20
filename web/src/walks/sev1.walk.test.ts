// A whole SEV1 by keys alone: declared, led, told to customers who hear of it by mail, resolved, and learnt from by two
// browsers at once, until the work that follows is watched by its signal.
import { expect, test } from 'vitest'
import { chooseByKeys, pressOn, tabTo } from './keyboard.fixture.ts'
import { openWorld, watch } from './walk.fixture.ts'

const world = openWorld()
const long = { timeout: 60_000 }

const statusPage = `apiVersion: mainstay.dev/v1
kind: StatusPage
metadata: { name: shop }
spec:
  title: Shop
  visibility: public
  components:
    - { name: checkout, title: Checkout, services: [checkout, payment] }
`

const mailTo = (to: string, word: RegExp) =>
  world()
    .product.mails.list()
    .find((mail) => mail.to.includes(to) && word.test(mail.subject))

async function subscribe(address: string): Promise<void> {
  const context = await world().stranger()
  const page = await context.newPage()
  // The public page is a copy that follows within a moment.
  await expect.poll(async () => (await page.goto('/status/shop'))?.status(), long).toBe(200)
  await tabTo(page, page.getByLabel('E-mail address'))
  await page.keyboard.type(address)
  await page.keyboard.press('Enter')
  await expect.poll(() => mailTo(address, /^Confirm/)?.text ?? '', long).toContain('/status/confirm/')
  const link = /https?:\/\/\S+?(\/status\/confirm\/\S+)/.exec(mailTo(address, /^Confirm/)?.text ?? '')?.[1] ?? ''
  await page.goto(link)
  await pressOn(page, page.getByRole('button', { name: 'Confirm' }))
  await page.getByRole('button', { name: 'Confirm' }).waitFor({ state: 'detached' })
  await context.close()
}

test('a SEV1 from the first word to the proof, without a mouse', { timeout: 420_000 }, async () => {
  await world().applyShop('everything')
  await world().ask('POST', '/api/v1/apply', { documents: statusPage })
  await subscribe('customer@example.org')
  const context = await world().signedIn()
  const page = await context.newPage()
  const complaints = await watch(page)

  // Declare, take command, confirm.
  await page.goto('/incidents')
  await page.getByRole('heading', { name: 'Incidents', level: 1 }).waitFor()
  await page.keyboard.press('n')
  const declaring = page.getByRole('dialog', { name: 'Declare an incident' })
  await declaring.waitFor()
  await page.keyboard.type('Nobody can pay')
  await expect.poll(() => declaring.getByRole('combobox').first().locator('option').count(), long).toBeGreaterThan(1)
  await chooseByKeys(page, declaring.getByRole('combobox').first(), /^Payment/)
  await tabTo(page, declaring.getByRole('radio').first())
  const sev1 = declaring.getByRole('radio', { name: /^SEV1/ })
  for (let presses = 0; presses < 6 && !(await sev1.isChecked()); presses += 1) await page.keyboard.press('ArrowDown')
  expect(await sev1.isChecked()).toBe(true)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Nobody can pay', level: 1 }).waitFor()
  const room = new URL(page.url()).pathname
  await page.keyboard.press('t')
  await page.getByText('Stop the harm first').waitFor()

  // A suspicion, a mitigation that works, an update.
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
  await page.keyboard.press('Escape')
  const works = page.getByRole('button', { name: /^It works.*Rolled back to 1\.4\.1/ })
  await pressOn(page, works)
  await works.waitFor({ state: 'detached' })
  await page.keyboard.press('u')
  const draft = page.getByLabel('Update', { exact: true })
  await expect.poll(() => draft.inputValue(), long).toContain('Rolled back to 1.4.1')
  await page.keyboard.press('Control+Enter')
  await page.getByText('Update 1 to company').waitFor()

  // Customers read it, and hear of it by mail.
  await page.goto('/status-pages/shop')
  await pressOn(page, page.getByRole('button', { name: 'Publish an incident' }))
  await chooseByKeys(page, page.getByLabel('From an open incident'), /Nobody can pay/)
  await expect.poll(() => page.getByRole('textbox', { name: /^Title/ }).inputValue(), long).not.toBe('')
  const words = page.getByLabel('What customers read')
  await tabTo(page, words)
  await page.keyboard.press('Control+A')
  await page.keyboard.type('Payments fail. We have undone a change and watch it.')
  await pressOn(page, page.getByRole('button', { name: 'Publish', exact: true }))
  await page.getByRole('heading', { level: 3 }).first().waitFor()
  await expect.poll(() => mailTo('customer@example.org', /^(?!Confirm)/)?.text ?? '', long).toContain('Payments fail.')
  const outside = await world().stranger()
  const publicPage = await outside.newPage()
  const shown = async () => {
    await publicPage.goto('/status/shop')
    return publicPage.locator('body').innerText()
  }
  await expect.poll(shown, long).toContain('Payments fail.')

  // Mitigated, resolved; the postmortem opens by the policy of a SEV1.
  await page.goto(room)
  await page.getByRole('heading', { name: 'Nobody can pay', level: 1 }).waitFor()
  await page.keyboard.press('Shift+R')
  await page.getByRole('dialog', { name: 'Resolve' }).waitFor()
  await page.keyboard.type('The rollback held')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.getByText('Write down what it taught').waitFor()
  await pressOn(page, page.getByRole('button', { name: 'Postmortem', exact: true }))
  await page.getByRole('heading', { name: 'Contributing factors' }).waitFor()

  // Two browsers write the same section at once.
  const other = await (await world().signedIn()).newPage()
  const others = await watch(other)
  await other.goto(page.url())
  await other.getByRole('heading', { name: 'Contributing factors' }).waitFor()
  await page.keyboard.press('e')
  await other.keyboard.press('e')
  const [mine, theirs] = [page, other].map((each) => each.getByRole('textbox', { name: 'What happened' }))
  if (mine === undefined || theirs === undefined) throw new Error('There are two browsers.')
  await tabTo(page, mine)
  await tabTo(other, theirs)
  await page.keyboard.press('Control+Home')
  await other.keyboard.press('Control+End')
  const typing = page.keyboard.type('A release dropped the retry. ')
  await other.keyboard.type('\nThen the card network was slow, too.\n/timeline')
  await typing
  const joined = /^A release dropped the retry\. [\s\S]*\nThen the card network was slow, too\.\n\/timeline$/
  await expect.poll(() => mine.inputValue(), long).toMatch(joined)
  await expect.poll(() => theirs.inputValue(), long).toBe(await mine.inputValue())
  await expect
    .poll(() => page.getByRole('list', { name: 'Who else writes now' }).innerText(), long)
    .toContain('What happened')
  await page.getByText('All is kept').waitFor()
  // Undo takes back own words only, whatever was written after them elsewhere.
  await page.keyboard.press('Control+Z')
  await expect.poll(() => theirs.inputValue(), long).not.toContain('A release dropped')
  expect(await theirs.inputValue()).toContain('Then the card network was slow, too.')
  await page.keyboard.press('Control+Shift+Z')
  await expect.poll(() => theirs.inputValue(), long).toMatch(joined)
  await pressOn(page, page.getByRole('button', { name: 'Done', exact: true }))
  await pressOn(other, other.getByRole('button', { name: 'Done', exact: true }))
  await page.getByText('A release dropped the retry.').first().waitFor()
  await other.close()
  others.expectNone()

  // A factor, an action, review, publication.
  await tabTo(page, page.getByLabel('One more factor'))
  await page.keyboard.type('Nothing tried it on few users')
  await page.keyboard.press('Enter')
  await page.getByRole('listitem').filter({ hasText: 'Nothing tried it on few users' }).first().waitFor()
  await tabTo(page, page.getByLabel('One more action'))
  await page.keyboard.type('Try each release on 1 % first')
  await chooseByKeys(page, page.getByRole('combobox', { name: /^Who/ }), /^Ben/)
  await tabTo(page, page.getByLabel('Until'))
  await page.keyboard.type('12312030')
  await pressOn(page, page.getByRole('button', { name: 'Agree on it' }))
  await page.getByRole('listitem').filter({ hasText: 'Try each release on 1 % first' }).first().waitFor()
  for (const [button, after] of [
    ['Send to review', 'In review'],
    ['Publish', 'Published'],
  ] as const) {
    await pressOn(page, page.getByRole('button', { name: new RegExp(`^${button}`) }).first())
    await page.getByRole('dialog').waitFor()
    await pressOn(page, page.getByRole('dialog').getByRole('button', { name: button }))
    await page.getByText(after, { exact: true }).first().waitFor()
  }
  await page.getByText(/^[0-9a-f]{64}$/).waitFor()

  // The work is done; from now on its signal must prove it.
  await pressOn(page, page.getByRole('button', { name: /^Done.*Try each release/ }))
  const finishing = page.getByRole('dialog', { name: 'What will show that it worked' })
  await finishing.waitFor()
  await chooseByKeys(page, finishing.getByRole('combobox', { name: /^Objective/ }), /.*[Cc]heckout.*/)
  await pressOn(page, finishing.getByRole('button', { name: 'The work is done' }))
  await page.getByText('Being proven').first().waitFor()
  complaints.expectNone()
})

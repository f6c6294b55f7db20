// The schedule under the hand: hours are picked by dragging, by arrow keys and by the form, and each shows in the others.
import { expect, test } from 'vitest'
import { openWorld, watch } from './walk.fixture.ts'

const world = openWorld()

test('hours of next week are drawn, moved with the keyboard, and covered', async () => {
  await world().applyShop('catalog')
  const context = await world().signedIn()
  const page = await context.newPage()
  const complaints = await watch(page)
  const nextWeek = new Date(Date.now() + 7 * 86_400_000).toISOString()
  await page.goto(
    `${world().product.url}/oncall?view=schedule&schedule=shop-primary&length=week&from=${encodeURIComponent(nextWeek)}`,
  )
  const row = page.locator('.week-bars').first()
  await row.locator('.shift').first().waitFor()
  const box = await row.boundingBox()
  if (box === null) throw new Error('The week is not drawn.')
  // From Wednesday 00:00 to Thursday 00:00.
  await page.mouse.move(box.x + (box.width * 2) / 7, box.y + 10)
  await page.mouse.down()
  await page.mouse.move(box.x + (box.width * 2.5) / 7, box.y + 10)
  await page.mouse.move(box.x + (box.width * 3) / 7, box.y + 10)
  await page.mouse.up()
  const from = page.getByLabel('From', { exact: true })
  const until = page.getByLabel('Until', { exact: true })
  await expect.poll(() => from.inputValue()).toMatch(/T00:00$/)
  const begun = await from.inputValue()
  expect(new Date(await until.inputValue()).getTime() - new Date(begun).getTime()).toBe(86_400_000)
  // Arrow keys on its ends move the form.
  const end = page.getByRole('slider', { name: 'End of the picked time' })
  await end.focus()
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('ArrowLeft')
  await expect.poll(() => until.inputValue()).toMatch(/T22:00$/)
  // The form moves what is drawn.
  await from.fill(`${begun.slice(0, 10)}T06:00`)
  const said = page.getByRole('slider', { name: 'Beginning of the picked time' })
  await expect.poll(() => said.getAttribute('aria-valuetext')).toContain('06:00')
  const form = page.getByRole('region', { name: 'Override' })
  // Whoever has no shift in the week: then the cover shows, whatever week it is.
  const names = await row.locator('.shift').allTextContents()
  const free = ['Ana Ruiz', 'Ben Okafor', 'Chi Nguyen'].find((each) => !names.includes(each))
  await form
    .getByRole('combobox')
    .nth(1)
    .selectOption({ label: free ?? '' })
  await form.getByLabel('Why').fill('concert')
  await page.getByRole('button', { name: /^Override / }).click()
  await page.getByText('The override stands in the schedule.').waitFor()
  await expect.poll(() => row.locator('.shift[data-override="true"]').count()).toBeGreaterThan(0)
  // A shift is a button: its words say whose time it is, and it fills the form.
  await row.locator('button.shift').last().focus()
  await page
    .locator('.shift-words')
    .filter({ hasText: / to .*; / })
    .waitFor()
  await page.keyboard.press('Enter')
  await expect.poll(() => page.getByLabel('From whom').inputValue()).not.toBe('')
  // A button let go outside is no drag that waits for the pointer to come back.
  const drawn = () => row.locator('.picked').evaluateAll((all) => all.map((each) => each.getAttribute('style')))
  const shown = await drawn()
  await page.mouse.move(box.x + (box.width * 4) / 7, box.y + 10)
  await page.mouse.down()
  await page.mouse.move(box.x + (box.width * 4) / 7, box.y - 60)
  await page.mouse.up()
  await page.mouse.move(box.x + (box.width * 5) / 7, box.y + 10)
  await page.mouse.move(box.x + (box.width * 6) / 7, box.y + 10)
  expect(await drawn()).toEqual(shown)
  // Other hours, drawn, are no cover of the shift that was chosen before.
  await page.mouse.down()
  await page.mouse.move(box.x + (box.width * 6.5) / 7, box.y + 10)
  await page.mouse.move(box.x + box.width - 1, box.y + 10)
  await page.mouse.up()
  await expect.poll(() => page.getByLabel('From whom').inputValue()).toBe('')
  await expect.poll(drawn).not.toEqual(shown)
  complaints.expectNone()
  await context.close()
})

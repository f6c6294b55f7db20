// Hands on keys only: what cannot be reached by Tab cannot be reached.
import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'

const mostTabs = 150

/** Presses Tab until the element has the focus, as somebody without a mouse would. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor()
  for (let presses = 0; presses < mostTabs; presses += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`Not reached within ${mostTabs} presses of Tab: ${String(target)}`)
}

export async function pressOn(page: Page, target: Locator, key = 'Enter'): Promise<void> {
  await tabTo(page, target)
  await page.keyboard.press(key)
}

/** Arrow keys through a closed list until the option is chosen. */
export async function chooseByKeys(page: Page, list: Locator, option: string | RegExp): Promise<void> {
  await tabTo(page, list)
  const chosen = () => list.evaluate((each) => (each instanceof HTMLSelectElement ? each.selectedOptions[0]?.text : ''))
  const count = await list.locator('option').count()
  for (let presses = 0; presses <= count; presses += 1) {
    const now = (await chosen()) ?? ''
    if (typeof option === 'string' ? now === option : option.test(now)) return
    await page.keyboard.press('ArrowDown')
  }
  expect(await chosen()).toMatch(option)
}

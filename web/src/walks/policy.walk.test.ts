// A spent budget freezes its service; somebody who may lets changes pass, and ends that again.
import { expect, test } from 'vitest'
import { openWorld } from './walk.fixture.ts'

const world = openWorld()

const documents = `apiVersion: mainstay.dev/v1
kind: Service
metadata: { name: till }
spec: { tier: 1 }
---
apiVersion: openslo/v1
kind: SLO
metadata: { name: till-answers, displayName: Till answers }
spec:
  service: till
  indicator:
    metadata: { name: till-answers }
    spec:
      ratioMetric:
        good: { metricSource: { type: push, spec: { series: a } } }
        total: { metricSource: { type: push, spec: { series: b } } }
  timeWindow: [{ duration: 1d, isRolling: false, calendar: { startTime: '2026-01-01 00:00:00', timeZone: Europe/Vienna } }]
  budgetingMethod: Occurrences
  objectives: [{ target: 0.99 }]
---
apiVersion: mainstay.dev/v1
kind: ErrorBudgetPolicy
metadata: { name: till-budget, displayName: Budget of the till }
spec:
  steps:
    - name: half-spent
      when: { remainingAtMost: 50% }
      do: [{ openTask: { title: Find what spends the budget, due: 5d } }]
    - name: spent
      when: { remainingAtMost: 0% }
      do: [{ freezeChanges: {} }]
`
const wait = { timeout: 120_000 }

test('a freeze is seen, explained, and let through for a while', { timeout: 300_000 }, async () => {
  const { product, ask } = world()
  const context = await world().signedIn()
  await ask('POST', '/api/v1/apply', { documents })
  const now = Math.floor(Date.now() / 60_000) * 60_000
  const counts = Array.from({ length: 55 }, (_, index) => ({
    objective: 'till-answers',
    at: new Date(now - (54 - index) * 60_000).toISOString(),
    good: 60,
    bad: 40,
  }))
  await ask('POST', '/api/v1/telemetry/counts', { counts })
  const page = await context.newPage()
  await page.goto(`${product.url}/budget-policies`)
  await page.getByText('Frozen').waitFor(wait)
  await page.getByText('Opened the task').waitFor({ state: 'detached' })
  await page.getByText('Find what spends the budget').first().waitFor(wait)
  await page.getByRole('link', { name: 'till-answers' }).first().click()
  const part = page.getByRole('region', { name: 'Policy' })
  await part.getByText('Entered', { exact: true }).first().waitFor(wait)
  await part.getByText('For till: freezes changes').waitFor(wait)
  await part.getByRole('link', { name: 'What holds up changes' }).click()
  await page.getByRole('button', { name: 'Let changes of till pass' }).click()
  const dialog = page.getByRole('dialog', { name: 'Let changes pass' })
  await dialog.getByLabel('Reason').fill('A fix of the receipts')
  await dialog.getByRole('button', { name: 'Let them pass' }).click()
  await dialog.waitFor({ state: 'detached' })
  await page.getByText('Excepted').waitFor(wait)
  const decide = () => ask('GET', '/api/v1/change-decisions?service=till')
  expect(await decide()).toMatchObject({ verdict: 'allowed' })
  await page.getByRole('button', { name: 'End', exact: true }).click()
  await page.getByLabel('Why it ends').fill('It is out')
  await page.getByRole('button', { name: 'End it' }).click()
  await page.getByText('Frozen').waitFor(wait)
  expect(await decide()).toMatchObject({ verdict: 'frozen' })
  await context.close()
})

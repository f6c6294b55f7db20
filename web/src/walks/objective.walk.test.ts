// What if and corrections, as a person uses them.
import { expect, test } from 'vitest'
import { openWorld } from './walk.fixture.ts'

const world = openWorld()

// Where it is noon or so: the hour that is told of below lies within one day of the calendar, whenever this runs.
const ahead = 12 - new Date().getUTCHours()
const zone = `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`

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
  timeWindow: [{ duration: 1d, isRolling: false, calendar: { startTime: '2026-01-01 00:00:00', timeZone: ${zone} } }]
  budgetingMethod: Occurrences
  objectives: [{ target: 0.99 }]
`

test('a person tries another target on the past, and takes a stretch out of the budget', async () => {
  const { product, ask } = world()
  const context = await world().signedIn()
  await ask('POST', '/api/v1/apply', { documents })
  const now = Math.floor(Date.now() / 60_000) * 60_000
  const counts = Array.from({ length: 55 }, (_, index) => ({
    objective: 'till-answers',
    at: new Date(now - (57 - index) * 60_000).toISOString(),
    good: index > 20 && index < 30 ? 60 : 100,
    bad: index > 20 && index < 30 ? 40 : 0,
  }))
  await ask('POST', '/api/v1/telemetry/counts', { counts })
  const page = await context.newPage()
  await page.goto(`${product.url}/objectives/till-answers`)
  await page.getByRole('heading', { name: 'Till answers' }).waitFor()
  await page.getByText('Overspent').first().waitFor({ timeout: 60_000 })
  await page.getByRole('button', { name: 'What if' }).click()
  await page.getByLabel('Target, percent').fill('50')
  await page.getByRole('button', { name: 'Try it on the past' }).click()
  const table = page.getByRole('table').filter({ hasText: 'As proposed' })
  await table.getByText('50').first().waitFor()
  expect(await table.textContent()).toContain('A total outage pages after')
  await page.getByRole('button', { name: 'Correct' }).click()
  const drawer = page.getByRole('complementary', { name: 'Corrections' })
  await drawer.getByLabel('Reason').fill('A load test')
  await drawer.getByRole('button', { name: 'Take it out' }).click()
  await drawer.getByText('A load test').waitFor()
  await page.getByText('bad events taken out').waitFor({ timeout: 60_000 })
  await context.close()
})

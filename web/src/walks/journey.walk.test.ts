// A journey as a person reads it: what it came to, whose fault it was, and what cannot be promised.
import { expect, test } from 'vitest'
import { openWorld } from './walk.fixture.ts'

const world = openWorld()

const slo = (name: string, target: number) => `apiVersion: openslo/v1
kind: SLO
metadata: { name: ${name}-answers, displayName: ${name} answers }
spec:
  service: ${name}
  indicator:
    metadata: { name: ${name}-answers }
    spec:
      ratioMetric:
        good: { metricSource: { type: push, spec: { series: a } } }
        total: { metricSource: { type: push, spec: { series: b } } }
  timeWindow: [{ duration: 1d, isRolling: true }]
  budgetingMethod: Occurrences
  objectives: [{ target: ${target} }]
`
const documents = [
  'apiVersion: mainstay.dev/v1\nkind: Service\nmetadata: { name: desk }\nspec: { tier: 1, dependsOn: [vault] }\n',
  'apiVersion: mainstay.dev/v1\nkind: Service\nmetadata: { name: vault }\nspec: { tier: 1 }\n',
  slo('desk', 0.9995),
  slo('vault', 0.999),
  `apiVersion: mainstay.dev/v1
kind: JourneyObjective
metadata:
  name: withdraw
  displayName: Withdraw money
  annotations: { mainstay.dev/review-every: 3M }
spec:
  description: At the desk, from the vault.
  target: 0.995
  window: 1h
  members: [{ objective: desk-answers, weight: 3 }, { objective: vault-answers }]
`,
  `apiVersion: mainstay.dev/v1
kind: ErrorBudgetPolicy
metadata: { name: withdrawing, displayName: Withdrawing }
spec:
  appliesTo: { journeys: [withdraw] }
  steps: [{ name: spent, when: { remainingAtMost: 0% }, do: [{ freezeChanges: {} }] }]
`,
].join('---\n')

test('a person sees which member is weak, and which promise cannot be kept', async () => {
  const { product, ask } = world()
  const context = await world().signedIn()
  await ask('POST', '/api/v1/apply', { documents })
  const now = Math.floor(Date.now() / 60_000) * 60_000
  const counts = Array.from({ length: 55 }, (_, index) =>
    ['desk-answers', 'vault-answers'].map((objective) => ({
      objective,
      at: new Date(now - (57 - index) * 60_000).toISOString(),
      good: objective === 'vault-answers' && index > 20 && index < 25 ? 60 : 100,
      bad: objective === 'vault-answers' && index > 20 && index < 25 ? 40 : 0,
    })),
  ).flat()
  await ask('POST', '/api/v1/telemetry/counts', { counts })
  const page = await context.newPage()
  await page.goto(`${product.url}/objectives/desk-answers`)
  await page.getByText('99.95 % is impossible while vault promises 99.9 %.').waitFor({ timeout: 60_000 })
  await page.goto(`${product.url}/journeys`)
  await page
    .getByRole('link', { name: /Withdraw money/ })
    .first()
    .click()
  await page.getByRole('heading', { name: 'Withdraw money' }).waitFor()
  await page.getByText('99.5 % is more than its members did').waitFor({ timeout: 90_000 })
  await page.getByText('The weakest is vault answers').waitFor({ timeout: 90_000 })
  const members = page.getByRole('table').filter({ hasText: 'Steps it failed' })
  expect(await members.textContent()).toMatch(/4 of \d+, 4 alone/)
  await page.getByText('For desk, vault: freezes changes').waitFor({ timeout: 150_000 })
  await page.getByRole('button', { name: 'Record a review' }).click()
  const dialog = page.getByRole('dialog', { name: 'Review of Withdraw money' })
  await dialog.getByText('missed').waitFor()
  await dialog.getByLabel('Reason').fill('The vault is rebuilt')
  await dialog.getByRole('button', { name: 'Record the review' }).click()
  await page.getByText('The vault is rebuilt').waitFor()
  await page.goto(`${product.url}/budget-policies`)
  await page.getByRole('link', { name: 'journey withdraw' }).first().waitFor()
  await page.goto(`${product.url}/objective-reviews?state=all`)
  await page
    .getByRole('link', { name: /Journey: Withdraw money/ })
    .first()
    .waitFor()
  await context.close()
}, 400_000)

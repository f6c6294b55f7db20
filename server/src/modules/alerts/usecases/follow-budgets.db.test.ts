// Groups of our own objectives and budgets that run low: alerts of their own, each with its end.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AlertsWorld, openAlertsWorld } from '../alerts.fixture.ts'
import { followBudgetAlert, followGroupBurning, followGroupRecovered } from './follow-budgets.ts'
import { followBurning, followRecovered } from './follow-objectives.ts'

let world: AlertsWorld
beforeAll(async () => {
  world = await openAlertsWorld('alerts_budgets')
})
afterAll(() => world.close())

const objective = { objective: 'shop-answers', displayName: 'It answers', service: 'shop', remaining: 0.5 }
const group = (name: string, stream: number) => ({
  ...{ ...objective, group: name, stream, level: 'page' as const, tier: '1h/5m', sentence: `${name} burns.` },
  ...{ startedAt: '2026-02-02T00:00:00.000Z', endedAt: '2026-02-02T00:10:00.000Z', notify: [] },
})
const open = async () =>
  (await world.alerts())
    .filter((row) => row.status === 'firing')
    .map((row) => row.signal.summary)
    .sort()

test('a group has an alert of its own, and the end of the whole is not its end', async () => {
  const whole = { ...objective, level: 'page' as const, tier: '1h/5m', longBurn: 20, shortBurn: 20, notify: [] }
  const { startedAt, endedAt } = group('', 0)
  await followBurning(world.needs, world.ports, { ...whole, sentence: 'Burning.', startedAt })
  await followGroupBurning(world.needs, world.ports, group('tenant=acme', 7))
  await followGroupBurning(world.needs, world.ports, group(`tenant=${'x'.repeat(900)}`, 8))
  expect(await open()).toHaveLength(3)
  await followRecovered(world.needs, world.ports, { ...whole, sentence: 'Over.', endedAt })
  await followGroupRecovered(world.needs, world.ports, group('tenant=x', 8))
  expect(await open()).toEqual(['It answers, tenant=acme: error budget burns too fast'])
  await followGroupRecovered(world.needs, world.ports, group('tenant=acme', 7))
  expect(await open()).toEqual([])
})

test('each level of a budget is an alert, and ends by itself', async () => {
  const low = (alert: string, kind: 'remaining' | 'drop') => ({
    ...{ ...objective, alert, kind, sentence: '50 % of the budget is left.', at: '2026-02-02T00:00:00.000Z' },
  })
  await followBudgetAlert(world.needs, world.ports, low('remaining-50', 'remaining'), false)
  await followBudgetAlert(world.needs, world.ports, low('drop-10-1d', 'drop'), false)
  expect(await open()).toEqual([
    'It answers: little error budget is left',
    'It answers: much error budget was spent lately',
  ])
  await followBudgetAlert(world.needs, world.ports, low('remaining-50', 'remaining'), true)
  expect(await open()).toEqual(['It answers: much error budget was spent lately'])
})

// A graph is pinned by a command, wherever it is written: frozen data in the timeline, no link.
import { expect, test, vi } from 'vitest'
import { openWorld } from '../../../test/world.ts'

vi.setConfig({ testTimeout: 120_000 })

const objective = `
apiVersion: openslo/v1
kind: SLO
metadata: {name: checkout-now, displayName: Checkout now}
spec:
  service: checkout
  indicator: {metadata: {name: checkout-views}, spec: {ratioMetric: {good: {metricSource: {type: push, spec: {series: a}}}, total: {metricSource: {type: push, spec: {series: b}}}}}}
  timeWindow: [{duration: 1h, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: 0.99}]
`
interface Pin {
  readonly objective: string
  readonly pinnedBy: string
  readonly from: string
  readonly to: string
}

test('by its name, or the worst of what is hurt, since it began or for a while', async () => {
  const world = await openWorld({ name: 'pin-command' })
  await world.apply(objective)
  const ana = await world.signIn('ana')
  const { id, number } = await ana<{ id: string; number: number }>('POST /api/v1/incidents', {
    ...{ title: 'Checkout fails', severity: 'SEV2', services: ['checkout'] },
  })
  const say = async (text: string) =>
    (await ana<{ sentence: string }>('POST /api/v1/chat/commands', { text: `${number} ${text}` })).sentence
  expect(await say('pin nothing-like-it')).toMatch(/no objective/)
  expect(await say('pin checkout-now 2h')).toMatch(/is pinned, as it is measured now/)
  expect(await say('pin')).toMatch(/is pinned, as it is measured now/)
  const { pins } = await ana<{ pins: readonly Pin[] }>(`GET /api/v1/incidents/${id}/work`)
  const minutes = pins.map((each) => Math.round((Date.parse(each.to) - Date.parse(each.from)) / 60_000))
  expect(pins.map((each) => [each.objective, each.pinnedBy])).toEqual([
    ['checkout-now', 'ana'],
    ['checkout-now', 'ana'],
  ])
  expect(minutes).toEqual([120, 15])
  const { items } = await ana<{ items: { sentence: string }[] }>(`GET /api/v1/incidents/${id}/timeline`)
  expect(items.filter((each) => each.sentence.includes('pinned a graph'))).toHaveLength(2)

  const { id: bare, number: other } = await ana<{ id: string; number: number }>('POST /api/v1/incidents', {
    title: 'Odd',
  })
  expect(bare).not.toBe(id)
  const none = await ana<{ sentence: string }>('POST /api/v1/chat/commands', { text: `${other} pin` })
  expect(none.sentence).toMatch(/None of its services has an objective/)
})

// How much of a budget an incident spent, as the ledgers say it, in the whole house: what spent a lot is reviewed.
import { expect, test } from 'vitest'
import { openWorld } from '../../../test/world.ts'

test('an incident that spent a share of a budget gets its postmortem, however severe it was', async () => {
  const world = await openWorld({ name: 'budget-spent', at: '2026-03-02T09:00:00Z' })
  await world.apply(`
apiVersion: openslo/v1
kind: SLO
metadata: {name: checkout-answers, displayName: Checkout answers}
spec:
  service: checkout
  indicator: {metadata: {name: checkout-answered}, spec: {ratioMetric: {good: {metricSource: {type: push, spec: {series: a}}}, total: {metricSource: {type: push, spec: {series: b}}}}}}
  timeWindow: [{duration: 1d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: 0.9}]
---
apiVersion: mainstay.dev/v1
kind: PostmortemPolicy
metadata: {name: default}
spec: {budgetShare: 0.5}
`)
  const ana = await world.signIn('ana')
  const count = (at: string, bad: number) =>
    world.as('admin')('POST /api/v1/telemetry/counts', {
      counts: [{ objective: 'checkout-answers', at, good: 1000 - bad, bad }],
    })
  const over = async (minute: number, title: string) => {
    const startedAt = `2026-03-02T09:0${minute}:00Z`
    const { id } = await ana<{ id: string }>('POST /api/v1/incidents', {
      ...{ title, severity: 'SEV4', services: ['checkout'], startedAt },
    })
    await world.forward('1m')
    await ana(`POST /api/v1/incidents/${id}/transition`, { to: 'resolved', note: 'It healed.' })
    await world.worker.drain()
    return (await ana<{ items: { because: string }[] }>(`GET /api/v1/postmortems?incident=${id}`)).items
  }
  await count('2026-03-02T09:00:00Z', 20)
  await world.forward('5m')
  // 20 of the 100 that 1,000 events allow.
  expect(await over(0, 'Some orders fail')).toEqual([])
  await world.forward('3m')
  await count('2026-03-02T09:07:00Z', 180)
  await world.forward('5m')
  expect(await over(7, 'Orders fail')).toMatchObject([
    { because: 'It spent 90 % of the budget of Checkout answers; from 50 % on incidents are reviewed.' },
  ])
})

// Our own objectives as a sender: what whoever is woken needs stands in the alert.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AlertsWorld, openAlertsWorld } from '../alerts.fixture.ts'
import { followBurning, followRecovered } from './follow-objectives.ts'

let world: AlertsWorld
beforeAll(async () => {
  world = await openAlertsWorld('alerts_objectives')
})
afterAll(() => world.close())

const burning = (service: string) => ({
  ...{ objective: `${service}-answers`, displayName: 'It answers', service, level: 'page' as const },
  ...{ tier: '1h/5m', longBurn: 20, shortBurn: 20, remaining: 0.5, sentence: 'Burning 20× over 1h.', notify: [] },
  startedAt: '2026-02-02T00:00:00.000Z',
})

test('an objective that burns opens an alert with the runbook of its service, and ends it', async () => {
  await followBurning(world.needs, world.ports, burning('shop'))
  await followBurning(world.needs, world.ports, burning('search'))
  const [shop, search] = [...(await world.alerts())].sort((a, b) => a.number - b.number)
  expect(shop?.signal.links).toEqual([
    { href: expect.stringMatching(/\/objectives\/shop-answers$/), text: 'Objective' },
    { href: 'https://wiki.shop.example/shop', text: 'Runbook' },
  ])
  expect(shop?.signal.annotations).toEqual({
    description: 'Burning 20× over 1h.',
    runbook_url: 'https://wiki.shop.example/shop',
  })
  expect(search?.signal.links).toHaveLength(1)
  await followRecovered(world.needs, world.ports, {
    ...burning('shop'),
    sentence: 'It is over.',
    endedAt: '2026-02-02T00:10:00.000Z',
  })
  expect((await world.alerts()).map((row) => row.status).sort()).toEqual(['firing', 'resolved'])
})

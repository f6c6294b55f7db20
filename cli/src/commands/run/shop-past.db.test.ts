// The demo's past on a real server that knows the shop: what the pages about learning then show.

import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createClient } from '../../../../client/src/client.ts'
import { openTestDatabase } from '../../../../server/test/database.ts'
import { openTestServer } from '../../testing/test-server.ts'
import { tellPast } from './shop-past.ts'

const shop = readFileSync(path.resolve(import.meta.dirname, '../../../../examples/definitions/shop.yaml'), 'utf8')

test('the shop remembers what it went through, once', async () => {
  const { server, close } = await openTestServer(await openTestDatabase('shop-past'))
  onTestFinished(close)
  const token = await server.createKey({ name: 'demo', role: 'admin', scopes: ['*'] })
  const client = createClient({ baseUrl: server.url, token, userAgent: 'test' })
  await client['resources.apply']({ body: { documents: shop, manager: 'git:examples/shop' } })
  expect(await tellPast(client, Date.now())).toBe(true)
  expect(await tellPast(client, Date.now())).toBe(false)

  const { items } = await client['incidents.list']({ query: {} })
  expect(items.map((each) => [each.severity, each.kind])).toHaveLength(4)
  expect(items.every((each) => each.kind === 'backfilled')).toBe(true)

  const decided = await client['learning.repeats']({ query: { verdict: 'confirmed' } })
  expect(decided.items).toHaveLength(1)
  // Another one waits for a word: alike, and nobody has said so.
  const waiting = await client['learning.repeats']({ query: {} })
  expect(waiting.items.map((each) => each.incident.title)).toEqual([
    'Checkout is slow: its connections to payment wait for the card network',
  ])

  const [problem] = (await client['problems.list']({ query: {} })).items
  expect(problem).toMatchObject({ state: 'planned', class: 'capacity', owner: 'ben' })
  const { items: actions } = await client['actions.list']({ query: {} })
  expect(actions.map((each) => each.state).sort()).toEqual(['open', 'proving'])
  const { items: postmortems } = await client['postmortems.list']({ query: {} })
  expect(postmortems.map((each) => each.status).sort()).toEqual(['draft', 'published', 'published'])

  // The public page is a copy that follows within a moment.
  const page = async () => (await fetch(`${server.url}/status/shop`)).text()
  await expect.poll(page, { timeout: 60_000 }).toContain('Some orders fail')
  expect(await page()).toContain('All systems operational')
  const trends = await client['learning.trends']({ query: {} })
  expect(trends.byClass.map((each) => each.name)).toContain('capacity')
}, 300_000)

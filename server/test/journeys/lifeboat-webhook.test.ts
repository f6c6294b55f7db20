// The database is away and the policy names a machine: it is told from the plan, and counts as nobody.
import { expect, test } from 'vitest'
import { instant } from '../../src/kernel/instant.ts'
import { startReceiver } from '../../src/modules/notifications/testing/http-receiver.ts'
import { verifyWebhook } from '../../src/platform/egress/index.ts'
import { linkIn, openSea, signal } from './sea.fixture.ts'

test('a webhook of the policy is told from the plan, with the key and signature of any other, and hears how it goes on', async () => {
  const { world, ask, boat, leave, back, pass } = await openSea()
  const board = await startReceiver()
  try {
    await world.apply(`apiVersion: mainstay.dev/v1
kind: Webhook
metadata: { name: board }
spec: { url: "${board.url}/pages" }
---
apiVersion: mainstay.dev/v1
kind: EscalationPolicy
metadata: { name: web-on-call, displayName: Web on call }
spec:
  team: web
  levels:
    - { notify: [{ webhook: board }], waitFor: 5m }
    - { notify: [{ person: ana }], waitFor: 15m }
  fallbackOwner: ben
`)
    const { secret } = await world.as('admin')<{ secret: string }>('POST /api/v1/webhooks/board/secret', {})
    await boat.arm()
    await leave()
    await ask('POST /api/v1/signals', signal('disk'))
    await pass(250)
    // The machine is told, and is nobody: the level behind it comes in its time.
    world.expectNoPage()
    expect(board.received).toHaveLength(1)
    await pass(5 * 60_000)
    const mail = world.expectPage('ana', /disk/)
    const answered = await world.ask('POST', linkIn(mail.text), { headers: {}, payload: null })
    expect(answered.body).toContain('It is yours, ana')
    await back()
    world.expectNoPage()
    const events = board.received.map(({ headers, body }) => {
      const now = instant(Number(headers['webhook-timestamp']) * 1_000)
      expect(verifyWebhook({ headers, body, secrets: [secret], now }).genuine).toBe(true)
      const { data } = JSON.parse(body.toString('utf8')) as { data: { purpose: string; change?: string } }
      return data.change ?? data.purpose
    })
    expect(events).toEqual(['page', 'escalation.acknowledged'])
    const { items } = await ask<{ items: readonly Record<string, unknown>[] }>('GET /api/v1/deliveries?webhook=board')
    // Both were written down in the moment of the landing.
    const byPurpose = [...items].sort((one, other) => String(one.purpose).localeCompare(String(other.purpose)))
    expect(byPurpose).toMatchObject([
      { purpose: 'changed', state: 'sent' },
      { purpose: 'page', state: 'sent', receipt: 'HTTP 201', attempts: [{ outcome: 'accepted', answer: 'HTTP 201' }] },
    ])
    const pages = await ask<{ items: readonly { person: string }[] }>('GET /api/v1/pages')
    expect(pages.items.map((each) => each.person)).toEqual(['ana'])
    const journal = await ask<{ items: readonly unknown[] }>('GET /api/v1/journal?type=page.webhooks-requested')
    expect(journal.items).toHaveLength(1)
    expect(world.troubles.filter((each) => !/database is away/i.test(each))).toEqual([])
  } finally {
    await board.close()
  }
})

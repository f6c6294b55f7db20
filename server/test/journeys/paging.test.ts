// From an alert to a person: who is told, who is told next, and what stops it.
import { expect, test, vi } from 'vitest'
import { openWorld, type World } from '../world.ts'

// Each plays an hour or so minute by minute, with every job of the product.
vi.setConfig({ testTimeout: 120_000 })

interface AlertItem {
  readonly id: string
  readonly status: string
  readonly acknowledgedBy: string | null
  readonly incident: { readonly id: string } | null
}

async function onlyAlert(world: World): Promise<AlertItem> {
  const { items } = await world.as('viewer')<{ items: AlertItem[] }>('GET /api/v1/alerts')
  expect(items).toHaveLength(1)
  const [alert] = items
  if (alert === undefined) throw new Error('No alert.')
  return alert
}

test('nobody answers: the second level is paged after its time, never before', async () => {
  const world = await openWorld()
  await world.receive({ service: 'checkout', alert: 'ErrorRateHigh' })
  world.expectPage('ana', /ErrorRateHigh/)
  await world.forward('14m')
  await world.forward('59s')
  world.expectNoPage()
  await world.forward('1s')
  world.expectPage('ben', /ErrorRateHigh/)
  expect(world.troubles).toEqual([])
})

test('acknowledged by the link in the mail: paging stops, the incident tells all of it, and the end is recorded', async () => {
  const world = await openWorld()
  await world.receive({ service: 'checkout', alert: 'ErrorRateHigh' })
  const mail = world.expectPage('ana')
  await world.forward('15m')
  const second = world.expectPage('ben')
  expect(mail.acknowledge).toMatch(/^http:\/\/mainstay\.test\/a\//)

  // Looking does nothing: mail scanners open every link.
  const link = new URL(second.acknowledge ?? '').pathname
  const page = await world.server.inject({ method: 'GET', url: link })
  expect(page.statusCode).toBe(200)
  expect(page.body.length).toBeLessThan(30_000)
  expect(page.body).not.toMatch(/<script/i)
  expect((await onlyAlert(world)).status).toBe('firing')

  const answered = await world.server.inject({ method: 'POST', url: link })
  expect(answered.statusCode).toBe(200)
  expect(await onlyAlert(world)).toMatchObject({ status: 'acknowledged', acknowledgedBy: 'ben' })
  await world.forward('25m')
  expect(
    world
      .newMails()
      .filter(
        (each) =>
          /ErrorRateHigh/.test(each.subject) &&
          each.to === 'ana@shop.example' &&
          !/acknowledged|took|answered/i.test(each.text),
      ),
  ).toEqual([])

  const { id, incident } = await onlyAlert(world)
  expect(incident).not.toBeNull()
  await world.receive({ service: 'checkout', alert: 'ErrorRateHigh', over: true })
  expect((await onlyAlert(world)).status).toBe('resolved')
  const timeline = await world.as('viewer')<{ items: { at: string; type: string; sentence: string }[] }>(
    `GET /api/v1/incidents/${incident?.id}/timeline`,
  )
  // What one transaction wrote has one instant; between instants the order is the order.
  const told = timeline.items.map((entry) => `${entry.at.slice(11, 16)} ${entry.type}`)
  for (const line of [
    '09:00 alert.opened',
    '09:00 page.requested',
    '09:15 page.requested',
    '09:15 alert.acknowledged',
    '09:40 alert.resolved',
  ])
    expect(told).toContain(line)
  expect(timeline.items.map((entry) => entry.at)).toEqual(timeline.items.map((entry) => entry.at).sort())
  for (const entry of timeline.items) expect(entry.sentence.length).toBeGreaterThan(10)
  const read = await world.as('viewer')<{ trace: unknown[]; pages: { person: string }[] }>(`GET /api/v1/alerts/${id}`)
  expect(read.trace.length).toBeGreaterThan(0)
  expect(new Set(read.pages.map((each) => each.person))).toEqual(new Set(['ana', 'ben']))
  expect(world.troubles).toEqual([])
})

test('acknowledged in the console by whoever was paged: the name is theirs, and nobody else is woken', async () => {
  const world = await openWorld()
  const ana = await world.signIn('ana')
  await world.receive({ service: 'checkout', alert: 'ErrorRateHigh' })
  world.expectPage('ana')
  const { id } = await onlyAlert(world)
  await ana(`POST /api/v1/alerts/${id}/acknowledge`)
  expect(await onlyAlert(world)).toMatchObject({ status: 'acknowledged', acknowledgedBy: 'ana' })
  await world.forward('20m')
  world.expectNoPage()
})

test('given back, paging goes on', async () => {
  const world = await openWorld()
  const ana = await world.signIn('ana')
  await world.receive({ service: 'checkout', alert: 'ErrorRateHigh' })
  world.expectPage('ana')
  const { id } = await onlyAlert(world)
  await ana(`POST /api/v1/alerts/${id}/acknowledge`)
  await world.forward('5m')
  world.expectNoPage()
  await ana(`POST /api/v1/alerts/${id}/unacknowledge`)
  await world.forward('30m')
  const paged = new Set(world.newMails().map((mail) => mail.to))
  expect(paged).toContain('ben@shop.example')
})

test('the same problem reported again pages nobody again', async () => {
  const world = await openWorld()
  for (let count = 0; count < 5; count += 1) await world.receive({ service: 'checkout', alert: 'ErrorRateHigh' })
  world.expectPage('ana')
  await world.forward('5m')
  world.expectNoPage()
})

test('over before the second level: nobody else is woken', async () => {
  const world = await openWorld()
  await world.receive({ service: 'checkout', alert: 'ErrorRateHigh' })
  world.expectPage('ana')
  await world.forward('10m')
  await world.receive({ service: 'checkout', alert: 'ErrorRateHigh', over: true })
  await world.forward('30m')
  expect(world.newMails().filter((mail) => mail.to === 'ben@shop.example')).toEqual([])
})

test('a silence holds pages back and says so; when it ends with the problem still there, somebody is told', async () => {
  const world = await openWorld()
  const { endsAt } = await world.as('responder')<{ endsAt: string }>('POST /api/v1/silences', {
    sets: [[{ name: 'alertname', operator: '=', value: 'ErrorRateHigh' }]],
    endsAt: '2026-03-02T09:30:00Z',
    reason: 'Planned work on the checkout',
  })
  expect(endsAt).toBe('2026-03-02T09:30:00.000Z')
  await world.receive({ service: 'checkout', alert: 'ErrorRateHigh' })
  await world.forward('29m')
  world.expectNoPage()
  const { id } = await onlyAlert(world)
  const read = await world.as('viewer')<{ trace: { because: string }[] }>(`GET /api/v1/alerts/${id}`)
  expect(JSON.stringify(read.trace)).toContain('Planned work on the checkout')
  await world.forward('2m')
  world.expectPage('ana')
  expect(world.troubles).toEqual([])
})

test('snoozed: quiet until then, and paged again when it is still there', async () => {
  const world = await openWorld()
  const ana = await world.signIn('ana')
  await world.receive({ service: 'checkout', alert: 'ErrorRateHigh' })
  world.expectPage('ana')
  const { id } = await onlyAlert(world)
  await ana(`POST /api/v1/alerts/${id}/snooze`, { forMs: 3_600_000 })
  await world.forward('59m')
  world.expectNoPage()
  await world.forward('2m')
  expect(world.newMails().map((mail) => mail.to)).toContain('ana@shop.example')
})

test('a deployment just before is named in the page', async () => {
  const world = await openWorld()
  const order = {
    source: 'shop-ci',
    externalId: 'run-7',
    service: 'checkout',
    kind: 'deployment',
    version: '2.3.0',
    summary: 'checkout 2.3.0',
  }
  const first = await world.as('editor')<{ id: string }>('POST /api/v1/changes', order)
  const again = await world.as('editor')<{ id: string }>('POST /api/v1/changes', order)
  expect(again.id).toBe(first.id)
  await world.forward('3m')
  await world.receive({ service: 'checkout', alert: 'ErrorRateHigh' })
  world.expectPage('ana', /checkout 2\.3\.0/)
})

test('a mail server that takes the mail and hangs up before it says so: at most two copies, one message id', async () => {
  const world = await openWorld()
  world.mailbox.manner = 'drop'
  await world.receive({ service: 'checkout', alert: 'ErrorRateHigh' })
  await world.forward('2m')
  world.mailbox.manner = 'accept'
  await world.forward('3m')
  const copies = world.newMails().filter((mail) => mail.to === 'ana@shop.example')
  expect(copies.length).toBeGreaterThanOrEqual(1)
  expect(copies.length).toBeLessThanOrEqual(2)
  expect(new Set(copies.map((mail) => mail.messageId)).size).toBe(1)
})

test('a mail server that is away for minutes: the page goes out when it is back', async () => {
  const world = await openWorld()
  world.mailbox.manner = 'refuse'
  await world.receive({ service: 'checkout', alert: 'ErrorRateHigh' })
  await world.forward('1m')
  world.mailbox.manner = 'accept'
  await world.forward('15m')
  expect(world.newMails().map((mail) => mail.to)).toContain('ben@shop.example')
})

test('one failure, three alerts: one page, one acknowledgement, and the next page says how many', async () => {
  const world = await openWorld()
  for (const alert of ['ErrorRateHigh', 'LatencyHigh', 'BudgetBurn'])
    await world.receive({ service: 'checkout', alert })
  world.expectPage('ana', /ErrorRateHigh/)
  await world.forward('15m')
  const second = world.expectPage('ben', /and 2 more/)
  expect(second.text).toMatch(/Also: checkout – LatencyHigh; checkout – BudgetBurn\. Acknowledging takes all/)
  const link = new URL(second.acknowledge ?? '').pathname
  const answered = await world.server.inject({ method: 'POST', url: link })
  expect(answered.body).toContain('Acknowledged, with the 2 more it was about.')
  const { items } = await world.as('viewer')<{ items: AlertItem[] }>('GET /api/v1/alerts')
  expect(items.map((each) => `${each.status} ${each.acknowledgedBy}`)).toEqual(Array(3).fill('acknowledged ben'))
  expect(world.troubles).toEqual([])
})

test('the alert that was paged ends unanswered and another still fires: the next level hears of that one', async () => {
  const world = await openWorld()
  await world.receive({ service: 'checkout', alert: 'ErrorRateHigh' })
  await world.receive({ service: 'checkout', alert: 'LatencyHigh' })
  const first = world.expectPage('ana', /ErrorRateHigh/)
  await world.receive({ service: 'checkout', alert: 'ErrorRateHigh', over: true })
  await world.forward('14m')
  // Nobody is told that it is over: it is not.
  world.expectNoPage()
  await world.forward('1m')
  world.expectPage('ben', /LatencyHigh/)
  // The first mail still takes what is left of what it told.
  await world.server.inject({ method: 'POST', url: new URL(first.acknowledge ?? '').pathname })
  const { items } = await world.as('viewer')<{ items: AlertItem[] }>('GET /api/v1/alerts?status=open')
  expect(items).toMatchObject([{ status: 'acknowledged', acknowledgedBy: 'ana' }])
  await world.receive({ service: 'checkout', alert: 'LatencyHigh', over: true })
  expect(new Set(world.newMails().map((mail) => `${mail.to} ${mail.subject}`))).toEqual(
    new Set(['ana@shop.example', 'ben@shop.example'].map((to) => `${to} Resolved: checkout – LatencyHigh`)),
  )
  expect(world.troubles).toEqual([])
})

async function silencedWhileAcknowledged(endsAt = '2026-03-02T11:00:00Z'): Promise<{
  world: World
  ana: Awaited<ReturnType<World['signIn']>>
  silence: string
}> {
  const world = await openWorld()
  const ana = await world.signIn('ana')
  await world.receive({ service: 'checkout', alert: 'ErrorRateHigh' })
  world.expectPage('ana')
  await ana(`POST /api/v1/alerts/${(await onlyAlert(world)).id}/acknowledge`)
  const { id } = await world.as('responder')<{ id: string }>('POST /api/v1/silences', {
    sets: [[{ name: 'alertname', operator: '=', value: 'ErrorRateHigh' }]],
    endsAt,
    reason: 'A new disk is on its way',
  })
  return { world, ana, silence: id }
}

test('an acknowledgement that runs out under a silence wakes nobody before the silence is over', async () => {
  const { world } = await silencedWhileAcknowledged('2026-03-02T09:50:00Z')
  await world.forward('49m')
  world.expectNoPage()
  expect(await onlyAlert(world)).toMatchObject({ status: 'acknowledged', acknowledgedBy: 'ana' })
  await world.forward('1m')
  world.expectPage('ana', /ErrorRateHigh/)
  expect((await onlyAlert(world)).status).toBe('firing')
  expect(world.troubles).toEqual([])
})

test('a silence that is ended early holds an acknowledgement that ran out a quarter of an hour at most', async () => {
  const { world, ana, silence } = await silencedWhileAcknowledged()
  await world.forward('40m')
  world.expectNoPage()
  await ana(`DELETE /api/v1/silences/${silence}`)
  await world.forward('15m')
  world.expectPage('ana', /ErrorRateHigh/)
})

test('given back under a silence, it waits for its end; ended early, somebody hears of it at once', async () => {
  const { world, ana, silence } = await silencedWhileAcknowledged()
  const { id } = await onlyAlert(world)
  await ana(`POST /api/v1/alerts/${id}/unacknowledge`)
  await world.forward('35m')
  world.expectNoPage()
  const { trace } = await ana<{ trace: { rule: string; verdict: string }[] }>(`GET /api/v1/alerts/${id}`)
  expect(trace.map((each) => `${each.rule}: ${each.verdict}`)).toContain('paging: held')
  await ana(`DELETE /api/v1/silences/${silence}`)
  await world.forward('1m')
  world.expectPage('ana', /ErrorRateHigh/)
  expect(world.troubles).toEqual([])
})

test('an alert that only a webhook knows of is told to nobody, until the level behind it is', async () => {
  const world = await openWorld({ name: 'paging_webhook' })
  await world.apply(`apiVersion: mainstay.dev/v1
kind: Webhook
metadata: { name: board }
spec: { url: "http://127.0.0.1:9/pages" }
---
apiVersion: mainstay.dev/v1
kind: EscalationPolicy
metadata: { name: web-on-call, displayName: Web on call }
spec:
  team: web
  levels:
    - { notify: [{ webhook: board }], waitFor: 15m }
    - { notify: [{ person: ben }], waitFor: 15m }
  fallbackOwner: ana
`)
  const ask = world.as('responder')
  const told = async () => (await ask<{ total: { pages: number } }>('GET /api/v1/alert-quality')).total.pages
  await world.receive({ service: 'checkout', alert: 'latency' })
  world.expectNoPage()
  const { items } = await ask<{ items: readonly { id: string }[] }>('GET /api/v1/alerts')
  const verdicts = async () => {
    const path = `GET /api/v1/alerts/${items[0]?.id}`
    const { trace } = await ask<{ trace: readonly { rule: string; verdict: string }[] }>(path)
    return trace.filter((step) => step.rule === 'paging').map((step) => step.verdict)
  }
  expect([await verdicts(), await told()]).toEqual([['webhooks'], 0])
  await world.forward('15m')
  world.expectPage('ben')
  expect([await verdicts(), await told()]).toEqual([['webhooks', 'paged'], 1])
  expect(world.troubles).toEqual([])
})

// The way of a newcomer's first page: alert → mail → link → one press. And of the scanners that press nothing.
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { minute } from '../../kernel/duration.ts'
import { sql } from '../../platform/database/queries.ts'
import { createMetrics } from '../../platform/http/metrics.ts'
import { createRateLimits } from '../../platform/http/rate-limit.ts'
import { buildHttp } from '../../platform/http/server.ts'
import { newId } from '../../platform/ids.ts'
import { silentLog } from '../../platform/log/log.ts'
import { findOfAlert } from './index.ts'
import { ana, openWorld, type World } from './testing/world.ts'
import { answerLink } from './usecases/answer-by-link.ts'

let world: World
let server: FastifyInstance
beforeAll(async () => {
  world = await openWorld({ name: 'answer', at: '2026-03-02T02:00:00Z' })
  await world.apply(`
apiVersion: mainstay.dev/v1
kind: Person
metadata: {name: ana}
spec: {email: ana@shop.example, timeZone: Europe/Berlin}
---
apiVersion: mainstay.dev/v1
kind: EscalationPolicy
metadata: {name: default}
spec: {levels: [{notify: [{person: ana}], waitFor: 5m}], repeat: 2, fallbackOwner: ana}
`)
  server = await buildHttp({
    operations: world.rooms.flatMap((room) => room.operations ?? []),
    wireRoutes: world.rooms.flatMap((room) => (room.wireRoutes === undefined ? [] : [room.wireRoutes])),
    gatekeeper: {
      authenticate: async ({ token }) => (token === 'ana' ? ana : null),
      isPublic: (id) => id === 'oncall.acknowledge-link',
      authorize: () => undefined,
    },
    idempotency: { database: world.database },
    rateLimits: createRateLimits({ tight: {} }),
    metrics: createMetrics(),
    instrument: null,
    log: silentLog,
    trustProxy: false,
    secure: false,
  })
})
afterAll(async () => {
  await server.close()
  await world.close()
})

beforeEach(async () => {
  await world.database.run(
    sql`truncate escalations, pages, deliveries, delivery_attempts, page_notices, bundles, due_work cascade`,
  )
  await world.moveTo('2026-03-02T02:00:00Z')
})

async function page(summary = 'Disk <b>full</b>'): Promise<{ alertId: string; path: string }> {
  const alertId = newId()
  const facts = { severity: 'critical', summary, startedAt: world.now(), impact: null, action: null } as const
  const rest = { runbook: null, change: null, link: `http://mainstay.example/alerts/${alertId}` }
  await world.database.transaction((tx) =>
    world.pager.open(tx, {
      alertId,
      service: null,
      policyName: null,
      urgency: 'high',
      severity: 'critical',
      tier: null,
      facts: { service: 'nas', ...facts, ...rest },
    }),
  )
  await world.run()
  const url = /http:\/\/mainstay\.example(\/a\/\S+)/.exec(world.mails.at(-1)?.email.text ?? '')
  return { alertId, path: url?.[1] ?? '' }
}
const phaseOf = async (alertId: string) => (await findOfAlert(world.database, alertId))?.state.phase.kind

test('looking shows what it is and acknowledges nothing; pressing does, once', async () => {
  const { alertId, path } = await page()
  await world.forward(3 * minute)
  const seen = await server.inject({ method: 'GET', url: path })
  expect(seen.statusCode).toBe(200)
  expect(seen.headers['content-type']).toBe('text/html; charset=utf-8')
  expect(seen.headers['content-security-policy']).toContain("default-src 'none'")
  expect(seen.body).toContain('Disk &lt;b&gt;full&lt;/b&gt;')
  expect(seen.body).toContain('03:00 (3 minutes), Europe/Berlin')
  expect(seen.body).toContain('<button type="submit">Acknowledge</button>')
  expect(seen.body).not.toMatch(/<script|style=/)
  expect(seen.body.length).toBeLessThan(5_000)
  await server.inject({ method: 'HEAD', url: path })
  expect(await phaseOf(alertId)).toBe('escalating')

  const pressed = await server.inject({
    method: 'POST',
    url: path,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: '',
  })
  expect(pressed.statusCode).toBe(200)
  expect(pressed.body).toContain('Acknowledged. It is yours, ana')
  expect(await phaseOf(alertId)).toBe('acknowledged')
  const again = await server.inject({ method: 'GET', url: path })
  expect(again.body).toContain('ana acknowledged it at 03:03.')
  expect(again.body).not.toContain('<button')
})

const formHeaders = { 'content-type': 'application/x-www-form-urlencoded' }
test('whether it was worth it is asked after the press, and one more press says so', async () => {
  const rated: object[] = []
  Object.assign(world.oncall, { rate: async (order: object) => void rated.push(order) })
  const { alertId, path } = await page()
  const press = (payload: string) => server.inject({ method: 'POST', url: path, headers: formHeaders, payload })
  expect((await server.inject({ method: 'GET', url: path })).body).not.toContain('Worth it')
  const pressed = await press('')
  expect(pressed.body).toContain('<button name="worth" value="noise">Noise</button>')
  expect(pressed.body).not.toMatch(/<script|style=/)
  expect((await press('worth=noise')).body).toContain('Noted: it was noise.')
  expect(rated).toEqual([{ alertId, person: 'ana', useful: false }])
  // Later, too: what it was shows in the morning.
  await world.database.transaction((tx) => world.pager.resolve(tx, { alertId, ended: 'resolved' }))
  expect((await server.inject({ method: 'GET', url: path })).body).toContain('Worth it')
  Object.assign(world.oncall, { rate: undefined })
})

test.each([
  ['a word that is none acknowledges, as every other form does', 'worth=maybe', 'acknowledged'],
  ['a mail client acknowledges', 'List-Unsubscribe=One-Click', 'acknowledged'],
  ['a word on what nobody has acknowledged is only a word', 'worth=useful', 'escalating'],
])('%s', async (_name, payload, expected) => {
  Object.assign(world.oncall, { rate: async () => undefined })
  const { alertId, path } = await page()
  await server.inject({ method: 'POST', url: path, headers: formHeaders, payload })
  expect(await phaseOf(alertId)).toBe(expected)
  Object.assign(world.oncall, { rate: undefined })
})

test('a one-click client presses without a form', async () => {
  const { alertId, path } = await page()
  const reply = await server.inject({ method: 'POST', url: path })
  expect(reply.statusCode).toBe(200)
  expect(await phaseOf(alertId)).toBe('acknowledged')
})

test('an alert that is over says so', async () => {
  const { alertId, path } = await page()
  await world.database.transaction((tx) => world.pager.resolve(tx, { alertId, ended: 'resolved' }))
  expect((await server.inject({ method: 'POST', url: path })).body).toContain('It is over.')
})

test.each(['/a/nothing', '/a/l1.00000000.W10.AAAAAAAAAAAAAAAAAAAAAA'])('%s leads nowhere', async (url) => {
  for (const method of ['GET', 'POST'] as const) {
    const reply = await server.inject({ method, url })
    expect([reply.statusCode, reply.headers['content-type']]).toEqual([404, 'text/html; charset=utf-8'])
  }
})

test('a changed link and an old one do nothing', async () => {
  const { alertId, path } = await page()
  const last = path.at(-5) === 'A' ? 'B' : 'A'
  expect((await server.inject({ method: 'POST', url: path.slice(0, -5) + last + path.slice(-4) })).statusCode).toBe(404)
  await world.forward(8 * 24 * 60 * minute)
  expect((await server.inject({ method: 'POST', url: path })).statusCode).toBe(410)
  expect(await phaseOf(alertId)).toBe('escalating')
})

test('a bundle acknowledges all of its alerts with one press', async () => {
  const before = world.mails.length
  const alerts: string[] = []
  for (let each = 1; each <= 6; each += 1) alerts.push((await page(`alert ${each}`)).alertId)
  expect(world.mails.length - before).toBe(3)
  await world.forward(minute)
  await world.run()
  const bundle = world.mails.at(-1)?.email
  expect(bundle?.subject).toBe('Critical: 3 alerts on nas')
  const path = /http:\/\/mainstay\.example(\/a\/\S+)/.exec(bundle?.text ?? '')?.[1] ?? ''
  expect((await server.inject({ method: 'GET', url: path })).body).toContain('Acknowledge all')
  expect((await server.inject({ method: 'POST', url: path })).body).toContain('Acknowledged 3 of 3')
  const phases = await Promise.all(alerts.map(phaseOf))
  expect(phases).toEqual([...Array(3).fill('escalating'), ...Array(3).fill('acknowledged')])
})

test('the style sheet is small and the page names nothing else', async () => {
  const css = await server.inject({ method: 'GET', url: '/a/page.css' })
  expect([css.statusCode, css.headers['content-type']]).toEqual([200, 'text/css; charset=utf-8'])
  expect(css.body.length).toBeLessThan(2_000)
})

test('after an acknowledgement that timed out, whoever presses stops the paging', async () => {
  const { alertId, path } = await page()
  await world.database.transaction((tx) => world.pager.acknowledge(tx, { alertId, by: 'chi' }))
  await world.forward(31 * minute)
  await world.run()
  expect(await phaseOf(alertId)).toBe('escalating')
  // The room of alerts still shows the first one's name.
  const ports = { ...world.oncall, acknowledge: async () => ({ state: 'already', by: 'chi' }) as const }
  const { page: shown } = await answerLink(world.needs, ports, path.slice('/a/'.length))
  expect(shown.sentence).toBe('Acknowledged. It is yours, ana; nobody else is paged.')
  expect((await findOfAlert(world.database, alertId))?.state.phase).toMatchObject({ kind: 'acknowledged', by: 'ana' })
})

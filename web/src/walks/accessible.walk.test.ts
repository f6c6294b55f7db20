// Every page, light and dark, on a desk and on a phone: no finding of axe, nothing wider than the screen, and no
// complaint in the console. The content security policy stays in force: axe enters by the debugger.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { BrowserContext, CDPSession, Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { openWorld, watch } from './walk.fixture.ts'

const world = openWorld()
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const desk = { width: 1440, height: 900 }
const phone = { width: 390, height: 844 }
// Colours do not change what is where: in the dark only the rules on colours are asked again.
const looks = [
  { name: 'light, desk', colorScheme: 'light', viewport: desk, rules: 'all' },
  { name: 'dark, desk', colorScheme: 'dark', viewport: desk, rules: 'colours' },
  { name: 'dark, phone', colorScheme: 'dark', viewport: phone, rules: 'colours' },
  { name: 'light, phone', colorScheme: 'light', viewport: phone, rules: 'all' },
] as const
type Look = (typeof looks)[number]

const senders = `apiVersion: mainstay.dev/v1
kind: AlertSource
metadata: { name: home-made }
spec: { format: generic, service: checkout, mapping: { key: body.id, summary: body.title } }
`

const workflow = `apiVersion: mainstay.dev/v1
kind: Workflow
metadata: { name: all-hands, displayName: All hands }
spec:
  on: [declared]
  when: incident.severity == "SEV1"
  once: true
  steps:
    - call: { url: "https://meet.example.com/incident-{number}" }
    - chat: {}
      continueOnError: true
    - task: { text: "Tell support" }
    - update: { audience: company }
`

const maintenance = `apiVersion: mainstay.dev/v1
kind: MaintenanceWindow
metadata: { name: vacuum, displayName: Vacuum of the orders database }
spec:
  services: [payment]
  dependants: all
  reason: Full vacuum
  start: 2026-01-04 02:00
  timeZone: Europe/Vienna
  lasts: 23h
  repeat: FREQ=DAILY
  announce: { title: Maintenance, text: The history may be slow. }
`

const statusPage = `apiVersion: mainstay.dev/v1
kind: StatusPage
metadata: { name: seen }
spec:
  title: Shop
  visibility: public
  languages: [en, de]
  components:
    - { name: checkout, title: Checkout, services: [checkout], objective: checkout-availability }
    - { name: search, title: Search }
---
apiVersion: mainstay.dev/v1
kind: StatusCustomer
metadata: { name: acme, displayName: Acme Ltd }
spec: { page: seen, components: [{ name: checkout }, { name: import, title: Import for Acme }] }
`

let pages: readonly string[] = []
let toldPages: readonly string[] = []
beforeAll(async () => {
  await world().applyShop('everything')
  await world().raise({ dedupKey: 'x1', summary: 'Checkout answers 500', service: 'checkout', severity: 'critical' })
  await world().raise({ dedupKey: 'x2', summary: 'Cards are slow', service: 'payment', severity: 'warning' })
  await world().ask('POST', '/api/v1/apply', { documents: workflow })
  const incident = idOf(
    await world().ask('POST', '/api/v1/incidents', {
      title: 'Nobody can pay',
      severity: 'SEV1',
      services: ['payment'],
    }),
  )
  await world().ask('POST', `/api/v1/incidents/${incident}/notes`, { text: 'The card network is down.' })
  await world().ask('POST', '/api/v1/changes', {
    source: 'ci',
    externalId: '1',
    service: 'checkout',
    summary: 'Deploy 1.4.2',
    version: '1.4.2',
  })
  await world().ask('POST', `/api/v1/incidents/${incident}/work`, { kind: 'hypothesis', text: 'The network is down.' })
  const over = idOf(await world().ask('POST', '/api/v1/incidents', { title: 'Cards failed', services: ['payment'] }))
  await world().ask('POST', `/api/v1/incidents/${over}/transition`, { to: 'resolved' })
  const postmortem = idOf(await world().ask('POST', '/api/v1/postmortems', { incident: over }))
  await world().ask('POST', `/api/v1/postmortems/${postmortem}/actions`, {
    title: 'Try each release on few users first',
    kind: 'prevent',
    owner: 'ben',
    dueAt: '2030-01-01T00:00:00Z',
  })
  const problem = idOf(
    await world().ask('POST', '/api/v1/problems', {
      title: 'One card network',
      incidents: [over, incident],
      workaround: 'Send payments by the second network.',
    }),
  )
  await world().ask('POST', '/api/v1/apply', { documents: senders })
  await world().ask('POST', '/api/v1/apply', { documents: maintenance })
  await world().ask('POST', '/api/v1/apply', { documents: statusPage })
  const made = await world().ask('POST', '/api/v1/status-customers/acme/link')
  const view = new URL(typeof made === 'object' && made !== null && 'url' in made ? String(made.url) : '').pathname
  for (const forWhom of [{}, { customer: 'acme' }])
    await world().ask('POST', '/api/v1/status-pages/seen/posts', {
      ...{ kind: 'incident', title: 'Payments fail', state: 'investigating', body: 'We look.', ...forWhom },
      impacts: { checkout: 'partial_outage' },
    })
  toldPages = ['/status/seen', view].flatMap((each) => [
    ...[each, `${each}?lang=de`, `${each}/history`, `${each}/history?month=2026-01`, `${each}/subscribe`],
  ])
  const alert = idOf(firstOf(await world().ask('GET', '/api/v1/alerts')))
  pages = [
    '/',
    '/services',
    '/services/checkout',
    '/objectives',
    '/budget-policies',
    '/workflows',
    '/slo-report',
    '/objective-reviews',
    '/objective-reviews?state=all',
    '/agreements',
    '/agreements?state=removed',
    '/journeys',
    '/journeys/buying-now',
    '/objectives/checkout-availability',
    '/alerts',
    '/intake',
    '/intake/home-made',
    `/alerts/${alert}`,
    '/alerts?status=all&group=service',
    '/alerts/noise',
    '/alerts/noise?by=team&days=90',
    '/alerts?status=all&rule=Slow',
    '/silences?of=service%3Dcheckout',
    '/routing',
    '/maintenance',
    '/maintenance?window=vacuum&days=92',
    `/alerts?alert=${alert}`,
    '/incidents',
    '/incidents?status=all',
    `/incidents/${incident}`,
    ...['work', 'updates', 'related', 'workflows'].map((view) => `/incidents/${incident}?view=${view}`),
    '/incidents?declare=1',
    '/incidents/learnt',
    '/wall',
    '/postmortems',
    '/postmortems?view=unfinished',
    '/postmortems?view=agenda',
    '/learning',
    '/learning?view=problems',
    '/learning?view=trends',
    '/learning?view=month&month=2026-01',
    '/learning?view=search',
    '/learning?view=search&q=network',
    `/learning/problems/${problem}`,
    `/postmortems/${postmortem}`,
    `/postmortems/${postmortem}/print`,
    '/oncall',
    '/oncall?view=schedule',
    '/oncall?view=schedule&length=week',
    '/oncall?view=simulate',
    '/oncall?view=paging',
    '/oncall?view=health&team=shop-web&weeks=4',
    '/oncall?view=pay',
    '/oncall?view=handover',
    '/probes',
    '/coverage',
    '/coverage?missing=any&sort=missing',
    '/coverage/checkout',
    '/status-pages',
    '/status-pages/seen',
    '/status-pages/seen?publish=incident',
    '/apply',
    '/journal',
    ...[
      'people',
      'keys',
      'sessions',
      'channels',
      'trackers',
      'sources',
      'work',
      'retention',
      'reliability',
      'about',
    ].map((tab) => `/settings/${tab}`),
    '/no-such-page',
  ]
})

test('every page behind the door, in every look', async () => {
  const context = await world().signedIn({ reducedMotion: 'reduce' })
  expect(await findingsOf(context, pages)).toEqual([])
  await context.close()
})

test('the door, in every look', async () => {
  const context = await world().stranger({ reducedMotion: 'reduce' })
  expect(await findingsOf(context, ['/sign-in', '/setup#some-token'])).toEqual([])
  await context.close()
})

test('status pages and a customer’s view, in every look', async () => {
  const context = await world().stranger({ reducedMotion: 'reduce' })
  expect(await findingsOf(context, toldPages)).toEqual([])
  await context.close()
})

test('the palette and the sheet of keys, in every look', async () => {
  const context = await world().signedIn({ reducedMotion: 'reduce' })
  const page = await context.newPage()
  const complaints = await watch(page)
  await page.goto('/alerts')
  await settled(page)
  for (const [stroke, name] of [
    ['Control+k', 'Jump or act'],
    ['?', 'Keys on this page'],
  ] as const) {
    await page.keyboard.press(stroke)
    await page.getByRole('dialog', { name }).waitFor()
    expect(await findingsIn(page, name)).toEqual([])
    await page.keyboard.press('Escape')
    await page.getByRole('dialog', { name }).waitFor({ state: 'detached' })
  }
  complaints.expectNone()
  await context.close()
})

async function findingsOf(context: BrowserContext, addresses: readonly string[]): Promise<readonly string[]> {
  const found: string[] = []
  const page = await context.newPage()
  const complaints = await watch(page)
  for (const address of addresses) {
    await page.goto(address)
    await settled(page)
    found.push(...(await findingsIn(page, address)))
  }
  complaints.expectNone()
  await page.close()
  return found
}

async function findingsIn(page: Page, place: string): Promise<readonly string[]> {
  const found: string[] = []
  const debug = await page.context().newCDPSession(page)
  await debug.send('Runtime.evaluate', { expression: axe })
  for (const each of looks) {
    await page.emulateMedia({ colorScheme: each.colorScheme })
    await page.setViewportSize(each.viewport)
    // Lists measure themselves after the size has changed.
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
    await settled(page)
    for (const finding of await look(page, debug, each)) found.push(`${place} (${each.name}): ${finding}`)
  }
  await debug.detach()
  return found
}

/** A heading stands, and nothing says that it still loads. */
async function settled(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).first().waitFor()
  await page.waitForFunction(() => document.querySelector('.skeleton') === null)
}

async function look(page: Page, debug: CDPSession, { rules }: Look): Promise<readonly string[]> {
  const only = rules === 'all' ? '' : ", runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] }"
  const expression = `axe.run({ resultTypes: ['violations']${only} }).then(({ violations }) => JSON.stringify(violations.flatMap(
    (each) => each.nodes.map((node) => each.id + ' ' + node.target.join(' ') + ' ' + (node.any[0]?.message ?? '')))))`
  const { result, exceptionDetails } = await debug.send('Runtime.evaluate', { expression, awaitPromise: true })
  if (exceptionDetails !== undefined) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text)
  const violations: unknown = JSON.parse(String(result.value))
  if (!Array.isArray(violations)) throw new Error('axe did not answer.')
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  return [...violations.map(String), ...(wide > 0 ? [`${wide} px wider than the screen`] : [])]
}

function idOf(value: unknown): string {
  if (typeof value === 'object' && value !== null && 'id' in value) return String(value.id)
  throw new Error('No id was answered.')
}

function firstOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'items' in value && Array.isArray(value.items)
    ? value.items[0]
    : null
}

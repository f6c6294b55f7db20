// Over every operation of the house: never a fault of ours, every refusal a problem, every answer as documented.
import { Ajv, type ValidateFunction } from 'ajv'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { issueKey } from '../../src/modules/identity/index.ts'
import { Problem } from '../../src/platform/http/problem.ts'
import { openWorld, type World } from '../world.ts'
import type { JsonSchema, SchemaWorld } from './from-schema.ts'
import { collectionOf, type FuzzRequest, type OpenapiDocument, operationsOf, requestsOver } from './requests.ts'

// About fifty for each operation.
const requests = Number(process.env.FUZZ_REQUESTS ?? 12_000)
const slowestMs = 5_000
// What may not be found anywhere in an answer: the password and the key of this run.
const canary = 'canary-7f3a'

test(`${requests} requests over every operation: no fault of ours`, async () => {
  const world = await openWorld({ name: 'fuzz' })
  const document = await world.as('viewer')<OpenapiDocument>('GET /api/v1/openapi.json')
  const operations = operationsOf(document)
  expect(operations.length).toBeGreaterThan(60)
  await seed(world)
  const known = await knownIn(world)
  const schemas: SchemaWorld = {
    resolve: (reference) => document.components.schemas[reference.replace('#/components/schemas/', '')] ?? {},
    known: (under) =>
      under === undefined ? [...known.values()].flatMap((each) => [...each]) : [...(known.get(under) ?? [])],
  }
  const checks = replyChecks(document)
  const token = await issueKey(world.house.needs, { name: canary, role: 'admin', scopes: ['*'] })
  const own = await ownKeyIds(world)
  const ana = await sessionOf(world, 'ana')
  const tally = new Map<string, { good: number; refused: number }>()
  const codes = new Map<string, number>()

  await fc.assert(
    fc.asyncProperty(requestsOver(operations, schemas), fc.boolean(), async (request, asPerson) => {
      const credentials: Record<string, string> = asPerson ? ana : { authorization: `Bearer ${token}` }
      // What would end the caller itself ends the run, not the server.
      if (own.some((id) => request.url.includes(id)) || request.operation.id === 'session.sign-out') return
      if (request.operation.id.startsWith('sessions.revoke')) return
      const began = performance.now()
      const reply = await world.ask(request.operation.method, request.url, {
        headers: { ...request.headers, ...credentials },
        payload: request.payload,
      })
      const what = `${request.operation.method} ${request.url.slice(0, 300)} ${(request.payload ?? '').slice(0, 600)}`
      expect(performance.now() - began, `${what} took long`).toBeLessThan(slowestMs)
      expect(reply.status, `${what}\n${JSON.stringify(reply.body)}\n${world.troubles.at(-1) ?? ''}`).toBeLessThan(500)
      expect(JSON.stringify(reply.body)).not.toContain(token)
      const counts = tally.get(request.operation.id) ?? { good: 0, refused: 0 }
      tally.set(request.operation.id, counts)
      if (reply.status >= 400) {
        counts.refused += 1
        checkProblem(reply, what, codes)
      } else {
        counts.good += 1
        checkAnswer(reply, request, checks, what)
        remember(known, collectionOf(request.operation.path), reply.body)
      }
    }),
    {
      numRuns: requests,
      endOnFailure: true,
      // The same requests in every run of the suite; FUZZ_SEED tries others.
      seed: Number(process.env.FUZZ_SEED ?? 20_261_121),
    },
  )
  expect(world.troubles).toEqual([])
  const never = operations.filter(({ id }) => (tally.get(id)?.good ?? 0) === 0).map(({ id }) => id)
  const good = [...tally.values()].reduce((sum, each) => sum + each.good, 0)
  process.stdout.write(
    `fuzz: ${requests} requests, ${operations.length} operations, ${good} answered 2xx; never: ${never.join(' ')}\n`,
  )
  // A fuzz that only collects refusals proves nothing.
  expect(good).toBeGreaterThan(requests / 20)
  // What needs a hash that was read, a secret or another product is refused to whoever guesses; that must stay the lesser part.
  expect(never.length).toBeLessThan(operations.length * 0.4)
  expect('x' in {}).toBe(false)
}, 300_000)

const isProblem = new Ajv({ strict: false }).compile(Problem)

function checkProblem(reply: Awaited<ReturnType<World['ask']>>, what: string, codes: Map<string, number>): void {
  expect(String(reply.headers['content-type']), what).toMatch(/^application\/problem\+json/)
  expect(isProblem(reply.body), `${what}\n${JSON.stringify(isProblem.errors)}`).toBe(true)
  const { code } = reply.body as Problem
  codes.set(code, (codes.get(code) ?? 0) + 1)
}

function checkAnswer(
  reply: Awaited<ReturnType<World['ask']>>,
  request: FuzzRequest,
  checks: ReadonlyMap<string, ValidateFunction>,
  what: string,
): void {
  const check = checks.get(request.operation.id)
  if (check === undefined) return
  const fits = check(reply.body)
  expect(
    fits,
    `${what}\n${JSON.stringify(check.errors?.slice(0, 3))}\n${JSON.stringify(reply.body).slice(0, 1_000)}`,
  ).toBe(true)
}

function replyChecks(document: OpenapiDocument): ReadonlyMap<string, ValidateFunction> {
  const ajv = new Ajv({ strict: false, formats: { 'date-time': true, uuid: true, uri: true, email: true } })
  return new Map(
    operationsOf(document).flatMap((operation) =>
      operation.reply === null
        ? []
        : [[operation.id, ajv.compile({ ...operation.reply, components: document.components } as JsonSchema)] as const],
    ),
  )
}

type Known = Map<string, Set<string>>

/** So much at most is remembered of each collection: the rest of the run is about these. */
const mostKnown = 60

function remember(known: Known, collection: string, reply: unknown): void {
  const ids = known.get(collection) ?? new Set()
  known.set(collection, ids)
  for (const id of idsIn(reply)) if (ids.size < mostKnown) ids.add(id)
}

/** One of everything, so that the first request already has something to be about. */
async function seed(world: World): Promise<void> {
  await world.apply(moreSeed)
  for (let count = 0; count < 5; count += 1) await world.receive({ service: 'checkout', alert: `Alert${count}` })
  const responder = world.as('responder')
  const { id } = await responder<{ id: string }>('POST /api/v1/incidents', {
    title: 'An incident',
    services: ['checkout'],
    severity: 'SEV2',
  })
  const past = await responder<{ id: string }>('POST /api/v1/incidents', { title: 'One that is over' })
  await responder(`POST /api/v1/incidents/${past.id}/transition`, { to: 'resolved' })
  await responder('POST /api/v1/postmortems', { incident: past.id })
  await publishOne(world)
  await world.as('admin')('POST /api/v1/status-pages/shop/posts', {
    kind: 'incident',
    title: 'Checkout is slow',
    incident: id,
    state: 'investigating',
    body: 'We are looking into it.',
  })
  await world.as('admin')('POST /api/v1/people', { email: 'chi@shop.example', name: 'Chi', role: 'viewer' })
  await world.worker.drain()
}

/** A postmortem that anybody may read. */
async function publishOne(world: World): Promise<void> {
  const responder = world.as('responder')
  const { id: incident } = await responder<{ id: string }>('POST /api/v1/incidents', { title: 'One that was told of' })
  await responder(`POST /api/v1/incidents/${incident}/transition`, { to: 'resolved' })
  const { id, version } = await responder<{ id: string; version: number }>('POST /api/v1/postmortems', { incident })
  const factors = [{ id: 'a', text: 'Nothing tried it', kind: 'latent', leadsTo: [] }]
  await responder(`PUT /api/v1/postmortems/${id}/factors`, { factors, version })
  for (const to of ['review', 'published'])
    await responder(`POST /api/v1/postmortems/${id}/transition`, { to, note: 'Read.' })
  const choices = { title: null, sections: [], parts: ['timeline'], passages: [], roles: [], noNames: [] }
  const { prepared } = await responder<{ prepared: { hash: string } }>(`PUT /api/v1/postmortems/${id}/public`, choices)
  await world.as('admin')(`POST /api/v1/postmortems/${id}/public/approve`, { hash: prepared.hash })
}

async function knownIn(world: World): Promise<Known> {
  const known: Known = new Map()
  for (const collection of [
    'alerts',
    'incidents',
    'people',
    'services',
    'teams',
    'objectives',
    'silences',
    'postmortems',
    'actions',
    'workflow-runs',
  ])
    remember(
      known,
      collection,
      await world
        .as('admin')(`GET /api/v1/${collection}?limit=50`, undefined, {})
        .catch(() => null),
    )
  known.set('schedules', new Set(['web-primary']))
  known.set('escalation-policies', new Set(['web-on-call']))
  known.set('contacts', new Set(['email']))
  known.set('declared', new Set(['ana', 'ben']))
  known.set('indicators', new Set(['checkouts']))
  known.set('probes', new Set(['front-page']))
  known.set('status-pages', new Set(['shop']))
  known.set('objectives', new Set(['checkout-availability']))
  known.set('agreements', new Set(['shop-gold']))
  known.set('budget-policies', new Set(['shop-budget']))
  known.set('journey-objectives', new Set(['buy']))
  known.set('workflows', new Set(['all-hands']))
  known.set('intake', new Set(['tools']))
  known.set('oncall', new Set(['web']))
  return known
}

const moreSeed = `
apiVersion: mainstay.dev/v1
kind: Schedule
metadata: { name: web-primary, displayName: Web }
spec:
  team: web
  zone: Europe/Berlin
  rotations:
    - name: weekly
      start: 2026-01-05T09:00
      turn: { unit: week, every: 1 }
      members: [{ person: ana }, { person: ben }]
---
apiVersion: mainstay.dev/v1
kind: StatusPage
metadata: { name: shop }
spec: { title: Shop, visibility: public, components: [{ name: checkout, title: Checkout, services: [checkout] }] }
---
apiVersion: mainstay.dev/v1
kind: Probe
metadata: { name: front-page }
spec: { service: checkout, http: { url: 'https://shop.example/' } }
---
apiVersion: openslo/v1
kind: SLO
metadata: { name: checkout-availability, displayName: The checkout answers }
spec:
  service: checkout
  indicator:
    metadata: { name: checkouts }
    spec:
      ratioMetric:
        counter: true
        good: { metricSource: { type: push, spec: { series: checkout.good } } }
        total: { metricSource: { type: push, spec: { series: checkout.total } } }
  timeWindow: [{ duration: 30d, isRolling: true }]
  budgetingMethod: Occurrences
  objectives: [{ displayName: The checkout answers, target: 0.999 }]
---
apiVersion: mainstay.dev/v1
kind: JourneyObjective
metadata: { name: buy }
spec: { target: 0.99, window: 28d, members: [{ objective: checkout-availability }] }
---
apiVersion: mainstay.dev/v1
kind: ErrorBudgetPolicy
metadata: { name: shop-budget }
spec:
  steps: [{ name: spent, when: { remainingAtMost: 0% }, do: [{ notify: { teams: [web] } }] }]
---
apiVersion: mainstay.dev/v1
kind: ServiceLevelAgreement
metadata: { name: shop-gold }
spec:
  customer: Gold
  objective: checkout-availability
  target: 99.9%
  period: month
  timeZone: Europe/Vienna
  from: 2026-01-01
  counts: requests
  fee: 10.00 EUR
  credits: [{ below: 99.9%, credit: 10% }]
---
apiVersion: mainstay.dev/v1
kind: AlertSource
metadata: { name: tools }
spec: { format: grafana }
---
apiVersion: mainstay.dev/v1
kind: Workflow
metadata: { name: all-hands }
spec:
  on: [declared, severity-changed]
  steps: [{ chat: {}, continueOnError: true }, { task: { text: Tell support } }, { update: { audience: company } }]
`

async function ownKeyIds(world: World): Promise<readonly string[]> {
  const { items } = await world.as('admin')<{ items: { id: string }[] }>('GET /api/v1/keys?limit=500')
  return items.map((each) => each.id)
}

async function sessionOf(world: World, person: string): Promise<Record<string, string>> {
  return { ...(await world.cookieOf(person, 'editor')), 'x-mainstay-csrf': '1' }
}

function idsIn(value: unknown, found: string[] = []): readonly string[] {
  if (Array.isArray(value)) for (const item of value.slice(0, 5)) idsIn(item, found)
  else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      if ((key === 'id' || key === 'name') && typeof item === 'string') found.push(item)
      // What it came from stands in another collection.
      else if (key !== 'incident' && key !== 'postmortem') idsIn(item, found)
    }
  }
  return found
}

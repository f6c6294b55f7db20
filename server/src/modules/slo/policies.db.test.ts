// Policies that act: steps begin and end with the budget, actions run once, changes are held up, exceptions expire.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { installClock, type TestClock } from '../../../test/clock.ts'
import type { Actor } from '../../kernel/actor.ts'
import { day, hour, minute } from '../../kernel/duration.ts'
import { instant } from '../../kernel/instant.ts'
import { sql } from '../../platform/database/queries.ts'
import { applyDocuments } from '../catalog/index.ts'
import { deleteResource } from '../catalog/usecases/delete-resource.ts'
import { openTelemetryWorld, sender, type TelemetryWorld } from '../telemetry/telemetry.fixture.ts'
import { pushCounts } from '../telemetry/usecases/push-counts.ts'
import { createEngine, type Engine } from './engine/engine.ts'
import { listTasks } from './episodes.store.ts'
import { policyKind } from './kinds/policy-kind.ts'
import { catalogOf } from './slo.fixture.ts'
import type { PossibleCause, SloPorts, Word } from './slo.ports.ts'
import { applyPolicies } from './usecases/apply-policies.ts'
import { attributeDays } from './usecases/attribute-days.ts'
import { closeTask } from './usecases/close-task.ts'
import { readChangeDecision } from './usecases/decide-change.ts'
import { describePolicies, describePoliciesOf, describePolicy } from './usecases/describe-policies.ts'
import { approveException, askException, withdrawException } from './usecases/except-changes.ts'

let world: TelemetryWorld
let clock: TestClock
let engine: Engine
const person = (name: string, role: 'responder' | 'editor' | 'admin', teams: readonly string[]): Actor => ({
  kind: 'person',
  id: name,
  name,
  role,
  teams,
})
const admin = person('ana', 'admin', [])
const catalog = catalogOf([policyKind])
const begin = instant(Date.parse('2026-03-02T09:00:00Z'))
const told: Word[] = []
const causes: PossibleCause[] = []
const ports: SloPorts = {
  tell: async (_tx, word) => {
    told.push(word)
    return word.person !== 'carl'
  },
  onCallIn: async () => ['dora'],
  causes: async () => causes,
  authorityOf: async (_queries, name) =>
    name === 'ben' ? { role: 'editor', teams: ['web'] } : name === 'carl' ? { role: 'editor', teams: ['else'] } : null,
}

const policyText = `
apiVersion: mainstay.dev/v1
kind: ErrorBudgetPolicy
metadata: {name: web-budget, displayName: Web budget, labels: {team: web}}
spec:
  appliesTo: {teams: [web]}
  longestException: 7d
  steps:
    - name: half-spent
      when: {remainingAtMost: 50%}
      do:
        - notify: {people: [ben, carl], teams: [web]}
        - openTask: {title: Find what spends the budget, due: 5d}
    - name: spent
      when: {remainingAtMost: 0 %}
      leave: {at: 0%, for: 30m}
      do:
        - freezeChanges: {allow: [rollback]}
    - name: one-incident
      when: {incidentAbove: 20%}
      do: [{requireApproval: {lasts: 2d}}]`

beforeAll(async () => {
  world = await openTelemetryWorld('policies')
  clock = await installClock(world.connection)
  await clock.set(begin)
  await apply(`
apiVersion: mainstay.dev/v1
kind: Person
metadata: {name: ben}
spec: {email: ben@web.example}
---
apiVersion: mainstay.dev/v1
kind: Person
metadata: {name: carl}
spec: {email: carl@web.example}
---
apiVersion: mainstay.dev/v1
kind: Team
metadata: {name: web}
spec: {members: [ben]}
---
apiVersion: mainstay.dev/v1
kind: Service
metadata: {name: website}
spec: {tier: 1, team: web}
---
apiVersion: openslo/v1
kind: SLO
metadata: {name: views}
spec:
  service: website
  indicator: {metadata: {name: all}, spec: {ratioMetric: {good: {metricSource: {type: push, spec: {series: a}}}, total: {metricSource: {type: push, spec: {series: b}}}}}}
  timeWindow: [{duration: 1d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: 0.9}]`)
  await apply(policyText)
  engine = createEngine(world.needs)
})
afterAll(() => world.close())

const apply = (documents: string) => applyDocuments(world.needs, catalog, { documents, actor: admin })
const look = (causesToo = false) => applyPolicies(world.needs, ports, { objectives: null, causes: causesToo })

/** So many minutes with so many failures of a hundred in each. */
async function pass(minutes: number, bad: number): Promise<void> {
  const now = await clock.now()
  const counts = Array.from({ length: minutes }, (_, past) => ({
    objective: 'views',
    at: new Date(now + past * minute).toISOString(),
    good: 100 - bad,
    bad,
  }))
  await clock.forward(minutes * minute)
  await pushCounts(world.needs, { counts }, sender)
  await engine.tick()
}
const entries = async (type: string) =>
  world.database.many(
    sql<{
      reason: string
      actor: string
    }>`select reason, actor->>'kind' as actor from journal where type = ${`budget-policy.${type}`} order by id`,
  )
const enteredNow = async () =>
  (await describePoliciesOf(world.database, 'views')).flatMap((policy) =>
    policy.steps.filter((step) => step.entered.length > 0).map((step) => step.name),
  )
const decide = (kind: string | null = null) =>
  readChangeDecision(world.database, { service: 'website', at: null, kind })

test('nothing happens while the budget is whole, or nothing is known', async () => {
  expect(await look(true)).toBe(0)
  await pass(20, 0)
  expect(await look(true)).toBe(0)
  expect(await decide()).toMatchObject({ verdict: 'allowed', unmeasured: [] })
})

test('a step is entered once, whoever looks and however often: two at the same moment act once', async () => {
  await pass(20, 12)
  expect((await Promise.all([look(), look(), look()])).reduce((a, b) => a + b)).toBe(1)
  expect(await look()).toBe(0)
  expect(await enteredNow()).toEqual(['half-spent'])
  expect(told.map((each) => each.person)).toEqual(['ben', 'carl'])
  expect(new Set(told.map((each) => each.occasion)).size).toBe(1)
  const [policy] = await describePoliciesOf(world.database, 'views')
  expect(policy?.steps[0]?.entered[0]?.acts).toMatchObject([
    { kind: 'notify', sentence: 'Told ben. Without a contact that works: carl.' },
    { kind: 'open-task', sentence: 'Opened the task “Find what spends the budget” for web.' },
  ])
  expect(await entries('step-entered')).toMatchObject([{ actor: 'automation' }])
  expect(await entries('acted')).toHaveLength(2)
  const [task] = await listTasks(world.database, { state: 'open', owner: null, objective: null }, null, 10)
  expect(task).toMatchObject({ owner: 'web', ownerKind: 'team', state: 'open' })
  expect((task?.dueAt ?? 0) - (task?.openedAt ?? 0)).toBe(5 * day)
})

test('a spent budget freezes its service; a rollback passes', async () => {
  await pass(20, 40)
  expect(await look()).toBe(1)
  expect(await enteredNow()).toEqual(['half-spent', 'spent'])
  const frozen = await decide()
  expect(frozen).toMatchObject({ verdict: 'frozen', holds: [{ kind: 'freeze', step: 'spent', passes: null }] })
  expect(frozen.sentence).toContain('Ends when more than 0 % has been left for 30m.')
  expect(await decide('rollback')).toMatchObject({ verdict: 'allowed' })
  expect(await describePolicies(world.database)).toMatchObject([{ objectives: 1, entered: 2, scope: 'team web' }])
})

test('an exception needs the word of somebody who may give it, a reason and an end, and expires', async () => {
  const now = await clock.now()
  const order = { service: 'website', policy: null, reason: 'A fix', from: null, approver: null }
  const ask = (more: object) =>
    askException(world.needs, ports, { ...order, until: instant(now + hour), actor: admin, ...more })
  const responder = person('rex', 'responder', ['web'])
  await expect(ask({ actor: responder })).rejects.toMatchObject({ code: 'slo.no-approver' })
  await expect(ask({ actor: responder, approver: 'carl' })).rejects.toMatchObject({
    code: 'slo.insufficient-approver',
  })
  await expect(ask({ until: instant(now + 8 * day) })).rejects.toMatchObject({ code: 'slo.bad-exception' })
  await expect(ask({ until: now })).rejects.toMatchObject({ code: 'slo.bad-exception' })
  await expect(ask({ from: instant(now - hour) })).rejects.toMatchObject({ code: 'slo.bad-exception' })
  await expect(ask({ service: 'nothing' })).rejects.toMatchObject({ code: 'slo.unknown-service' })
  const asked = await ask({ actor: responder, approver: 'ben' })
  expect(asked).toMatchObject({ state: 'asked', approver: 'ben', approvedBy: null })
  expect(told.at(-1)).toMatchObject({ person: 'ben', sentence: expect.stringContaining('A fix') })
  expect(await decide()).toMatchObject({ verdict: 'frozen' })
  const approve = (actor: Actor) => approveException(world.needs, ports, { id: asked.id, actor })
  await expect(approve(person('carl', 'editor', ['else']))).rejects.toMatchObject({ kind: 'forbidden' })
  expect(await approve(person('ben', 'editor', ['web']))).toMatchObject({ state: 'in-force', approvedBy: 'ben' })
  await expect(approve(admin)).rejects.toMatchObject({ code: 'slo.exception-over' })
  expect(await decide()).toMatchObject({
    verdict: 'allowed',
    holds: [{ passes: 'exception', excepted: { approvedBy: 'ben', reason: 'A fix' } }],
  })
  await clock.forward(hour)
  expect(await decide()).toMatchObject({ verdict: 'frozen' })
  const again = await ask({ until: instant(now + 2 * hour), policy: 'web-budget' })
  expect(await decide()).toMatchObject({ verdict: 'allowed' })
  await withdrawException(world.needs, ports, { id: again.id, reason: 'Not needed', actor: admin })
  expect(await decide()).toMatchObject({ verdict: 'frozen' })
  expect(await entries('exception-approved')).toHaveLength(2)
})

test('no data leaves nothing; a budget that is back ends the step after a while, and with it the freeze', async () => {
  // An hour without a word has passed above: nothing is known.
  await engine.tick()
  expect(await look()).toBe(0)
  expect(await enteredNow()).toEqual(['half-spent', 'spent'])
  await pass(60, 0)
  await look()
  await pass(40, 0)
  expect(await look()).toBeGreaterThan(0)
  expect(await enteredNow()).not.toContain('spent')
  expect(await decide()).toMatchObject({ verdict: 'allowed', holds: [] })
  await pass(240, 0)
  await look()
  await pass(61, 0)
  await look()
  expect(await enteredNow()).toEqual([])
  expect(await entries('step-left')).toHaveLength(2)
})

test('one incident that spent too much asks for approvals, for as long as the policy says', async () => {
  const start = await clock.now()
  const cause = { kind: 'incident' as const, id: 'i-1', label: '#1 Checkout fails', from: start, to: null }
  causes.push(cause)
  await pass(30, 60)
  await look(true)
  expect(await enteredNow()).toContain('one-incident')
  const held = await decide()
  expect(held.holds.map((each) => each.kind)).toEqual(['approval'])
  expect(held.holds[0]?.sentence).toContain('Incident #1 Checkout fails spent')
  // A look that does not ask about causes leaves it as it is.
  await look()
  expect(await enteredNow()).toContain('one-incident')
  await clock.forward(2 * day)
  await look()
  expect(await decide()).toMatchObject({ verdict: 'allowed', holds: [] })
  expect(await entries('hold-expired')).toHaveLength(1)
})

test('a task is closed once, with a word on what came of it', async () => {
  const [task] = await listTasks(world.database, { state: 'open', owner: 'web', objective: 'views' }, null, 10)
  const close = () =>
    closeTask(world.needs, ports, { id: task?.id ?? '', outcome: 'done', note: 'It was the cache', actor: admin })
  expect(await close()).toMatchObject({ state: 'done', closed: { by: 'ana', note: 'It was the cache' } })
  await expect(close()).rejects.toMatchObject({ code: 'slo.task-closed' })
})

test('a class of cause that spent too much of a quarter', async () => {
  await apply(`
apiVersion: mainstay.dev/v1
kind: ErrorBudgetPolicy
metadata: {name: classes}
spec:
  steps:
    - name: incidents
      when: {causeAbove: {causes: [incident, change], share: 0.01%}}
      do: [{openTask: {title: Put it on the plan, person: ben, due: 90d}}]
    - name: never
      when: {causeAbove: {causes: [dependency], share: 0.01%}}
      do: [{requireApproval: {}}]`)
  // A day that is measured again, else nothing is concluded.
  await pass(1_000, 1)
  expect(await attributeDays(world.needs, ports)).toBeGreaterThan(0)
  // Attributed a moment ago: nothing to do.
  expect(await attributeDays(world.needs, ports)).toBe(0)
  await look(true)
  const policy = await describePolicy(world.database, 'classes')
  expect(policy.episodes.map((each) => [each.step, each.cause])).toEqual([['incidents', 'incident']])
  expect(policy.episodes[0]?.sentence).toContain('of the quarter’s budget')
})

test('with the policy, what it holds up ends', async () => {
  await deleteResource(world.needs, catalog, { key: { kind: 'ErrorBudgetPolicy', name: 'classes' }, actor: admin })
  await deleteResource(world.needs, catalog, { key: { kind: 'ErrorBudgetPolicy', name: 'web-budget' }, actor: admin })
  await look()
  const open = await world.database.many(
    sql`select id from budget_episodes where left_at is null union all select id from change_holds where ended_at is null`,
  )
  expect(open).toEqual([])
  expect((await entries('step-left')).at(-1)?.reason).toBe('The policy is not declared any more.')
})

test.each([
  { says: 'an unknown field', change: ['remainingAtMost: 50%', 'remainigAtMost: 50%'], hint: 'remainingAtMost' },
  {
    says: 'two conditions',
    change: ['remainingAtMost: 50%', 'remainingAtMost: 50%, incidentAbove: 20%'],
    hint: 'exactly one',
  },
  { says: 'a level that is never left', change: ['leave: {at: 0%, for: 30m}', 'leave: {at: 120%}'], hint: 'never' },
  { says: 'an unknown person', change: ['people: [ben, carl]', 'people: [bem]'], hint: 'ben' },
  { says: 'nobody to tell', change: ['{people: [ben, carl], teams: [web]}', '{}'], hint: 'Name people' },
  { says: 'a step twice', change: ['name: spent', 'name: half-spent'], hint: 'already' },
])('$says is refused with a line and a hint', async ({ change, hint }) => {
  const [from = '', to = ''] = change
  const text = policyText.replace(from, to)
  expect(text).not.toBe(policyText)
  const refusal = await apply(text).catch((error: unknown) => error)
  const said = JSON.stringify(refusal)
  expect(said).toContain(hint)
  expect(said).toMatch(/"line":\d+/)
})

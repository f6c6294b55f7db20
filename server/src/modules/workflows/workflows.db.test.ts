// Workflows in the whole house: what runs, once; two processes; one that dies; a webhook that hangs.
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test, vi } from 'vitest'
import { openWorld, type World } from '../../../test/world.ts'
import { AppError } from '../../kernel/app-error.ts'
import type { Database } from '../../platform/database/database.ts'
import { sql } from '../../platform/database/queries.ts'
import { createEgress, schemes, verifyWebhook } from '../../platform/egress/index.ts'
import type { WorkflowRunReply } from './workflows.contract.ts'

// Each test has a house of its own and lets minutes pass in it, on machines that may be slow.
vi.setConfig({ testTimeout: 180_000 })

interface Asked {
  readonly headers: IncomingMessage['headers']
  readonly body: string
}
interface Receiver {
  readonly url: string
  readonly asked: Asked[]
  /** What it says next; `hang` says nothing at all. */
  say: { readonly status: number; readonly body?: string } | 'hang'
  heard: () => void
}
const servers: Server[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})

async function startReceiver(): Promise<Receiver> {
  const asked: Asked[] = []
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      asked.push({ headers: request.headers, body: Buffer.concat(parts).toString('utf8') })
      receiver.heard()
      if (receiver.say === 'hang') return
      response.writeHead(receiver.say.status, { 'content-type': 'application/json' }).end(receiver.say.body ?? '{}')
    })
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const receiver: Receiver = {
    url: `http://127.0.0.1:${port}/hook`,
    asked,
    say: { status: 200 },
    heard: () => undefined,
  }
  return receiver
}

const loopback = { cidr: '127.0.0.1/32', ports: 'any', schemes } as const
const outward = () => ({
  egress: createEgress({
    // Its breaker goes by real time, which stands still here.
    policies: (connector: string) => ({ connector, allow: [loopback], breaker: false }),
    guard: { ownPorts: () => [], endpoints: () => [] },
  }),
})
async function openHouse(
  name: string,
  workflows: string,
  { through, open = false }: { through?: (database: Database) => Database; open?: boolean } = {},
): Promise<World> {
  const world = await openWorld({ name, ...(open ? { outside: outward } : {}), ...(through ? { through } : {}) })
  await world.signIn('ana')
  await world.signIn('ben')
  if (workflows !== '') await world.apply(workflows)
  world.newMails()
  return world
}

const flow = (name: string, spec: string) => `
apiVersion: mainstay.dev/v1
kind: Workflow
metadata: { name: ${name} }
spec:
${spec.replace(/^/gm, '  ')}
---`

async function declare(world: World, more: object = {}): Promise<string> {
  const body = { title: 'Payments fail', severity: 'SEV1', services: ['checkout'], ...more }
  const { id } = await (await world.signIn('ana'))<{ id: string }>('POST /api/v1/incidents', body)
  return id
}
async function runsOf(world: World, id: string): Promise<readonly WorkflowRunReply[]> {
  await world.worker.drain()
  return (await world.as('admin')<{ items: WorkflowRunReply[] }>(`GET /api/v1/workflow-runs?incident=${id}`)).items
}
async function runOf(world: World, id: string): Promise<WorkflowRunReply> {
  const [run, ...more] = await runsOf(world, id)
  expect(more.map((each) => each.workflow)).toEqual([])
  if (run === undefined) throw new Error('Nothing ran.')
  return run
}
const states = (run: WorkflowRunReply) => run.steps.map((step) => step.state)
const tasksOf = async (world: World, id: string) =>
  (await world.as('admin')<{ items: { text: string; dueAt: string | null }[] }>(`GET /api/v1/incidents/${id}/work`))
    .items
const sentences = async (world: World, id: string, type: RegExp) =>
  (
    await world.as('admin')<{ items: { type: string; sentence: string }[] }>(
      `GET /api/v1/incidents/${id}/timeline?limit=200`,
    )
  ).items
    .filter((each) => type.test(each.type))
    .map((each) => each.sentence)

test('a severe incident is organised by itself: people are paged, tasks stand, a call is named, and the rest says why not', async () => {
  const world = await openHouse(
    'workflows-whole',
    flow(
      'all-hands',
      `on: [declared, severity-changed]
when: incident.severity == "SEV1" && incident.tiers.exists(tier, tier <= 1)
once: true
steps:
  - page: { policy: web-on-call, message: "Come to incident {number}: {title}" }
  - call: { url: "https://meet.example.com/incident-{number}" }
  - task: { text: "Tell support about {number}", owner: ben, dueIn: 15m }
  - assign: { role: commander, person: ben }
  - chat: {}
    continueOnError: true
  - update: { audience: company }`,
    ),
  )
  const small = await declare(world, { severity: 'SEV3' })
  expect(await runsOf(world, small)).toEqual([])
  const id = await declare(world)
  const run = await runOf(world, id)
  expect(run).toMatchObject({ workflow: 'all-hands', cause: 'declared', state: 'approval', startedBy: 'Mainstay' })
  expect(states(run)).toEqual(['done', 'done', 'done', 'done', 'failed', 'approval'])
  expect(run.steps[4]?.said).toBe('There is no ChatConnection for slack.')

  // The page is one of the incident, goes to who is first, and does not open an incident of its own.
  const mails = world.newMails().filter((mail) => /Come to incident 2: Payments fail/.test(mail.subject + mail.text))
  expect(mails.map((mail) => mail.to)).toEqual(['ana@shop.example'])
  const incident = await world.as('admin')<{
    alerts: { id: string; title: string; status: string }[]
    callUrl: string
    roles: { role: string; person: string }[]
  }>(`GET /api/v1/incidents/${id}`)
  expect(incident.alerts.map((alert) => alert.title)).toEqual(['Come to incident 2: Payments fail'])
  expect(incident.callUrl).toBe('https://meet.example.com/incident-2')
  expect(incident.roles).toMatchObject([{ role: 'commander', person: 'ben' }])
  const { items } = await world.as('admin')<{ items: unknown[] }>('GET /api/v1/incidents')
  expect(items).toHaveLength(2)
  expect(await tasksOf(world, id)).toMatchObject([{ text: 'Tell support about 2', dueAt: '2026-03-02T09:15:00.000Z' }])
  // A step without a name is called by its text, which names the incident by now.
  expect(run.steps.map((each) => each.name)).toContain('task: Tell support about 2')

  // It said `once`: a severity that goes down and up again starts nothing.
  for (const severity of ['SEV2', 'SEV1'])
    await world.as('admin')(`PATCH /api/v1/incidents/${id}`, { severity, reason: 'As seen.' })
  expect(await runsOf(world, id)).toHaveLength(1)

  // The one it waits for is told, sees it where everybody begins, and only they, the commander or an administrator decide.
  const overview = await world.as('viewer')<{ needsHuman: { kind: string; href: string }[] }>('GET /api/v1/overview')
  expect(overview.needsHuman.filter((each) => each.kind === 'workflow')).toMatchObject([
    { href: `/incidents/${id}?view=workflows` },
  ])
  const step = `POST /api/v1/workflow-runs/${run.id}/steps/6/decide`
  const ana = await world.signIn('ana')
  await ana(step, { approve: true }, { status: 403 })
  const ben = await world.signIn('ben')
  await ben(step, { approve: true, text: 'Payments fail; we are on it.' })
  expect(await runOf(world, id)).toMatchObject({ state: 'failed', steps: { 5: { state: 'done', approvedBy: 'ben' } } })
  const updates = await ben<{ items: { text: string; postedBy: string }[] }>(`GET /api/v1/incidents/${id}/updates`)
  expect(updates.items).toMatchObject([{ text: 'Payments fail; we are on it.', postedBy: 'ben' }])
  await ben(step, { approve: true }, { status: 409 })
  expect(await sentences(world, id, /^workflow\./)).toContain(
    'Workflow all-hands, start a call: People talk at https://meet.example.com/incident-2',
  )
  expect((await sentences(world, id, /^workflow\./)).length).toBe(9)

  // The incident that is over asks nobody to come.
  await world.as('admin')(`POST /api/v1/incidents/${id}/transition`, { to: 'resolved', note: 'Over.' })
  await world.worker.drain()
  const { alerts } = await world.as('admin')<{ alerts: { status: string }[] }>(`GET /api/v1/incidents/${id}`)
  expect(alerts.map((alert) => alert.status)).toEqual(['resolved'])
  expect(world.troubles).toEqual([])
})

test('two processes that hear of the same make one run and do each step once', async () => {
  const world = await openHouse(
    'workflows-race',
    ['a', 'b', 'c']
      .map((name) => flow(name, 'on: [declared]\nsteps:\n  - task: { text: one }\n  - task: { text: two }'))
      .join('\n'),
  )
  const other = world.house.createWorker({ owner: 'other', recurring: false, onRun: () => undefined })
  const id = await declare(world)
  // The same event once more, as a process does that died before it said it was done.
  await world.database.run(sql`
    insert into due_work (kind, key, lane, due_at, payload)
    select kind, null, lane, due_at, payload from due_work where kind = 'workflows.start:incident.declared'`)
  await Promise.all([world.worker.drain(), other.drain(), world.worker.drain(), other.drain()])
  await other.stop()
  const runs = await runsOf(world, id)
  expect(runs.map((run) => run.workflow).sort()).toEqual(['a', 'b', 'c'])
  expect(runs.map((run) => run.state)).toEqual(['done', 'done', 'done'])
  expect((await tasksOf(world, id)).map((task) => task.text).sort()).toEqual(['one', 'one', 'one', 'two', 'two', 'two'])
  expect(world.troubles).toEqual([])
})

/** A process that is dead from a moment on: nothing that it still does reaches the database. */
function mortal() {
  const life = { dead: false, killedBefore: null as string | null }
  const through = (database: Database): Database =>
    new Proxy(database, {
      get: (target, name) => {
        if (name === 'pool') return target.pool
        const method: unknown = Reflect.get(target, name)
        if (typeof method !== 'function') return method
        return async (...given: unknown[]) => {
          if (life.dead) throw new AppError('unavailable', 'test.dead', 'This process is dead.')
          if (name !== 'transaction') return Reflect.apply(method, target, given)
          const [work] = given as [(tx: unknown) => Promise<unknown>]
          return target.transaction(async (tx) => {
            const result = await work(tx)
            const row = await tx.maybe(sql<{ steps: unknown }>`select steps from workflow_runs limit 1`)
            if (life.killedBefore !== null && JSON.stringify(row?.steps ?? null).includes(life.killedBefore)) {
              life.dead = true
              life.killedBefore = null
              throw new AppError('unavailable', 'test.dead', 'This process is dead.')
            }
            return result
          })
        }
      },
    })
  return { life, through }
}

test('killed before a step is written down, the next process does it; nothing is there twice', async () => {
  const { life, through } = mortal()
  const world = await openHouse(
    'workflows-killed',
    flow('two', 'on: [declared]\nsteps:\n  - task: { text: one }\n  - task: { text: two }\n  - page: { person: ben }'),
    { through },
  )
  const id = await declare(world)
  life.killedBefore = 'It is on the list.'
  await world.worker.drain().catch(() => undefined)
  expect(life.dead).toBe(true)
  life.dead = false
  expect(await tasksOf(world, id)).toEqual([])
  await world.forward('1m')
  expect(states(await runOf(world, id))).toEqual(['done', 'done', 'done'])
  expect((await tasksOf(world, id)).map((task) => task.text).sort()).toEqual(['one', 'two'])
  const { alerts } = await world.as('admin')<{ alerts: unknown[] }>(`GET /api/v1/incidents/${id}`)
  expect(alerts).toHaveLength(1)
})

const keepHook = (world: World, url: string, name = 'bot') =>
  world.as('admin')<{ secret: string; hook: { target: string } }>(`PUT /api/v1/workflow-hooks/${name}`, { url })

test('a webhook is signed, tried again with the same id, and says where people talk; killed after the call, it is asked again', async () => {
  const receiver = await startReceiver()
  const { life, through } = mortal()
  const world = await openHouse(
    'workflows-webhook',
    flow('call', 'on: [declared]\nsteps:\n  - call: { hook: bot }\n    retries: 1\n  - task: { text: after }'),
    { through, open: true },
  )
  const { secret, hook } = await keepHook(world, receiver.url)
  expect(hook.target).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  // The secret stays with its address, and is shown once.
  expect(await keepHook(world, `${receiver.url}?two`)).toMatchObject({ secret: null })
  receiver.say = { status: 200, body: '{"url":"https://meet.example.com/7"}' }
  const id = await declare(world)
  life.killedBefore = 'People talk at'
  await world.worker.drain().catch(() => undefined)
  expect(receiver.asked).toHaveLength(1)
  life.dead = false
  await world.forward('1m')
  const run = await runOf(world, id)
  expect(states(run)).toEqual(['done', 'done'])
  expect(run.steps[0]).toMatchObject({ link: 'https://meet.example.com/7', attempts: 1 })
  expect(receiver.asked).toHaveLength(2)
  const ids = new Set(receiver.asked.map(({ headers }) => headers['webhook-id']))
  expect(ids.size).toBe(1)
  const [first] = receiver.asked
  const now = await world.clock.now()
  expect(
    verifyWebhook({ headers: first?.headers ?? {}, body: first?.body ?? '', secrets: [secret], now }),
  ).toMatchObject({ genuine: true })
  expect(JSON.parse(first?.body ?? '')).toMatchObject({
    type: 'dev.mainstay.workflow.call',
    subject: `incidents/${id}`,
    data: { workflow: 'call', trigger: { kind: 'declared' }, incident: { number: 1, title: 'Payments fail' } },
  })
  const { callUrl } = await world.as('admin')<{ callUrl: string }>(`GET /api/v1/incidents/${id}`)
  expect(callUrl).toBe('https://meet.example.com/7')

  // An answer without an address is no call; a receiver that is away is tried again, and then somebody may.
  receiver.say = { status: 503 }
  const second = await declare(world)
  expect(await runOf(world, second)).toMatchObject({
    state: 'running',
    steps: { 0: { state: 'pending', said: 'The receiver answered 503.', attempts: 1 } },
  })
  await world.forward('1m')
  const failed = await runOf(world, second)
  expect(states(failed)).toEqual(['failed', 'skipped'])
  expect(failed.state).toBe('failed')
  receiver.say = { status: 200, body: '{"url":"https://meet.example.com/8"}' }
  await world.as('responder')(`POST /api/v1/workflow-runs/${failed.id}/steps/1/retry`)
  expect(states(await runOf(world, second))).toEqual(['done', 'done'])
  await world.as('responder')(`POST /api/v1/workflow-runs/${failed.id}/steps/1/retry`, undefined, { status: 409 })
  expect(await sentences(world, second, /^workflow\.step-failed/)).toEqual([
    'Workflow call could not start a call by bot: The receiver answered 503.',
  ])
})

test('a webhook that hangs delays neither the incident nor a page, and is given up in its time', async () => {
  const receiver = await startReceiver()
  receiver.say = 'hang'
  const world = await openHouse(
    'workflows-hangs',
    [
      flow('slow', 'on: [declared]\nsteps:\n  - webhook: { hook: bot }\n    timeout: 1s\n    retries: 0'),
      flow('quick', 'on: [declared]\nsteps:\n  - page: { team: web }'),
    ].join('\n'),
    { open: true },
  )
  await keepHook(world, receiver.url)
  const id = await declare(world)
  const heard = new Promise<void>((resolve) => {
    receiver.heard = resolve
  })
  const draining = world.worker.drain()
  await heard
  // While nobody answers there, people are paged and the incident is led.
  await vi.waitFor(
    async () => {
      const { items } = await world.as('admin')<{ items: WorkflowRunReply[] }>(
        `GET /api/v1/workflow-runs?workflow=quick`,
      )
      expect(items[0]?.state).toBe('done')
    },
    { timeout: 60_000 },
  )
  await world.as('admin')(`POST /api/v1/incidents/${id}/transition`, { to: 'mitigated', note: 'As seen.' })
  await draining
  const slow = (await runsOf(world, id)).find((run) => run.workflow === 'slow')
  expect(slow).toMatchObject({
    state: 'failed',
    steps: { 0: { said: 'The target took the request and did not answer in time.' } },
  })
  expect(receiver.asked).toHaveLength(1)
})

test('what a workflow does starts no workflow, and what comes back from outside ends', async () => {
  const world = await openHouse(
    'workflows-circle',
    [
      flow('gives', 'on: [declared]\nsteps:\n  - assign: { role: commander, person: ana }\n  - page: { person: ben }'),
      flow('hears', 'on: [role-taken, alert-joined]\nsteps:\n  - task: { text: heard }'),
      flow('again', 'on: [severity-changed]\nsteps:\n  - task: { text: again }'),
    ].join('\n'),
  )
  const id = await declare(world)
  expect((await runsOf(world, id)).map((run) => run.workflow)).toEqual(['gives'])
  await world.as('admin')(`POST /api/v1/incidents/${id}/roles`, { role: 'scribe', person: 'ben' })
  expect((await runsOf(world, id)).map((run) => run.workflow)).toEqual(['hears', 'gives'])
  for (let turn = 0; turn < 24; turn += 1)
    await world.as('admin')(`PATCH /api/v1/incidents/${id}`, {
      severity: turn % 2 === 0 ? 'SEV2' : 'SEV1',
      reason: 'x',
    })
  expect((await runsOf(world, id)).filter((run) => run.workflow === 'again')).toHaveLength(20)
})

test('of a restricted incident nothing is told unless it is said, and nobody else learns of its runs', async () => {
  const world = await openHouse(
    'workflows-restricted',
    [
      flow(
        'open',
        'on: [declared]\nsteps:\n  - page: { person: ben }\n    continueOnError: true\n  - task: { text: inside }',
      ),
      flow('secret', 'on: [declared]\nrestricted: true\nsteps:\n  - page: { person: ben }'),
    ].join('\n'),
  )
  const id = await declare(world, { kind: 'security', title: 'The keys are out' })
  const runs = await runsOf(world, id)
  expect(Object.fromEntries(runs.map((run) => [run.workflow, states(run)]))).toEqual({
    open: ['refused', 'done'],
    secret: ['done'],
  })
  const { items: alerts } = await world.as('viewer')<{ items: { title: string }[] }>('GET /api/v1/alerts')
  expect(alerts.map((alert) => alert.title)).toEqual(['You are wanted in incident 1: a restricted incident (SEV1)'])
  expect(world.newMails().some((mail) => `${mail.subject}${mail.text}`.includes('keys are out'))).toBe(false)
  const [run] = runs
  const ben = await world.signIn('ben')
  expect(await ben('GET /api/v1/workflow-runs')).toMatchObject({ items: [] })
  expect(await ben('GET /api/v1/workflows')).toMatchObject({ items: [{ last: null }, { last: null }] })
  await ben(`POST /api/v1/workflow-runs/${run?.id}/steps/1/retry`, undefined, { status: 404 })
  await ben(`POST /api/v1/workflow-runs/${run?.id}/steps/1/decide`, { approve: true }, { status: 404 })
  await ben('POST /api/v1/workflows/open/test', { incident: id }, { status: 404 })
  await ben('POST /api/v1/workflows/open/start', { incident: id }, { status: 404 })
})

test('after a while it looks again, a test says what would happen, and somebody may start one', async () => {
  const world = await openHouse(
    'workflows-after',
    flow(
      'no-commander',
      'on: [declared]\nafter: 5m\nwhen: "!(\'commander\' in incident.roles)"\nsteps:\n  - task: { text: lead }',
    ),
  )
  const led = await declare(world)
  const alone = await declare(world)
  const test = (incident: string) =>
    world.as('viewer')<{ runs: boolean; because: string; steps: unknown[] }>(
      'POST /api/v1/workflows/no-commander/test',
      {
        incident,
      },
    )
  expect(await test(led)).toMatchObject({ runs: true, steps: [{ would: 'run', kind: 'task' }] })
  expect(await runOf(world, led)).toMatchObject({ state: 'waiting', dueAt: '2026-03-02T09:05:00.000Z' })
  await world.as('admin')(`POST /api/v1/incidents/${led}/roles`, { role: 'commander', person: 'ana' })
  await world.forward('6m')
  expect(await runOf(world, led)).toMatchObject({ state: 'not-needed', steps: [{ state: 'pending' }] })
  expect(await runOf(world, alone)).toMatchObject({ state: 'done' })
  expect(await test(led)).toMatchObject({ runs: false })
  expect(await tasksOf(world, led)).toEqual([])
  await world.as('responder')('POST /api/v1/workflows/no-commander/start', { incident: led })
  expect((await runsOf(world, led)).map((run) => run.state)).toEqual(['done', 'not-needed'])
})

test('what is declared wrongly is refused with the place and the way out', async () => {
  const world = await openHouse('workflows-wrong', '')
  // A refusal says as much in its sentence.
  const plan = (spec: string) =>
    world
      .as('admin')<{ errors?: unknown[] }>('POST /api/v1/plan', {
        documents: flow('wrong', spec),
        manager: 'git:test',
      })
      .then(({ errors = [] }) => JSON.stringify(errors))
      .catch((error: unknown) => String(error))
  const step = 'steps: [{ task: { text: x } }]'
  expect(await plan(`on: [declared]\n${step}`)).toBe('[]')
  expect(await plan(`on: [exploded]\n${step}`)).toContain('/spec/on/0')
  expect(await plan(`on: [declared]\nwhen: incident.severity ==\n${step}`)).toContain('cannot be compiled')
  expect(await plan(`on: [declared]\nwhen: incident.severty == "SEV1"\n${step}`)).toContain(
    'does not hold for an example',
  )
  expect(await plan(`on: [declared]\nwhen: incident.severity\n${step}`)).toContain('true or false')
  expect(await plan(`on: [declared]\nwhen: '"eu" in incident.labels.zone'\n${step}`)).toBe('[]')
  expect(await plan('on: [declared]\nsteps: [{ name: nothing }]')).toContain('one thing')
  expect(await plan('on: [declared]\nsteps: [{ page: { team: web, person: ana } }]')).toContain('exactly one')
  expect(await plan('on: [declared]\nsteps: [{ page: { team: webb } }]')).toContain('webb')
  expect(await plan('on: [declared]\nsteps: [{ call: { url: "http://meet.example.com" } }]')).toContain('https://')
  expect(await plan(`on: [declared]\nteam: web\nrestricted: true\n${step}`)).toContain('belongs to no team')
  expect(await plan(`on: [declared]\nafter: 8d\n${step}`)).toContain('/spec/after')
})

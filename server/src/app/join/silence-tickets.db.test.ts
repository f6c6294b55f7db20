// Silences that end with a ticket at a tracker, in the whole house, with trackers on loopback that behave as documented.
import { expect, test, vi } from 'vitest'
import type { World } from '../../../test/world.ts'
import { startGithub } from '../../modules/tickets/testing/github-stand.ts'
import { startGitlab } from '../../modules/tickets/testing/gitlab-stand.ts'
import { startJira } from '../../modules/tickets/testing/jira-stand.ts'
import { startServicenow } from '../../modules/tickets/testing/servicenow-stand.ts'
import {
  connect,
  declare,
  hook,
  hookSecret,
  kept,
  openFor,
  openHouse,
  ticketOf,
  withGithub,
} from '../../modules/tickets/testing/ticket-house.ts'

vi.setConfig({ testTimeout: 180_000 })

interface Silence {
  readonly id: string
  readonly reason: string
  readonly endsAt: string
  readonly endsWith: readonly string[]
  readonly lostEnds: readonly string[]
}

const endsAt = '2026-03-02T12:00:00Z'
const silence = <Body = Silence>(world: World, ticket: string, more: object = {}, status?: number) =>
  world.as('responder')<Body>(
    'POST /api/v1/silences',
    {
      sets: [[{ name: 'service', operator: '=', value: 'checkout' }]],
      ...{ endsAt, reason: 'waits for its ticket', endsWith: { ticket }, ...more },
    },
    status === undefined ? {} : { status },
  )
const silences = async (world: World) => (await world.as('viewer')<{ items: Silence[] }>('GET /api/v1/silences')).items
const journal = async (world: World, type: string) =>
  (await world.as('admin')<{ items: { reason: string | null }[] }>(`GET /api/v1/journal?type=${type}`)).items
const traceOf = async (world: World) => {
  const { items } = await world.as('viewer')<{ items: { id: string }[] }>('GET /api/v1/alerts?service=checkout')
  const alert = await world.as('viewer')<{ trace: { rule: string; verdict: string; because: string }[] }>(
    `GET /api/v1/alerts/${items[0]?.id}`,
  )
  return alert.trace.filter((each) => each.rule === 'silence')
}
const calm = { severity: 'SEV3' }

test('closed at GitHub while its alert still fires: told at once, and the trace and the journal say why', async () => {
  const { world, github } = await withGithub('silence-ticket')
  await openFor(world, await declare(world, calm))
  await world.worker.drain()
  expect((await silence(world, '#1')).endsWith).toEqual(['when ticket #1 is closed'])
  await world.receive({ service: 'checkout', alert: 'Down' })
  await world.forward('10m')
  world.expectNoPage()

  Object.assign(github.issues[0] ?? {}, { state: 'closed', state_reason: 'completed' })
  expect((await hook(world, github.hook(1, hookSecret))).status).toBe(202)
  await world.forward('30s')
  world.expectPage('ana', /Down/)
  expect(await silences(world)).toEqual([])
  const because = 'Ticket #1, which it was made for, is closed.'
  expect((await journal(world, 'silence.ended')).map((each) => each.reason)).toEqual([because])
  expect((await traceOf(world)).at(-1)).toEqual(
    expect.objectContaining({
      verdict: 'heard',
      because: `The silence is over and the problem is still there. ${because}`,
    }),
  )
  expect(world.troubles).toEqual([])
})

test('at every tracker, found by looking, dropped as well as done', async () => {
  const world = await openHouse('silence-trackers')
  const gitlab = kept(await startGitlab())
  const jira = kept(await startJira())
  const servicenow = kept(await startServicenow())
  const { user, token } = servicenow
  await connect(world, 'lab', { tracker: 'gitlab', url: gitlab.url, project: 'shop/checkout', token: gitlab.token })
  await connect(world, 'jira', {
    ...{ tracker: 'jira', url: jira.url, project: 'OPS' },
    user: jira.user,
    token: jira.token,
  })
  await connect(world, 'now', { ...{ tracker: 'servicenow', url: servicenow.url, project: '-' }, user, token })
  for (const name of ['lab', 'jira', 'now']) {
    const incident = await declare(world, calm)
    await openFor(world, incident, 'incident', name)
    // By its id here, and in small letters, as people write.
    const { id, key } = await ticketOf(world, incident)
    await silence(world, name === 'lab' ? id : (key ?? '').toLowerCase(), { reason: name })
  }
  const open = async () => (await silences(world)).map((each) => each.reason).sort()
  await world.forward('10m')
  expect(await open()).toEqual(['jira', 'lab', 'now'])
  Object.assign(gitlab.issues[0] ?? {}, { state: 'closed' })
  await world.forward('10m')
  expect(await open()).toEqual(['jira', 'now'])
  Object.assign(jira.issues[0] ?? {}, { status: "Won't Do" })
  Object.assign(servicenow.records[0]?.fields ?? {}, { state: '7' })
  await world.forward('10m')
  expect(await open()).toEqual([])
  expect(world.troubles).toEqual([])
})

test('deleted, unlinked or its tracker disconnected: it is said, and the time it was given ends it', async () => {
  const { world, github } = await withGithub('silence-lost')
  const gone: string[] = []
  for (const key of ['#1', '#2', '#3']) {
    const incident = await declare(world, calm)
    await openFor(world, incident)
    gone.push((await ticketOf(world, incident)).id)
    await silence(world, key, { reason: key, endsWith: { ticket: key, change: 'checkout' } })
  }
  await world.receive({ service: 'checkout', alert: 'Down' })
  const lost = async () =>
    Object.fromEntries((await silences(world)).map((each) => [each.reason, [each.endsWith, each.lostEnds]]))
  const stays = (key: string) => [[`when ticket ${key} is closed`, 'with the next change of checkout'], []]
  const went = (key: string) => [
    ['with the next change of checkout'],
    [`ticket ${key}, which is not looked after any more`],
  ]
  // GitHub says 404 of it from now on; numbers are not given again.
  github.mishap('GET', /\/issues\/1$/, { when: 'before', say: { status: 404, body: { message: 'Not Found' } } })
  await hook(world, github.hook(1, hookSecret, 'deleted'))
  await world.forward('30s')
  expect(await lost()).toEqual({ '#1': went('#1'), '#2': stays('#2'), '#3': stays('#3') })
  await world.as('responder')(`DELETE /api/v1/tickets/${gone[1]}`)
  await world.forward('30s')
  expect(await lost()).toEqual({ '#1': went('#1'), '#2': went('#2'), '#3': stays('#3') })
  await world.as('admin')('DELETE /api/v1/ticket-connections/code')
  await world.forward('30s')
  expect(await lost()).toEqual({ '#1': went('#1'), '#2': went('#2'), '#3': went('#3') })
  expect((await journal(world, 'silence.changed')).map((each) => each.reason).sort()).toEqual(
    ['#1', '#2', '#3'].map((key) => `Ticket ${key} is not looked after any more: the silence ends by its time.`),
  )
  // Nothing was heard meanwhile, and it is at the time.
  world.expectNoPage()
  await world.forward('3h')
  expect(await silences(world)).toEqual([])
  world.expectPage('ana', /Down/)
  expect(world.troubles).toEqual([])
})

test('a ticket nobody looks after, one that is closed, one of two of the same name, and one nobody may know', async () => {
  const { world, github } = await withGithub('silence-unknown')
  const second = kept(await startGithub('shop/store'))
  await connect(world, 'store', { tracker: 'github', url: second.url, project: 'shop/store', token: second.token })
  const refused = async (ticket: string) => {
    const { code, errors } = await silence<{ code: string; errors: { pointer: string; detail: string }[] }>(
      ...[world, ticket, {}, 422],
    )
    return [code, errors[0]?.pointer, errors[0]?.detail]
  }
  const unknown = 'No ticket of this name is looked after. Those of restricted incidents cannot end a silence.'
  expect(await refused('#1')).toEqual(['alerts.unknown-end', '/endsWith/ticket', unknown])

  const incident = await declare(world, calm)
  await openFor(world, incident)
  await openFor(world, incident, 'incident', 'store')
  await world.worker.drain()
  expect((await refused('#1'))[2]).toBe('#1 is at 2 trackers: name the ticket by its id.')
  Object.assign(github.issues[0] ?? {}, { state: 'closed', state_reason: 'completed' })
  await world.forward('20m')
  // Ours followed, and the other tracker with it.
  expect(second.issues[0]?.state).toBe('closed')
  const { items } = await world.as('admin')<{ items: { id: string }[] }>('GET /api/v1/tickets')
  for (const { id } of items) expect((await refused(id))[2]).toBe('#1 is closed already.')

  const secret = await world.as('admin')<{ id: string }>('POST /api/v1/incidents', {
    ...{ title: 'A key leaked', severity: 'SEV3', services: ['checkout'], kind: 'security' },
  })
  await world.as('admin')('POST /api/v1/tickets', { connection: 'code', about: { kind: 'incident', id: secret.id } })
  const { key, id } = await ticketOf(world, secret.id)
  expect(key).toBe('#2')
  for (const name of ['#2', id]) expect((await refused(name))[2]).toBe(unknown)
  expect(await silences(world)).toEqual([])
})

test('with two ends the first one counts, and a silence that was ended by hand is let alone', async () => {
  const { world, github } = await withGithub('silence-first')
  const incident = await declare(world, calm)
  await openFor(world, incident)
  await world.worker.drain()
  const byHand = await silence(world, '#1')
  await silence(world, '#1', { reason: 'both', endsWith: { ticket: '#1', incident } })
  await world.as('responder')(`DELETE /api/v1/silences/${byHand.id}`)
  // Nothing fires: the incident follows its ticket, and both ends come at once.
  Object.assign(github.issues[0] ?? {}, { state: 'closed', state_reason: 'completed' })
  await hook(world, github.hook(1, hookSecret))
  await world.forward('1m')
  expect(await silences(world)).toEqual([])
  expect(await journal(world, 'silence.ended')).toHaveLength(2)
  expect(world.troubles).toEqual([])
})

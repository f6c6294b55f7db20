// Incidents led from Mattermost, against a server on loopback that behaves as documented.
import { afterEach, expect, test, vi } from 'vitest'
import { openWorld, type World } from '../../../test/world.ts'
import {
  idOf,
  mattermostIds,
  mattermostTokens,
  type Sent,
} from '../../integrations/mattermost/testing/mattermost-requests.ts'
import { type MattermostServer, startMattermost } from '../../integrations/mattermost/testing/mattermost-server.ts'
import { slackTokens, startSlack } from '../../integrations/slack/testing/slack-server.ts'
import { sql } from '../../platform/database/queries.ts'
import { createEgress, schemes } from '../../platform/egress/index.ts'

// Each test has a house of its own and lets minutes pass in it, on machines that may be slow.
vi.setConfig({ testTimeout: 240_000 })

let chat: MattermostServer
afterEach(() => chat.close())

const ana = idOf('ana')
const ben = idOf('ben')
const loopback = { cidr: '127.0.0.1/32', ports: 'any', schemes } as const
const slow = { timeout: 90_000 }

function connection(more = '') {
  return `
apiVersion: mainstay.dev/v1
kind: ChatConnection
metadata: { name: mattermost }
spec: { provider: mattermost, rooms: { from: SEV3${more} } }
`
}

async function openChat(name: string, spec: string = connection(), more: object = {}): Promise<World> {
  chat = await startMattermost()
  chat.users.push(
    { id: ana, username: 'ana.smith', email: 'ana@shop.example' },
    { id: ben, username: 'ben', email: 'ben@shop.example' },
  )
  const world = await openWorld({
    name: `mm-${name}`,
    outside: () => ({
      egress: createEgress({
        // Its breaker goes by real time, which stands still here.
        policies: (connector) => ({ connector, allow: [loopback], breaker: false }),
        guard: { ownPorts: () => [], endpoints: () => [] },
      }),
    }),
  })
  await onTime(world)
  await world.signIn('ana')
  await world.signIn('ben')
  await world.as('admin')('PUT /api/v1/channels/mattermost/connection', {
    url: chat.url,
    botToken: mattermostTokens.bot,
    commandToken: mattermostTokens.command,
    ...more,
  })
  if (spec !== '') await world.apply(spec)
  return world
}

/** Their clock goes with the world's. */
async function onTime(world: World): Promise<void> {
  const now = await world.clock.now()
  chat.now = () => now
}

async function forward(world: World, duration: string): Promise<void> {
  await world.forward(duration)
  await onTime(world)
}

async function deliver(world: World, { path, headers, payload }: Sent) {
  return world.ask('POST', path, { headers, payload })
}

/** As Mattermost sends `/mainstay …`; answers what was whispered back. */
async function say(world: World, user: string, text: string, channel: string = mattermostIds.town): Promise<string> {
  await onTime(world)
  const before = chat.whispers.length
  expect((await deliver(world, chat.slash(user, channel, text))).status).toBe(200)
  await world.worker.drain()
  return chat.whispers
    .slice(before)
    .map((each) => each.text)
    .join('\n')
}

async function press(world: World, user: string, action: string, channel: string) {
  await onTime(world)
  const summary = chat.posts.find((each) => each.channel === channel && each.pinned)
  const reply = await deliver(world, chat.press(user, summary?.id ?? '', action))
  expect(reply.status).toBe(200)
  // Mattermost shows an error for an answer that is no JSON.
  expect(reply.body).toEqual({})
  await world.worker.drain()
}

interface Listed {
  readonly items: readonly { readonly id: string; readonly number: number; readonly status: string }[]
}
async function only(world: World) {
  const { items } = await world.as('viewer')<Listed>('GET /api/v1/incidents')
  expect(items).toHaveLength(1)
  const [incident] = items
  if (incident === undefined) throw new Error('None.')
  return incident
}

const roomsThere = () => chat.channels.filter((each) => /^inc-/.test(each.name))
const times = (text: string, all: readonly string[]) => all.join('\n').split(text).length - 1
const sentencesOf = async (world: World, id: string) =>
  (await world.as('viewer')<{ items: { sentence: string; at: string }[] }>(`GET /api/v1/incidents/${id}/timeline`))
    .items

test('an incident is led from the first word to the last in Mattermost', async () => {
  const world = await openChat('led', connection(', archiveAfter: 5m'))
  expect(await say(world, ana, 'declare sev2 Checkout: errors')).toMatch(/Incident \d+ is declared as SEV2/)
  const { id, number } = await only(world)
  await forward(world, '10s')
  const [room] = roomsThere()
  const channel = room?.id ?? ''
  expect(room).toMatchObject({ name: `inc-${number}-checkout-errors`, type: 'O', deleted: false })
  expect([...(room?.members ?? [])]).toContain(ana)
  expect(room?.header).toMatch(/SEV2 · active/)
  const summary = chat.posts.find((each) => each.channel === channel)
  expect(summary?.pinned).toBe(true)

  await press(world, ben, 'command', channel)
  await forward(world, '10s')
  expect(summary?.edits).toBeGreaterThan(0)
  expect(chat.textsIn(channel)[0]).toMatch(/Commander\nben/)
  // Its button still works after it was changed, and it is pinned still.
  expect(summary?.pinned).toBe(true)
  expect([...(room?.members ?? [])]).toContain(ben)

  expect(await say(world, ana, 'sev 1 because it spreads', channel)).toBe('It is SEV1 now.')
  expect(await say(world, ana, 'role comms @ana.smith', channel)).toBe('ana is communications lead now.')
  expect(await say(world, ana, 'note asked @ben and @nobody', channel)).toMatch(/timeline/)
  expect(await say(world, ben, 'task drain zone b @ana.smith', channel)).toMatch(/for ana/)
  expect(await say(world, ben, 'decide roll back because it began with 4.2', channel)).toMatch(/on record/)
  expect(await say(world, ben, 'status', channel)).toMatch(/SEV1, active/)

  // Without words a form asks for them, for the one who asked.
  await press(world, ana, 'update', channel)
  expect(chat.dialogs.at(-1)).toMatchObject({ user: ana, dialog: { elements: [{ type: 'textarea', name: 'text' }] } })
  const sent = chat.submit(ana, { text: 'We roll back.' })
  expect((await deliver(world, { ...sent, payload: sent.payload.replace(ana, ben) })).status).toBe(403)
  for (let again = 0; again < 2; again += 1) expect((await deliver(world, sent)).status).toBe(200)
  await world.worker.drain()
  expect(chat.whispers.at(-1)).toMatchObject({ to: ana, text: expect.stringMatching(/Update 1 is out/) })

  expect(await say(world, ben, 'mitigated rolled back', channel)).toMatch(/is mitigated now/)
  expect(await say(world, ben, 'resolved', channel)).toMatch(/is resolved now/)
  await forward(world, '1m')
  const told = chat.textsIn(channel).join('\n')
  for (const line of [/changed severity from SEV2 to SEV1: it spreads/, /noted: asked @ben and @nobody/, /rolled back/])
    expect(told).toMatch(line)
  const lines = (await sentencesOf(world, id)).map((each) => each.sentence)
  expect(lines.filter((each) => each === 'ana posted update 1 to company: We roll back.')).toHaveLength(1)
  expect(await world.as('viewer')(`GET /api/v1/incidents/${id}/chat`)).toMatchObject({
    room: {
      provider: 'mattermost',
      state: 'open',
      waiting: 0,
      fault: null,
      url: expect.stringMatching(/shop\/channels/),
    },
    rooms: [{ provider: 'mattermost' }],
  })
  await forward(world, '6m')
  expect(room?.deleted).toBe(true)
  expect(world.troubles).toEqual([])
})

test('an incident is declared in a form', async () => {
  const world = await openChat('form')
  expect(await say(world, ana, 'declare')).toBe('')
  expect(chat.dialogs.at(-1)).toMatchObject({
    dialog: { elements: [{ name: 'title' }, { name: 'severity', optional: true }] },
  })
  await deliver(world, chat.submit(ana, { title: 'Nobody can pay', severity: 'SEV1' }))
  await world.worker.drain()
  expect(await only(world)).toMatchObject({ severity: 'SEV1' })
  expect(chat.whispers.at(-1)).toMatchObject({ to: ana, text: expect.stringMatching(/is declared as SEV1/) })

  // A summary that somebody removed comes again, pinned; the lines go on.
  await forward(world, '10s')
  const channel = roomsThere()[0]?.id ?? ''
  const gone = chat.posts.findIndex((each) => each.pinned)
  chat.posts.splice(gone, 1)
  await say(world, ana, 'sev 2 because it was less', channel)
  await forward(world, '2m')
  expect(chat.posts.find((each) => each.channel === channel && each.pinned)?.message).toBe('')
  expect(times('from SEV1 to SEV2: it was less', chat.textsIn(channel))).toBe(1)
})

test('what is forged, old, somebody else’s or sent again does nothing', async () => {
  const world = await openChat('forged')
  const good = chat.slash(ana, mattermostIds.town, 'declare not me')
  const statusOf = async (sent: Sent) => (await deliver(world, sent)).status
  expect(await statusOf(chat.slash(ana, mattermostIds.town, 'declare not me', { token: 'x'.repeat(26) }))).toBe(403)
  const { authorization: _token, ...unsigned } = good.headers
  expect(await statusOf({ ...good, headers: unsigned })).toBe(403)
  // The token is known; who and when is not believed without the server's signature.
  expect(await statusOf({ ...good, payload: good.payload.replaceAll(`user_id=${ana}`, `user_id=${ben}`) })).toBe(403)
  expect(await statusOf(chat.slash(ana, mattermostIds.town, 'declare', { at: chat.now() - 301_000 }))).toBe(403)
  const form = new URLSearchParams(good.payload)
  const trigger = Buffer.from(form.get('trigger_id') ?? '', 'base64')
    .toString('utf8')
    .replace(ana, ben)
  form.set('trigger_id', Buffer.from(trigger).toString('base64'))
  form.set('user_id', ben)
  expect(await statusOf({ ...good, payload: form.toString() })).toBe(403)
  const button = { path: '/api/v1/chat/mattermost/interactions', headers: good.headers }
  for (const payload of ['', '{"broken', '[]', '{"context":{"proof":"a.b"}}', '{"type":"dialog_submission","state":7}'])
    expect(await statusOf({ ...button, payload })).toBe(403)
  expect(await statusOf({ ...good, path: '/api/v1/chat/mattermost/events' })).toBe(403)
  await world.worker.drain()
  expect((await world.as('viewer')<Listed>('GET /api/v1/incidents')).items).toEqual([])

  for (let again = 0; again < 3; again += 1) expect(await statusOf(good)).toBe(200)
  await world.worker.drain()
  await only(world)
})

test('who is unknown is told how to be known, and nothing happens', async () => {
  const world = await openChat('unknown')
  const stranger = idOf('stranger')
  const remote = idOf('remote')
  chat.users.push(
    { id: stranger, username: 'stranger', email: 'stranger@shop.example' },
    { id: remote, username: 'remote', email: 'ana@shop.example', more: { remote_id: 'another' } },
  )
  for (const user of [stranger, remote]) {
    const answer = await say(world, user, 'declare sev1 all is lost')
    expect(answer).toMatch(/does not know who you are, so nothing was done/)
    // The channel with the bot is where a page would reach them.
    const direct = chat.channels.find((each) => each.type === 'D' && each.members.has(user))
    expect(answer).toContain(`with the id ${direct?.id}`)
  }
  // A server that takes any address proves nothing by it.
  chat.confirmsAddresses = false
  chat.botIsAdmin = false
  await world.as('admin')('PUT /api/v1/channels/mattermost/connection', {
    url: `${chat.url}/`,
    botToken: mattermostTokens.bot,
    commandToken: mattermostTokens.command,
    team: 'shop',
  })
  expect(await say(world, ana, 'declare sev1 all is lost')).toMatch(/addresses nobody has confirmed/)
  expect((await world.as('viewer')<Listed>('GET /api/v1/incidents')).items).toEqual([])
  await expect(
    world.as('admin')('PUT /api/v1/channels/mattermost/connection', {
      url: chat.url,
      botToken: mattermostTokens.bot,
      team: 'elsewhere',
    }),
  ).rejects.toThrow(/no member of a team/)
  // Unless they are the company's own. Ten minutes later people are asked for again.
  await world.as('admin')('PUT /api/v1/channels/mattermost/connection', {
    url: chat.url,
    botToken: mattermostTokens.bot,
    commandToken: mattermostTokens.command,
    trustAddresses: true,
  })
  await forward(world, '11m')
  expect(await say(world, ana, 'declare sev1 all is lost')).toMatch(/is declared/)
})

test('while Mattermost is away everything waits, pages go out, and afterwards each line comes once, in order', async () => {
  const world = await openChat('away')
  chat.mishap('POST /channels', { when: 'after', how: 'drop' })
  chat.mishap('POST /posts', { when: 'after', how: 'drop' })
  chat.mishap('POST /posts', { when: 'after', how: 503 })
  chat.mishap('POST /posts', { when: 'before', how: 429, retryAfter: 30 })
  await say(world, ana, 'declare sev2 Checkout errors')
  await forward(world, '5m')
  expect(roomsThere()).toHaveLength(1)
  const channel = roomsThere()[0]?.id ?? ''
  expect(times('ana declared SEV2', chat.textsIn(channel))).toBe(1)
  expect(times('Open in Mainstay', chat.textsIn(channel))).toBe(1)

  const { id } = await only(world)
  const before = chat.textsIn(channel).length
  chat.away = true
  const asAna = await world.signIn('ana')
  for (let line = 1; line <= 20; line += 1) {
    await asAna(`POST /api/v1/incidents/${id}/notes`, { text: `line ${String(line).padStart(2, '0')}.` })
    await world.forward('30s')
  }
  await world.receive({ service: 'checkout', alert: 'TooManyErrors' })
  await world.forward('1m')
  expect(world.newMails().length).toBeGreaterThan(0)
  expect(await world.as('viewer')(`GET /api/v1/incidents/${id}/chat`)).toMatchObject({
    room: { waiting: expect.any(Number), away: { because: expect.any(String) } },
  })
  chat.away = false
  await forward(world, '10m')
  const told = chat.textsIn(channel).slice(before)
  const lines = [...told.join('\n').matchAll(/line \d\d\./g)].map((found) => found[0])
  expect(lines).toEqual(Array.from({ length: 20 }, (_, index) => `line ${String(index + 1).padStart(2, '0')}.`))
  expect(told.length).toBeLessThan(8)
  expect(world.troubles).toEqual([])
})

test('what is said, pinned and asked comes over the WebSocket, once, also what was missed', async () => {
  const world = await openChat('heard', `${connection().trim().replace('} }', '}, keepMessages: true }')}\n`)
  await expect.poll(() => chat.sockets, slow).toBeGreaterThan(0)
  await onTime(world)
  chat.say(ana, mattermostIds.town, '@mainstay declare sev2 Checkout errors')
  const drained = async (what: () => unknown, wanted: unknown) =>
    expect
      .poll(async () => {
        await world.worker.drain()
        return what()
      }, slow)
      .toEqual(wanted)
  await drained(() => chat.whispers.some((each) => each.to === ana && /is declared as SEV2/.test(each.text)), true)
  await forward(world, '10s')
  const { id } = await only(world)
  const channel = roomsThere()[0]?.id ?? ''
  const linesOf = async (text: string) =>
    (await sentencesOf(world, id)).filter((each) => each.sentence.includes(text)).map((each) => each.sentence)
  const shown = async (text: string, wanted: readonly string[]) =>
    expect
      .poll(async () => {
        await world.worker.drain()
        // Several lines of one moment stand in any order.
        return (await linesOf(text)).sort()
      }, slow)
      .toEqual([...wanted].sort())

  const first = chat.say(ben, channel, 'I see <503> in zone b')
  await shown('zone b', ['ben in chat: I see <503> in zone b'])
  chat.pin(first.id)
  await shown('(pinned', ['ben in chat: I see <503> in zone b (pinned by somebody)'])

  // The connection is lost; what is said and pinned meanwhile is read when it stands again.
  chat.away = true
  chat.hangUp()
  await expect.poll(() => chat.sockets, slow).toBe(0)
  const second = chat.say(ana, channel, 'it began with 4.2')
  chat.pin(second.id)
  chat.pin(first.id)
  chat.away = false
  await expect.poll(() => chat.sockets, slow).toBeGreaterThan(0)
  await shown('began with 4.2', [
    'ana in chat: it began with 4.2',
    'ana in chat: it began with 4.2 (pinned by somebody)',
  ])
  expect(await linesOf('zone b')).toHaveLength(2)
  // Days later what came in is forgotten; what stands there still stands there once.
  await world.database.run(sql`delete from chat_inbox`)
  chat.pin(first.id)
  const third = chat.say(ben, channel, 'and it is over')
  chat.pin(third.id)
  await shown('it is over', ['ben in chat: and it is over', 'ben in chat: and it is over (pinned by somebody)'])
  expect(await linesOf('zone b')).toHaveLength(2)

  // Alone with the bot no name is needed; whoever may not be whispered to is answered there.
  chat.botIsAdmin = false
  chat.say(ben, channel, '@mainstay role commander @ana.smith')
  const inDirect = () => chat.channels.filter((each) => each.type === 'D').flatMap((each) => chat.textsIn(each.id))
  await drained(() => inDirect().includes('ana is commander now.'), true)
  const direct = chat.channels.find((each) => each.type === 'D' && each.members.has(ben))
  chat.say(ben, direct?.id ?? '', 'status')
  await drained(() => inDirect().some((each) => /Checkout errors/.test(each)), true)

  const test = await world.as('admin')<{ ok: boolean; checks: { name: string; ok: boolean; sentence: string }[] }>(
    'POST /api/v1/chat/mattermost/test',
    {},
  )
  expect(test.checks.filter((each) => !each.ok)).toEqual([])
  expect(test.checks.map((each) => each.name)).toEqual(['token', 'rooms', 'commands', 'addresses', 'you', 'listening'])
  expect(await world.as('viewer')('GET /api/v1/chat')).toMatchObject({
    items: [
      { provider: 'slack' },
      { socketSeenAt: expect.any(String), heardAt: expect.any(String) },
      { provider: 'teams' },
    ],
  })
})

test('a restricted incident has a private channel of its readers', async () => {
  const world = await openChat('restricted')
  const asAna = await world.signIn('ana')
  const secret = await asAna<{ number: number }>('POST /api/v1/incidents', {
    title: 'Key of the bank leaked',
    severity: 'SEV1',
    kind: 'security',
    readers: ['person:ana'],
  })
  await forward(world, '20s')
  const [room] = roomsThere()
  expect(room).toMatchObject({ name: `inc-${secret.number}-restricted`, type: 'P' })
  expect([...(room?.members ?? [])].sort()).toEqual([ana, mattermostIds.bot].sort())
  expect(await say(world, ben, `${secret.number} status`)).toMatch(/There is no incident/)
  expect(await say(world, ben, 'status')).toBe('No incident is open.')
})

test('Slack and Mattermost each have a room of their own, by their own rules', async () => {
  const slack = await startSlack()
  const world = await openChat('both', connection(', archiveAfter: never'))
  await world.as('admin')('PUT /api/v1/channels/slack/connection', {
    botToken: slackTokens.bot,
    signingSecret: slackTokens.secret,
    apiUrl: slack.url,
  })
  await world.apply(connection(', archiveAfter: 5m').replaceAll('mattermost', 'slack'))
  await say(world, ana, 'declare sev2 Checkout errors')
  await forward(world, '20s')
  const { id } = await only(world)
  expect(await world.as('viewer')(`GET /api/v1/incidents/${id}/chat`)).toMatchObject({
    rooms: expect.arrayContaining([
      expect.objectContaining({ provider: 'slack', waiting: 0 }),
      expect.objectContaining({ provider: 'mattermost', waiting: 0 }),
    ]),
  })
  await say(world, ana, 'resolved', roomsThere()[0]?.id)
  await forward(world, '6m')
  expect(slack.channels.map((each) => each.isArchived)).toEqual([true])
  expect(roomsThere().map((each) => each.deleted)).toEqual([false])
  await slack.close()
})

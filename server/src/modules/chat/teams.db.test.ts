// Incidents led from Teams, against a Microsoft on loopback that behaves as documented.
import { generateKeyPairSync } from 'node:crypto'
import { afterEach, expect, test, vi } from 'vitest'
import { openWorld, type World } from '../../../test/world.ts'
import { slackTokens, startSlack } from '../../integrations/slack/testing/slack-server.ts'
import {
  channelLink,
  guidOf,
  messageActivity,
  type Person,
  person,
  type Sent,
  teamsIds,
} from '../../integrations/teams/testing/teams-requests.ts'
import { startTeams, type TeamsServer } from '../../integrations/teams/testing/teams-server.ts'
import { sql } from '../../platform/database/queries.ts'
import { createEgress, schemes } from '../../platform/egress/index.ts'

// Each test has a house of its own and lets minutes pass in it, on machines that may be slow.
vi.setConfig({ testTimeout: 240_000 })

let teams: TeamsServer
afterEach(() => teams.close())

const ana = person('ana')
const ben = person('ben')
const loopback = { cidr: '127.0.0.1/32', ports: 'any', schemes } as const
const slow = { timeout: 90_000 }

const connection = (rooms = '', more = '') => `
apiVersion: mainstay.dev/v1
kind: ChatConnection
metadata: { name: teams }
spec: { provider: teams, rooms: { from: SEV3${rooms} }${more} }
`
const bot = () => ({
  appId: teamsIds.app,
  appSecret: teamsIds.secret,
  tenant: teamsIds.tenant,
  channel: channelLink,
  apiUrl: teams.url,
})

async function openChat(name: string, spec: string = connection()): Promise<World> {
  teams = await startTeams()
  teams.people.push(ana, ben)
  const world = await openWorld({
    name: `teams-${name}`,
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
  await world.as('admin')('PUT /api/v1/channels/teams/connection', bot())
  if (spec !== '') await world.apply(spec)
  return world
}

/** Their clock goes with the world's. */
async function onTime(world: World): Promise<void> {
  const now = await world.clock.now()
  teams.now = () => now
}

async function forward(world: World, duration: string): Promise<void> {
  await world.forward(duration)
  await onTime(world)
}

const deliver = (world: World, { path, headers, payload }: Sent) => world.ask('POST', path, { headers, payload })

/** `@Mainstay …` in the channel, or in a thread; answers what the bot said to them alone. */
async function say(world: World, from: Person, text: string, conversation?: string): Promise<string> {
  await onTime(world)
  const before = teams.aloneWith(from).length
  const { sent } = teams.write(from, `@Mainstay ${text}`, conversation)
  if (sent === null) throw new Error('The bot is not told.')
  expect((await deliver(world, sent)).status).toBe(200)
  await world.worker.drain()
  return teams.aloneWith(from).slice(before).join('\n')
}

/** What the one who pressed sees. */
async function press(world: World, from: Person, message: string, title: string): Promise<unknown> {
  await onTime(world)
  const reply = await deliver(world, teams.press(from, message, title))
  expect(reply.status).toBe(200)
  await world.worker.drain()
  return reply.body
}

const shown = (text: unknown) => ({ statusCode: 200, type: 'application/vnd.microsoft.activity.message', value: text })
const closing = (text: unknown) => ({ task: { type: 'message', value: text } })

interface Listed {
  readonly items: readonly { readonly id: string; readonly number: number; readonly status: string }[]
}
const listed = async (world: World) => (await world.as('viewer')<Listed>('GET /api/v1/incidents')).items
async function only(world: World) {
  const items = await listed(world)
  expect(items).toHaveLength(1)
  const [incident] = items
  if (incident === undefined) throw new Error('None.')
  return incident
}
const rootOf = (thread: string) => thread.replace(/^.*=/, '')
const times = (text: string, all: readonly string[]) => all.join('\n').split(text).length - 1
const sentencesOf = async (world: World, id: string) =>
  (await world.as('viewer')<{ items: { sentence: string }[] }>(`GET /api/v1/incidents/${id}/timeline`)).items.map(
    (each) => each.sentence,
  )

test('an incident is led from the first word to the last in Teams', async () => {
  const world = await openChat('led', connection(', archiveAfter: 5m'))
  expect(await say(world, ana, 'declare sev2 Checkout: errors')).toMatch(/Incident \d+ is declared as SEV2/)
  const { id, number } = await only(world)
  await forward(world, '10s')
  const [thread = ''] = teams.threads()
  const root = rootOf(thread)
  const summary = teams.messages.find((each) => each.id === root)
  expect(teams.textsIn(thread)[0]).toMatch(new RegExp(`SEV2 · Incident ${number} · Checkout: errors`))
  // Whoever declared it is called there, once.
  expect(times('<at>Ana</at> you are asked in.', teams.textsIn(thread))).toBe(1)

  expect(await press(world, ben, root, 'Take command')).toEqual(shown('You are commander now.'))
  await forward(world, '10s')
  expect(summary?.edits).toBeGreaterThan(0)
  expect(teams.textsIn(thread)[0]).toMatch(/Commander\nben/)
  expect(times('<at>Ben</at>', teams.textsIn(thread))).toBe(1)

  expect(await say(world, ana, 'sev 1 because it spreads', thread)).toBe('It is SEV1 now.')
  expect(await say(world, ana, 'role comms @Ana', thread)).toBe('ana is communications lead now.')
  expect(await say(world, ana, 'note asked @Ben about a < b & <at>Ana</at>', thread)).toMatch(/timeline/)
  expect(await say(world, ben, 'task drain zone b @Ana', thread)).toMatch(/for ana/)
  expect(await say(world, ben, 'decide roll back because it began with 4.2', thread)).toMatch(/on record/)
  expect(await say(world, ben, 'status', thread)).toMatch(/SEV1, active/)

  // The button asks for a dialog, and the answer to that is the dialog.
  const dialog = await press(world, ana, root, 'Write an update')
  expect(dialog).toMatchObject({
    task: {
      type: 'continue',
      value: {
        card: { content: { type: 'AdaptiveCard', body: [{ type: 'Input.Text', id: 'text', isMultiline: true }] } },
      },
    },
  })
  const sent = teams.submit(ana, thread, dialog, { text: 'We roll back.' })
  expect((await deliver(world, sent)).body).toEqual(closing(expect.stringMatching(/Update 1 is out/)))
  // Pressed twice, sent twice: it is out once.
  expect((await deliver(world, sent)).status).toBe(200)
  const again = teams.submit(ana, thread, dialog, { text: 'We roll back.' })
  expect((await deliver(world, again)).status).toBe(200)

  expect(await say(world, ben, 'mitigated rolled back', thread)).toMatch(/is mitigated now/)
  expect(await say(world, ben, 'resolved', thread)).toMatch(/is resolved now/)
  await forward(world, '1m')
  const told = teams.textsIn(thread).join('\n')
  for (const line of [/changed severity from SEV2 to SEV1: it spreads/, /rolled back/]) expect(told).toMatch(line)
  expect(told).toContain('noted: asked @ben about a < b & <at>Ana</at>')
  const lines = await sentencesOf(world, id)
  expect(lines.filter((each) => each === 'ana posted update 1 to company: We roll back.')).toHaveLength(1)
  expect(await world.as('viewer')(`GET /api/v1/incidents/${id}/chat`)).toMatchObject({
    room: {
      provider: 'teams',
      title: 'Teams',
      state: 'open',
      waiting: 0,
      fault: null,
      url: expect.stringMatching(new RegExp(`^https://teams\\.microsoft\\.com/l/message/19%3A.*/${root}\\?tenantId=`)),
    },
  })
  await forward(world, '6m')
  expect(await world.as('viewer')(`GET /api/v1/incidents/${id}/chat`)).toMatchObject({ room: { state: 'archived' } })
  expect(teams.threads()).toHaveLength(1)
  expect(world.troubles).toEqual([])
})

test('an incident is declared in a dialog, and a summary that somebody removed comes again', async () => {
  const world = await openChat('form')
  expect(await say(world, ana, 'declare')).toMatch(/Declare an incident\nFill in/)
  const alone = `a:1${ana.aad.replaceAll('-', '')}`
  const offer = teams.messages.findLast((each) => each.conversation === alone)
  const dialog = await press(world, ana, offer?.id ?? '', 'Fill in')
  expect(dialog).toMatchObject({
    task: {
      value: {
        title: 'Declare an incident',
        card: { content: { body: [{ id: 'title' }, { type: 'Input.ChoiceSet' }] } },
      },
    },
  })
  const sent = teams.submit(ana, alone, dialog, { title: 'Nobody can pay', severity: 'SEV1' })
  expect((await deliver(world, sent)).body).toEqual(
    closing(expect.stringMatching(/is declared as SEV1: Nobody can pay/)),
  )
  expect(await only(world)).toMatchObject({ severity: 'SEV1' })
  // The same from the box people write in.
  const box = teams.invoke(ben, alone, 'composeExtension/fetchTask', {
    commandId: 'declare',
    commandContext: 'compose',
  })
  expect((await deliver(world, box)).body).toMatchObject({ task: { type: 'continue' } })

  await forward(world, '10s')
  const [thread = ''] = teams.threads()
  const summary = teams.messages.find((each) => each.id === rootOf(thread))
  if (summary !== undefined) summary.deleted = true
  await say(world, ana, 'sev 2 because it was less', thread)
  await forward(world, '2m')
  expect(times('Open in Mainstay', teams.textsIn(thread))).toBe(1)
  expect(times('from SEV1 to SEV2: it was less', teams.textsIn(thread))).toBe(1)
})

test('what is forged, expired, for another app, from elsewhere or sent again does nothing', async () => {
  const world = await openChat('forged')
  const where = {
    service: teams.service,
    at: teams.now(),
    id: '1767225500001',
    conversation: `${teamsIds.channel};messageid=1767225500001`,
  }
  const words = { text: '@Mainstay declare not me', people: [{ id: `28:${teamsIds.app}`, name: 'Mainstay' }] }
  const activity = messageActivity(ana, where, words)
  const good = teams.send(activity)
  const seconds = Math.floor(teams.now() / 1_000)
  const statusOf = async (sent: Sent) => (await deliver(world, sent)).status
  const { authorization: _token, ...bare } = good.headers
  expect(await statusOf({ ...good, headers: bare })).toBe(403)
  expect(await statusOf({ ...good, headers: { ...bare, authorization: 'Bearer a.b.c' } })).toBe(403)
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey
  for (const sent of [
    teams.send(activity, {}, stranger),
    teams.send(activity, { alg: 'none' }),
    teams.send(activity, { alg: 'HS256' }),
    teams.send(activity, { kid: 'nobody-knows-it' }),
    teams.send(activity, { aud: guidOf('another app') }),
    teams.send(activity, { iss: 'https://sts.windows.net/somebody/' }),
    teams.send(activity, { exp: seconds - 301, nbf: seconds - 3_901 }),
    teams.send(activity, { nbf: seconds + 301 }),
    teams.send(activity, { serviceurl: 'https://smba.example.org/' }),
    // Both agree, and it is still not Microsoft.
    teams.send({ ...activity, serviceUrl: 'https://evil.example/' }, { serviceurl: 'https://evil.example/' }),
    teams.send({ ...activity, serviceUrl: `${teams.url}.evil.example/teams/` }),
    teams.send({ ...activity, channelData: { tenant: { id: guidOf('another company') } } }),
    teams.send({ ...activity, conversation: { id: where.conversation }, channelData: {} }),
  ])
    expect(await statusOf(sent)).toBe(403)
  for (const payload of ['', '{"broken', '[]', 'null', '7']) expect(await statusOf({ ...good, payload })).toBe(403)
  expect(await statusOf({ ...good, path: '/api/v1/chat/teams/commands' })).toBe(403)
  // Nobody, or a program: taken, and nothing is done.
  for (const from of [
    { id: '28:bot', name: 'Bot' },
    { id: ana.id, name: 'Ana', aadObjectId: '../../ana' },
  ])
    expect(await statusOf(teams.send({ ...activity, from }))).toBe(200)
  expect(await statusOf(teams.send({ ...activity, channelId: 'webchat' }))).toBe(200)
  await world.worker.drain()
  expect(await listed(world)).toEqual([])

  for (let again = 0; again < 3; again += 1) expect(await statusOf(good)).toBe(200)
  await world.worker.drain()
  await only(world)

  // A new key is looked for; what the old one signed is not believed for ever.
  const old = teams.send(messageActivity(ana, { ...where, id: '1767225500002' }, words), {
    kid: 'key-of-the-connector-1',
  })
  teams.rotateKey()
  expect(await statusOf(old)).toBe(200)
})

test('who is unknown is told how to be known, and nothing happens', async () => {
  const world = await openChat('unknown')
  const stranger = person('stranger')
  const guest = person('guest', {
    email: 'ana@shop.example',
    more: { userRole: 'guest', userPrincipalName: 'ana_shop.example#EXT#@shop.onmicrosoft.com' },
  })
  const foreign = person('foreign', { email: 'ana@shop.example', more: { tenantId: guidOf('another company') } })
  teams.people.push(stranger, guest, foreign)
  for (const each of [stranger, guest, foreign]) {
    const answer = await say(world, each, 'declare sev1 all is lost')
    expect(answer).toMatch(/does not know who you are, so nothing was done/)
    expect(answer).toContain(`with the id ${each.aad}`)
  }
  expect(await listed(world)).toEqual([])
  // Where nobody can be answered alone, others do not read the answer.
  teams.people.push(person('shy', { blocked: true, email: 'ben@shop.example' }))
  const shy = teams.people.at(-1) ?? ana
  const { sent, message } = teams.write(shy, '@Mainstay declare sev2 Secret: the plans are gone')
  if (sent !== null) await deliver(world, sent)
  await world.worker.drain()
  const public_ = teams.textsIn(message.conversation).slice(1).join('\n')
  expect(public_).toMatch(/My answer is for you alone/)
  expect(public_).not.toMatch(/plans are gone/)
  await expect(
    world.as('admin')('PUT /api/v1/channels/teams/connection', { ...bot(), appSecret: 'wrong' }),
  ).rejects.toThrow(/AADSTS7000215: Invalid client secret provided\. Connect/)
  await expect(
    world.as('admin')('PUT /api/v1/channels/teams/connection', {
      ...bot(),
      channel: 'https://teams.microsoft.com/l/team/x',
    }),
  ).rejects.toThrow(/Get link to channel/)
  await expect(
    world.as('admin')('PUT /api/v1/channels/teams/connection', { ...bot(), tenant: guidOf('another company') }),
  ).rejects.toThrow(/The channel is in the tenant/)
})

test('while Teams is away everything waits, pages go out, and afterwards each line comes once, in order', async () => {
  const world = await openChat('away')
  teams.mishap('POST conversations', { when: 'before', how: 412 })
  teams.mishap('POST conversations', { when: 'after', how: 'drop' })
  teams.mishap('POST conversations/activities', { when: 'after', how: 'drop' })
  teams.mishap('POST conversations/activities', { when: 'after', how: 502 })
  teams.mishap('POST conversations/activities', { when: 'before', how: 429, retryAfter: 30 })
  const asAna = await world.signIn('ana')
  await asAna('POST /api/v1/incidents', { title: 'Checkout errors', severity: 'SEV2' })
  await forward(world, '5m')
  expect(teams.threads()).toHaveLength(1)
  const [thread = ''] = teams.threads()
  expect(times('Open in Mainstay', teams.textsIn(thread))).toBe(1)
  expect(times('ana declared SEV2', teams.textsIn(thread))).toBe(1)

  const { id } = await only(world)
  const before = teams.textsIn(thread).length
  teams.away = true
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
  teams.away = false
  // Tokens of before are not taken any more: others are asked for.
  teams.revoke()
  await forward(world, '10m')
  const told = teams.textsIn(thread).slice(before)
  const lines = [...told.join('\n').matchAll(/line \d\d\./g)].map((found) => found[0])
  expect(lines).toEqual(Array.from({ length: 20 }, (_, index) => `line ${String(index + 1).padStart(2, '0')}.`))
  expect(told.length).toBeLessThan(8)
  expect(world.troubles).toEqual([])
})

test('who presses while Teams cannot say who they are hears that it takes a moment; then it is done, once, and they are told', async () => {
  const world = await openChat('later')
  await say(world, ana, 'declare sev2 Checkout errors')
  await forward(world, '10s')
  const { id } = await only(world)
  const [thread = ''] = teams.threads()
  teams.away = true
  const pressed = teams.press(ben, rootOf(thread), 'Take command')
  expect((await deliver(world, pressed)).body).toEqual(shown(expect.stringMatching(/takes a moment/)))
  // Microsoft asks again when it doubts: the same press is one.
  await deliver(world, pressed)
  await forward(world, '1m')
  expect((await sentencesOf(world, id)).filter((each) => /ben.*commander/.test(each))).toEqual([])
  teams.away = false
  await forward(world, '5m')
  expect((await sentencesOf(world, id)).filter((each) => /ben.*commander/.test(each))).toHaveLength(1)
  expect(teams.aloneWith(ben)).toEqual(['You are commander now.'])
  expect(teams.textsIn(thread)[0]).toMatch(/Commander\nben/)
  expect(world.troubles).toEqual([])
})

test('where the app may not read the channel, a lost answer costs one more copy at most', async () => {
  const world = await openChat('blind')
  teams.reads = false
  const asAna = await world.signIn('ana')
  await asAna('POST /api/v1/incidents', { title: 'Checkout errors', severity: 'SEV2' })
  await forward(world, '1m')
  const { id } = await only(world)
  const [thread = ''] = teams.threads()
  for (let lost = 0; lost < 4; lost += 1) teams.mishap('POST conversations/activities', { when: 'after', how: 'drop' })
  await asAna(`POST /api/v1/incidents/${id}/notes`, { text: 'line one.' })
  await forward(world, '10m')
  expect(times('line one.', teams.textsIn(thread))).toBe(2)
  await asAna(`POST /api/v1/incidents/${id}/notes`, { text: 'line two.' })
  await forward(world, '10m')
  expect(times('line two.', teams.textsIn(thread))).toBeGreaterThan(0)
  // Nobody is told of what is not mentioned, and commands come all the same.
  expect(teams.write(ben, 'who knows', thread).sent).toBeNull()
  expect(await say(world, ben, 'status', thread)).toMatch(/Checkout errors/)
})

test('what is said and marked stands in the timeline once, also what never came', async () => {
  const world = await openChat('heard', connection('', ', keepMessages: true'))
  await say(world, ana, 'declare sev2 Checkout errors')
  await forward(world, '10s')
  const { id } = await only(world)
  const [thread = ''] = teams.threads()
  const linesOf = async (text: string) => (await sentencesOf(world, id)).filter((each) => each.includes(text))
  const first = teams.write(ben, 'I see <503> in zone b, @Ana', thread)
  for (let again = 0; again < 2; again += 1) if (first.sent !== null) await deliver(world, first.sent)
  await world.worker.drain()
  expect(await linesOf('zone b')).toEqual(['ben in chat: I see <503> in zone b, @ana'])
  // "Keep in the timeline", of the message's own menu.
  const marked = await deliver(world, teams.mark(ana, first.message.id))
  expect(marked.body).toEqual(closing('It stands in the timeline.'))
  expect((await deliver(world, teams.mark(ana, first.message.id))).body).toEqual(
    closing('It stood in the timeline already.'),
  )
  expect((await linesOf('(pinned')).join()).toBe('ben in chat: I see <503> in zone b, @ana (pinned by ana)')
  const elsewhere = teams.write(ben, 'lunch?')
  expect((await deliver(world, teams.mark(ana, elsewhere.message.id))).body).toEqual(
    closing(expect.stringMatching(/^Only messages in the room/)),
  )

  // What Microsoft could not hand over is read from the thread.
  teams.write(ana, 'it began with 4.2', thread)
  teams.write(ben, '@Mainstay sev 1 because it spreads', thread)
  await expect
    .poll(async () => {
      await world.worker.drain()
      return [await linesOf('began with 4.2'), (await linesOf('it spreads')).length]
    }, slow)
    .toEqual([['ana in chat: it began with 4.2'], 1])
  expect(await linesOf('zone b')).toHaveLength(2)

  const test = await world.as('admin')<{ checks: { name: string; ok: boolean }[] }>('POST /api/v1/chat/teams/test', {})
  expect(test.checks.filter((each) => !each.ok)).toEqual([])
  expect(test.checks.map((each) => each.name)).toEqual(['token', 'rooms', 'reading', 'you', 'listening'])
  expect(await world.as('viewer')('GET /api/v1/chat')).toMatchObject({
    items: [
      { provider: 'slack' },
      { provider: 'mattermost' },
      {
        provider: 'teams',
        socketSeenAt: null,
        heardAt: expect.any(String),
        addresses: [{ label: 'Messaging endpoint' }],
      },
    ],
  })
  teams.installed = false
  expect(await world.as('admin')('POST /api/v1/chat/teams/test', {})).toMatchObject({
    ok: false,
    checks: expect.arrayContaining([{ name: 'rooms', ok: false, sentence: expect.stringMatching(/add it there/) }]),
  })
})

test('a restricted incident has no thread, and is led alone with the bot', async () => {
  const world = await openChat('restricted')
  const asAna = await world.signIn('ana')
  const secret = await asAna<{ id: string; number: number }>('POST /api/v1/incidents', {
    title: 'Key of the bank leaked',
    severity: 'SEV1',
    kind: 'security',
    readers: ['person:ana'],
  })
  await forward(world, '20s')
  expect(teams.threads()).toEqual([])
  const alone = `a:1${ana.aad.replaceAll('-', '')}`
  expect(await say(world, ana, `${secret.number} note asked the bank`, alone)).toMatch(/timeline/)
  expect(await say(world, ben, `${secret.number} status`)).toMatch(/There is no incident/)
  expect(
    JSON.stringify(teams.messages.filter((each) => each.from === null && !each.conversation.startsWith('a:'))),
  ).toBe('[]')
  await expect(world.apply(connection(', private: true'))).rejects.toThrow(/threads of one channel/)

  // One that becomes restricted leaves its thread with a neutral word.
  await say(world, ben, 'declare sev2 Odd logins')
  await forward(world, '10s')
  const [thread = ''] = teams.threads()
  const open = (await listed(world)).find((each) => each.id !== secret.id)
  const few = { kind: 'security', readers: ['person:ana'], reason: 'a thief' }
  await asAna(`POST /api/v1/incidents/${open?.id}/readers`, few)
  await forward(world, '1m')
  expect(teams.textsIn(thread)[0]).toMatch(/This incident is restricted now/)
  expect(teams.textsIn(thread)[0]).not.toMatch(/Odd logins/)
  expect(teams.threads()).toHaveLength(1)
})

test('a page comes to one person alone, is acknowledged there, and says so', async () => {
  const world = await openChat('paged', '')
  const asAna = await world.signIn('ana')
  const { contact } = await asAna<{ contact: { id: string } }>('POST /api/v1/contacts', {
    kind: 'teams',
    recipient: ana.aad.toUpperCase(),
  })
  await world.worker.drain()
  const code = /\b\d{6}\b/.exec(teams.aloneWith(ana).join('\n'))?.[0] ?? ''
  await asAna(`POST /api/v1/contacts/${contact.id}/verify`, { code })
  const step = { delayMs: 0, contact: contact.id }
  await asAna('PUT /api/v1/notification-rules', { high: [step], low: [step] })
  teams.mishap('POST conversations/activities', { when: 'before', how: 429, retryAfter: 3 })
  await world.receive({ service: 'checkout', alert: 'TooManyErrors', severity: 'critical' })
  await forward(world, '10s')
  const page = teams.messages.findLast((each) => each.from === null)
  expect(teams.aloneWith(ana).at(-1)).toMatch(/TooManyErrors/)
  expect(await press(world, ana, page?.id ?? '', 'Acknowledge')).toEqual(shown(expect.stringMatching(/Acknowledged/i)))
  await forward(world, '10s')
  expect(page?.edits).toBe(1)
  expect(teams.aloneWith(ana).at(-1)).toMatch(/ana acknowledged/i)
  // Their own number in the directory says who they are, whatever their address.
  teams.people.splice(0, 1, { ...ana, email: 'somebody@else.example' })
  await world.database.run(sql`delete from chat_people`)
  await world.apply(connection())
  expect(await say(world, ana, 'declare sev2 Checkout errors')).toMatch(/is declared/)
  expect(world.troubles).toEqual([])
})

test('Slack and Teams each have a room of their own', async () => {
  const slack = await startSlack()
  const world = await openChat('both')
  await world.as('admin')('PUT /api/v1/channels/slack/connection', {
    botToken: slackTokens.bot,
    signingSecret: slackTokens.secret,
    apiUrl: slack.url,
  })
  await world.apply(connection().replaceAll('teams', 'slack'))
  await say(world, ana, 'declare sev2 Checkout errors')
  await forward(world, '20s')
  const { id } = await only(world)
  expect(await world.as('viewer')(`GET /api/v1/incidents/${id}/chat`)).toMatchObject({
    rooms: expect.arrayContaining([
      expect.objectContaining({ provider: 'slack', waiting: 0 }),
      expect.objectContaining({ provider: 'teams', waiting: 0 }),
    ]),
  })
  await slack.close()
})

// A whole incident led from chat, against a Slack on loopback that behaves as documented.
import { afterEach, expect, test, vi } from 'vitest'
import { openWorld, type World } from '../../../test/world.ts'
import { type SlackServer, slackTokens, startSlack } from '../../integrations/slack/testing/slack-server.ts'
import { sql } from '../../platform/database/queries.ts'
import { createEgress, schemes } from '../../platform/egress/index.ts'
import { lanes } from '../../platform/work/job.ts'

// Each test has a house of its own and lets minutes pass in it, on machines that may be slow.
vi.setConfig({ testTimeout: 180_000 })

let slack: SlackServer
afterEach(() => slack.close())

const connection = `
apiVersion: mainstay.dev/v1
kind: ChatConnection
metadata: { name: slack }
spec: { provider: slack, rooms: { from: SEV3 } }
`

const loopback = { cidr: '127.0.0.1/32', ports: 'any', schemes } as const

async function openChat(name: string, more: { readonly spec?: string; readonly appToken?: string } = {}) {
  slack = await startSlack()
  slack.users.push({ id: 'UANA00001', email: 'ana@shop.example' }, { id: 'UBEN00001', email: 'ben@shop.example' })
  const world = await openWorld({
    name,
    outside: () => ({
      egress: createEgress({
        // Its breaker goes by real time, which stands still here.
        policies: (connector) => ({ connector, allow: [loopback], breaker: false }),
        guard: { ownPorts: () => [], endpoints: () => [] },
      }),
    }),
  })
  await world.signIn('ana')
  await world.signIn('ben')
  await world.as('admin')('PUT /api/v1/channels/slack/connection', {
    botToken: slackTokens.bot,
    signingSecret: slackTokens.secret,
    apiUrl: slack.url,
    ...(more.appToken === undefined ? {} : { appToken: more.appToken }),
  })
  if (more.spec !== '') await world.apply(more.spec ?? connection)
  return world
}

let triggers = 0
/** As Slack sends `/mainstay …`; answers what was whispered back. */
async function say(world: World, user: string, text: string, channel = 'C0GENERAL'): Promise<string> {
  triggers += 1
  const body = new URLSearchParams({
    command: '/mainstay',
    text,
    user_id: user,
    channel_id: channel,
    team_id: 'T0001',
    trigger_id: `trigger.${triggers}`,
    response_url: slack.responseUrl(user),
  }).toString()
  const before = slack.whispers.length
  const reply = await post(world, 'commands', body)
  expect(reply.status).toBe(200)
  await world.worker.drain()
  return slack.whispers
    .slice(before)
    .map((each) => each.text)
    .join('\n')
}

const form = 'application/x-www-form-urlencoded'
async function post(world: World, door: string, body: string, secret?: string, type = form) {
  const headers = { 'content-type': type, ...slack.signed(body, await world.clock.now(), secret) }
  return world.ask('POST', `/api/v1/chat/slack/${door}`, { headers, payload: body })
}

async function press(world: World, user: string, action: string, incident: string, channel: string) {
  triggers += 1
  const payload = {
    type: 'block_actions',
    user: { id: user },
    channel: { id: channel },
    trigger_id: `trigger.${triggers}`,
    response_url: slack.responseUrl(user),
    actions: [{ action_id: `mainstay-chat-${action}`, value: incident, action_ts: `${triggers}.1` }],
  }
  const reply = await post(world, 'interactions', new URLSearchParams({ payload: JSON.stringify(payload) }).toString())
  expect(reply.status).toBe(200)
  await world.worker.drain()
}

async function event(world: World, id: string, given: object) {
  const body = JSON.stringify({ type: 'event_callback', event_id: id, team_id: 'T0001', event: given })
  const reply = await post(world, 'events', body, undefined, 'application/json')
  expect(reply.status).toBe(200)
  await world.worker.drain()
}

interface Listed {
  readonly items: readonly {
    readonly id: string
    readonly number: number
    readonly status: string
    readonly severity: string
  }[]
}
async function only(world: World) {
  const { items } = await world.as('viewer')<Listed>('GET /api/v1/incidents')
  expect(items).toHaveLength(1)
  const [incident] = items
  if (incident === undefined) throw new Error('None.')
  return incident
}

const sentencesOf = async (world: World, id: string) =>
  (await world.as('viewer')<{ items: { sentence: string; at: string }[] }>(`GET /api/v1/incidents/${id}/timeline`))
    .items

const times = (text: string, all: readonly string[]) => all.join('\n').split(text).length - 1

test('two incidents become one from the room of either', async () => {
  const world = await openChat('merged')
  await say(world, 'UANA00001', 'declare sev2 Checkout: errors')
  await say(world, 'UANA00001', 'declare sev2 Bank: timeouts')
  const { items } = await world.as('viewer')<Listed>('GET /api/v1/incidents')
  const [bank, checkout] = items.map((each) => each.number)
  expect(await say(world, 'UANA00001', `${checkout} merge into 999 because it is the bank`)).toMatch(/no incident 999/)
  expect(await say(world, 'UANA00001', `${checkout} merge into ${bank} because it is the bank`)).toMatch(
    new RegExp(`goes on in incident ${bank}`),
  )
  const after = (await world.as('viewer')<Listed>('GET /api/v1/incidents')).items
  expect(after.map(({ number, status }) => [number, status])).toEqual([
    [bank, 'active'],
    [checkout, 'resolved'],
  ])
})

test('what a second person approves is proposed and approved in chat', async () => {
  const world = await openChat('approved')
  await world.apply(
    'apiVersion: mainstay.dev/v1\nkind: IncidentPolicy\nmetadata: {name: default}\nspec: {updateApproval: [company]}',
  )
  await say(world, 'UANA00001', 'declare sev2 Checkout: errors')
  const { number, id } = await only(world)
  for (const text of ['we roll back', 'the bank did it'])
    expect(await say(world, 'UANA00001', `${number} update ${text}`)).toMatch(/waits for somebody else: `approve [12]`/)
  expect(await say(world, 'UANA00001', `${number} approve 1`)).toMatch(/somebody else has to approve/)
  expect(await say(world, 'UBEN00001', `${number} approve 1`)).toBe('Update 1 is out.')
  await say(world, 'UANA00001', `${number} update of no use`)
  expect(await say(world, 'UBEN00001', `${number} withdraw 3`)).toMatch(/only they take it back/)
  expect(await say(world, 'UANA00001', `${number} withdraw 3 because it is late`)).toMatch(/taken back; nobody is told/)
  expect(await say(world, 'UBEN00001', `${number} disapprove 2 because it names the bank`)).toMatch(/nobody is told/)
  expect((await sentencesOf(world, id)).map((each) => each.sentence)).toEqual(
    expect.arrayContaining([
      'ben posted update 1 to company, proposed by ana: we roll back',
      'ben declined proposed update 2 to company: it names the bank',
      'ana took back proposed update 3 to company: it is late',
    ]),
  )
})

test('an incident is led from the first word to the last in chat', async () => {
  const world = await openChat('led', { spec: connection.replace('SEV3', 'SEV3, archiveAfter: 5m') })
  expect(await say(world, 'UANA00001', 'declare sev2 Checkout: errors')).toMatch(/Incident \d+ is declared as SEV2/)
  const { id, number } = await only(world)
  await world.forward('10s')
  const [room] = slack.channels
  expect(room).toMatchObject({ name: `inc-${number}-checkout-errors`, isPrivate: false, isArchived: false })
  const channel = room?.id ?? ''
  expect([...(room?.members ?? [])]).toContain('UANA00001')
  expect(room?.pins.size).toBe(1)
  expect(room?.topic).toMatch(/SEV2 · active/)
  expect(slack.textsIn(channel).join('\n')).toMatch(/ana declared SEV2: Checkout: errors/)

  await press(world, 'UBEN00001', 'command', id, channel)
  await world.forward('10s')
  const summary = slack.messages.find((each) => each.channel === channel)
  expect(summary?.edits).toBeGreaterThan(0)
  expect(slack.textsIn(channel)[0]).toMatch(/\*Commander\*\nben/)
  // Who has a role is asked in.
  expect([...(room?.members ?? [])]).toContain('UBEN00001')

  expect(await say(world, 'UANA00001', 'sev 1 because it spreads', channel)).toBe('It is SEV1 now.')
  expect(await say(world, 'UANA00001', 'role comms <@UANA00001|ana>', channel)).toBe('ana is communications lead now.')
  expect(await say(world, 'UANA00001', 'note asked <@UBEN00001> & the bank', channel)).toMatch(/timeline/)
  expect(await say(world, 'UBEN00001', 'task drain zone b @ana', channel)).toMatch(/for ana/)
  expect(await say(world, 'UBEN00001', 'decide roll back because it began with 4.2', channel)).toMatch(/on record/)
  expect(await say(world, 'UBEN00001', 'suspect <@UANA00001> is right: the release', channel)).toMatch(
    /suspicion stands/,
  )
  expect(await say(world, 'UBEN00001', 'try rolled back to 4.1', channel)).toMatch(/under way/)
  expect(await say(world, 'UBEN00001', 'try once more proven by nothing-like-it', channel)).toMatch(/no objective/)
  expect(await say(world, 'UBEN00001', 'vendor bank case CN-12: cards time out', channel)).toMatch(
    /case at bank stands/,
  )
  expect(await say(world, 'UANA00001', 'update we roll back', channel)).toMatch(/Update 1 is out/)
  expect(await say(world, 'UANA00001', 'update to executives: an hour more', channel)).toMatch(/Update 2 is out/)
  expect(await say(world, 'UANA00001', 'update to customer nobody-like-it: sorry', channel)).toMatch(/no customer/)
  expect(await say(world, 'UANA00001', 'impact 1,200 people: orders fail', channel)).toBe('The impact is stated.')
  expect(await say(world, 'UANA00001', 'impact 1,300 people', channel)).toBe('The impact is stated.')
  expect(await world.as('viewer')(`GET /api/v1/incidents/${id}/impact`)).toMatchObject({
    ...{ statement: 'orders fail', people: 1_300, derived: true },
  })
  expect(await say(world, 'UANA00001', 'offer comms @ben', channel)).toMatch(/^ben is asked to be communications lead/)
  expect(await say(world, 'UANA00001', 'accept comms', channel)).toMatch(/is offered to ben/)
  expect(await say(world, 'UBEN00001', 'accept comms', channel)).toBe('You are communications lead now.')
  expect(await say(world, 'UBEN00001', 'status', channel)).toMatch(/SEV1, active/)
  expect(await say(world, 'UBEN00001', 'mitigated rolled back', channel)).toMatch(/is mitigated now/)
  expect(await say(world, 'UBEN00001', 'resolved', channel)).toMatch(/is resolved now/)
  await world.forward('1m')

  const told = slack.textsIn(channel).join('\n')
  for (const line of [
    /changed severity from SEV2 to SEV1: it spreads/,
    /noted: asked @ben &amp; the bank/,
    /rolled back/,
    /Resolved/,
  ])
    expect(told).toMatch(line)
  expect(slack.textsIn(channel)[0]).toMatch(/\*State\*\nresolved/)
  const lines = (await sentencesOf(world, id)).map((each) => each.sentence)
  expect(lines).toContain('ana posted update 1 to company: we roll back')
  expect(await world.as('viewer')(`GET /api/v1/incidents/${id}/chat`)).toMatchObject({
    room: { state: 'open', name: `inc-${number}-checkout-errors`, waiting: 0, away: null, fault: null },
  })
  // What is over can come back, and its room hears of it.
  expect(await say(world, 'UBEN00001', 'reopen because it is back', channel)).toMatch(/is active now/)
  await world.forward('10s')
  expect(slack.textsIn(channel).join('\n')).toMatch(/ben reopened the incident: it is back/)
  expect(await say(world, 'UBEN00001', 'resolved', channel)).toMatch(/is resolved now/)
  await world.forward('6m')
  expect(room?.isArchived).toBe(true)
  expect(world.troubles).toEqual([])
})

test('an incident that opened by itself is taken by its button, with its alerts', async () => {
  const world = await openChat('taken')
  await world.receive({ service: 'checkout', alert: 'TooManyErrors' })
  await world.forward('10s')
  const { id, status } = await only(world)
  expect(status).toBe('triage')
  const [room] = slack.channels
  // Whoever was paged is asked in.
  expect([...(room?.members ?? [])]).toContain('UANA00001')
  await press(world, 'UBEN00001', 'acknowledge', id, room?.id ?? '')
  expect(slack.whispers.at(-1)).toEqual({ to: 'UBEN00001', text: 'It is yours: 1 alert acknowledged.' })
  expect(await only(world)).toMatchObject({ status: 'active' })
  expect(await world.as('viewer')('GET /api/v1/alerts')).toMatchObject({ items: [{ acknowledgedBy: 'ben' }] })
  await world.forward('10s')
  expect(slack.textsIn(room?.id ?? '')[0]).toMatch(/\*State\*\nactive/)
  // Nobody else is paged.
  world.newMails()
  await world.forward('20m')
  world.expectNoPage()
})

test('a chat that is declared while incidents are open gets rooms for them', async () => {
  const world = await openChat('later', { spec: '' })
  await say(world, 'UANA00001', 'declare sev2 Checkout errors')
  await world.forward('10s')
  expect(slack.channels).toEqual([])
  await world.apply(connection)
  await world.forward('10s')
  expect(slack.channels.map((each) => each.name)).toEqual(['inc-1-checkout-errors'])
})

test('the same words do the same in the console and in the terminal', async () => {
  const world = await openChat('words')
  const ask = world.as('responder')
  const declared = await ask<{ incident: string }>('POST /api/v1/chat/commands', { text: 'declare sev3 Slow search' })
  expect(
    await ask('POST /api/v1/chat/commands', { text: 'sev 2 because it spreads', incident: declared.incident }),
  ).toEqual({
    done: true,
    sentence: 'It is SEV2 now.',
    incident: declared.incident,
  })
  // With one's own rights and no others.
  expect(await world.as('viewer')('POST /api/v1/chat/commands', { text: 'declare a thing' })).toMatchObject({
    done: false,
  })
  expect(await world.as('viewer')('POST /api/v1/chat/commands', { text: 'status' })).toMatchObject({ done: true })
  expect(await ask('POST /api/v1/chat/commands', { text: 'ack' })).toMatchObject({ done: false })
})

test('forged, old and repeated requests do nothing', async () => {
  const world = await openChat('forged')
  const body = new URLSearchParams({
    text: 'declare not me',
    user_id: 'UANA00001',
    trigger_id: 't',
    channel_id: 'C1',
  }).toString()
  expect((await post(world, 'commands', body, 'another secret')).status).toBe(403)
  const old = { 'content-type': form, ...slack.signed(body, (await world.clock.now()) - 301_000) }
  expect((await world.ask('POST', '/api/v1/chat/slack/commands', { headers: old, payload: body })).status).toBe(403)
  const unsigned = { 'content-type': form }
  expect((await world.ask('POST', '/api/v1/chat/slack/commands', { headers: unsigned, payload: body })).status).toBe(
    403,
  )
  // Not even read: what is no form is refused for its missing proof.
  expect(
    (await world.ask('POST', '/api/v1/chat/slack/events', { headers: unsigned, payload: '{"broken' })).status,
  ).toBe(403)
  expect((await post(world, 'nothing', body)).status).toBe(404)
  const challenge = JSON.stringify({ type: 'url_verification', token: 'x', challenge: '3eZbrw1aBm2rZgRNFdxV' })
  expect((await post(world, 'events', challenge, undefined, 'application/json')).body).toBe('3eZbrw1aBm2rZgRNFdxV')

  // The very same request again, and Slack's own repetition of an event.
  for (let again = 0; again < 3; again += 1) expect((await post(world, 'commands', body)).status).toBe(200)
  await world.worker.drain()
  expect(await only(world)).toMatchObject({ status: 'active' })
})

test('who is unknown gets a clear answer and nothing happens', async () => {
  const world = await openChat('unknown')
  slack.users.push(
    { id: 'UNOBODY01', email: 'nobody@shop.example' },
    // Another company may give its people any address.
    { id: 'USTRANGER', email: 'ana@shop.example', more: { team_id: 'T0666', is_stranger: true } },
    { id: 'UBOT00009', email: 'ana@shop.example', more: { is_bot: true } },
  )
  for (const user of ['UNOBODY01', 'USTRANGER', 'UBOT00009']) {
    const answer = await say(world, user, 'declare sev1 all is lost')
    expect(answer).toMatch(/does not know who you are, so nothing was done/)
    expect(answer).toMatch(/http:\/\/mainstay\.test/)
  }
  expect((await world.as('viewer')<Listed>('GET /api/v1/incidents')).items).toEqual([])
})

test('a restricted incident has a room for its readers only, and leaves one that others read', async () => {
  const world = await openChat('restricted')
  const ana = await world.signIn('ana')
  const secret = await ana<{ id: string; number: number }>('POST /api/v1/incidents', {
    title: 'Key of the bank leaked',
    severity: 'SEV1',
    kind: 'security',
    readers: ['person:ana'],
  })
  await world.forward('20s')
  const [room] = slack.channels
  expect(room).toMatchObject({ name: `inc-${secret.number}-restricted`, isPrivate: true })
  expect([...(room?.members ?? [])].sort()).toEqual(
    ['UANA00001', 'UBOT00001'].map((each) => each.replace('UBOT00001', 'UBOT00001')).sort(),
  )
  expect(await say(world, 'UBEN00001', `${secret.number} status`)).toMatch(/There is no incident/)
  expect(await say(world, 'UBEN00001', 'status')).toBe('No incident is open.')

  const open = await ana<{ id: string; number: number }>('POST /api/v1/incidents', {
    title: 'Odd logins',
    severity: 'SEV2',
  })
  await world.forward('20s')
  const before = slack.channels.find((each) => each.name.startsWith(`inc-${open.number}`))
  expect(before?.isPrivate).toBe(false)
  await ana(`POST /api/v1/incidents/${open.id}/readers`, {
    kind: 'security',
    readers: ['person:ana'],
    reason: 'a thief',
  })
  await ana(`POST /api/v1/incidents/${open.id}/notes`, { text: 'the thief is Mallory' })
  await world.forward('30s')
  expect(before?.isArchived).toBe(true)
  expect(slack.textsIn(before?.id ?? '').join('\n')).not.toMatch(/thief/)
  expect(slack.textsIn(before?.id ?? '')[0]).toMatch(/This incident is restricted now/)
  const after = slack.channels.find((each) => each.name === `inc-${open.number}-restricted`)
  expect(after?.isPrivate).toBe(true)
  expect(slack.textsIn(after?.id ?? '').join('\n')).toMatch(/the thief is Mallory/)
  expect(world.troubles).toEqual([])
})

test('while Slack is away everything waits, pages go out, and afterwards the room catches up in order', async () => {
  const world = await openChat('away')
  await say(world, 'UANA00001', 'declare sev2 Checkout errors')
  await world.forward('10s')
  const { id } = await only(world)
  const channel = slack.channels[0]?.id ?? ''
  const before = slack.textsIn(channel).length
  slack.away = true
  const ana = await world.signIn('ana')
  for (let line = 1; line <= 20; line += 1) {
    await ana(`POST /api/v1/incidents/${id}/notes`, { text: `line ${String(line).padStart(2, '0')}.` })
    await world.forward('30s')
  }
  const waits = await world.as('viewer')<{ room: { waiting: number; away: { because: string } | null } }>(
    `GET /api/v1/incidents/${id}/chat`,
  )
  expect(waits.room.waiting).toBe(20)
  expect(waits.room.away).not.toBeNull()
  expect(await world.as('viewer')('GET /api/v1/chat')).toMatchObject({
    items: [
      { sentence: expect.stringMatching(/Slack is away; 1 room/) },
      { provider: 'mattermost' },
      { provider: 'teams' },
    ],
  })
  slack.away = false
  await world.forward('10m')
  const told = slack.textsIn(channel).slice(before)
  const lines = [...told.join('\n').matchAll(/line \d\d\./g)].map((found) => found[0])
  expect(lines).toEqual(Array.from({ length: 20 }, (_, index) => `line ${String(index + 1).padStart(2, '0')}.`))
  // What came together is said together.
  expect(told.length).toBeLessThan(5)
  expect(await world.as('viewer')(`GET /api/v1/incidents/${id}/chat`)).toMatchObject({
    room: { waiting: 0, away: null },
  })
  expect(world.troubles).toEqual([])
})

test('an answer that is lost, or a process that dies after posting, leaves each line and each room once', async () => {
  const world = await openChat('lost')
  slack.mishap('conversations.create', { when: 'after', how: 'drop' })
  slack.mishap('chat.postMessage', { when: 'after', how: 'drop' })
  slack.mishap('chat.postMessage', { when: 'after', how: 'drop' })
  slack.mishap('chat.postMessage', { when: 'before', how: 429, retryAfter: 30 })
  await say(world, 'UANA00001', 'declare sev2 Checkout errors')
  await world.forward('5m')
  expect(slack.channels).toHaveLength(1)
  const channel = slack.channels[0]?.id ?? ''
  expect(times('ana declared SEV2', slack.textsIn(channel))).toBe(1)
  expect(times('Open in Mainstay', slack.textsIn(channel))).toBe(1)

  // Killed between the post and the record: what was begun is found written down.
  const { id } = await only(world)
  const ana = await world.signIn('ana')
  await ana(`POST /api/v1/incidents/${id}/notes`, { text: 'said once' })
  await world.forward('2m')
  const owner = world.database
  const [row] = await owner.many(sql<{ id: string; toldTo: number }>`select id, told_to as "toldTo" from chat_rooms`)
  await owner.run(sql`
    update chat_rooms set told_to = told_to - 1, wanted = wanted + 1, under_way = jsonb_build_object('kind', 'post', 'attempts', 1,
      'key', id || ':' || told_to, 'upTo', told_to, 'message', '{"head":null,"facts":[],"lines":[],"foot":null,"link":null,"actions":[]}'::jsonb)`)
  await owner.run(
    sql`insert into due_work (kind, key, lane, due_at, payload) values ('chat.sync-room', ${row?.id ?? ''}, ${lanes.outside}, mainstay_now(), jsonb_build_object('roomId', ${row?.id ?? ''}::text))`,
  )
  await world.forward('1m')
  expect(times('said once', slack.textsIn(channel))).toBe(1)
  expect(await owner.one(sql<{ toldTo: number }>`select told_to as "toldTo" from chat_rooms`)).toEqual({
    toldTo: row?.toldTo,
  })
})

test('a name that is taken is avoided, and a refusal is said with the way out', async () => {
  const world = await openChat('names')
  for (const tail of ['', '-2'])
    slack.channels.push({
      id: `C0TAKEN${tail}`,
      name: `inc-1-checkout-errors${tail}`,
      isPrivate: false,
      creator: 'USOMEBODY',
      topic: '',
      isArchived: false,
      members: new Set(),
      pins: new Set(),
    })
  slack.mishap('conversations.setTopic', {
    when: 'before',
    how: { ok: false, error: 'missing_scope', needed: 'channels:manage' },
  })
  await say(world, 'UANA00001', 'declare sev2 Checkout errors')
  const { id, number } = await only(world)
  expect(number).toBe(1)
  await world.forward('1m')
  const room = await world.as('viewer')<{ room: { name: string; fault: string } }>(`GET /api/v1/incidents/${id}/chat`)
  expect(room.room.name).toBe('inc-1-checkout-errors-3')
  expect(room.room.fault).toMatch(/needs the scope channels:manage/)
  await world.forward('10m')
  expect(await world.as('viewer')(`GET /api/v1/incidents/${id}/chat`)).toMatchObject({
    room: { fault: null, waiting: 0 },
  })
})

test('pinned messages go into the timeline with author and true time; others only when wanted', async () => {
  const world = await openChat('pinned', { spec: `${connection.trim().replace('} }', '}, keepMessages: true }')}\n` })
  await say(world, 'UANA00001', 'declare sev2 Checkout errors')
  await world.forward('10s')
  const { id } = await only(world)
  const channel = slack.channels[0]?.id ?? ''
  const at = await world.clock.now()
  const ts = (ms: number) => `${Math.floor(ms / 1_000)}.000100`
  await event(world, 'Ev1', {
    type: 'message',
    user: 'UBEN00001',
    channel,
    text: 'I see &lt;503&gt; in zone b',
    ts: ts(at),
  })
  await event(world, 'Ev1', {
    type: 'message',
    user: 'UBEN00001',
    channel,
    text: 'I see &lt;503&gt; in zone b',
    ts: ts(at),
  })
  await event(world, 'Ev2', { type: 'message', bot_id: 'B0001', user: 'UBOT00001', channel, text: 'mine', ts: ts(at) })
  await event(world, 'Ev3', {
    type: 'pin_added',
    user: 'UANA00001',
    channel_id: channel,
    item: { type: 'message', channel, message: { user: 'UBEN00001', text: 'it began with 4.2', ts: ts(at - 120_000) } },
    event_ts: ts(at),
  })
  await world.forward('10s')
  const lines = await sentencesOf(world, id)
  expect(lines.filter((each) => each.sentence === 'ben in chat: I see <503> in zone b')).toHaveLength(1)
  const pinned = lines.find((each) => each.sentence === 'ben in chat: it began with 4.2 (pinned by ana)')
  expect(Date.parse(pinned?.at ?? '')).toBe(Math.floor((at - 120_000) / 1_000) * 1_000)
  // What came from the room is not told to the room.
  expect(slack.textsIn(channel).join('\n')).not.toMatch(/zone b/)
})

test('an update is written in a form', async () => {
  const world = await openChat('form')
  await say(world, 'UANA00001', 'declare sev2 Checkout errors')
  await world.forward('10s')
  const { id } = await only(world)
  await press(world, 'UANA00001', 'update', id, slack.channels[0]?.id ?? '')
  expect(slack.views).toMatchObject([{ type: 'modal', private_metadata: id }])
  const payload = JSON.stringify({
    type: 'view_submission',
    user: { id: 'UANA00001' },
    view: {
      id: 'V1',
      hash: 'h',
      callback_id: 'mainstay-chat-update',
      private_metadata: id,
      state: { values: { text: { text: { type: 'plain_text_input', value: 'We roll back.' } } } },
    },
  })
  await post(world, 'interactions', new URLSearchParams({ payload }).toString())
  await world.worker.drain()
  expect((await sentencesOf(world, id)).map((each) => each.sentence)).toContain(
    'ana posted update 1 to company: We roll back.',
  )
})

test('without words an incident is declared in a form', async () => {
  const world = await openChat('declared')
  expect(await say(world, 'UANA00001', 'declare')).toBe('')
  expect(slack.views).toMatchObject([
    { type: 'modal', callback_id: 'mainstay-chat-declare', private_metadata: 'C0GENERAL' },
  ])
  const payload = JSON.stringify({
    type: 'view_submission',
    user: { id: 'UANA00001' },
    view: {
      id: 'V2',
      hash: 'h',
      callback_id: 'mainstay-chat-declare',
      private_metadata: 'C0GENERAL',
      state: {
        values: {
          title: { title: { type: 'plain_text_input', value: 'Nobody can pay' } },
          severity: { severity: { type: 'static_select', selected_option: { value: 'SEV1' } } },
        },
      },
    },
  })
  await post(world, 'interactions', new URLSearchParams({ payload }).toString())
  await world.worker.drain()
  expect(await only(world)).toMatchObject({ severity: 'SEV1' })
  expect(slack.whispers.at(-1)).toMatchObject({ to: 'UANA00001', text: expect.stringMatching(/is declared as SEV1/) })
})

test('Socket Mode: envelopes are kept before they are taken, come once, and a connection is renewed', async () => {
  const world = await openChat('socket', { appToken: 'xapp-1-test' })
  await expect.poll(() => slack.sockets, { timeout: 60_000 }).toBeGreaterThan(0)
  const payload = {
    command: '/mainstay',
    text: 'declare sev2 Checkout errors',
    user_id: 'UANA00001',
    channel_id: 'C1',
    trigger_id: 'socket.1',
    response_url: slack.responseUrl('UANA00001'),
  }
  await slack.send('slash_commands', payload, 'envelope-1')
  // Slack was not sure that it arrived, and asks another process.
  await slack.send('slash_commands', payload, 'envelope-2')
  await world.worker.drain()
  expect(await only(world)).toMatchObject({ severity: 'SEV2' })
  expect(slack.whispers.at(-1)?.text).toMatch(/is declared/)
  const opened = slack.calls.filter((each) => each.method === 'apps.connections.open').length
  slack.disconnect()
  await expect
    .poll(() => slack.calls.filter((each) => each.method === 'apps.connections.open').length, { timeout: 60_000 })
    .toBeGreaterThan(opened)
  await expect.poll(() => slack.sockets, { timeout: 60_000 }).toBeGreaterThan(0)
  await slack.send('slash_commands', { ...payload, text: '1 ack', trigger_id: 'socket.2' })
  await world.worker.drain()
  expect(await only(world)).toMatchObject({ status: 'active' })
  expect(await world.as('viewer')('GET /api/v1/chat')).toMatchObject({
    items: [{ socketSeenAt: expect.any(String) }, {}, {}],
  })
})

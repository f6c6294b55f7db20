import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { instant } from '../../kernel/instant.ts'
import { judge } from './teams-api.ts'
import { findMarked, missedOf, rootOf } from './teams-graph.ts'
import { readActivity, tenantOf, textOfMessage } from './teams-inbound.ts'
import { describe as describeMember, readMember } from './teams-people.ts'
import { readConnectorToken, serviceOf, whyUntrue } from './teams-proof.ts'
import { answerActivity, cut, markOf, mentionActivity, roomActivity } from './teams-room-message.ts'
import { hostsOf, knownService, readChannelLink, readTeamsSettings, teamsClouds } from './teams-settings.ts'
import { activityText, messageText, withUsers } from './teams-text.ts'
import { connectorToken, teamsIds } from './testing/teams-requests.ts'

const appId = '0e0f1a2b-3c4d-4e5f-8a9b-0c1d2e3f4a5b'
const tenant = '0d9b645f-597b-41f0-a2a3-ef103fbd91bb'
const olo = 'b130c271-d2eb-45f9-83ab-9eb3fe3788bc'
const oloHere = '29:1aBjVi5MwCFfhPIV03E5uDdfpBFXp_2Yz-sjrvVg12oavg96cqpE_DiMhOpmN9zHeZpYbJcuUEKuSDy2AYWPz1A'
const service = 'https://smba.trafficmanager.net/emea'
const of = { appId, tenant, service }
const thread = '19:6decf54d86d945e4b3924b63a9161a78@thread.skype;messageid=1611060744833'

/** The message of Microsoft's documentation ("Channel and group chat conversations"), in a channel. */
const recorded = {
  type: 'message',
  id: '1481567603816',
  text: '<at>Mainstay</at> role commander <at>Pranav Smith</at>\n',
  timestamp: '2017-10-29T00:51:05.9908157Z',
  localTimestamp: '2017-10-28T17:51:05.9908157-07:00',
  serviceUrl: 'https://smba.trafficmanager.net/emea/',
  channelId: 'msteams',
  from: { id: oloHere, name: 'Olo Brockhouse', aadObjectId: olo },
  conversation: { isGroup: true, conversationType: 'channel', id: thread, name: 'parsable', tenantId: tenant },
  channelData: { tenant: { id: tenant }, channel: { id: '19:6decf54d86d945e4b3924b63a9161a78@thread.skype' } },
  recipient: { id: `28:${appId}`, name: 'Mainstay' },
  entities: [
    { type: 'mention', mentioned: { id: `28:${appId}`, name: 'Mainstay' }, text: '<at>Mainstay</at>' },
    {
      type: 'mention',
      mentioned: { id: '29:08q2j2o3jc09au90eucae', name: 'Pranav Smith' },
      text: '<at>Pranav Smith</at>',
    },
    { type: 'clientInfo', locale: 'en-US', platform: 'Web' },
  ],
}

test('a recorded message in a channel is a command of who wrote it', () => {
  expect(tenantOf(recorded)).toBe(tenant)
  expect(readActivity(recorded, of)).toMatchObject({
    wanted: null,
    mentioned: [{ id: '29:08q2j2o3jc09au90eucae', name: 'Pranav Smith' }],
    inbound: {
      kind: 'command',
      key: `message ${thread} 1481567603816`,
      user: olo,
      place: thread,
      text: 'role commander <@29:08q2j2o3jc09au90eucae>',
      answerTo: { service, conversation: thread, user: olo, alone: false },
    },
  })
  // Without our name it was said to others; alone with us no name is needed.
  expect(readActivity({ ...recorded, text: 'hello', entities: [] }, of).inbound).toMatchObject({
    kind: 'said',
    text: 'hello',
  })
  const alone = { ...recorded, text: 'ack', entities: [], conversation: { conversationType: 'personal', id: 'a:1abc' } }
  expect(readActivity(alone, of).inbound).toMatchObject({ kind: 'command', text: 'ack', answerTo: { alone: true } })
})

/** The invokes of the documentation: a card, a dialog, and the action of a message with its `messagePayload`. */
const invoke = {
  ...recorded,
  type: 'invoke',
  id: 'f:19ccc884-c792-35ef-2f40-d0ff43dcca71',
  text: undefined,
  entities: [],
}
const incidentId = '0b6a1f5e-3d3c-4a51-9d0e-0f2f6b3c9a11'
const pressed = (data: unknown) => ({
  ...invoke,
  name: 'adaptiveCard/action',
  value: { action: { type: 'Action.Execute', id: '', verb: 'mainstay.command', data }, trigger: 'manual' },
})

test.each([
  [
    'a button',
    pressed({ mainstay: { action: 'command', incidentId } }),
    'action',
    { kind: 'press', action: 'command', incidentId },
  ],
  [
    'the button of a page',
    pressed({ mainstay: { action: 'page', handle: 'h1_x-2' } }),
    'action',
    { kind: 'page', handle: 'h1_x-2' },
  ],
  ['a button of another app', pressed({ x: 1 }), 'action', null],
  ['a button with a name that is none', pressed({ mainstay: { action: 'page', handle: '../x' } }), 'action', null],
  [
    'an older client’s button',
    { ...recorded, text: '', value: { mainstay: { action: 'mitigated', incidentId } } },
    null,
    { kind: 'press', action: 'mitigated' },
  ],
  [
    'a wish for a dialog',
    { ...invoke, name: 'task/fetch', value: { data: { mainstay: { asks: 'update', incidentId } } } },
    'dialog',
    { kind: 'press', action: 'update' },
  ],
  [
    'a wish from the box people write in',
    { ...invoke, name: 'composeExtension/fetchTask', value: { commandId: 'declare' } },
    'dialog',
    { kind: 'command', text: 'declare' },
  ],
  [
    'a dialog sent in',
    {
      ...invoke,
      name: 'task/submit',
      value: { data: { mainstay: { asks: 'update', incidentId, nonce: 'n' }, text: 'so' } },
    },
    'closing',
    { kind: 'form', key: `form ${olo} n`, text: 'so' },
  ],
  [
    'a dialog without its number',
    { ...invoke, name: 'task/submit', value: { data: { mainstay: { asks: 'declare' }, title: 'x' } } },
    'closing',
    null,
  ],
  ['an invoke of another kind', { ...invoke, name: 'fileConsent/invoke', value: {} }, null, null],
  ['somebody who joined', { ...recorded, type: 'conversationUpdate' }, null, null],
  ['a program', { ...recorded, from: { id: '28:x', name: 'Bot' } }, null, null],
  ['another channel of the Bot Framework', { ...recorded, channelId: 'webchat' }, null, null],
])('%s', (_what, activity, wanted, inbound) => {
  const heard = readActivity(activity, of)
  expect(heard.wanted).toBe(wanted)
  if (inbound === null) expect(heard.inbound).toBeNull()
  else expect(heard.inbound).toMatchObject(inbound)
})

const payload = {
  linkToMessage: 'https://teams.microsoft.com/l/message/19:6decf54d86d945e4b3924b63a9161a78@thread.tacv2/1611060744833',
  id: '1611060799999',
  replyToId: '1611060744833',
  createdDateTime: '2021-01-19T12:52:24.833Z',
  deleted: false,
  body: {
    contentType: 'html',
    content: '<div><div><at id="0">Testing outgoing Webhook-Nikitha</at> - Hi &lt;b&gt;</div>\n</div>',
  },
  from: {
    device: null,
    user: { userIdentityType: 'aadUser', id: olo, displayName: 'Olo Brockhouse' },
    application: null,
  },
  mentions: [
    {
      id: 0,
      mentionText: 'Testing outgoing Webhook-Nikitha',
      mentioned: {
        user: null,
        application: { applicationIdentityType: 'webhook', id: 'b8c1c68c-e290-4bdd-81c3-266f310751dc' },
      },
    },
  ],
}

test('a recorded message action is a message marked for the timeline, in its thread', () => {
  const place = '19:6decf54d86d945e4b3924b63a9161a78@thread.tacv2'
  const activity = {
    ...invoke,
    name: 'composeExtension/fetchTask',
    conversation: { ...recorded.conversation, id: place },
    value: { commandId: 'keep', commandContext: 'message', messagePayload: payload },
  }
  expect(readActivity(activity, of)).toMatchObject({
    wanted: 'dialog',
    inbound: {
      kind: 'pinned',
      place: `${place};messageid=1611060744833`,
      author: olo,
      text: 'Testing outgoing Webhook-Nikitha - Hi <b>',
      at: Date.parse('2021-01-19T12:52:24.833Z'),
      ref: '1611060799999',
    },
  })
})

test('nothing that comes from outside throws, and nothing is read out of it', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string(), fc.string(), (value, text, other) => {
      const body = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
      expect(readActivity(body, of).inbound).toBeNull()
      readActivity({ ...recorded, text, entities: [value, { type: 'mention', mentioned: value, text: other }] }, of)
      readActivity(
        { ...invoke, name: 'composeExtension/fetchTask', value: { commandId: 'keep', messagePayload: value } },
        of,
      )
      readActivity({ ...invoke, name: 'task/submit', value: { data: value } }, of)
      expect(readConnectorToken(text)).toBeNull()
      expect(readConnectorToken(`Bearer ${text}.${other}.x`)).toBeNull()
      expect(readChannelLink(text)).toBeNull()
      expect(knownService({ cloud: 'public', apiUrl: null } as never, text)).toBeNull()
      expect(missedOf([body], { place: thread, appId, service, since: instant(0), now: instant(1) })).toEqual([])
      expect(findMarked([body], appId, 'x')).toBeNull()
      readMember(value)
      messageText(text, new Map([['0', other]]))
    }),
  )
})

test.each([
  ['plain & simple', 'plain &amp; simple'],
  ['a < b > c', 'a &lt; b &gt; c'],
  ['&lt; as written', '&amp;lt; as written'],
  ['one\ntwo', 'one<br>two'],
  ['a b', 'a&nbsp;b\u0000'],
  ['bold', '<b onclick="x">bold</b><script src=//x>'],
  ['< @b130c271-d2eb-45f9-83ab-9eb3fe3788bc>', '&lt;@b130c271-d2eb-45f9-83ab-9eb3fe3788bc&gt;'],
  ['by hand Ana', 'by hand <at>Ana</at>'],
])('%j is what people read', (read, written) => {
  expect(activityText(written, [])).toBe(read)
  expect(messageText(`<div>${written}</div>`, new Map())).toBe(read)
})

test('only who is among the mentions is mentioned, each once', () => {
  const twice = '<at>Ana</at> and <at>Ana</at>'
  expect(activityText(twice, [{ written: '<at>Ana</at>', user: '29:1a' }])).toBe('<@29:1a> and Ana')
  const users = new Map([
    ['29:1a', { user: olo, name: 'Ana' }],
    ['29:1b', { user: null, name: 'Ben' }],
  ])
  expect(withUsers('<@29:1a> <@29:1b> <@29:1c>', users)).toBe(`<@${olo}> @Ben @somebody`)
  expect(messageText('<at id="0">Ana</at> <at id="7">x</at>', new Map([['0', olo]]))).toBe(`<@${olo}> x`)
  expect(textOfMessage({ body: { contentType: 'text', content: 'a < b' } }, appId)).toBe('a < b')
  // Markup without an end takes no time.
  expect(messageText('<'.repeat(12_000), new Map()).length).toBe(12_000)
})

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
const at = instant(1_772_000_000_000)
const key = { key: createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })), endorsements: ['msteams'] }
const wanted = { issuer: 'https://api.botframework.com', appId: teamsIds.app, now: at }
const judged = (claims: object, more: object = {}, keyed: object = {}) => {
  const token = readConnectorToken(`Bearer ${connectorToken(privateKey, 'k', { at, service }, claims)}`)
  return token === null ? 'unread' : whyUntrue(token, { ...key, ...keyed }, { ...wanted, ...more })
}

test('a token is true when the connector signed it for this app, now', () => {
  const token = readConnectorToken(`bearer ${connectorToken(privateKey, 'k', { at, service })}`)
  expect(token?.keyId).toBe('k')
  expect(token === null ? null : serviceOf(token)).toBe(`${service}/`)
  expect(judged({})).toBeNull()
  expect(judged({ exp: at / 1_000 - 299, nbf: at / 1_000 - 3_000 })).toBeNull()
  expect(judged({ exp: at / 1_000 - 301 })).toMatch(/expired/)
  expect(judged({ exp: 'never' as never })).toMatch(/expired/)
  expect(judged({ nbf: at / 1_000 + 299 })).toBeNull()
  expect(judged({ nbf: at / 1_000 + 301 })).toMatch(/not valid yet/)
  expect(judged({ aud: appId })).toMatch(/another app/)
  expect(judged({ iss: 'https://api.botframework.us' })).toMatch(/not issued/)
  expect(judged({}, {}, { endorsements: ['webchat'] })).toMatch(/may not speak/)
  expect(judged({}, {}, { endorsements: [] })).toBeNull()
  for (const alg of ['none', 'HS256', 'ES256']) expect(judged({ alg })).toBe('unread')
  const [head = '', body = '', signature = ''] = connectorToken(privateKey, 'k', { at, service }).split('.')
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as object
  const altered = Buffer.from(JSON.stringify({ ...claims, aud: appId })).toString('base64url')
  const moved = readConnectorToken(`Bearer ${head}.${altered}.${signature}`)
  expect(moved === null ? null : whyUntrue(moved, key, { ...wanted, appId })).toMatch(/signature/)
  // A key of ours that somebody makes public is none of a MAC.
  const mac = sign(
    'sha256',
    Buffer.from(`${head}.${body}`),
    generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey,
  )
  const other = readConnectorToken(`Bearer ${head}.${body}.${mac.toString('base64url')}`)
  expect(other === null ? null : whyUntrue(other, key, wanted)).toMatch(/signature/)
})

test('only Microsoft’s own hosts of the cloud are believed and answered', () => {
  const settings = readTeamsSettings({ appId: appId.toUpperCase(), appSecret: 's', tenant })
  expect(settings).toMatchObject({ appId, cloud: 'public', channel: null, apiUrl: null })
  if (settings === null) return
  expect(knownService(settings, 'https://smba.trafficmanager.net/emea/')).toBe('https://smba.trafficmanager.net/emea')
  for (const url of [
    'http://smba.trafficmanager.net/emea/',
    'https://smba.trafficmanager.net.evil.example/',
    'https://evil.example/smba.trafficmanager.net',
    'https://smba.trafficmanager.net:8443/emea/',
    'https://user@smba.trafficmanager.net/emea/',
    'https://smba.trafficmanager.net/emea?x=1',
    'https://smba.infra.gov.teams.microsoft.us/teams/',
    null,
  ])
    expect(knownService(settings, url)).toBeNull()
  for (const cloud of teamsClouds) {
    const hosts = hostsOf({ cloud, apiUrl: null })
    expect(knownService({ ...settings, cloud }, `${hosts.service}/`)).toBe(hosts.service)
    for (const url of [hosts.login, hosts.metadata, hosts.issuer, hosts.graph, hosts.links])
      expect(url).toMatch(/^https:/)
  }
})

test('the link to a channel says which channel, which team, and whose', () => {
  const link = `https://teams.microsoft.com/l/channel/19%3A6decf%40thread.tacv2/In%20cidents?groupId=${olo}&tenantId=${tenant}&ngc=true`
  const channel = { id: '19:6decf@thread.tacv2', name: 'In cidents', team: olo }
  expect(readChannelLink(link)).toEqual({ channel, tenant })
  const kept = readTeamsSettings({ appId, appSecret: 's', tenant, channel: link })
  expect(kept?.channel).toEqual(channel)
  // As it is kept, it is read again.
  expect(readTeamsSettings({ appId, appSecret: 's', tenant, channel })?.channel).toEqual(channel)
  expect(rootOf('19:6decf@thread.tacv2;messageid=16', channel)).toBe('16')
  expect(rootOf('19:other@thread.tacv2;messageid=16', channel)).toBeNull()
  for (const wrong of [
    '',
    'https://teams.microsoft.com/l/channel/%/x',
    `https://teams.microsoft.com/l/channel/19%3Ax/x?groupId=${olo}`,
  ])
    expect(readChannelLink(wrong)).toBeNull()
})

test('a card holds every line in 28 KB, no markup of others, and its key', () => {
  const lines = Array.from({ length: 15 }, (_, index) => ({
    at: '2026-03-01T09:05:00.000Z',
    text: `[line ${index}](https://evil.example) {{DATE(2026-03-01T09:05:00Z)}} <at>all</at>\n${'é'.repeat(4_000)}`,
  }))
  const message = {
    head: 'SEV1 · Incident 1 · *x*',
    facts: [
      ['State', 'active'],
      ['Next update', '2026-03-01T09:35:00Z'],
    ] as const,
    lines,
    foot: '`/mainstay help` shows what can be done from here.',
    link: { label: 'Open in Mainstay', url: 'https://mainstay.example/incidents/1' },
    actions: ['acknowledge', 'command', 'mitigated', 'update'] as const,
  }
  const activity = roomActivity({ message, key: 'room:7', incidentId, isSummary: false })
  const text = JSON.stringify(activity)
  expect(Buffer.byteLength(text)).toBeLessThan(28_000)
  for (let index = 0; index < lines.length; index += 1) expect(text).toContain(`line ${index}`)
  expect(text).not.toMatch(/[^\\]\[line|\{\{|`\/mainstay/)
  expect(text).toContain('“@Mainstay help”')
  const [{ content }] = activity.attachments as [
    { content: { body: { id?: string; type: string }[]; actions: { type: string; title: string }[] } },
  ]
  expect(content.body[0]?.id).toBe(markOf('room:7'))
  expect(content.actions.map((each) => `${each.type} ${each.title}`)).toEqual([
    'Action.Execute Acknowledge',
    'Action.Execute Take command',
    'Action.Execute Mitigated',
    'Action.Submit Write an update',
    'Action.OpenUrl Open in Mainstay',
  ])
  const ours = { id: '5', from: { application: { id: appId } }, attachments: [{ content: JSON.stringify(content) }] }
  expect(findMarked([{ ...ours, from: { user: { id: olo } } }, ours], appId, markOf('room:7'))).toBe('5')
  expect(findMarked([ours], appId, markOf('room:8'))).toBeNull()
})

test('text is cut between letters', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 4, max: 40 }), (text, bytes) => {
      const short = cut(text, bytes)
      expect(Buffer.byteLength(short)).toBeLessThanOrEqual(Math.max(bytes, Buffer.byteLength(text.toWellFormed())))
      if (Buffer.byteLength(text) > bytes) expect(Buffer.byteLength(short)).toBeLessThanOrEqual(bytes)
      expect(short.isWellFormed()).toBe(true)
    }),
  )
})

test('an answer is plain text, and a name cannot mention anybody else', () => {
  expect(answerActivity('Write `help`. **x** [a](b)')).toEqual({
    type: 'message',
    textFormat: 'plain',
    text: 'Write “help”. **x** [a](b)',
  })
  const text = JSON.stringify(mentionActivity([{ user: olo, name: '<at>[Ana](x)</at> & co' }], 'you are asked in.'))
  expect(text).toContain('"text":"<at>at Ana (x) /at co</at>"')
})

test.each([
  [
    { id: oloHere, aadObjectId: olo, name: 'Olo', email: 'olo@shop.example', tenantId: tenant, userRole: 'user' },
    'olo@shop.example',
  ],
  [
    { id: oloHere, objectId: olo, givenName: 'Olo', surname: 'B', userPrincipalName: 'olo@shop.example' },
    'olo@shop.example',
  ],
  [{ id: oloHere, objectId: olo, email: 'olo@shop.example', userRole: 'guest' }, null],
  [
    { id: oloHere, objectId: olo, email: 'olo@shop.example', userPrincipalName: 'olo_x#EXT#@shop.onmicrosoft.com' },
    null,
  ],
  [{ id: oloHere, objectId: olo, email: 'olo@shop.example', tenantId: olo }, null],
  [{ id: oloHere, name: 'Anon1 (Guest)', userRole: 'anonymous' }, null],
])('%j is known by the address %s', (member, email) => {
  expect(describeMember(readMember(member), tenant).email).toBe(email)
})

test.each([
  [429, { error: { code: 'Throttled' } }, { kind: 'wait', afterMs: 7_000 }],
  [412, { error: { code: 'PreconditionFailed' } }, { kind: 'wait' }],
  [502, 'bad gateway', { kind: 'lost' }],
  [
    404,
    { error: { code: 'ConversationNotFound', message: 'Conversation not found.' } },
    { kind: 'refused', code: 'room-gone' },
  ],
  [404, { error: { code: 'ActivityNotFoundInConversation' } }, { kind: 'refused', code: 'message-gone' }],
  [
    403,
    { error: { code: 'BotNotInConversationRoster' } },
    { kind: 'refused', code: 'other', because: expect.stringMatching(/add it there/) },
  ],
  [
    403,
    { error: { code: 'BotDisabledByAdmin' } },
    { kind: 'refused', because: expect.stringMatching(/blocked the app/) },
  ],
  [
    413,
    { error: { code: 'MessageSizeTooBig', message: 'Message size too large.' } },
    { kind: 'refused', because: expect.stringMatching(/too large/) },
  ],
  [201, { id: '1' }, { kind: 'done', value: { id: '1' } }],
  [200, '', { kind: 'done' }],
])('%i %j', (status, body, outcome) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const reply = {
    status,
    headers: status === 429 ? { 'retry-after': '7' } : {},
    body: Buffer.from(text),
    complete: true,
  }
  expect(judge(reply, 'POST conversations')).toMatchObject(outcome)
})

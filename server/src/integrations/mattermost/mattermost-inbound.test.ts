import { generateKeyPairSync, sign as signWith } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { instant } from '../../kernel/instant.ts'
import {
  askedIn,
  parse,
  readCommandForm,
  readForm,
  readFormState,
  readPost,
  readPress,
  withMentions,
} from './mattermost-inbound.ts'
import { hasToken, openSigned, readTrigger, sign, whyUntrue } from './mattermost-proof.ts'
import { roomPost } from './mattermost-room-message.ts'

const keys = () => [{ key: Buffer.alloc(32, 1) }]
const former = () => [{ key: Buffer.alloc(32, 2) }, { key: Buffer.alloc(32, 1) }]

// The request of Mattermost's own documentation of slash commands.
const documented =
  'channel_id=i3bb9xfyqt8rtbyshmyhgsj16c&channel_name=town-square&command=%2Ftest&response_url=http%3A%2F%2F10.0.0.5%3A8065%2Fhooks%2Fcommands%2Fzozc1xwxybdedeyz8djwjpngny&team_domain=rrrr&team_id=tsb8crrn5tgqtedpkt81b4tcya&text=asd&token=nezum4kpu3faiec7r7c5zt6tfy&trigger_id=NG1kM3lyN2NqYmQxcGNyc2s0Nmo5em0xb2M6azF4NGFxZGp5MzgxM2M4NG03NzFlb2M5eG86MTU1MTIwODE5NTQyNzpNRVVDSUhSdWFrdmVGZ0RhTTd6UERoMWVEVndZK2NGbXlSYUxWQ054SVRLZGdxTWZBaUVBeGQvOU95NTFOeWxiTWVsRE1ZK0d4S2FzL2Z1TUU2Y0J1bW5JbFBCOXVEVT0%3D&user_id=k1x4aqdjy3813c84m771eoc9xo&user_name=tester'

test('the documented slash command is read, with who and when in its trigger', () => {
  const form = readCommandForm(documented)
  const trigger = readTrigger(form.trigger)
  expect(trigger).toMatchObject({
    id: '4md3yr7cjbd1pcrsk46j9zm1oc',
    user: 'k1x4aqdjy3813c84m771eoc9xo',
    at: 1_551_208_195_427,
  })
  expect(form.inbound('4md3yr7cjbd1pcrsk46j9zm1oc')).toMatchObject({
    kind: 'command',
    user: 'k1x4aqdjy3813c84m771eoc9xo',
    place: 'i3bb9xfyqt8rtbyshmyhgsj16c',
    text: 'asd',
    answerTo: { hook: 'zozc1xwxybdedeyz8djwjpngny' },
  })
  expect(hasToken('Token nezum4kpu3faiec7r7c5zt6tfy', 'nezum4kpu3faiec7r7c5zt6tfy')).toBe(true)
  for (const header of ['Token nezum4kpu3faiec7r7c5zt6tfx', 'nezum4kpu3faiec7r7c5zt6tfy', undefined, ['Token x']])
    expect(hasToken(header, 'nezum4kpu3faiec7r7c5zt6tfy')).toBe(false)
})

const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const user = 'k1x4aqdjy3813c84m771eoc9xo'
function trigger(said: string, key = pair.privateKey): string {
  return Buffer.from(`${said}${signWith('sha256', Buffer.from(said), key).toString('base64')}`).toString('base64')
}
const at = instant(1_772_000_000_000)
const said = `4md3yr7cjbd1pcrsk46j9zm1oc:${user}:${at}:`

test('a trigger is true when the server signed it for this person just now', () => {
  const judged = (text: string, now = at, who = user) =>
    whyUntrue(readTrigger(text), { user: who, now, key: pair.publicKey })
  expect(judged(trigger(said))).toBeNull()
  // Newer servers name the channel, too.
  expect(judged(trigger(`${said}i3bb9xfyqt8rtbyshmyhgsj16c:`))).toBeNull()
  expect(judged(trigger(said), instant(at + 301_000))).toMatch(/too old/)
  expect(judged(trigger(said), at, 'somebodyelse00000000000000')).toMatch(/somebody else/)
  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  expect(judged(trigger(said, other.privateKey))).toMatch(/wrong/)
  const moved = Buffer.from(trigger(said), 'base64')
    .toString('utf8')
    .replace(String(at), String(at + 60_000))
  expect(judged(Buffer.from(moved).toString('base64'))).toMatch(/wrong/)
  expect(judged('')).toMatch(/missing/)
  expect(whyUntrue(readTrigger(trigger(said)), { user, now: at, key: null })).toMatch(/not known/)
})

test('what we signed comes back, also under a former key, and nothing else does', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.nat(), (value, place) => {
      const signed = sign(keys, value)
      expect(openSigned(former, signed)).toEqual(JSON.parse(JSON.stringify(value)))
      expect(openSigned(() => [{ key: Buffer.alloc(32, 3) }], signed)).toBeNull()
      const index = place % signed.indexOf('.')
      const changed = `${signed.slice(0, index)}${signed[index] === 'A' ? 'B' : 'A'}${signed.slice(index + 1)}`
      expect(openSigned(keys, changed)).toBeNull()
    }),
  )
})

test('nothing that comes from outside throws, and nothing is read out of it', () => {
  fc.assert(
    fc.property(fc.string(), fc.jsonValue(), (text, value) => {
      expect(openSigned(keys, text)).toBeNull()
      expect(readTrigger(text)).toBeNull()
      expect(readCommandForm(text).inbound('x')).toBeNull()
      expect(readPost(value, 'bot')).toBeNull()
      expect(readFormState(value)).toBeNull()
      expect(readPress(parse(text), value, 'x')).toBeNull()
      expect(typeof withMentions(text, new Map())).toBe('string')
    }),
  )
})

test.each([
  ['role commander @ana.smith', 'role commander <@k1x4aqdjy3813c84m771eoc9xo>'],
  ['@Ana.Smith, look', '<@k1x4aqdjy3813c84m771eoc9xo>, look'],
  ['ask @ana.smith.', 'ask <@k1x4aqdjy3813c84m771eoc9xo>.'],
  ['write to me@ana.smith and @ben', 'write to me@ana.smith and @ben'],
])('%j names people', (text, named) => {
  expect(withMentions(text, new Map([['ana.smith', user]]))).toBe(named)
})

test.each([
  ['@mainstay ack', false, 'ack'],
  ['@Mainstay: sev 2 because it spreads', false, 'sev 2 because it spreads'],
  ['@mainstay', false, ''],
  ['ack', false, null],
  ['ack', true, 'ack'],
  ['ask @mainstay ack', false, null],
  ['@mainstays ack', false, null],
])('%j is asked of us: alone %s', (text, alone, asked) => {
  expect(askedIn(text, 'mainstay', alone)).toBe(asked)
})

const post = {
  id: 'ejy7jkn6ktn4mb8tm9fxjt8hho',
  create_at: 1_551_208_195_427,
  update_at: 1_551_208_195_427,
  edit_at: 0,
  delete_at: 0,
  is_pinned: false,
  user_id: user,
  channel_id: 'i3bb9xfyqt8rtbyshmyhgsj16c',
  message: 'it began with 4.2',
  type: '',
  props: {},
}

test.each([
  ['said by a person', post, 'it began with 4.2'],
  ['a join', { ...post, type: 'system_join_channel' }, undefined],
  ['ours', { ...post, user_id: 'bot0000000000000000000000b' }, undefined],
  ['a program’s', { ...post, props: { from_bot: 'true' } }, undefined],
  ['a webhook’s', { ...post, props: { from_webhook: 'true' } }, undefined],
  ['removed', { ...post, delete_at: 1_551_208_195_428 }, undefined],
  ['from another age', { ...post, create_at: 9e15 }, undefined],
])('a post: %s', (_what, given, text) => {
  expect(readPost(given, 'bot0000000000000000000000b')?.text).toBe(text)
})

test('a form is read for whom it was signed', () => {
  const incidentId = '0b6a1f5e-3d3c-4a51-9d0e-0f2f6b3c9a11'
  const state = { kind: 'update', incidentId, user, place: null, at, nonce: 'n1' }
  const read = readFormState(JSON.parse(JSON.stringify(state)))
  expect(read).toEqual(state)
  if (read === null) return
  expect(readForm({ submission: { text: 'We roll back.' } }, read)).toMatchObject({
    kind: 'form',
    incidentId,
    text: 'We roll back.',
    key: 'form n1',
  })
  expect(readForm({ cancelled: true, submission: null }, read)).toBeNull()
  expect(readFormState({ ...state, incidentId: '' })).toBeNull()
})

test('a post says every line, mentions nobody, and its buttons carry what only the server is given', () => {
  const lines = Array.from({ length: 12 }, (_, index) => ({
    at: '2026-03-01T09:05:00Z',
    text: `@channel line ${index} ${'x'.repeat(900)}`,
  }))
  const message = {
    head: 'SEV1 · Incident 1',
    facts: [['State', 'active']] as const,
    lines,
    foot: null,
    link: { label: 'Open in Mainstay', url: 'https://mainstay.example/incidents/1' },
    actions: ['acknowledge'] as const,
  }
  const body = roomPost(
    { message, key: 'k', incidentId: 'i', isSummary: false },
    { publicUrl: 'https://mainstay.example', sign: (pressed) => sign(keys, pressed) },
  )
  const text = JSON.stringify(body)
  for (let index = 0; index < lines.length; index += 1) expect(text).toContain(`line ${index} `)
  expect(String(body.message).length).toBeLessThan(4_000)
  expect(text).not.toMatch(/@channel/)
  expect(body).toMatchObject({
    props: {
      mainstay_key: 'k',
      attachments: expect.arrayContaining([
        expect.objectContaining({
          actions: [
            expect.objectContaining({
              id: 'acknowledge',
              integration: expect.objectContaining({
                url: 'https://mainstay.example/api/v1/chat/mattermost/interactions',
              }),
            }),
          ],
        }),
      ]),
    },
  })
})

import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { instant } from '../../kernel/instant.ts'
import type { InboundDoor } from '../../modules/chat/chat.ports.ts'
import { plainText, readEnvelope, readSlackRequest } from './slack-inbound.ts'
import { roomBody } from './slack-room-message.ts'

const settings = { botToken: 'xoxb-test', signingSecret: '8f742231b10e8888abcd99yyyzzz85a5' }
const at = instant(1_531_420_618_000)

function request(body: string, secret = settings.signingSecret, time = at / 1_000) {
  const signature = createHmac('sha256', secret).update(`v0:${time}:${body}`).digest('hex')
  const headers = { 'x-slack-request-timestamp': String(time), 'x-slack-signature': `v0=${signature}` }
  return { headers, body: Buffer.from(body), now: at }
}

test('the example of Slack’s own documentation is genuine, and no longer when a byte differs', () => {
  const body =
    'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c'
  const headers = {
    'x-slack-request-timestamp': '1531420618',
    'x-slack-signature': 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
  }
  const read = readSlackRequest('commands', { headers, body: Buffer.from(body), now: at }, settings)
  expect(read).toMatchObject({
    kind: 'read',
    inbound: { kind: 'command', user: 'U2CERLKJA', place: 'G8PSS9T3V', text: '' },
  })
  const other = { headers, body: Buffer.from(`${body}x`), now: at }
  expect(readSlackRequest('commands', other, settings)).toMatchObject({ kind: 'forged' })
  expect(readSlackRequest('commands', { headers, body: Buffer.from(body), now: at }, null)).toMatchObject({
    kind: 'forged',
  })
})

test.each([
  ['<@U024BE7LH|bob> &amp; <@W1>', '<@U024BE7LH> & <@W1>'],
  ['see <https://a.example/b?c=1|the graph>', 'see the graph (https://a.example/b?c=1)'],
  ['<https://a.example|a.example> <https://a.example>', 'https://a.example https://a.example'],
  ['<mailto:ana@shop.example|ana@shop.example>', 'ana@shop.example'],
  ['<#C024BE7LR|general> <!here> <!subteam^S1|@web>', '#general @here @web'],
  ['1 &lt; 2 &gt; 0 &amp;lt;', '1 < 2 > 0 &lt;'],
])('%s reads %s', (written, read) => {
  expect(plainText(written)).toBe(read)
})

test('whatever is signed is read or passed over, never an error', () => {
  const doors = fc.constantFrom<InboundDoor>('events', 'commands', 'interactions')
  const odd = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.json(),
    fc.json().map((text) => `payload=${encodeURIComponent(text)}`),
    fc.json().map((text) => `{"type":"event_callback","event_id":"E1","event":${text}}`),
  )
  fc.assert(
    fc.property(doors, odd, (door, body) => {
      expect(readSlackRequest(door, request(body), settings).kind).toMatch(/read|challenge/)
      expect(readSlackRequest(door, request(body, 'another'), settings).kind).toBe('forged')
      expect(() => readEnvelope(body)).not.toThrow()
    }),
  )
})

test('an envelope names what is to be acknowledged, even when it says nothing to us', () => {
  expect(readEnvelope('{"type":"hello","num_connections":1}')).toMatchObject({ id: null, type: 'hello', inbound: null })
  expect(readEnvelope('{"type":"disconnect","reason":"warning"}')).toMatchObject({
    type: 'disconnect',
    reason: 'warning',
  })
  const event = { type: 'event_callback', event_id: 'E1', event: { type: 'reaction_added', user: 'U1' } }
  expect(readEnvelope(JSON.stringify({ type: 'events_api', envelope_id: 'e', payload: event }))).toMatchObject({
    id: 'e',
    inbound: null,
  })
})

test('the blocks stay within Slack’s limits, whatever is told', () => {
  const long = fc.string({ unit: 'grapheme', maxLength: 6_000 })
  fc.assert(
    fc.property(long, fc.array(long, { maxLength: 15 }), fc.array(long, { maxLength: 12 }), (head, lines, values) => {
      const message = {
        head,
        facts: values.map((value) => ['Label', value] as const),
        lines: lines.map((text) => ({ at: '2026-03-02T09:00:00.000Z', text })),
        foot: null,
        link: null,
        actions: [],
      }
      const { blocks } = roomBody({ message, key: 'k', incidentId: 'i', isSummary: false }) as {
        blocks: { type: string; text?: { text: string }; fields?: { text: string }[] }[]
      }
      expect(blocks.length).toBeLessThanOrEqual(50)
      for (const block of blocks) {
        expect(block.text?.text.length ?? 0).toBeLessThanOrEqual(block.type === 'header' ? 150 : 3_000)
        expect(block.fields?.length ?? 0).toBeLessThanOrEqual(10)
        for (const field of block.fields ?? []) expect(field.text.length).toBeLessThanOrEqual(2_000)
      }
    }),
    { numRuns: 30 },
  )
})

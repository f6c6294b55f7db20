// Every HTTP channel against its provider's protocol on a real socket: taken, throttled, broken, silent, cut off.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createDiscordChannel } from '../../integrations/discord/discord-channel.ts'
import { createMattermostChannel } from '../../integrations/mattermost/mattermost-channel.ts'
import { createNtfyChannel } from '../../integrations/ntfy/ntfy-channel.ts'
import { createSlackChannel } from '../../integrations/slack/slack-channel.ts'
import { createTeamsChannel } from '../../integrations/teams/teams-channel.ts'
import { createTeamsTokens } from '../../integrations/teams/teams-token.ts'
import { createTelegramChannel } from '../../integrations/telegram/telegram-channel.ts'
import { createSmsChannel, createVoiceChannel } from '../../integrations/twilio/twilio-channel.ts'
import { instant } from '../../kernel/instant.ts'
import type { JsonObject } from '../../kernel/json.ts'
import { createEgress, type Egress, type EgressRecord } from '../../platform/egress/index.ts'
import type { Channel, ChannelOutcome, Outgoing } from './notifications.ports.ts'
import { type ProviderServer, startProvider } from './testing/provider-server.ts'
import * as providers from './testing/providers.ts'

const records: EgressRecord[] = []
const egress: Egress = createEgress({
  policies: (connector) => ({
    connector,
    allow: [{ cidr: '127.0.0.0/8', ports: 'any', schemes: ['http'] }],
    maxConcurrentPerTarget: 50,
  }),
  guard: { ownPorts: () => [], endpoints: () => [], ownAddresses: () => [] },
  observe: (record) => records.push(record),
})
const publicUrl = 'https://mainstay.example'

interface Case {
  readonly name: string
  readonly documented: Parameters<typeof startProvider>[0]
  readonly channel: (url: string) => Channel
  readonly address: (url: string) => object
  /** The same with a secret the provider does not take, or a place that is gone. */
  readonly wrong: (url: string) => { readonly channel?: Channel; readonly address?: object; readonly gone: boolean }
  readonly ref: JsonObject | null
  readonly secrets: readonly string[]
}

const connected = (settings: JsonObject) => ({ egress, settings: async () => settings })
const slackBot = (botToken: string) => (url: string) =>
  createSlackChannel(connected({ botToken, signingSecret: 's', apiUrl: url }))
const telegramBot = (botToken: string) => (apiUrl: string) =>
  createTelegramChannel(connected({ botToken, secretToken: 's', apiUrl }))
const mattermostBot = (botToken: string) => (url: string) =>
  createMattermostChannel({ ...connected({ url, botToken }), publicUrl })
const teamsWebhook = createTeamsChannel({ egress, settings: async () => null, tokens: createTeamsTokens(egress) })
const account = (authToken: string, apiUrl: string) => ({
  ...connected({ apiUrl, accountSid: 'ACright00000', authToken, from: '+15005550006' }),
  publicUrl,
})
const channelId = 'abcdefghijklmnopqrstuvwxyz'

const cases: readonly Case[] = [
  {
    name: 'Slack bot',
    documented: providers.slack,
    channel: slackBot('xoxb-right'),
    address: () => ({ recipient: 'U0123456' }),
    wrong: (url) => ({ channel: slackBot('xoxb-wrong')(url), gone: false }),
    ref: { channel: 'D0123456', ts: '1767225600.000100' },
    secrets: ['xoxb-right', 'xoxb-wrong'],
  },
  {
    name: 'Slack webhook',
    documented: providers.slack,
    channel: slackBot('none'),
    address: (url) => ({ url: `${url}/services/T/B/hidden` }),
    wrong: (url) => ({ address: { url: `${url}/services/T/B/gone` }, gone: true }),
    ref: null,
    secrets: ['hidden'],
  },
  {
    name: 'Teams webhook',
    documented: providers.teams,
    channel: () => teamsWebhook,
    address: (url) => ({ url: `${url}/workflows/hidden?sig=hidden` }),
    wrong: () => ({ gone: false }),
    ref: null,
    secrets: ['hidden'],
  },
  {
    name: 'Mattermost bot',
    documented: providers.mattermost,
    channel: mattermostBot('mm-right'),
    address: () => ({ recipient: channelId }),
    wrong: (url) => ({ channel: mattermostBot('mm-wrong')(url), gone: false }),
    ref: { post: 'post26characters0000000000' },
    secrets: ['mm-right', 'mm-wrong'],
  },
  {
    name: 'Mattermost webhook',
    documented: providers.mattermost,
    channel: mattermostBot('none'),
    address: (url) => ({ url: `${url}/hooks/hidden` }),
    wrong: () => ({ gone: false }),
    ref: null,
    secrets: ['hidden'],
  },
  {
    name: 'Discord',
    documented: providers.discord,
    channel: () => createDiscordChannel(egress),
    address: (url) => ({ url: `${url}/api/webhooks/1/right` }),
    wrong: (url) => ({ address: { url: `${url}/api/webhooks/1/deleted` }, gone: true }),
    ref: { id: '900' },
    secrets: ['/1/right', '/1/deleted'],
  },
  {
    name: 'Telegram',
    documented: providers.telegram,
    channel: telegramBot('1:right'),
    address: () => ({ recipient: '4242' }),
    wrong: () => ({ address: { recipient: '666' }, gone: true }),
    ref: { chat_id: 4242, message_id: 17 },
    secrets: ['1:right'],
  },
  {
    name: 'ntfy',
    documented: providers.ntfy,
    channel: () => createNtfyChannel(egress),
    address: (url) => ({ url: `${url}/hidden-topic`, token: 'tk_right' }),
    wrong: (url) => ({ address: { url: `${url}/hidden-topic`, token: 'tk_wrong' }, gone: false }),
    ref: { sequence: 'handle-of-this-message' },
    secrets: ['hidden-topic', 'tk_right', 'tk_wrong'],
  },
  {
    name: 'SMS',
    documented: providers.twilio,
    channel: (url) => createSmsChannel(account('token-right', url)),
    address: () => ({ phone: '+491701234567' }),
    wrong: () => ({ address: { phone: '+15005550009' }, gone: true }),
    ref: null,
    secrets: ['token-right'],
  },
  {
    name: 'call',
    documented: providers.twilio,
    channel: (url) => createVoiceChannel(account('token-right', url)),
    address: () => ({ phone: '+491701234567' }),
    wrong: (url) => ({ channel: createVoiceChannel(account('token-wrong', url)), gone: false }),
    ref: { call: 'CA1' },
    secrets: ['token-right', 'token-wrong'],
  },
]

const ackUrl = `${publicUrl}/a/l1.abcd.token`
const body = [
  'What: Disk <full> & "quoted" @channel',
  'Service: nas (critical)',
  'Who is hurt: not known yet',
  `Acknowledge: ${ackUrl}`,
  `Open: ${publicUrl}/alerts/1`,
].join('\n')
const outgoing = (address: object, rest: Partial<Outgoing> = {}): Outgoing => ({
  address: JSON.stringify(address),
  message: { subject: 'Critical: nas – Disk <full>', short: 'nas: Disk full. Since 03:04.', body },
  key: 'page:1:1:ana:1:c',
  handle: 'handle-of-this-message',
  answerToken: 'ms1.sealed',
  urgency: 'high',
  ackUrl,
  openUrl: `${publicUrl}/alerts/1`,
  at: instant(Date.UTC(2026, 2, 2, 3, 4)),
  about: { purpose: 'page' },
  beforeWrite: async () => undefined,
  signal: new AbortController().signal,
  ...rest,
})

describe.each(cases)('$name', ({ documented, channel: make, address, wrong, ref, secrets }) => {
  let provider: ProviderServer
  const seen: ChannelOutcome[] = []
  const send = async (
    rest: Partial<Outgoing> = {},
    other: Channel | undefined = undefined,
    to = address(provider.url),
  ) => {
    const outcome = await (other ?? make(provider.url)).send(outgoing(to, rest))
    seen.push(outcome)
    return outcome
  }
  beforeAll(async () => {
    provider = await startProvider(documented)
  })
  afterAll(async () => {
    await provider.close()
    // Whatever happened: no secret stands in what is kept or logged.
    const kept = JSON.stringify([seen.map((each) => ({ ...each, ref: null })), records])
    for (const secret of secrets) expect(kept).not.toContain(secret)
  })
  beforeEach(() => {
    provider.manner = 'documented'
    provider.asked.length = 0
  })

  test('takes a page as the provider documents it', async () => {
    const outcome = await send()
    expect(outcome).toMatchObject({ kind: 'accepted', receipt: expect.any(String) })
    expect(outcome.kind === 'accepted' ? (outcome.ref ?? null) : null).toEqual(ref)
    expect(provider.asked).toHaveLength(1)
    expect(provider.asked[0]?.text).toContain('Disk')
  })

  test('429 with Retry-After waits as asked, 503 tries again', async () => {
    provider.manner = { status: 429, headers: { 'retry-after': '7' }, body: { ok: false, error: 'ratelimited' } }
    expect(await send()).toMatchObject({ kind: 'refused', retryAfterMs: 7_000 })
    provider.manner = { status: 503, body: 'upstream down' }
    const later = await send()
    expect(later).toMatchObject({ kind: 'refused', because: expect.stringContaining('503') })
    expect('retryAfterMs' in later).toBe(false)
  })

  test('an answer that never comes, and a connection cut after the request, are doubts', async () => {
    provider.manner = 'hang'
    const abort = new AbortController()
    const sending = send({ signal: abort.signal })
    await provider.next()
    abort.abort()
    expect(await sending).toMatchObject({ kind: 'lost' })
    provider.manner = 'drop'
    expect(await send()).toMatchObject({ kind: 'lost' })
  })

  test('nobody listening is a refusal, and what was stopped is never written', async () => {
    const closed = await startProvider(documented)
    await closed.close()
    expect(await send({}, make(closed.url), address(closed.url))).toMatchObject({ kind: 'refused' })
    let asked = 0
    const stopped = async () => {
      asked += 1
      throw new Error('acknowledged')
    }
    await expect(send({ beforeWrite: stopped })).rejects.toThrow('acknowledged')
    expect([asked, provider.asked.length]).toEqual([1, 0])
  })

  test('what the provider refuses for good is not repeated', async () => {
    const { channel, address: to, gone } = wrong(provider.url)
    if (channel === undefined && to === undefined) {
      provider.manner = { status: 400, body: { error: 'bad' } }
      expect(await send()).toMatchObject({ kind: 'rejected' })
      return
    }
    const outcome = await send({}, channel, to ?? address(provider.url))
    expect(outcome.kind).toBe('rejected')
    expect(outcome.kind === 'rejected' && outcome.gone === true).toBe(gone)
  })

  test('is changed in place where the provider can', async () => {
    const channel = make(provider.url)
    if (channel.update === undefined || ref === null) return expect(ref).toBeNull()
    const { message, openUrl, at, handle } = outgoing({})
    const edit = { address: JSON.stringify(address(provider.url)), ref, message, handle, openUrl, at }
    const outcome = await channel.update({ ...edit, sentence: 'ana acknowledged.', signal: AbortSignal.timeout(5_000) })
    expect(outcome.kind).toBe('accepted')
    const text = provider.asked[0]?.text ?? ''
    expect(text.includes('ana acknowledged.') || text === 'Status=canceled').toBe(true)
    expect(text).not.toContain('/a/l1.')
  })
})

test('Teams: throttling told inside a 200 is throttling', async () => {
  const provider = await startProvider(() => ({
    status: 200,
    body: 'Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429 with ContextId x',
  }))
  const outcome = await teamsWebhook.send(outgoing({ url: `${provider.url}/w` }))
  expect(outcome.kind).toBe('refused')
  await provider.close()
})

test('text from outside mentions nobody and is no markup', async () => {
  const provider = await startProvider(providers.slack)
  await createSlackChannel(connected({ botToken: 'xoxb-right', signingSecret: 's', apiUrl: provider.url })).send(
    outgoing({ recipient: 'C0123456' }),
  )
  const sent = JSON.parse(provider.asked[0]?.text ?? '{}') as { blocks: { text?: { text: string } }[] }
  expect(sent.blocks[1]?.text?.text).toContain('Disk &lt;full&gt; &amp; "quoted"')
  await provider.close()
  const chat = await startProvider(providers.mattermost)
  await createMattermostChannel({ ...connected({}), publicUrl }).send(outgoing({ url: `${chat.url}/hooks/x` }))
  expect(chat.asked[0]?.text).not.toContain('@channel')
  await chat.close()
  const guild = await startProvider(providers.discord)
  await createDiscordChannel(egress).send(outgoing({ url: `${guild.url}/api/webhooks/1/right` }))
  expect(JSON.parse(guild.asked[0]?.text ?? '{}')).toMatchObject({ allowed_mentions: { parse: [] } })
  await guild.close()
})

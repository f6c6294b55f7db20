// Every name of the room `notifications` that leaves.
import { type Static, Type } from 'typebox'
import type { JsonObject } from '../../kernel/json.ts'
import { operation } from '../../platform/http/operation.ts'
import { Page, PageQuery } from '../../platform/http/page.ts'
import { Id, Name, Nullable, Text, Time, Words } from '../../platform/http/schemas.ts'
import { defineEvent } from '../../platform/journal/journal.ts'
import { defineJob } from '../../platform/work/job.ts'
import { connectionKinds, contactKinds } from './core/index.ts'

const ContactId = Type.String({ pattern: '^[a-z0-9-]{1,64}$', description: '`email` is the address of the catalog.' })
export const Contact = Type.Object(
  {
    id: ContactId,
    person: Name,
    kind: Words(contactKinds),
    label: Type.String(),
    /** Never the whole address of anything but an e-mail: subscriptions and URLs carry secrets. */
    verified: Type.Boolean(),
    source: Words(['catalog', 'person'], 'The address of the catalog is a contact by itself.'),
    disabledBecause: Nullable(Type.String()),
    createdAt: Nullable(Time),
  },
  { title: 'Contact' },
)
export type ContactReply = Static<typeof Contact>

const ContactList = Type.Object({ items: Type.Array(Contact) })
const OfPerson = Type.Optional(Name)

export const listContacts = operation({
  id: 'contacts.list',
  method: 'GET',
  path: '/api/v1/contacts',
  summary: 'The ways to reach a person, one’s own unless said (20 at most)',
  query: Type.Object({ person: OfPerson }),
  reply: ContactList,
  errors: ['notifications.no-person'],
})

export const ContactOrder = Type.Object(
  {
    kind: Words(contactKinds),
    label: Type.Optional(Text(80, 'For yourself: "Pixel 9".')),
    email: Type.Optional(Type.String({ format: 'email', maxLength: 320 })),
    url: Type.Optional(Type.String({ format: 'uri', pattern: '^https?://', maxLength: 2000 })),
    phone: Type.Optional(Type.String({ maxLength: 40, description: 'With its country code: +491701234567.' })),
    recipient: Type.Optional(
      Text(
        80,
        'A Slack member or channel, a Telegram chat, a Mattermost channel, a Teams user (object id), as its provider names it.',
      ),
    ),
    token: Type.Optional(Type.String({ minLength: 1, maxLength: 300, description: 'Access token of an ntfy topic.' })),
    secret: Type.Optional(
      Type.String({ maxLength: 100, description: 'Standard Webhooks secret; made and shown once when left out.' }),
    ),
    subscription: Type.Optional(
      Type.Object({
        endpoint: Type.String({ format: 'uri', pattern: '^https?://', maxLength: 2000 }),
        expirationTime: Type.Optional(Nullable(Type.Number())),
        keys: Type.Object({
          p256dh: Type.String({ pattern: '^[A-Za-z0-9_-]{80,100}=*$' }),
          auth: Type.String({ pattern: '^[A-Za-z0-9_-]{20,30}=*$' }),
        }),
      }),
    ),
  },
  {
    title: 'ContactOrder',
    description:
      'email needs `email`; sms and voice `phone`; telegram `recipient`; slack, mattermost and teams `recipient` or the `url` of an incoming webhook; discord, ntfy and webhook `url`; webpush `subscription`.',
  },
)
export type ContactOrder = Static<typeof ContactOrder>

export const createContact = operation({
  id: 'contacts.create',
  method: 'POST',
  path: '/api/v1/contacts',
  summary: 'Add a way to reach oneself; all but a browser are then verified by a code',
  body: ContactOrder,
  reply: Type.Object({ contact: Contact, secret: Nullable(Type.String({ description: 'Shown once.' })) }),
  status: 201,
  errors: [
    'notifications.no-person',
    'notifications.contact-incomplete',
    'notifications.contact-exists',
    'notifications.too-many-contacts',
  ],
})

const ContactParams = Type.Object({ id: ContactId })
export const verifyContact = operation({
  id: 'contacts.verify',
  method: 'POST',
  path: '/api/v1/contacts/{id}/verify',
  summary: 'Give the code that was sent to the contact; without a code a new one is sent',
  params: ContactParams,
  body: Type.Object({ code: Type.Optional(Type.String({ pattern: '^[0-9]{6}$' })) }),
  reply: Contact,
  errors: ['notifications.no-person', 'notifications.unknown-contact', 'notifications.wrong-code'],
})

export const deleteContact = operation({
  id: 'contacts.delete',
  method: 'DELETE',
  path: '/api/v1/contacts/{id}',
  summary: 'Remove a contact and the rules that name it',
  params: ContactParams,
  reply: Type.Null(),
  status: 204,
  errors: ['notifications.no-person', 'notifications.unknown-contact'],
})

export const testContact = operation({
  id: 'contacts.test',
  method: 'POST',
  path: '/api/v1/contacts/{id}/test',
  summary: 'Send a test page: the whole path, no alert',
  params: ContactParams,
  reply: Type.Object({ delivery: Type.String() }),
  status: 202,
  errors: ['notifications.no-person', 'notifications.unknown-contact', 'notifications.tested-just-now'],
})

const Step = Type.Object({ delayMs: Type.Integer({ minimum: 0 }), contact: ContactId })
export const NotificationRules = Type.Object(
  { high: Type.Array(Step, { maxItems: 20 }), low: Type.Array(Step, { maxItems: 20 }) },
  { title: 'NotificationRules' },
)
export const RulesReply = Type.Object(
  {
    person: Name,
    rules: NotificationRules,
    /** What would surprise the person at night. */
    findings: Type.Array(Type.Object({ code: Type.String(), sentence: Type.String() })),
  },
  { title: 'NotificationRulesOfPerson' },
)

export const readRules = operation({
  id: 'rules.read',
  method: 'GET',
  path: '/api/v1/notification-rules',
  summary: 'Which contacts are tried when, one’s own unless said',
  query: Type.Object({ person: OfPerson }),
  reply: RulesReply,
  errors: ['notifications.no-person'],
})

export const replaceRules = operation({
  id: 'rules.replace',
  method: 'PUT',
  path: '/api/v1/notification-rules',
  summary: 'Replace one’s own rules',
  body: NotificationRules,
  reply: RulesReply,
  errors: ['notifications.no-person', 'notifications.rules-refused'],
})

export const readPushKey = operation({
  id: 'webpush.key',
  method: 'GET',
  path: '/api/v1/web-push-key',
  summary: 'The public key a browser subscribes with (VAPID, base64url)',
  reply: Type.Object({ publicKey: Type.String() }),
})

export const deliveryPhases = ['pending', 'sending', 'sent', 'failed', 'unknown', 'cancelled'] as const
export const Delivery = Type.Object(
  {
    key: Type.String(),
    purpose: Words(['page', 'bundle', 'changed', 'ended', 'on-call', 'reminder', 'test', 'verify']),
    pageId: Id,
    alertId: Nullable(Id),
    service: Nullable(Type.String()),
    person: Nullable(Name),
    webhook: Nullable(Type.String({ description: 'A machine; then there is no person.' })),
    contact: Type.String(),
    channel: Words(contactKinds),
    because: Type.String(),
    state: Words(deliveryPhases),
    dueAt: Nullable(Time),
    endedAt: Nullable(Time),
    endedBecause: Nullable(Type.String()),
    receipt: Nullable(Type.String()),
    copies: Type.Integer({ description: 'Copies that may have arrived without an answer; never more than two.' }),
    attempts: Type.Array(
      Type.Object({
        attempt: Type.Integer(),
        startedAt: Time,
        endedAt: Nullable(Time),
        outcome: Nullable(Type.String()),
        because: Nullable(Type.String()),
        answer: Nullable(Type.String({ description: 'The provider’s own words.' })),
      }),
    ),
    createdAt: Time,
  },
  { title: 'Delivery' },
)
export type DeliveryReply = Static<typeof Delivery>

export const listDeliveries = operation({
  id: 'deliveries.list',
  method: 'GET',
  path: '/api/v1/deliveries',
  summary: 'Messages to people and webhooks with every attempt, newest first',
  query: Type.Object({
    ...PageQuery,
    alert: Type.Optional(Id),
    page: Type.Optional(Id),
    person: OfPerson,
    webhook: OfPerson,
  }),
  reply: Page(Delivery),
})

const Shown = Type.Record(Type.String(), Nullable(Type.String()), {
  description: 'What of the connection is no secret.',
})
export const ChannelState = Type.Object(
  {
    kind: Words(contactKinds),
    /** What the installation must hold before people can add such contacts; null when nothing. */
    connection: Nullable(Words(connectionKinds)),
    available: Type.Boolean({ description: 'People can add contacts of this kind now.' }),
    twoWay: Type.Boolean({ description: 'Pages are acknowledged in the channel itself.' }),
    because: Nullable(Type.String({ description: 'Why it is not available, and the way out.' })),
    connected: Nullable(Type.Object({ shown: Shown, by: Type.String(), at: Time })),
    addresses: Type.Array(Type.Object({ label: Type.String(), url: Type.String() }), {
      description: 'Where the provider is told to call this installation.',
    }),
  },
  { title: 'ChannelState' },
)
export type ChannelStateReply = Static<typeof ChannelState>

export const listChannels = operation({
  id: 'channels.list',
  method: 'GET',
  path: '/api/v1/channels',
  summary: 'The ways this installation can reach people, with what is missing (eleven)',
  reply: Type.Object({ items: Type.Array(ChannelState) }),
})

const Secret = (description: string) => Type.String({ minLength: 1, maxLength: 500, description })
const Address = Type.String({ format: 'uri', pattern: '^https?://', maxLength: 500 })
const Guid = (description: string) =>
  Type.String({ pattern: '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$', description })
export const ChannelConnectionOrder = Type.Object(
  {
    apiUrl: Type.Optional({ ...Address, description: 'Another address of the provider’s API; left out, its own.' }),
    url: Type.Optional({ ...Address, description: 'mattermost: the server.' }),
    botToken: Type.Optional(Secret('slack, telegram, mattermost')),
    team: Type.Optional(
      Type.String({
        pattern: '^[a-z0-9][a-z0-9-]{0,63}$',
        description:
          'mattermost: the team channels of incidents are made in, as in its address; not needed in one team.',
      }),
    ),
    commandToken: Type.Optional(
      Type.String({
        pattern: '^[a-z0-9]{26}$',
        description: 'mattermost: of the slash command, as Mattermost shows it once it is made.',
      }),
    ),
    trustAddresses: Type.Optional(
      Type.Boolean({
        description: 'mattermost: its addresses come from the company’s directory, so they prove who somebody is.',
      }),
    ),
    appId: Type.Optional(Guid('teams: the application (client) id of the bot')),
    appSecret: Type.Optional(Secret('teams: a client secret of the app')),
    tenant: Type.Optional(Guid('teams: the directory (tenant) id the bot belongs to')),
    channel: Type.Optional({
      ...Address,
      maxLength: 1_000,
      description: 'teams: the link to the channel incidents get their threads in, as "Get link to channel" copies it.',
    }),
    cloud: Type.Optional(
      Words(['public', 'gcc', 'gcc-high', 'dod', 'china'], 'teams: which of Microsoft’s clouds; public unless said.'),
    ),
    signingSecret: Type.Optional(Secret('slack: of the app, for its callbacks')),
    appToken: Type.Optional(
      Type.String({
        pattern: '^xapp-[A-Za-z0-9-]{1,400}$',
        description: 'slack: of the app, for Socket Mode; Slack then needs no way in',
      }),
    ),
    accountSid: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9]{10,64}$', description: 'twilio' })),
    authToken: Type.Optional(Secret('twilio')),
    from: Type.Optional(
      Type.String({ pattern: '^\\+[1-9][0-9]{6,14}$', description: 'twilio: the number that calls' }),
    ),
    messagingService: Type.Optional(Type.String({ pattern: '^MG[A-Za-z0-9]{5,40}$', description: 'twilio' })),
  },
  { title: 'ChannelConnectionOrder' },
)
const ConnectionParams = Type.Object({ kind: Name })

export const connectChannel = operation({
  id: 'channels.connect',
  method: 'PUT',
  path: '/api/v1/channels/{kind}/connection',
  summary: 'Connect a provider; it is asked whether the secrets work, then they are sealed and never shown again',
  params: ConnectionParams,
  body: ChannelConnectionOrder,
  reply: Type.Object({ items: Type.Array(ChannelState) }),
  errors: ['notifications.connection-refused', 'notifications.no-connections', 'notifications.unknown-channel'],
})

export const disconnectChannel = operation({
  id: 'channels.disconnect',
  method: 'DELETE',
  path: '/api/v1/channels/{kind}/connection',
  summary: 'Forget a provider; contacts that need it fail from then on',
  params: ConnectionParams,
  reply: Type.Null(),
  status: 204,
  errors: ['notifications.not-connected', 'notifications.unknown-channel'],
})

const retrySoon = Array.from({ length: 200 }, () => 2_000)
export type DeliverPayload = { readonly key: string } & JsonObject
// Attempts of a page are counted in the delivery; the row itself is tried for as long as a page can matter.
export const deliver = defineJob<DeliverPayload>({
  kind: 'notifications.deliver',
  lane: 'page',
  leaseMs: 5_000,
  retryMs: retrySoon,
})
/** Pages that a mail server or a chat takes: one that hangs holds up none that go another way. */
export const deliverByMail = defineJob<DeliverPayload>({
  kind: 'notifications.deliver-by-mail',
  lane: 'mail',
  leaseMs: 5_000,
  retryMs: retrySoon,
})
export const deliverByChat = defineJob<DeliverPayload>({
  kind: 'notifications.deliver-by-chat',
  lane: 'chat',
  leaseMs: 5_000,
  retryMs: retrySoon,
})
/**
 * Everything a webhook is told, in a lane of its own beside the pages: attempts, lease and keys are the same, and a receiver
 * that hangs keeps only other receivers waiting.
 */
export const deliverToWebhook = defineJob<DeliverPayload>({
  kind: 'notifications.deliver-to-webhook',
  lane: 'webhook',
  leaseMs: 5_000,
  retryMs: retrySoon,
})
/** News about a page, tests, verifications: never in the way of a page. */
export const deliverNotice = defineJob<DeliverPayload>({
  kind: 'notifications.deliver-notice',
  lane: 'outside',
  leaseMs: 5_000,
  retryMs: retrySoon,
})
/** Edits of messages that are out. */
export const updateMessage = defineJob<DeliverPayload>({
  kind: 'notifications.update-message',
  lane: 'outside',
  leaseMs: 10_000,
  retryMs: [2_000, 10_000, 60_000, 300_000],
})
/** In the lane of pages: what it leads to is one. */
export const checkSeen = defineJob<DeliverPayload>({
  kind: 'notifications.check-seen',
  lane: 'page',
  retryMs: retrySoon,
})
/** In the lane of pages: what holds them up holds it up. */
export const syntheticPage = defineJob<JsonObject>({ kind: 'notifications.send-synthetic-page', lane: 'page' })
export const heartbeat = defineJob<JsonObject>({ kind: 'notifications.send-heartbeat', lane: 'normal' })
export const auditDeliveries = defineJob<JsonObject>({ kind: 'notifications.audit-deliveries', lane: 'notify' })

export type DeliveryData = {
  readonly key: string
  readonly purpose: string
  /** Null when it is for a webhook, which is then named. */
  readonly person: string | null
  readonly webhook: string | null
  readonly contact: string
  readonly channel: string
  readonly attempt: number
  readonly because: string
} & JsonObject
const deliveryEvent = (type: string, summary: string) => defineEvent<DeliveryData>({ type, summary })
export const deliverySent = deliveryEvent('delivery.sent', 'A channel accepted a message')
export const deliveryFailed = deliveryEvent('delivery.failed', 'A message will not arrive, or nobody can say whether')
export const deliveryCancelled = deliveryEvent('delivery.cancelled', 'A message was stopped before it left')
export const deliveryRetried = deliveryEvent('delivery.retried', 'An attempt failed; the same key goes out again')

export const deliveryUnheard = deliveryEvent(
  'delivery.unheard',
  'A channel took a page and nobody heard it; the next contact is tried',
)
export const messageSeen = defineEvent<
  { readonly key: string; readonly person: string; readonly channel: string; readonly contact: string } & JsonObject
>({ type: 'delivery.seen', summary: 'A person saw or answered a message' })
export const messageUpdated = defineEvent<
  { readonly key: string; readonly channel: string; readonly outcome: string; readonly because: string } & JsonObject
>({ type: 'delivery.updated', summary: 'A message that was out was changed in its channel' })
export type ChannelData = { readonly channel: string; readonly shown: JsonObject } & JsonObject
export const channelConnected = defineEvent<ChannelData>({
  type: 'channel.connected',
  summary: 'An administrator connected a provider',
})
export const channelDisconnected = defineEvent<ChannelData>({
  type: 'channel.disconnected',
  summary: 'An administrator removed the connection to a provider',
})

export type PersonMissedData = {
  readonly person: string
  readonly page: string
  readonly alert: string
  readonly because: string
} & JsonObject
export const personMissed = defineEvent<PersonMissedData>({
  type: 'person.missed',
  summary: 'Every channel of a paged person failed',
})

export type ContactData = { readonly person: string; readonly channel: string; readonly label: string } & JsonObject
const contactEvent = (type: string, summary: string) => defineEvent<ContactData>({ type, summary })
export const contactCreated = contactEvent('contact.created', 'A person added a contact')
export const contactVerified = contactEvent('contact.verified', 'A contact was proved to arrive')
export const contactDisabled = contactEvent('contact.disabled', 'The receiver said that a contact is gone')
export const contactDeleted = contactEvent('contact.deleted', 'A person removed a contact')
export const rulesReplaced = defineEvent<JsonObject>({
  type: 'notification-rules.replaced',
  summary: 'A person changed which contacts are tried when',
})

export const notificationsErrors = [
  { code: 'notifications.no-person', summary: 'Whoever asks is no Person of the catalog, so has no contacts.' },
  { code: 'notifications.not-yours', summary: 'The contacts belong to somebody else.' },
  { code: 'notifications.unknown-contact', summary: 'There is no such contact.' },
  { code: 'notifications.contact-incomplete', summary: 'The kind of contact needs another field.' },
  { code: 'notifications.contact-exists', summary: 'The same contact was added before.' },
  { code: 'notifications.too-many-contacts', summary: 'A person has at most 20 contacts.' },
  { code: 'notifications.wrong-code', summary: 'The code is wrong, used up or too old.' },
  { code: 'notifications.tested-just-now', summary: 'The contact was tested within the last ten seconds.' },
  { code: 'notifications.connection-refused', summary: 'The provider does not take the secrets, or did not answer.' },
  { code: 'notifications.unknown-channel', summary: 'No channel of this name is connected by an administrator.' },
  { code: 'notifications.not-connected', summary: 'The channel is not connected.' },
  { code: 'notifications.no-connections', summary: 'This server was started without chat and telephone.' },
  { code: 'notifications.callback-forged', summary: 'A callback was not signed by the provider.' },
  { code: 'notifications.update-refused', summary: 'A message could not be changed yet; it is tried again.' },
  { code: 'notifications.rules-refused', summary: 'The rules name a contact that does not exist or a wrong delay.' },
] as const

// Every name of the room `status` that leaves.
import { type Static, Type } from 'typebox'
import type { JsonObject } from '../../kernel/json.ts'
import { operation } from '../../platform/http/operation.ts'
import { Id, Name, Nullable, Ratio, Text, Time, Words } from '../../platform/http/schemas.ts'
import { defineEvent } from '../../platform/journal/journal.ts'
import { defineJob } from '../../platform/work/job.ts'
import { componentStates, languages, postKinds, postStates } from './core/index.ts'

const Impacts = Type.Record(Type.String(), Words(componentStates), {
  description: 'Component → how it stands; what is not named is operational.',
})

const Translated = Type.Record(Type.String(), Type.String(), { description: 'In the other languages of the page.' })
/** One field for each language there is; which of them the page has is looked at when it is published. */
const inLanguages = (mostSigns: number) => {
  const Said = Type.Optional(Text(mostSigns))
  return Type.Object({ en: Said, de: Said, fr: Said, es: Said, pt: Said, nl: Said, ja: Said })
}

export const StatusUpdate = Type.Object(
  {
    id: Id,
    at: Time,
    state: Words(postStates),
    body: Type.String(),
    bodies: Translated,
    impacts: Impacts,
    author: Type.String(),
  },
  { title: 'StatusUpdate' },
)
export const StatusPost = Type.Object(
  {
    id: Id,
    page: Name,
    customer: Nullable(Type.String({ description: 'For whom alone it is; null for everybody.' })),
    kind: Words(postKinds),
    title: Type.String(),
    titles: Translated,
    incident: Nullable(Type.String()),
    state: Words(postStates),
    impacts: Impacts,
    startsAt: Nullable(Time),
    endsAt: Nullable(Time),
    openedAt: Time,
    closedAt: Nullable(Time),
    updates: Type.Array(StatusUpdate, { description: 'Newest first.' }),
  },
  { title: 'StatusPost' },
)
export type StatusPostReply = Static<typeof StatusPost>

export const StatusHost = Type.Object(
  {
    name: Type.String(),
    answers: Type.Boolean({ description: 'Its DNS says that it is for this page.' }),
    record: Type.Object({ name: Type.String(), type: Type.Literal('TXT'), value: Type.String() }),
    because: Nullable(Type.String({ description: 'What the last look found wrong.' })),
    checkedAt: Nullable(Time),
  },
  { title: 'StatusHost' },
)

const Component = Type.Object({
  name: Type.String(),
  title: Type.String(),
  group: Nullable(Type.String()),
  state: Words(componentStates),
  services: Type.Array(Type.String()),
  objective: Nullable(Type.String()),
  uptime: Type.Object({ ratio: Nullable(Ratio), measuredDays: Type.Integer(), sentence: Type.String() }),
})
export const StatusPageView = Type.Object(
  {
    name: Name,
    title: Type.String(),
    visibility: Words(['public', 'private']),
    url: Type.String(),
    logo: Nullable(Type.String({ description: 'Where its logo is.' })),
    icon: Nullable(Type.String()),
    host: Nullable(StatusHost),
    languages: Type.Array(Words(languages), { description: 'People write in the first.' }),
    state: Words(componentStates),
    sentence: Type.String(),
    components: Type.Array(Component),
    subscribers: Type.Object({ confirmed: Type.Integer(), waiting: Type.Integer(), paused: Type.Integer() }),
    open: Type.Array(StatusPost),
    past: Type.Array(StatusPost, { description: 'Over in the last 90 days, newest first (200 at most).' }),
    asOf: Time,
  },
  { title: 'StatusPageView' },
)
export type StatusPageReply = Static<typeof StatusPageView>

export const listPages = operation({
  id: 'statuspages.list',
  method: 'GET',
  path: '/api/v1/status-pages',
  summary: 'Status pages as they stand (100 at most)',
  reply: Type.Object({ items: Type.Array(StatusPageView) }),
})

const OfPage = Type.Object({ page: Name })
export const readPage = operation({
  id: 'statuspages.read',
  method: 'GET',
  path: '/api/v1/status-pages/{page}',
  summary: 'One status page with what is open and what is over',
  params: OfPage,
  reply: StatusPageView,
  errors: ['status.unknown-page'],
})

const Month = Type.String({
  pattern: '^(?:19|20|21)[0-9]{2}-(?:0[1-9]|1[0-2])$',
  description: '2026-03, in the zone of the page.',
})
export const readHistory = operation({
  id: 'statuspages.history',
  method: 'GET',
  path: '/api/v1/status-pages/{page}/history',
  summary: 'What a page told in one month, as far back as there is anything',
  params: OfPage,
  query: Type.Object({ month: Type.Optional(Month) }),
  reply: Type.Object(
    {
      month: Type.String({ description: 'The one asked for, else the present one.' }),
      posts: Type.Array(StatusPost, { description: 'Those that began in it, newest first (500 at most).' }),
      older: Nullable(Type.String({ description: 'The nearest month before with anything in it.' })),
      newer: Nullable(Type.String()),
    },
    { title: 'StatusHistory' },
  ),
  errors: ['status.unknown-page'],
})

export const draftPost = operation({
  id: 'statuspages.draft',
  method: 'GET',
  path: '/api/v1/status-pages/{page}/draft',
  summary: 'What an incident would say on the page; nothing is published',
  params: OfPage,
  query: Type.Object({ incident: Id, customer: Type.Optional(Name) }),
  reply: Type.Object({
    title: Type.String(),
    state: Words(postStates),
    body: Type.String(),
    impacts: Impacts,
    published: Nullable(Id),
  }),
  errors: ['status.unknown-page', 'status.unknown-customer', 'status.unknown-incident'],
})

const Body = Text(5_000, 'For customers: what they notice, what is done, when they hear more. Plain text.')
export const publishPost = operation({
  id: 'statuspages.publish',
  method: 'POST',
  path: '/api/v1/status-pages/{page}/posts',
  summary: 'Publish an incident or a maintenance; subscribers are told',
  params: OfPage,
  body: Type.Object({
    kind: Words(postKinds),
    title: Text(200),
    titles: Type.Optional(inLanguages(200)),
    state: Words(postStates),
    body: Body,
    bodies: Type.Optional(inLanguages(5_000)),
    impacts: Type.Optional(Impacts),
    customer: Type.Optional({
      ...Name,
      description: 'For this customer of the page alone: on its view, and told to who hears of that.',
    }),
    incident: Type.Optional(Id),
    startsAt: Type.Optional(Time),
    endsAt: Type.Optional(Time),
    notify: Type.Optional(Type.Boolean({ description: 'true unless said: subscribers are told.' })),
  }),
  reply: StatusPost,
  status: 201,
  errors: ['status.unknown-page', 'status.unknown-customer', 'status.unknown-incident', 'status.post-refused'],
})

export const updatePost = operation({
  id: 'statuspages.update',
  method: 'POST',
  path: '/api/v1/status-posts/{id}/updates',
  summary: 'Say what is new about a published incident or maintenance',
  params: Type.Object({ id: Id }),
  body: Type.Object({
    state: Words(postStates),
    body: Body,
    bodies: Type.Optional(inLanguages(5_000)),
    impacts: Type.Optional(Impacts),
    notify: Type.Optional(Type.Boolean()),
  }),
  reply: StatusPost,
  errors: ['status.unknown-post', 'status.unknown-page', 'status.post-refused'],
})

export const importHistory = operation({
  id: 'statuspages.import',
  method: 'POST',
  path: '/api/v1/status-pages/{page}/import',
  summary: 'Take over what another status page told before: the history of Statuspage or Cachet',
  description: 'Past posts with their true times; subscribers hear nothing, and the same export again adds nothing.',
  params: OfPage,
  body: Type.Object({
    text: Type.String({
      minLength: 2,
      maxLength: 4_000_000,
      description: 'Its JSON: `incidents.json` of a Statuspage, or what `/api/v1/incidents` of a Cachet answers.',
    }),
    dryRun: Type.Optional(Type.Boolean({ description: 'Says what would be added, and adds nothing.' })),
  }),
  bodyLimit: 5_000_000,
  reply: Type.Object(
    {
      from: Type.String(),
      added: Type.Integer(),
      known: Type.Integer({ description: 'Those that were here already.' }),
      leftOut: Type.Array(Type.String(), { description: 'Which were not taken, and why.' }),
      missing: Type.Array(Type.String(), {
        description: 'Components that were named there and that the page does not have.',
      }),
    },
    { title: 'StatusImport' },
  ),
  errors: ['status.unknown-page', 'status.unknown-export'],
})

export const checkPageHost = operation({
  id: 'statuspages.check-host',
  method: 'POST',
  path: '/api/v1/status-pages/{page}/host/check',
  summary: 'Look now whether the DNS of a page’s own host name says that it is for this page',
  params: OfPage,
  reply: StatusHost,
  errors: ['status.unknown-page', 'status.no-host'],
})

export type StatusData = {
  readonly page: string
  readonly post: string
  readonly title: string
  readonly state: string
  readonly body: string
  /** The incident it tells of. */
  readonly incident?: string
  /** Only where it was for one. */
  readonly customer?: string
} & JsonObject
const postEvent = (type: string, summary: string) => defineEvent<StatusData>({ type, summary })
export const statusPublished = postEvent(
  'status.published',
  'An incident or maintenance was published on a status page',
)
export const statusUpdated = postEvent('status.updated', 'An update was published on a status page')
export const statusImported = defineEvent<
  { readonly page: string; readonly from: string; readonly added: number } & JsonObject
>({ type: 'status.imported', summary: 'What another status page told before was taken over' })
export type SubscriberData = { readonly page: string; readonly subscriber: string } & JsonObject
export const subscriberConfirmed = defineEvent<SubscriberData>({
  type: 'status.subscribed',
  summary: 'An address confirmed that it wants to hear of a page',
})
export const subscriberLeft = defineEvent<SubscriberData>({
  type: 'status.unsubscribed',
  summary: 'An address does not want to hear of a page any more',
})

export const subscriberPaused = defineEvent<SubscriberData>({
  type: 'status.subscriber-paused',
  summary: 'A webhook took nothing of a page for three days: nothing more is sent to it',
})
export const subscriberResumed = defineEvent<SubscriberData>({
  type: 'status.subscriber-resumed',
  summary: 'A person let a paused webhook hear of a page again',
})

export const hostChanged = defineEvent<
  { readonly page: string; readonly host: string; readonly answers: boolean } & JsonObject
>({ type: 'status.host-changed', summary: 'A status page answers under a host name of its own, or does not any more' })

type Keyed = { readonly id: string } & JsonObject
export const turnMaintenance = defineJob<Keyed>({ kind: 'status.turn-maintenance', lane: 'normal' })
export const fanOut = defineJob<{ readonly update: string; readonly after: string | null } & JsonObject>({
  kind: 'status.fan-out',
  lane: 'bulk',
})
/** Never in the way of anything that wakes a person. */
export const sendMail = defineJob<Keyed>({
  kind: 'status.send-mail',
  lane: 'letters',
  leaseMs: 15_000,
  retryMs: [30_000, 120_000, 600_000, 3_600_000],
})
/** Strangers gave the address: what hangs there holds up nothing but others like it. */
export const sendHook = defineJob<Keyed>({
  kind: 'status.send-webhook',
  lane: 'hooks',
  leaseMs: 15_000,
  retryMs: [30_000, 120_000, 600_000, 3_600_000],
})
/** Waits for name servers, and wakes nobody. */
export const checkHosts = defineJob<JsonObject>({ kind: 'status.check-hosts', lane: 'outside', leaseMs: 60_000 })
export const forget = defineJob<JsonObject>({ kind: 'status.forget-unanswered', lane: 'bulk' })

export const statusErrors = [
  { code: 'status.unknown-page', summary: 'There is no such status page.' },
  { code: 'status.unknown-export', summary: 'This is no history of a status page that is known.' },
  { code: 'status.unknown-post', summary: 'Nothing with this id was published.' },
  { code: 'status.unknown-incident', summary: 'There is no such incident, or it is restricted.' },
  { code: 'status.post-refused', summary: 'The page cannot say this: the state, the plan or a component is wrong.' },
  { code: 'status.unknown-subscriber', summary: 'There is no such subscriber, or it left.' },
  { code: 'status.no-host', summary: 'The page declares no host name of its own.' },
  { code: 'status.mail-refused', summary: 'A message to a subscriber could not be sent yet; it is tried again.' },
  { code: 'status.too-many-subscribers', summary: 'Too many addresses were given for the page within an hour.' },
] as const

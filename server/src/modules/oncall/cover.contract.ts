// Names of the room `oncall` around covering for each other: swap requests, and calendars in and out.
import { type Static, Type } from 'typebox'
import type { JsonObject } from '../../kernel/json.ts'
import { operation } from '../../platform/http/operation.ts'
import { Page, PageQuery } from '../../platform/http/page.ts'
import { Id, Name, Nullable, Text, Time, Words } from '../../platform/http/schemas.ts'
import { defineEvent } from '../../platform/journal/journal.ts'

const Span = Type.Object({ start: Time, end: Time })
const OfSwap = Type.Object({ id: Id })
const Note = Type.Optional(Text(500, 'Shown to whoever asked.'))

export const SwapReply = Type.Object(
  {
    id: Id,
    schedule: Name,
    asker: Name,
    candidate: Nullable(Type.String({ description: 'Null asks everybody.' })),
    start: Time,
    end: Time,
    back: Nullable(Span),
    reason: Type.String(),
    state: Words(['open', 'accepted', 'declined', 'withdrawn', 'expired']),
    answeredBy: Nullable(Type.String()),
    answeredAt: Nullable(Time),
    note: Nullable(Type.String()),
    createdAt: Time,
  },
  { title: 'Swap' },
)
export type SwapReply = Static<typeof SwapReply>

export const SwapOrder = Type.Object(
  {
    start: Time,
    end: Time,
    candidate: Type.Optional({ ...Name, description: 'Who is asked; everybody unless said.' }),
    back: Type.Optional({ ...Span, description: 'A shift of the candidate that the asker takes in return.' }),
    reason: Text(500, 'Shown to everyone asked.'),
  },
  { title: 'SwapOrder' },
)
export type SwapOrder = Static<typeof SwapOrder>

export const listSwaps = operation({
  id: 'swaps.list',
  method: 'GET',
  path: '/api/v1/swaps',
  summary: 'Swap requests, newest first; open ones unless all are asked for',
  query: Type.Object({ ...PageQuery, schedule: Type.Optional(Name), all: Type.Optional(Type.Boolean()) }),
  reply: Page(SwapReply),
})

export const requestSwap = operation({
  id: 'swaps.create',
  method: 'POST',
  path: '/api/v1/schedules/{name}/swaps',
  summary: 'Ask somebody, or everybody, to take a shift of yours',
  params: Type.Object({ name: Name }),
  body: SwapOrder,
  reply: SwapReply,
  status: 201,
  errors: [
    'oncall.unknown-schedule',
    'oncall.swap-unclear',
    'oncall.swap-past',
    'oncall.swap-self',
    'oncall.swap-not-yours',
    'oncall.swap-not-theirs',
    'oncall.swap-nobody',
  ],
})

const answers = ['oncall.unknown-swap', 'oncall.swap-closed', 'oncall.swap-not-asked', 'oncall.swap-nobody']
export const acceptSwap = operation({
  id: 'swaps.accept',
  method: 'POST',
  path: '/api/v1/swaps/{id}/accept',
  summary: 'Take the shift: the schedule changes in the same moment',
  params: OfSwap,
  body: Type.Object({
    note: Note,
    despite: Type.Optional(Type.Boolean({ description: 'Also when it leaves too little rest.' })),
  }),
  reply: SwapReply,
  errors: [
    ...answers,
    'oncall.swap-self',
    'oncall.swap-stale',
    'oncall.swap-busy',
    'oncall.swap-strain',
    'oncall.unknown-schedule',
    'oncall.override-refused',
  ],
})
export const declineSwap = operation({
  id: 'swaps.decline',
  method: 'POST',
  path: '/api/v1/swaps/{id}/decline',
  summary: 'Say no to a request that was made to you',
  params: OfSwap,
  body: Type.Object({ note: Note }),
  reply: SwapReply,
  errors: answers,
})
export const withdrawSwap = operation({
  id: 'swaps.withdraw',
  method: 'POST',
  path: '/api/v1/swaps/{id}/withdraw',
  summary: 'Take your own request back',
  params: OfSwap,
  reply: SwapReply,
  errors: ['oncall.unknown-swap', 'oncall.swap-closed', 'oncall.swap-not-yours', 'oncall.swap-nobody'],
})

const feedKind = Words(['person', 'schedule', 'team'], 'Your own shifts, one schedule, or all schedules of a team.')
export const FeedReply = Type.Object(
  { id: Id, kind: feedKind, name: Name, createdAt: Time, lastReadAt: Nullable(Time) },
  { title: 'CalendarFeed' },
)
export type FeedReply = Static<typeof FeedReply>

export const listFeeds = operation({
  id: 'calendars.list',
  method: 'GET',
  path: '/api/v1/calendars',
  summary: 'The calendar addresses you made (100 at most); their secrets are not shown again',
  reply: Type.Object({ items: Type.Array(FeedReply) }),
})
export const createFeed = operation({
  id: 'calendars.create',
  method: 'POST',
  path: '/api/v1/calendars',
  summary: 'A secret address that calendar programs subscribe to; shown once',
  body: Type.Object({ kind: feedKind, name: Type.Optional(Name) }),
  reply: Type.Object({ feed: FeedReply, url: Type.String() }, { title: 'CalendarAddress' }),
  status: 201,
  secretReply: true,
  errors: ['oncall.feed-unclear', 'oncall.feed-unknown', 'oncall.feed-limit'],
})
export const deleteFeed = operation({
  id: 'calendars.delete',
  method: 'DELETE',
  path: '/api/v1/calendars/{id}',
  summary: 'Close a calendar address: whoever has it reads nothing any more',
  params: Type.Object({ id: Id }),
  reply: Type.Null(),
  status: 204,
  errors: ['oncall.unknown-feed'],
})

export const importCalendar = operation({
  id: 'calendars.import',
  method: 'POST',
  path: '/api/v1/schedules/{name}/calendar',
  summary: 'Read an iCalendar file: as holidays, or as overrides by the people its events name',
  description:
    'Reading the same calendar again changes only what changed in it: events are known by UID, and those that are gone are taken back. ' +
    'A year ahead is read; 200 overrides at most.',
  params: Type.Object({ name: Name }),
  body: Type.Object({
    text: Type.String({ maxLength: 2_000_000, description: 'The calendar, as RFC 5545 text.' }),
    as: Words(['holidays', 'overrides']),
    kind: Type.Optional(Words(['replace', 'add', 'remove'], 'For overrides; replace unless said.')),
    dryRun: Type.Optional(Type.Boolean({ description: 'Say what would be done, and do nothing.' })),
  }),
  bodyLimit: 3_000_000,
  reply: Type.Object(
    {
      added: Type.Array(Type.String()),
      kept: Type.Integer(),
      removed: Type.Array(Type.String()),
      skipped: Type.Array(Type.String({ description: 'What was not taken over, and why.' })),
      dryRun: Type.Boolean(),
    },
    { title: 'CalendarReport' },
  ),
  errors: ['oncall.unknown-schedule', 'oncall.calendar-refused', 'oncall.override-refused'],
})

export const importSchedules = operation({
  id: 'schedules.import',
  method: 'POST',
  path: '/api/v1/import/schedules',
  summary: 'Read an export of PagerDuty, Opsgenie or Grafana OnCall as documents to apply; saves nothing',
  body: Type.Object({ text: Type.String({ maxLength: 5_000_000, description: 'The export, as JSON.' }) }),
  bodyLimit: 6_000_000,
  reply: Type.Object(
    {
      source: Type.String(),
      documents: Type.String({ description: 'To be applied: people that are new, then schedules.' }),
      schedules: Type.Array(
        Type.Object({
          name: Name,
          displayName: Type.String(),
          rotations: Type.Integer(),
          agreement: Nullable(
            Type.Number({
              description: 'Share of the time the export renders in which the same people are on call; 0 to 1.',
            }),
          ),
        }),
      ),
      newPeople: Type.Array(Type.Object({ name: Name, email: Type.String() })),
      missing: Type.Array(
        Type.String({ description: 'Named without an address and not in the catalog: declare them first.' }),
      ),
      notes: Type.Array(Type.String({ description: 'What was not taken over as it was.' })),
    },
    { title: 'ScheduleImport' },
  ),
  errors: ['oncall.export-refused'],
})

export type SwapData = {
  readonly swap: string
  readonly schedule: string
  readonly asker: string
  readonly candidate: string | null
  readonly start: string
  readonly end: string
  readonly by: string | null
} & JsonObject
const swapEvent = (type: string, summary: string) => defineEvent<SwapData>({ type, summary })
export const swapRequested = swapEvent('swap.requested', 'Somebody asks to be relieved of a shift')
export const swapAccepted = swapEvent('swap.accepted', 'Somebody takes the shift of another person')
export const swapDeclined = swapEvent('swap.declined', 'A swap request was turned down')
export const swapWithdrawn = swapEvent('swap.withdrawn', 'A swap request was taken back')

export type FeedData = { readonly feed: string; readonly kind: string; readonly name: string } & JsonObject
export const feedCreated = defineEvent<FeedData>({
  type: 'calendar.published',
  summary: 'A calendar address was made; whoever has it can read shifts',
})
export const feedDeleted = defineEvent<FeedData>({ type: 'calendar.closed', summary: 'A calendar address was closed' })
export const calendarImported = defineEvent<{
  readonly schedule: string
  readonly as: string
  readonly added: number
  readonly removed: number
}>({ type: 'calendar.imported', summary: 'A calendar was read into a schedule' })

export const coverEvents = [
  swapRequested,
  swapAccepted,
  swapDeclined,
  swapWithdrawn,
  feedCreated,
  feedDeleted,
  calendarImported,
]

export const coverErrors = [
  { code: 'oncall.unknown-swap', summary: 'There is no such swap request.' },
  { code: 'oncall.swap-unclear', summary: 'The swap request cannot be kept as it is; each fault says why.' },
  { code: 'oncall.swap-past', summary: 'A swap is asked for before the shift begins.' },
  { code: 'oncall.swap-self', summary: 'Nobody swaps with themselves.' },
  { code: 'oncall.swap-nobody', summary: 'Only a person of the catalog has shifts to swap.' },
  { code: 'oncall.swap-not-yours', summary: 'It is not your shift, or not your request.' },
  { code: 'oncall.swap-not-theirs', summary: 'The person asked is not on call for all of the time in return.' },
  { code: 'oncall.swap-not-asked', summary: 'Somebody else is asked.' },
  { code: 'oncall.swap-closed', summary: 'The request was answered already, or its shift has begun.' },
  { code: 'oncall.swap-stale', summary: 'The schedule has changed since: the shift is not theirs any more.' },
  { code: 'oncall.swap-busy', summary: 'Who takes the shift is on call already at that time.' },
  { code: 'oncall.swap-strain', summary: 'It would leave too little rest; accept with despite: true if you mean it.' },
  { code: 'oncall.feed-unclear', summary: 'Name the schedule or the team.' },
  { code: 'oncall.feed-unknown', summary: 'There is no such person, schedule or team.' },
  { code: 'oncall.feed-limit', summary: 'You have as many calendar addresses as one person may have.' },
  { code: 'oncall.unknown-feed', summary: 'You have no such calendar address.' },
  { code: 'oncall.export-refused', summary: 'The text is no export of schedules that can be read.' },
  { code: 'oncall.calendar-refused', summary: 'The text is no calendar that can be read.' },
] as const

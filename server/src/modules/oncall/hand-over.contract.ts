// Names of the room `oncall` around hand-overs: the note that is written from data.
import { type Static, Type } from 'typebox'
import { operation } from '../../platform/http/operation.ts'
import { Id, Name, Nullable, Time } from '../../platform/http/schemas.ts'

const NotedAlert = Type.Object(
  {
    alert: Id,
    title: Type.String(),
    severity: Type.String(),
    startedAt: Time,
    standing: Type.String({ description: 'Who has it, or what became of it.' }),
    link: Type.String(),
  },
  { title: 'HandOverAlert' },
)
export type NotedAlert = Static<typeof NotedAlert>

export const HandOverNote = Type.Object(
  {
    schedule: Name,
    displayName: Type.String(),
    from: Time,
    to: Nullable(
      Type.String({ format: 'date-time', description: 'When the shift ends or ended; null beyond 35 days.' }),
    ),
    leaving: Type.Array(Name),
    coming: Type.Array(Name),
    calls: Type.Integer(),
    brokenNights: Type.Integer({ description: 'Of everybody who was on call.' }),
    happened: Type.Array(NotedAlert, { description: 'What paged them in the shift and is over; 100 at most.' }),
    open: Type.Array(NotedAlert, { description: 'What they were paged for and is not over; 100 at most.' }),
    ahead: Type.Array(Type.String(), {
      description: 'Covers, gaps and changes of the clock in the coming shift, for a day at least.',
    }),
    facts: Type.Array(Type.Object({ heading: Type.String(), sentence: Type.String(), link: Nullable(Type.String()) }), {
      description: 'Incidents, silences and changes.',
    }),
    text: Type.String({ description: 'All of it as Markdown.' }),
  },
  { title: 'HandOverNote' },
)
export type HandOverNote = Static<typeof HandOverNote>

export const readHandOver = operation({
  id: 'schedules.hand-over',
  method: 'GET',
  path: '/api/v1/schedules/{name}/hand-over',
  summary: 'What whoever comes on call should know, written from what happened in the shift',
  description:
    'Of the shift under way at the instant, or of the one before it in the first two hours of a shift: then the next person reads it.',
  params: Type.Object({ name: Name }),
  query: Type.Object({ at: Type.Optional(Time) }),
  reply: HandOverNote,
  errors: ['oncall.unknown-schedule'],
})

// Every name of the room `identity` that leaves.
import { type Static, Type } from 'typebox'
import { type Role as RoleName, roles } from '../../kernel/actor.ts'
import type { JsonObject } from '../../kernel/json.ts'
import { operation } from '../../platform/http/operation.ts'
import { Page, PageQuery } from '../../platform/http/page.ts'
import { Id, Name, Nullable, Text, Time, Words } from '../../platform/http/schemas.ts'
import { defineEvent } from '../../platform/journal/journal.ts'
import { defineJob } from '../../platform/work/job.ts'

const Role = Words(roles, 'viewer, responder, editor and admin: each may do what the one before may, and more.')
const Email = Type.String({ format: 'email', maxLength: 254 })
// The longest password is judged with the others, where the refusal can say why.
const Password = Type.String({ minLength: 1, maxLength: 1_000 })
const ZoneName = Type.String({ minLength: 1, maxLength: 64, description: 'IANA zone: `Europe/Berlin`.' })
const Method = Words(['password', 'oidc', 'link'])

const Person = Type.Object(
  {
    id: Id,
    email: Type.String(),
    name: Type.String(),
    role: Role,
    teams: Type.Array(Type.String(), { description: 'From the catalog’s teams.' }),
    timeZone: Type.String(),
    disabled: Type.Boolean(),
    hasPassword: Type.Boolean(),
    linked: Type.Boolean({ description: 'Signs in at the OpenID provider.' }),
    createdAt: Time,
    version: Type.Integer(),
  },
  { title: 'Person' },
)
export type PersonReply = Static<typeof Person>

const PersonAnswer = Type.Object({ person: Person })

export const signIn = operation({
  id: 'session.sign-in',
  method: 'POST',
  path: '/api/v1/session',
  summary: 'Sign in with e-mail and password',
  description:
    'Sets the cookie `mainstay_session`. Requests that change something with this cookie must send the header `X-Mainstay-CSRF: 1`.',
  body: Type.Object({ email: Email, password: Password }),
  reply: PersonAnswer,
  errors: ['identity.sign-in-refused', 'identity.too-many-attempts', 'identity.busy'],
})

export const readSession = operation({
  id: 'session.read',
  method: 'GET',
  path: '/api/v1/session',
  summary: 'Who am I',
  description: 'A session answers with its person, an API key with itself and whoever made it.',
  reply: Type.Object({
    person: Nullable(Person),
    key: Nullable(
      Type.Object({
        id: Id,
        name: Type.String(),
        role: Type.Unsafe<RoleName>({ ...Role, description: 'What it may do now: never more than its maker may.' }),
        scopes: Type.Array(Type.String()),
        teams: Type.Array(Type.String()),
        service: Type.Boolean({ description: 'Outlives its maker.' }),
        expiresAt: Nullable(Time),
        owner: Nullable(
          Type.Object(
            { id: Id, name: Type.String(), email: Type.String() },
            { description: 'Who made it; null for a key of the server itself.' },
          ),
        ),
      }),
    ),
  }),
})

export const signOut = operation({
  id: 'session.sign-out',
  method: 'DELETE',
  path: '/api/v1/session',
  summary: 'End this session',
  reply: Type.Null(),
  status: 204,
})

export const readSetup = operation({
  id: 'identity.setup-state',
  method: 'GET',
  path: '/api/v1/setup',
  summary: 'Whether the first administrator is still missing, and how people sign in',
  reply: Type.Object({
    needed: Type.Boolean(),
    oidc: Type.Boolean({ description: 'Single sign-on is set up; it begins at /api/v1/oidc/start.' }),
  }),
})

export const completeSetup = operation({
  id: 'identity.setup',
  method: 'POST',
  path: '/api/v1/setup',
  summary: 'Use a one-time link: become the first administrator, accept an invitation, or come back in',
  description: 'Signs in like session.sign-in. An invitation knows its person, so e-mail and name may be left out.',
  body: Type.Object({
    token: Type.String({ minLength: 20, maxLength: 100 }),
    email: Type.Optional(Email),
    name: Type.Optional(Text(100)),
    password: Password,
    timeZone: Type.Optional(ZoneName),
  }),
  reply: PersonAnswer,
  status: 201,
  errors: ['identity.link-used', 'identity.weak-password', 'identity.bad-person', 'identity.busy'],
})

export const updateSelf = operation({
  id: 'identity.update-self',
  method: 'PATCH',
  path: '/api/v1/me',
  summary: 'Change my own name or time zone',
  body: Type.Object({ name: Type.Optional(Text(100)), timeZone: Type.Optional(ZoneName) }),
  reply: PersonAnswer,
  errors: ['identity.bad-person'],
})

export const changePassword = operation({
  id: 'identity.change-password',
  method: 'POST',
  path: '/api/v1/me/password',
  summary: 'Change my password; ends my other sessions',
  body: Type.Object({ current: Password, next: Password }),
  reply: Type.Null(),
  status: 204,
  errors: ['identity.sign-in-refused', 'identity.too-many-attempts', 'identity.weak-password', 'identity.busy'],
})

export const listPeopleOperation = operation({
  id: 'people.list',
  method: 'GET',
  path: '/api/v1/people',
  summary: 'People by name',
  query: Type.Object({ ...PageQuery, search: Type.Optional(Text(100, 'Part of name or e-mail.')) }),
  reply: Page(Person),
})

const Invited = Type.Object({
  person: Person,
  invitation: Type.String({ description: 'A one-time link to set a password, good for seven days. Shown once.' }),
})

export const createPerson = operation({
  id: 'people.create',
  method: 'POST',
  path: '/api/v1/people',
  summary: 'Add a person and get the invitation to hand over',
  body: Type.Object({ email: Email, name: Text(100), role: Role, timeZone: Type.Optional(ZoneName) }),
  reply: Invited,
  status: 201,
  errors: ['identity.email-taken', 'identity.bad-person'],
})

export const invitePerson = operation({
  id: 'people.invite',
  method: 'POST',
  path: '/api/v1/people/{id}/invitation',
  summary: 'A new one-time link for somebody who lost the password; earlier ones end',
  params: Type.Object({ id: Id }),
  reply: Invited,
  status: 201,
  errors: ['identity.unknown-person', 'identity.disabled'],
})

export const updatePerson = operation({
  id: 'people.update',
  method: 'PATCH',
  path: '/api/v1/people/{id}',
  summary: 'Change role, name or time zone; disable or enable. Takes effect within a second everywhere',
  description: 'Disabling ends all sessions and stops personal keys. If-Match is honoured when sent.',
  params: Type.Object({ id: Id }),
  body: Type.Object({
    name: Type.Optional(Text(100)),
    role: Type.Optional(Role),
    timeZone: Type.Optional(ZoneName),
    disabled: Type.Optional(Type.Boolean()),
    reason: Type.Optional(Text(500)),
  }),
  reply: PersonAnswer,
  errors: ['identity.unknown-person', 'identity.last-administrator', 'identity.bad-person'],
})

const Key = Type.Object(
  {
    id: Id,
    name: Type.String(),
    prefix: Type.String(),
    last4: Type.String(),
    role: Role,
    scopes: Type.Array(Type.String()),
    teams: Type.Array(Type.String()),
    service: Type.Boolean({
      description: 'Outlives its maker. A personal key never may more than its maker may at that moment.',
    }),
    createdBy: Nullable(Type.Object({ id: Id, name: Type.String() })),
    createdAt: Time,
    expiresAt: Nullable(Time),
    usedAt: Nullable(Time),
    revokedAt: Nullable(Time),
  },
  { title: 'ApiKey' },
)
export type KeyReply = Static<typeof Key>

export const listKeysOperation = operation({
  id: 'keys.list',
  method: 'GET',
  path: '/api/v1/keys',
  summary: 'API keys by name: own ones, for administrators all',
  query: Type.Object({
    ...PageQuery,
    revoked: Type.Optional(Type.Boolean({ description: 'Revoked ones too.' })),
  }),
  reply: Page(Key),
})

export const createKeyOperation = operation({
  id: 'keys.create',
  method: 'POST',
  path: '/api/v1/keys',
  summary: 'Create an API key; its secret is shown once',
  body: Type.Object({
    name: Text(100),
    role: Role,
    scopes: Type.Array(
      Type.String({
        pattern: '^(\\*|[a-z-]{1,40}(:(\\*|[a-z-]{1,40}))?)$',
        description: '`telemetry:write`, `slo:*`, or `*`.',
      }),
      { minItems: 1, maxItems: 50, uniqueItems: true },
    ),
    teams: Type.Optional(Type.Array(Name, { maxItems: 100, uniqueItems: true })),
    service: Type.Optional(Type.Boolean()),
    expiresAt: Type.Optional(Time),
  }),
  reply: Type.Object({ key: Key, token: Type.String({ description: '`mst_…`. Shown this once.' }) }),
  status: 201,
  errors: ['identity.key-beyond-authority', 'identity.key-expired'],
})
export type KeyOrder = Static<NonNullable<typeof createKeyOperation.body>>

export const revokeKeyOperation = operation({
  id: 'keys.revoke',
  method: 'DELETE',
  path: '/api/v1/keys/{id}',
  summary: 'Revoke a key; takes effect within a second everywhere',
  params: Type.Object({ id: Id }),
  reply: Type.Null(),
  status: 204,
  errors: ['identity.unknown-key'],
})

const Session = Type.Object(
  {
    id: Id,
    person: Type.Object({ id: Id, name: Type.String() }),
    startedAt: Time,
    seenAt: Time,
    address: Type.String(),
    agent: Type.String(),
    method: Method,
    current: Type.Boolean({ description: 'The one this request came with.' }),
  },
  { title: 'Session' },
)
export type SessionReply = Static<typeof Session>

export const listSessionsOperation = operation({
  id: 'sessions.list',
  method: 'GET',
  path: '/api/v1/sessions',
  summary: 'Live sessions, newest first: own ones, for administrators all',
  query: Type.Object({ ...PageQuery, person: Type.Optional(Id) }),
  reply: Page(Session),
})

export const revokeSession = operation({
  id: 'sessions.revoke',
  method: 'DELETE',
  path: '/api/v1/sessions/{id}',
  summary: 'End a session; takes effect within a second everywhere',
  params: Type.Object({ id: Id }),
  reply: Type.Null(),
  status: 204,
  errors: ['identity.unknown-session'],
})

type Facts = JsonObject
const event = (type: string, summary: string) => defineEvent<Facts>({ type, summary })

export const personCreated = event('person.created', 'A person was added')
export const personChanged = event('person.changed', 'Role, name or time zone of a person changed')
export const personDisabled = event('person.disabled', 'A person may not sign in any more')
export const personEnabled = event('person.enabled', 'A person may sign in again')
export const personInvited = event('person.invited', 'A one-time link was made for a person')
export const personLinked = event('person.linked', 'A person was linked to an account at the OpenID provider')
export const passwordChanged = event('person.password-changed', 'A person has a new password')
export const sessionStarted = event('session.started', 'Somebody signed in')
export const sessionEnded = event('session.ended', 'A session was ended')
export const signInBlocked = event('sign-in.blocked', 'Too many wrong passwords; further ones are not looked at')
export const keyCreated = event('key.created', 'An API key was created')
export const keyRevoked = event('key.revoked', 'An API key was revoked')
export const setupLinkCreated = event('setup.link-created', 'The server made a one-time link for an administrator')
export const setupCompleted = event('setup.completed', 'A one-time link of the server was used')

export const identityEvents = [
  ...[personCreated, personChanged, personDisabled, personEnabled, personInvited, personLinked, passwordChanged],
  ...[sessionStarted, sessionEnded, signInBlocked, keyCreated, keyRevoked, setupLinkCreated, setupCompleted],
] as const

export const refreshTeamsJob = defineJob({ kind: 'identity.refresh-teams', lane: 'normal' })
export const sweepJob = defineJob({ kind: 'identity.sweep-expired', lane: 'bulk' })

export const identityErrors = [
  { code: 'identity.forbidden', summary: 'The role, team or scope does not suffice; the sentence says who can help.' },
  { code: 'identity.sign-in-refused', summary: 'E-mail or password is wrong, or the person may not sign in.' },
  { code: 'identity.too-many-attempts', summary: 'Too many wrong passwords in ten minutes.' },
  { code: 'identity.busy', summary: 'Too many passwords are being checked at once.' },
  { code: 'identity.link-used', summary: 'The one-time link was used, has expired, or never was.' },
  { code: 'identity.weak-password', summary: 'The password is too easy to guess.' },
  { code: 'identity.bad-person', summary: 'Name, e-mail or time zone is missing or unknown.' },
  { code: 'identity.email-taken', summary: 'Somebody has this e-mail address already.' },
  { code: 'identity.unknown-person', summary: 'There is no such person.' },
  { code: 'identity.disabled', summary: 'The person is disabled.' },
  { code: 'identity.last-administrator', summary: 'Nobody would be left who can administer.' },
  { code: 'identity.key-beyond-authority', summary: 'Nobody hands on more than they have.' },
  { code: 'identity.key-expired', summary: 'The key would have expired already.' },
  { code: 'identity.unknown-key', summary: 'There is no such key, or it belongs to somebody else.' },
  { code: 'identity.unknown-session', summary: 'There is no such session, or it belongs to somebody else.' },
  { code: 'identity.sign-on-refused', summary: 'The OpenID provider’s answer does not let this person in.' },
  { code: 'identity.sign-on-unavailable', summary: 'The OpenID provider cannot be reached.' },
  { code: 'identity.sign-on-unknown', summary: 'No sign-in of this browser is under way.' },
  { code: 'identity.no-sign-on', summary: 'Single sign-on is not set up.' },
] as const

// A tiny house for the tests of the HTTP edge: a few operations over a list in memory, one caller for each credential.
import { Type } from 'typebox'
import { onTestFinished } from 'vitest'
import type { Actor, Role } from '../src/kernel/actor.ts'
import { AppError } from '../src/kernel/app-error.ts'
import { createMetrics } from '../src/platform/http/metrics.ts'
import { Answer, type BoundOperation, operation, route } from '../src/platform/http/operation.ts'
import { versionMismatch } from '../src/platform/http/problem.ts'
import { createRateLimits, type RateLimits } from '../src/platform/http/rate-limit.ts'
import { answerMissing, buildHttp, type Credentials, type Gatekeeper } from '../src/platform/http/server.ts'
import type { Log, LogFields } from '../src/platform/log/log.ts'
import type { Platform } from './platform.ts'

const Note = Type.Object({ text: Type.String({ minLength: 1, maxLength: 50 }), stars: Type.Integer() })

const create = operation({
  id: 'notes.create',
  method: 'POST',
  path: '/api/v1/notes',
  summary: 'Write a note',
  body: Type.Object({
    text: Type.String({ minLength: 1, maxLength: 50 }),
    stars: Type.Optional(Type.Integer({ minimum: 0, maximum: 5, default: 0 })),
    colour: Type.Optional(Type.Unsafe<'red' | 'blue'>({ type: 'string', enum: ['red', 'blue'] })),
    at: Type.Optional(Type.String({ format: 'date-time' })),
    tags: Type.Optional(Type.Array(Type.String({ maxLength: 10 }), { maxItems: 3 })),
    share: Type.Optional(Type.Number()),
  }),
  reply: Note,
  status: 201,
})
const list = operation({
  id: 'notes.list',
  method: 'GET',
  path: '/api/v1/notes',
  summary: 'Read the notes',
  query: Type.Object({
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10, default: 5 })),
    starred: Type.Optional(Type.Boolean()),
    share: Type.Optional(Type.Number()),
  }),
  reply: Type.Object({ limit: Type.Integer(), starred: Type.Union([Type.Boolean(), Type.Null()]) }),
})
const change = operation({
  id: 'notes.change',
  method: 'PUT',
  path: '/api/v1/notes/{id}',
  summary: 'Change a note',
  params: Type.Object({ id: Type.String({ format: 'uuid' }) }),
  body: Type.Object({ text: Type.String() }),
  reply: Note,
  ifMatch: 'required',
})
const free = operation({
  id: 'notes.free',
  method: 'POST',
  path: '/api/v1/notes/free',
  summary: 'Anything goes',
  body: Type.Unknown(),
  reply: Type.Object({ seen: Type.String() }),
})
const guess = operation({
  id: 'notes.guess',
  method: 'POST',
  path: '/api/v1/notes/guess',
  summary: 'Guess a word',
  body: Type.Object({ word: Type.String() }),
  reply: Type.Object({ right: Type.Boolean() }),
})
const secret = operation({
  id: 'notes.secret',
  method: 'POST',
  path: '/api/v1/notes/secret',
  summary: 'Get a secret once',
  reply: Type.Object({ token: Type.String() }),
  secretReply: true,
})
const broken = operation({
  id: 'notes.broken',
  method: 'GET',
  path: '/api/v1/notes/broken',
  summary: 'Fails',
  reply: Type.Object({}),
})
const team = operation({
  id: 'notes.team',
  method: 'DELETE',
  path: '/api/v1/notes/of/{team}',
  summary: 'Remove a team’s notes',
  params: Type.Object({ team: Type.String() }),
  reply: Type.Null(),
  status: 204,
})

export interface Edge {
  readonly server: Awaited<ReturnType<typeof buildHttp>>
  readonly created: string[]
  readonly logged: { level: string; sentence: string; fields: LogFields }[]
  /** What `notes.create` waits for before it answers. */
  hold(until: Promise<void>): void
  readonly entered: { next(): Promise<void> }
}

const person = (id: string, role: Role) => ({ kind: 'person', id, name: id, role, teams: ['red'] }) as const

async function authenticate({ token, session }: Credentials): Promise<Actor | null> {
  if (token === 'key') return { ...person('key', 'editor'), kind: 'key', scopes: [] }
  if (session === 'ana') return person('ana', 'editor')
  if (session === 'ben') return person('ben', 'viewer')
  return null
}

const gatekeeper: Gatekeeper = {
  authenticate,
  isPublic: (id) => id === 'notes.guess',
  authorize: (actor, id, owner) => {
    if (id === 'notes.team' && owner !== 'red') throw new AppError('forbidden', 'test.not-yours', 'Not your team’s.')
    if (actor.kind === 'person' && actor.role === 'viewer' && id !== 'notes.list')
      throw new AppError('forbidden', 'test.role', 'Viewers only read.')
  },
}

export async function openEdge(platform: Platform, limits: Partial<RateLimits> = {}): Promise<Edge> {
  const created: string[] = []
  const logged: Edge['logged'] = []
  let held: Promise<void> = Promise.resolve()
  let enter: () => void = () => undefined
  const say =
    (level: string) =>
    (sentence: string, fields: LogFields = {}) =>
      void logged.push({ level, sentence, fields })
  const log: Log = { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error'), with: () => log }
  const operations: readonly BoundOperation[] = [
    route(create, async ({ body }) => {
      enter()
      await held
      if (body.text === 'no') throw new AppError('conflict', 'test.no', 'No.')
      created.push(body.text)
      return new Answer(
        { text: body.text, stars: body.stars ?? -1 },
        { version: created.length, location: '/api/v1/notes/1' },
      )
    }),
    route(list, async ({ query }) => ({ limit: query.limit ?? -1, starred: query.starred ?? null })),
    route(change, async ({ body, ifMatch }) => {
      if (ifMatch !== 3) throw versionMismatch()
      return new Answer({ text: body.text, stars: 0 }, { version: 4 })
    }),
    route(free, async ({ body }) => ({ seen: typeof body })),
    route(guess, async ({ body }) => ({ right: body.word === 'mainstay' })),
    route(secret, async () => {
      created.push('secret')
      return { token: 'canary-secret' }
    }),
    route(broken, async () => {
      throw new Error('canary: the password is 1234')
    }),
    route(
      team,
      async () => null,
      async ({ params }) => params.team,
    ),
  ]
  const options = {
    operations,
    wireRoutes: [],
    gatekeeper,
    idempotency: { database: platform.database },
    rateLimits: { ...createRateLimits({ tight: { 'notes.guess': 3 } }), ...limits },
    metrics: createMetrics(),
    log,
    trustProxy: false,
    instrument: null,
    secure: true,
  }
  const server = await buildHttp(options)
  server.setNotFoundHandler((request, reply) => answerMissing(options, request, reply))
  onTestFinished(() => server.close())
  return {
    server,
    created,
    logged,
    hold: (until) => {
      held = until
    },
    entered: {
      next: () =>
        new Promise((resolve) => {
          enter = resolve
        }),
    },
  }
}

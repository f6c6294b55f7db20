import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Actor } from '../../kernel/actor.ts'
import { AppError } from '../../kernel/app-error.ts'
import { parseInstant } from '../../kernel/instant.ts'
import { Answer, type BoundOperation, route } from '../../platform/http/operation.ts'
import { decodeCursor, toPage } from '../../platform/http/page.ts'
import {
  currentSessionToken,
  currentVisitor,
  followExchanges,
  giveCurrentSession,
  giveSession,
  takeCurrentSession,
  visitorOf,
} from './browser.ts'
import { type SavedView, withoutView, withView } from './core/index.ts'
import * as contract from './identity.contract.ts'
import type { IdentityPorts } from './identity.ports.ts'
import type { IdentityNeeds } from './identity-needs.ts'
import { findKey, listKeys } from './keys.store.ts'
import { findPerson, isAnybodyHere, listPeople, type Person } from './people.store.ts'
import { presentKey, presentKeyInUse, presentPerson, presentSession } from './present.ts'
import * as views from './saved-views.contract.ts'
import { changeViews, readViews } from './saved-views.store.ts'
import { findSessionByToken, listSessions } from './sessions.store.ts'
import { hashToken } from './tokens.ts'
import { changePassword } from './usecases/change-password.ts'
import { completeSetup } from './usecases/complete-setup.ts'
import { revokeSession, signOut } from './usecases/end-session.ts'
import { createKey, isAdministrator, revokeKey } from './usecases/keys.ts'
import { changePerson, createPerson, invitePerson, unknownPerson } from './usecases/people.ts'
import { signIn } from './usecases/sign-in.ts'
import { beginSignOn, finishSignOn } from './usecases/sign-on.ts'

const withExchange: ReadonlySet<string> = new Set(
  [
    ...[contract.signIn, contract.signOut, contract.completeSetup, contract.changePassword],
    contract.listSessionsOperation,
  ].map((each) => each.id),
)

const isSecure = (needs: IdentityNeeds): boolean => needs.publicUrl.startsWith('https:')

export function identityRoutes(needs: IdentityNeeds, ports: IdentityPorts): readonly BoundOperation[] {
  return [
    ...arrivalRoutes(needs, ports),
    ...peopleRoutes(needs),
    ...keyRoutes(needs),
    ...sessionRoutes(needs),
    ...viewRoutes(needs),
  ]
}

function arrivalRoutes(needs: IdentityNeeds, ports: IdentityPorts): readonly BoundOperation[] {
  return [
    route(contract.signIn, async ({ body }) => {
      const { person, token } = await signIn(needs, { ...body, ...currentVisitor() })
      giveCurrentSession(token, isSecure(needs))
      return { person: presentPerson(person) }
    }),
    route(contract.readSession, async ({ actor }) => {
      if (actor.kind === 'key') return { person: null, key: await describeKey(needs, actor) }
      return { person: presentPerson(await self(needs, actor)), key: null }
    }),
    route(contract.signOut, async ({ actor }) => {
      const token = currentSessionToken()
      if (token !== null) await signOut(needs, token, actor)
      takeCurrentSession(isSecure(needs))
      return null
    }),
    route(contract.readSetup, async () => ({
      needed: !(await isAnybodyHere(needs.database)),
      oidc: ports.singleSignOn !== undefined,
    })),
    route(contract.completeSetup, async ({ body }) => {
      const { email = null, name = null, timeZone = null } = body
      const { person, token } = await completeSetup(needs, { ...body, email, name, timeZone, ...currentVisitor() })
      giveCurrentSession(token, isSecure(needs))
      return { person: presentPerson(person) }
    }),
    route(contract.updateSelf, async ({ body, actor }) => {
      const { id } = await self(needs, actor)
      return { person: presentPerson(await changePerson(needs, { id, change: body, version: null }, actor)) }
    }),
    route(contract.changePassword, async ({ body, actor }) => {
      await changePassword(needs, { ...body, sessionToken: currentSessionToken(), ...currentVisitor() }, actor)
      return null
    }),
  ]
}

/** Role and teams as they count now, which is less than written when its maker may do less. */
async function describeKey(needs: IdentityNeeds, actor: Extract<Actor, { kind: 'key' }>) {
  const key = await findKey(needs.database, actor.id)
  if (key === null) throw new AppError('not-found', 'identity.unknown-key', 'You have no such key.')
  const maker = key.createdBy === null ? null : await findPerson(needs.database, key.createdBy.id)
  return presentKeyInUse(key, actor, maker)
}

async function self(needs: IdentityNeeds, actor: Actor): Promise<Person> {
  const person = actor.kind === 'person' ? await findPerson(needs.database, actor.id) : null
  if (person === null) throw unknownPerson()
  return person
}

function viewRoutes(needs: IdentityNeeds): readonly BoundOperation[] {
  return [
    route(views.listViews, async ({ params, actor }) => {
      const { id } = await self(needs, actor)
      return { views: [...(await readViews(needs.database, id, params.list))] }
    }),
    route(views.saveView, async ({ params, body, actor }) => {
      const { id } = await self(needs, actor)
      const save = (known: readonly SavedView[]) => withView(known, body)
      return { views: [...(await needs.database.transaction((tx) => changeViews(tx, id, params.list, save)))] }
    }),
    route(views.forgetView, async ({ params, query, actor }) => {
      const { id } = await self(needs, actor)
      const forget = (known: readonly SavedView[]) => withoutView(known, query.name)
      return { views: [...(await needs.database.transaction((tx) => changeViews(tx, id, params.list, forget)))] }
    }),
  ]
}

function peopleRoutes(needs: IdentityNeeds): readonly BoundOperation[] {
  return [
    route(contract.listPeopleOperation, async ({ query }) => {
      const limit = query.limit ?? 100
      const rows = await listPeople(needs.database, query.search ?? null, afterName(query.cursor), limit + 1)
      return toPage(rows, limit, (row) => [row.name, row.id], presentPerson)
    }),
    route(contract.createPerson, async ({ body, actor }) => {
      const { person, invitation } = await createPerson(needs, { timeZone: 'UTC', ...body }, actor)
      return new Answer({ person: presentPerson(person), invitation }, { location: `/api/v1/people/${person.id}` })
    }),
    route(contract.invitePerson, async ({ params, actor }) => {
      const { person, invitation } = await invitePerson(needs, params.id, actor)
      return { person: presentPerson(person), invitation }
    }),
    route(contract.updatePerson, async ({ params, body, actor, ifMatch }) => {
      const { reason, ...change } = body
      const order = { id: params.id, change, version: ifMatch, ...(reason === undefined ? {} : { reason }) }
      const person = await changePerson(needs, order, actor)
      return new Answer({ person: presentPerson(person) }, { version: person.version })
    }),
  ]
}

function keyRoutes(needs: IdentityNeeds): readonly BoundOperation[] {
  return [
    route(contract.listKeysOperation, async ({ query, actor }) => {
      const limit = query.limit ?? 100
      const maker = isAdministrator(actor) ? null : actor.id
      const rows = await listKeys(needs.database, maker, query.revoked ?? false, afterName(query.cursor), limit + 1)
      return toPage(rows, limit, (row) => [row.name, row.id], presentKey)
    }),
    route(contract.createKeyOperation, async ({ body, actor }) => {
      const { name, role, scopes, teams = [], service = false } = body
      const expiresAt = body.expiresAt === undefined ? null : parseInstant(body.expiresAt)
      const { key, token } = await createKey(needs, { name, role, scopes, teams, service, expiresAt }, actor)
      return { key: presentKey(key), token }
    }),
    route(contract.revokeKeyOperation, async ({ params, actor }) => {
      await revokeKey(needs, params.id, actor)
      return null
    }),
  ]
}

function sessionRoutes(needs: IdentityNeeds): readonly BoundOperation[] {
  return [
    route(contract.listSessionsOperation, async ({ query, actor }) => {
      const limit = query.limit ?? 100
      const [at, id] = decodeCursor(query.cursor, ['string', 'string']) ?? []
      const from = typeof at === 'string' ? parseInstant(at) : null
      const token = currentSessionToken()
      const current = token === null ? null : await findSessionByToken(needs.database, hashToken(token))
      const person = isAdministrator(actor) ? (query.person ?? null) : actor.id
      const before = from === null || typeof id !== 'string' ? null : { at: from, id }
      const rows = await listSessions(needs.database, person, before, limit + 1)
      return toPage(
        rows.map((row) => presentSession(row, current?.id ?? null)),
        limit,
        (row) => [row.startedAt, row.id],
        (row) => row,
      )
    }),
    route(contract.revokeSession, async ({ params, actor }) => {
      await revokeSession(needs, params.id, actor)
      return null
    }),
  ]
}

function afterName(cursor: string | undefined): { name: string; id: string } | null {
  const [name, id] = decodeCursor(cursor, ['string', 'string']) ?? []
  return typeof name === 'string' && typeof id === 'string' ? { name, id } : null
}

const signOnCookie = 'mainstay_sign_on'

/** The browser's side of single sign-on: it is sent away and comes back, and sees pages instead of problems. */
export function identityWireRoutes(needs: IdentityNeeds, ports: IdentityPorts) {
  return (server: FastifyInstance): void => {
    followExchanges(server, withExchange)
    const cookie = () => ({ path: '/api/v1/oidc', httpOnly: true, sameSite: 'lax', secure: isSecure(needs) }) as const
    const orSayWhy = async (reply: FastifyReply, work: () => Promise<string>): Promise<FastifyReply> => {
      try {
        return reply.redirect(await work(), 302)
      } catch (error) {
        if (!(error instanceof AppError)) throw error
        needs.log.warn('Single sign-on was refused.', { code: error.code, because: error.message })
        return reply.redirect(`/sign-in?error=${encodeURIComponent(error.code)}`, 302)
      }
    }
    server.get('/api/v1/oidc/start', { config: { operationId: 'oidc.start' } }, (request, reply) =>
      orSayWhy(reply, async () => {
        const { url, state } = await beginSignOn(needs, requireSignOn(ports), textAt(request.query, 'returnTo') ?? '/')
        reply.setCookie(signOnCookie, state, { ...cookie(), maxAge: 600 })
        return url
      }),
    )
    server.get('/api/v1/oidc/callback', { config: { operationId: 'oidc.callback' } }, (request, reply) =>
      orSayWhy(reply, async () => {
        const state = request.cookies[signOnCookie] ?? ''
        reply.clearCookie(signOnCookie, cookie())
        const { token, returnTo } = await finishSignOn(needs, requireSignOn(ports), {
          callbackUrl: `${needs.publicUrl}${request.url}`,
          state,
          ...visitorOf(request),
        })
        giveSession(reply, token, isSecure(needs))
        return returnTo
      }),
    )
  }
}

function requireSignOn(ports: IdentityPorts): NonNullable<IdentityPorts['singleSignOn']> {
  if (ports.singleSignOn === undefined)
    throw new AppError(
      'not-found',
      'identity.no-sign-on',
      'Single sign-on is not set up: MAINSTAY_OIDC_ISSUER is empty.',
    )
  return ports.singleSignOn
}

function textAt(value: unknown, name: string): string | null {
  if (typeof value !== 'object' || value === null) return null
  const found: unknown = Reflect.get(value, name)
  return typeof found === 'string' ? found : null
}

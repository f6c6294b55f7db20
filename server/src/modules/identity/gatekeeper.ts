// The two questions of the HTTP edge: who is this, and may they.
import type { FastifyRequest } from 'fastify'
import type { Actor } from '../../kernel/actor.ts'
import { AppError } from '../../kernel/app-error.ts'
import type { RateLimits } from '../../platform/http/rate-limit.ts'
import { admit, type Gatekeeper, sessionCookie } from '../../platform/http/server.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { authenticationOf } from './authentication.ts'
import { explainRefusal, judgePermission, type NeededPermission } from './core/index.ts'

export type PermissionRows = Readonly<Record<string, NeededPermission>>

export function gatekeeper(needs: Pick<Needs, 'database' | 'log'>, table: PermissionRows): Gatekeeper {
  const authentication = authenticationOf(needs)
  // Of the latest admission; a name that is some seconds old is good enough for "who can help".
  let grantors: readonly string[] = []
  return {
    authenticate: async (credentials) => {
      const known = await authentication.authenticate(credentials)
      if (known !== null) grantors = known.grantors
      return known?.actor ?? null
    },
    isPublic: (operationId) => {
      const row = Object.hasOwn(table, operationId) ? table[operationId] : undefined
      return row !== undefined && 'open' in row
    },
    authorize: (actor, operationId, owner) => {
      const row = Object.hasOwn(table, operationId) ? table[operationId] : undefined
      const verdict = judgePermission(actor, row, owner)
      if (!verdict.allowed) throw new AppError('forbidden', 'identity.forbidden', explainRefusal(verdict, grantors))
    },
  }
}

/** For rules that look at each object of an order: throws unless the actor may act on what the team owns. */
export function requireOwnership(
  actor: Actor,
  row: Exclude<NeededPermission, { open: true }>,
  owner: string | null,
): void {
  const verdict = judgePermission(actor, row, owner)
  if (!verdict.allowed) throw new AppError('forbidden', 'identity.forbidden', explainRefusal(verdict, []))
}

export interface Door {
  /** Authenticates, limits and authorises a request of a wire route; throws the refusal. */
  admit(request: FastifyRequest, operationId: string, owner?: string | null): Promise<Actor>
  /** The same question later on, without taking from the caller's rate; null when the answer is no. */
  recheck(request: FastifyRequest, operationId: string): Promise<Actor | null>
}

/** The door wire routes use: the same gatekeeper as operations. */
export function createDoor(keeper: Gatekeeper, rateLimits: RateLimits): Door {
  return {
    admit: async (request, operationId, owner = null) => {
      const actor = await admit({ gatekeeper: keeper, rateLimits }, request, operationId)
      if (!keeper.isPublic(operationId)) keeper.authorize(actor, operationId, owner)
      return actor
    },
    recheck: async (request, operationId) => {
      const bearer = /^Bearer (\S{1,300})$/i.exec(request.headers.authorization ?? '')?.[1] ?? null
      const session = request.cookies[sessionCookie] ?? null
      const actor = await keeper.authenticate({ token: bearer, session, address: request.ip })
      if (actor === null) return null
      try {
        keeper.authorize(actor, operationId, null)
        return actor
      } catch (error) {
        if (error instanceof AppError) return null
        throw error
      }
    },
  }
}

// What the room needs from outside.
import type { FastifyRequest } from 'fastify'
import type { Actor } from '../../kernel/actor.ts'
import type { Restrictions } from './core/index.ts'

/** The journal's own ed25519 key. The private half never leaves its keeper. */
export interface SigningKey {
  /** 32 bytes, RFC 8032. */
  readonly publicKey: Uint8Array
  readonly sign: (message: Uint8Array) => Uint8Array
  /** Public halves of earlier keys: what they signed stays evidence. Never taken from the database under audit. */
  readonly former?: readonly Uint8Array[]
}

export interface AuditPorts {
  readonly signingKey: SigningKey
  /** Authenticates and authorises a request of a wire route; throws the refusal. */
  readonly admit: (request: FastifyRequest, operationId: string) => Promise<Actor>
  /** The same question later in the life of an open stream; null when the answer is no longer yes. */
  readonly recheck: (request: FastifyRequest, operationId: string) => Promise<Actor | null>
  /** Which restricted incidents are open to somebody. Left out, none exist in this house. */
  readonly restrictionsOf?: (actor: Actor) => Promise<Restrictions>
}

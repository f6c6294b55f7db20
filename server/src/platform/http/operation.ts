// One HTTP operation, declared once in a room's contract: it validates, documents, generates the client and names its
// permission. The handler is joined to it in the room's routes.
import type { Static, TSchema } from 'typebox'
import type { Actor } from '../../kernel/actor.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export interface Operation<
  Params extends TSchema = TSchema,
  Query extends TSchema = TSchema,
  Body extends TSchema = TSchema,
  Reply extends TSchema = TSchema,
> {
  /** `room.verb-noun` or `room.verb`: the key of the permission table and of the generated client. */
  readonly id: string
  readonly method: Method
  /** With the prefix, parameters in braces: `/api/v1/alerts/{id}/acknowledge`. */
  readonly path: string
  readonly summary: string
  readonly description?: string
  readonly params?: Params
  readonly query?: Query
  readonly body?: Body
  readonly reply: Reply
  /** 200 unless said: 201 created, 202 accepted, 204 nothing to say. */
  readonly status?: number
  /** Error codes of the room that this operation may answer, beside the general ones. */
  readonly errors?: readonly string[]
  /** `required`: an update of an existing object must carry If-Match (428 without, 412 when it is not the current version). */
  readonly ifMatch?: 'required'
  /** The reply holds a secret that is shown once: a repeat under the same Idempotency-Key is refused, nothing is kept. */
  readonly secretReply?: true
  /** Bytes; 1 MiB unless said. */
  readonly bodyLimit?: number
}

export function operation<P extends TSchema, Q extends TSchema, B extends TSchema, R extends TSchema>(
  declared: Operation<P, Q, B, R>,
): Operation<P, Q, B, R> {
  return declared
}

type Input<Schema> = Schema extends TSchema ? Static<Schema> : undefined

export interface OperationRequest<Params, Query, Body> {
  readonly params: Params
  readonly query: Query
  readonly body: Body
  readonly actor: Actor
  /** The version the caller saw, from If-Match `"v3"`; null when none was sent. */
  readonly ifMatch: number | null
  readonly requestId: string
  readonly signal: AbortSignal
}

/** A reply that carries more than its body. */
export class Answer<Body> {
  readonly body: Body
  readonly version: number | null
  readonly location: string | null
  readonly status: number | null
  constructor(body: Body, options: { version?: number; location?: string; status?: number } = {}) {
    this.body = body
    this.version = options.version ?? null
    this.location = options.location ?? null
    this.status = options.status ?? null
  }
}

export interface BoundOperation {
  readonly operation: Operation
  readonly handle: (request: OperationRequest<unknown, unknown, unknown>) => Promise<unknown>
  /** The team that owns what is touched, for roles that hold only for their own team; null when nobody owns it. */
  readonly owner: ((request: OperationRequest<unknown, unknown, unknown>) => Promise<string | null>) | null
  readonly answersAgain?: true
}

type InputsOf<O> =
  O extends Operation<infer P, infer Q, infer B, TSchema> ? OperationRequest<Input<P>, Input<Q>, Input<B>> : never
type ReplyOf<O> = O extends Operation<TSchema, TSchema, TSchema, infer R> ? Static<R> : never

// The inputs were validated against the operation's own schemas before the handler runs.
export function route<O extends Operation>(
  declared: O,
  handle: (request: InputsOf<O>) => Promise<ReplyOf<O> | Answer<ReplyOf<O>>>,
  owner?: (request: InputsOf<O>) => Promise<string | null>,
): BoundOperation {
  return {
    operation: declared,
    handle: handle as BoundOperation['handle'],
    owner: (owner as BoundOperation['owner'] | undefined) ?? null,
  }
}

/**
 * Its answer is made of what its one transaction answered (plain JSON), of the request and of reads. So it is found again under
 * the same Idempotency-Key when it was lost with its server: the handler runs once more, the transaction answers what it answered,
 * and nothing is written. Not for what draws an id or hands a result out of the transaction in another way than answering it.
 */
export function answeringAgain(bound: BoundOperation): BoundOperation {
  return { ...bound, answersAgain: true }
}

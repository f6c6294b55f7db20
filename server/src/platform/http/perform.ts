// Runs an operation for somebody who did not come through the HTTP server: the same row of the permission table, the same
// validation, limits and once-only keys.
import { createHash, randomUUID } from 'node:crypto'
import type { FastifySchema } from 'fastify'
import type { Static, TSchema } from 'typebox'
import type { Actor } from '../../kernel/actor.ts'
import { AppError, invariant } from '../../kernel/app-error.ts'
import { findUnstorable } from '../../kernel/json.ts'
import { type Idempotency, runOnce } from './idempotency.ts'
import { Answer, type BoundOperation, type Operation, type OperationRequest } from './operation.ts'
import { type RateLimits, takeToken } from './rate-limit.ts'
import type { Gatekeeper } from './server.ts'
import { createValidation, faultsOf } from './validation.ts'

type Given<S> = S extends TSchema ? Static<S> : undefined
export type InputOf<O> =
  O extends Operation<infer P, infer Q, infer B, TSchema>
    ? { readonly params?: Given<P>; readonly query?: Given<Q>; readonly body?: Given<B> }
    : never
export type ReplyOf<O> = O extends Operation<TSchema, TSchema, TSchema, infer R> ? Static<R> : never

export type Perform = <O extends Operation>(
  operation: O,
  actor: Actor,
  input: InputOf<O>,
  /** Of the one wish behind it: asked again with the same key, a POST is not done twice. */
  once?: string,
) => Promise<ReplyOf<O>>

export interface PerformOptions {
  readonly operations: () => readonly BoundOperation[]
  readonly gatekeeper: Pick<Gatekeeper, 'authorize' | 'isPublic'>
  readonly idempotency: Idempotency
  readonly rateLimits: RateLimits
}

export function createPerform(options: PerformOptions): Perform {
  const compile = createValidation()
  const validators = new Map<string, ReturnType<typeof compile>>()

  function check(
    id: string,
    part: 'body' | 'params' | 'querystring',
    schema: TSchema | undefined,
    value: unknown,
  ): void {
    if (schema === undefined) return
    const key = `${id} ${part}`
    const validate =
      validators.get(key) ?? compile({ schema: schema as TSchema & FastifySchema, method: '', url: '', httpPart: part })
    validators.set(key, validate)
    const verdict = (validate as (data: unknown) => true | { error: { validation?: readonly unknown[] } })(value)
    if (verdict === true) return
    throw new AppError('invalid', 'http.invalid', 'The input does not have the expected shape.', {
      faults: faultsOf(verdict.error.validation ?? []),
    })
  }

  return async (operation, actor, input, once) => {
    const bound = options.operations().find((each) => each.operation.id === operation.id)
    invariant(bound !== undefined, `the house has the operation ${operation.id}`)
    const { params, query, body } = input as { params?: unknown; query?: unknown; body?: unknown }
    const order: OperationRequest<unknown, unknown, unknown> = {
      params: params ?? {},
      query: query ?? {},
      body,
      actor,
      ifMatch: null,
      requestId: randomUUID(),
      signal: new AbortController().signal,
    }
    takeToken(options.rateLimits, `${actor.kind}:${actor.id}`, operation.id)
    if (findUnstorable(body) !== null)
      throw new AppError('invalid', 'input.unstorable-text', 'A text holds a character that cannot be stored.')
    check(operation.id, 'params', operation.params, order.params)
    check(operation.id, 'querystring', operation.query, order.query)
    check(operation.id, 'body', operation.body, body)
    if (!options.gatekeeper.isPublic(operation.id))
      options.gatekeeper.authorize(actor, operation.id, bound.owner === null ? null : await bound.owner(order))
    const { value } = await runOnce(
      options.idempotency,
      {
        // One wish may need several operations; each is done once.
        key: once === undefined ? undefined : createHash('sha256').update(`${operation.id} ${once}`).digest('hex'),
        method: operation.method,
        operation: operation.id,
        actor,
        body,
        status: operation.status ?? 200,
        secretReply: operation.secretReply === true,
        answersAgain: bound.answersAgain === true,
      },
      () => bound.handle(order),
    )
    return (value instanceof Answer ? value.body : value) as ReplyOf<typeof operation>
  }
}

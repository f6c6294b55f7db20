// Whatever goes wrong becomes a problem (RFC 9457): refusals of ours, what Fastify throws, paths nobody serves.
import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../kernel/app-error.ts'
import type { Log } from '../log/log.ts'
import { traceIdOf } from '../tracing/tracing.ts'
import type { BoundOperation } from './operation.ts'
import { statusOf, toProblem, unexpectedProblem } from './problem.ts'
import { faultsOf } from './validation.ts'

export function answerError(
  options: { readonly log: Log },
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const refusal = asRefusal(error)
  if (refusal === null) {
    options.log.error('A request failed unexpectedly.', {
      requestId: request.id,
      traceId: traceIdOf(request),
      method: request.method,
      operation: request.routeOptions?.config?.operationId,
      error,
    })
    return problem(reply, 500, unexpectedProblem(request.id))
  }
  if (refusal.details.retryAfterSeconds !== undefined)
    reply.header('retry-after', String(refusal.details.retryAfterSeconds))
  if (refusal.code === 'http.unauthenticated') reply.header('www-authenticate', 'Bearer')
  return problem(reply, statusOf(refusal), toProblem(refusal, request.id))
}

function problem(reply: FastifyReply, status: number, body: unknown): FastifyReply {
  return reply.code(status).header('content-type', 'application/problem+json').send(JSON.stringify(body))
}

/** What Fastify throws for unreadable, oversized or invalid requests, as refusals of ours. */
function asRefusal(error: unknown): AppError | null {
  if (error instanceof AppError) return error
  if (typeof error !== 'object' || error === null) return null
  if ('validation' in error && Array.isArray(error.validation)) {
    const where = 'validationContext' in error && error.validationContext !== 'body' ? '?' : ''
    return new AppError('invalid', 'http.invalid', 'The input does not have the expected shape.', {
      faults: faultsOf(error.validation, where),
    })
  }
  const status = 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500
  const sentence = error instanceof Error ? error.message : 'The request cannot be read.'
  if (status === 413) return new AppError('invalid', 'http.too-large', 'The body is larger than this address takes.')
  if (status === 414) return new AppError('not-found', 'http.no-such-path', 'No name in a path is as long as this.')
  if (status === 415) return new AppError('invalid', 'http.unsupported-media-type', 'Send application/json.')
  if (status >= 400 && status < 500)
    return new AppError('invalid', 'http.unreadable', `The request cannot be read: ${sentence}`)
  return null
}

/** For paths nobody serves, and for methods nobody serves there. */
export function answerMissing(
  options: { readonly log: Log; readonly operations: readonly BoundOperation[] },
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const path = request.url.split('?')[0] ?? ''
  const methods = methodsAt(options.operations, path)
  if (methods.length > 0) {
    reply.header('allow', methods.join(', '))
    const sentence = `${path} takes ${methods.join(', ')}, not ${request.method}.`
    return answerError(options, new AppError('invalid', 'http.method-not-allowed', sentence), request, reply)
  }
  const sentence = `There is nothing at ${request.method} ${path}.`
  return answerError(options, new AppError('not-found', 'http.no-such-path', sentence), request, reply)
}

function methodsAt(operations: readonly BoundOperation[], path: string): readonly string[] {
  const parts = path.split('/')
  const fits = (pattern: string) => {
    const own = pattern.split('/')
    return (
      own.length === parts.length && own.every((part, at) => part === parts[at] || (part.startsWith('{') && parts[at]))
    )
  }
  return [
    ...new Set(
      operations
        .map(({ operation }) => operation)
        .filter((each) => fits(each.path))
        .map((each) => each.method),
    ),
  ]
}

// RFC 9457 problems: every refusal names the field, the value and the way out.
import { type Static, Type } from 'typebox'
import { AppError, type ErrorKind } from '../../kernel/app-error.ts'

export const Problem = Type.Object(
  {
    type: Type.String({ description: 'Stable URI of the kind of problem, with its page in the reference.' }),
    title: Type.String(),
    status: Type.Integer(),
    code: Type.String({ description: 'Stable `room.refusal` code.' }),
    detail: Type.String({ description: 'One sentence for a person: what is wrong and what to do.' }),
    requestId: Type.String(),
    errors: Type.Optional(
      Type.Array(
        Type.Object({
          pointer: Type.Optional(
            Type.String({
              description: 'JSON pointer (RFC 6901) into the request body, or `?name` for a query parameter.',
            }),
          ),
          line: Type.Optional(Type.Integer()),
          column: Type.Optional(Type.Integer()),
          detail: Type.String(),
        }),
      ),
    ),
  },
  { $id: 'Problem', description: 'RFC 9457 problem details.' },
)
export type Problem = Static<typeof Problem>

const statuses: Readonly<Record<ErrorKind, number>> = {
  invalid: 422,
  'not-found': 404,
  forbidden: 403,
  conflict: 409,
  limited: 429,
  unavailable: 503,
}
const titles: Readonly<Record<number, string>> = {
  400: 'The request cannot be read',
  401: 'Sign in first',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  412: 'It has changed meanwhile',
  413: 'Too large',
  415: 'Unsupported media type',
  422: 'The input is wrong',
  428: 'If-Match is needed',
  429: 'Too many requests',
  500: 'A fault of ours',
  503: 'Not available right now',
}

// Codes whose status is more exact than their kind's.
const statusByCode: Readonly<Record<string, number>> = {
  'http.unreadable': 400,
  'http.unauthenticated': 401,
  'http.method-not-allowed': 405,
  'http.too-large': 413,
  'http.unsupported-media-type': 415,
  'http.version-needed': 428,
  'http.version-mismatch': 412,
}

export function statusOf(error: AppError): number {
  return statusByCode[error.code] ?? statuses[error.kind]
}

export function toProblem(error: AppError, requestId: string): Problem {
  const status = statusOf(error)
  const problem = {
    type: `https://mainstay.dev/problems/${error.code}`,
    title: titles[status] ?? 'Refused',
    status,
    code: error.code,
    detail: error.message,
    requestId,
  }
  return error.details.faults === undefined
    ? problem
    : { ...problem, errors: error.details.faults.map((fault) => ({ ...fault })) }
}

/** For faults of ours: nothing of the cause leaves the process; the request id leads to the log. */
export function unexpectedProblem(requestId: string): Problem {
  return {
    type: 'https://mainstay.dev/problems/http.unexpected',
    title: 'A fault of ours',
    status: 500,
    code: 'http.unexpected',
    detail: `Something went wrong on our side. The log has the cause under request ${requestId}.`,
    requestId,
  }
}

export const versionMismatch = (): AppError =>
  new AppError(
    'conflict',
    'http.version-mismatch',
    'It has changed since you read it. Read it again and repeat the change.',
  )

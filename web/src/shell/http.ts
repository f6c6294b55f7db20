// The browser's end of the typed client: the session cookie speaks, every refusal is a ProblemError (RFC 9457).
import { createClient, ProblemError, type ProblemFault } from '../../../client/src/index.ts'

export const client = createClient()
export { ProblemError }
export type Fault = ProblemFault

export interface ShownProblem {
  readonly title: string
  readonly detail: string
  readonly status: number
  readonly code: string
  readonly requestId: string
  readonly errors: readonly Fault[]
}

export type Query = Readonly<Record<string, string | number | boolean | null | undefined>>

export function withQuery(path: string, query: Query | undefined): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== null && value !== undefined && value !== '') search.set(name, String(value))
  }
  const text = search.toString()
  return text === '' ? path : `${path}?${text}`
}

/** Leaves out what is empty, as the typed client wants it. */
export function filled<Q extends Query>(query: Q): { [Key in keyof Q]?: Exclude<Q[Key], null | undefined> } {
  return Object.fromEntries(
    Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== ''),
  ) as { [Key in keyof Q]?: Exclude<Q[Key], null | undefined> }
}

interface CallOptions {
  readonly query?: Query
  readonly body?: unknown
  readonly signal?: AbortSignal
  readonly ifMatch?: number
}

export async function call<Reply>(method: string, path: string, options: CallOptions = {}): Promise<Reply> {
  const headers: Record<string, string> = { accept: 'application/json, application/problem+json' }
  if (options.body !== undefined) headers['content-type'] = 'application/json'
  if (method !== 'GET') headers['x-mainstay-csrf'] = '1'
  if (options.ifMatch !== undefined) headers['if-match'] = `"v${options.ifMatch}"`
  let response: Response
  try {
    response = await fetch(withQuery(path, options.query), {
      method,
      headers,
      credentials: 'same-origin',
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    })
  } catch (cause) {
    if (options.signal?.aborted === true) throw cause
    throw new ProblemError({ code: 'client.unreachable', title: 'No answer' }, 0, null, cause)
  }
  const text = await response.text()
  const json = /[/+]json\b/.test(response.headers.get('content-type') ?? '')
  if (!response.ok) throw new ProblemError(json ? JSON.parse(text) : {}, response.status, null)
  // The shape is the operation's contract; the server's own tests hold it to that.
  return (text === '' || !json ? null : JSON.parse(text)) as Reply
}

/** The problem of any thrown value, so that a fault in the console is shown in place too. */
export function problemOf(error: unknown): ShownProblem {
  if (error instanceof ProblemError) {
    if (error.status === 0) {
      return {
        title: 'Mainstay does not answer',
        detail: 'This browser cannot reach the server. Check the network; what you see may be old.',
        status: 0,
        code: error.code,
        requestId: '',
        errors: [],
      }
    }
    return {
      title: error.title,
      detail: error.detail,
      status: error.status,
      code: error.code,
      requestId: error.requestId ?? '',
      errors: error.errors,
    }
  }
  return {
    title: 'A fault in this page',
    detail: error instanceof Error ? error.message : 'Something unexpected happened in the console.',
    status: 0,
    code: 'console.fault',
    requestId: '',
    errors: [],
  }
}

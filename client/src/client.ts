// Speaks the API: one typed function for each operation, problems as errors. Never retries: the caller knows
// whether a second time is harmless, and POST takes an Idempotency-Key.
import { type Operations, operationTable } from './operations.gen.ts'

export type OperationId = keyof Operations
export type InputOf<Id extends OperationId> = Operations[Id]['input']
export type ReplyOf<Id extends OperationId> = Operations[Id]['reply']

/** `client['alerts.acknowledge']({ params: { id } })`; the input may be left out when nothing in it is required. */
export type Client = {
  readonly [Id in OperationId]: Partial<InputOf<Id>> extends InputOf<Id>
    ? (input?: InputOf<Id>) => Promise<ReplyOf<Id>>
    : (input: InputOf<Id>) => Promise<ReplyOf<Id>>
}

export interface ClientOptions {
  /** `https://mainstay.example`; empty in the console, which is served by the API it speaks to. */
  readonly baseUrl?: string
  /** An API key or session token. Without one, the browser's session cookie is sent. */
  readonly token?: string
  readonly fetch?: typeof globalThis.fetch
  /** Names the caller in the server's log: `mainstay-cli/1.2.0`. */
  readonly userAgent?: string
}

export interface ProblemFault {
  readonly pointer?: string
  readonly line?: number
  readonly column?: number
  readonly detail: string
}

/** A refusal of the server (RFC 9457), or `client.unreachable` when no answer came (status 0). */
export class ProblemError extends Error {
  readonly type: string
  readonly title: string
  readonly status: number
  /** Stable `room.refusal` code. */
  readonly code: string
  readonly detail: string
  readonly requestId: string | null
  readonly errors: readonly ProblemFault[]
  /** From Retry-After; null when the server did not say. */
  readonly retryAfterSeconds: number | null

  constructor(
    problem: Readonly<Record<string, unknown>>,
    status: number,
    retryAfterSeconds: number | null,
    cause?: unknown,
  ) {
    const text = (key: string, otherwise: string) => (typeof problem[key] === 'string' ? problem[key] : otherwise)
    const detail = text('detail', `The server answered ${status}.`)
    super(detail, cause === undefined ? undefined : { cause })
    this.name = 'ProblemError'
    this.type = text('type', 'about:blank')
    this.title = text('title', 'Refused')
    this.status = status
    this.code = text('code', `http.${status}`)
    this.detail = detail
    this.requestId = typeof problem.requestId === 'string' ? problem.requestId : null
    this.errors = Array.isArray(problem.errors) ? (problem.errors as readonly ProblemFault[]) : []
    this.retryAfterSeconds = retryAfterSeconds
  }
}

interface AnyInput {
  readonly params?: Readonly<Record<string, unknown>>
  readonly query?: Readonly<Record<string, unknown>>
  readonly body?: unknown
  readonly ifMatch?: number | string
  readonly idempotencyKey?: string
  readonly signal?: AbortSignal
}

export function createClient(options: ClientOptions = {}): Client {
  const functions = Object.entries(operationTable).map(([id, [method, path]]) => [
    id,
    async (input: AnyInput = {}) => exchange(options, method, fillPath(path, input.params), input),
  ])
  return Object.fromEntries(functions) as Client
}

/** For an operation the generated table does not carry; the caller vouches for the type of the reply. */
export async function callPath<Reply>(
  method: string,
  path: string,
  input: Omit<AnyInput, 'params'>,
  options: ClientOptions = {},
): Promise<Reply> {
  return (await exchange(options, method, path, input)) as Reply
}

async function exchange(options: ClientOptions, method: string, path: string, input: AnyInput): Promise<unknown> {
  const send = options.fetch ?? globalThis.fetch.bind(globalThis)
  const url = `${options.baseUrl?.replace(/\/+$/, '') ?? ''}${path}${queryText(input.query)}`
  const response = await send(url, requestInit(options, method, input)).catch((error: unknown) => {
    throw input.signal?.aborted === true ? error : unreachable(url, error)
  })
  return response.ok ? readBody(response) : refuse(response)
}

function requestInit(options: ClientOptions, method: string, input: AnyInput): RequestInit {
  const headers: Record<string, string> = { accept: 'application/json, application/problem+json' }
  if (options.token === undefined) {
    // Proof that the request was made by script of this origin: a form on another site cannot set a header.
    if (method !== 'GET') headers['X-Mainstay-CSRF'] = '1'
  } else headers.authorization = `Bearer ${options.token}`
  if (options.userAgent !== undefined) headers['user-agent'] = options.userAgent
  if (input.body !== undefined) headers['content-type'] = 'application/json'
  if (input.ifMatch !== undefined)
    headers['if-match'] = typeof input.ifMatch === 'number' ? `"v${input.ifMatch}"` : input.ifMatch
  if (input.idempotencyKey !== undefined) headers['idempotency-key'] = input.idempotencyKey
  return {
    method,
    headers,
    credentials: options.token === undefined ? 'same-origin' : 'omit',
    ...(input.body === undefined ? {} : { body: JSON.stringify(input.body) }),
    ...(input.signal === undefined ? {} : { signal: input.signal }),
  }
}

function fillPath(path: string, params: AnyInput['params']): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = params?.[name]
    // An empty segment would silently reach another operation: `/alerts/` is the list.
    if (value === undefined || value === null || value === '')
      throw new TypeError(`The parameter ${name} of ${path} is missing.`)
    return encodeURIComponent(String(value))
  })
}

function queryText(query: AnyInput['query']): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query ?? {})) {
    for (const each of Array.isArray(value) ? value : [value])
      if (each !== undefined && each !== null) search.append(name, String(each))
  }
  const text = search.toString()
  return text === '' ? '' : `?${text}`
}

const isJson = (response: Response): boolean => /[/+]json\b/.test(response.headers.get('content-type') ?? '')

async function readBody(response: Response): Promise<unknown> {
  if (response.status === 204) return undefined
  const text = await response.text()
  if (!isJson(response)) return text
  return text === '' ? undefined : JSON.parse(text)
}

async function refuse(response: Response): Promise<never> {
  const text = await response.text().catch(() => '')
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
  throw new ProblemError(problemIn(response, text), response.status, Number.isFinite(seconds) ? seconds : null)
}

/** A proxy in between may answer with a page of its own; its status still tells. */
function problemIn(response: Response, text: string): Readonly<Record<string, unknown>> {
  if (!isJson(response)) return {}
  try {
    const parsed: unknown = JSON.parse(text)
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

function unreachable(url: string, cause: unknown): ProblemError {
  const detail = `No answer from ${URL.canParse(url) ? new URL(url).origin : 'the server'}. Is it running, and is the address right?`
  return new ProblemError({ code: 'client.unreachable', title: 'No answer', detail }, 0, null, cause)
}

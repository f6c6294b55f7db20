// The one way out: every request and every connection this program makes to somebody else passes here.
import type { Socket } from 'node:net'
import { AppError } from '../../kernel/app-error.ts'
import { afterFailure, afterNothing, type Breaker, closedBreaker, enter } from './breaker.ts'
import {
  abortable,
  type DialPorts,
  dial,
  readCertificate,
  resolveChecked,
  type SeenCertificate,
  secure,
  systemResolve,
} from './dial.ts'
import type { EgressRequest, Timeouts } from './egress-request.ts'
import { exchange, type Reply } from './exchange.ts'
import { createFetch, type FetchLimits } from './fetch.ts'
import { readHeaders, readMethod } from './headers.ts'
import type { Destination, EgressPolicy, Protected, Resolve } from './policy.ts'
import { createSlots } from './slots.ts'
import { readEndpoint, readTarget } from './target.ts'

export const defaultTimeouts = { headersMs: 10_000, totalMs: 15_000 } as const
/** What is kept of a reply for administrators to read. */
export const defaultReplyBytes = 65_536
const maxReplyBytesEver = 64 * 1_048_576
const maxRequestBytes = 4 * 1_048_576
const defaultConcurrent = 128
const defaultConcurrentPerTarget = 4
const maxBreakers = 10_000

export interface SocketRequest {
  readonly connector: string
  readonly host: string
  readonly port: number
  readonly tls: boolean
  /** Protocols to offer inside TLS: `h2` for gRPC. */
  readonly alpn?: readonly string[]
  readonly timeoutMs?: number
}

/** What happened, for logs and metrics. Never holds a path, a query, a header or a body. */
export interface EgressRecord {
  readonly connector: string
  /** `https://host:port`. */
  readonly target: string
  readonly method: string
  readonly status: number | null
  /** The code of the refusal or failure. */
  readonly code: string | null
  readonly durationMs: number
}

export interface EgressOptions {
  readonly policies: (connector: string) => EgressPolicy | null
  readonly guard: Protected
  readonly resolve?: Resolve
  /** Milliseconds that never go back. */
  readonly now?: () => number
  readonly observe?: (record: EgressRecord) => void
  readonly userAgent?: string
}

export interface Egress {
  request(request: EgressRequest): Promise<Reply>
  /** For libraries that bring their own protocol (SMTP). The caller owns the socket. */
  checkedSocket(request: SocketRequest): Promise<Socket>
  /** Where the host leads, every address judged; for a form that wants to say so before it saves. */
  resolveChecked(request: SocketRequest): Promise<readonly string[]>
  /** Looks at a certificate, even one nobody should trust; sends nothing. */
  inspectCertificate(request: Omit<SocketRequest, 'tls'>): Promise<SeenCertificate>
  /** The same rules behind the signature of `fetch`, for libraries that want one. */
  fetch(connector: string, limits?: FetchLimits): typeof fetch
  openConnections(): number
}

export function createEgress(options: EgressOptions): Egress {
  const ports: DialPorts = { resolve: options.resolve ?? systemResolve(), guard: options.guard }
  const now = options.now ?? (() => performance.now())
  const slots = createSlots()
  const breakers = new Map<string, Breaker>()
  const policyOf = (connector: string): EgressPolicy => options.policies(connector) ?? { connector, allow: [] }

  function setBreaker(key: string, breaker: Breaker): void {
    breakers.delete(key)
    if (breaker.failures === 0) return
    breakers.set(key, breaker)
    const [oldest] = breakers.keys()
    if (breakers.size > maxBreakers && oldest !== undefined) breakers.delete(oldest)
  }

  /** Runs one exchange with a target inside its breaker, its slots and its deadlines. */
  async function guarded<T>(
    visit: {
      readonly destination: Destination
      readonly target: string
      readonly method: string
      readonly timeouts: Timeouts | undefined
      readonly signal: AbortSignal | undefined
    },
    act: (policy: EgressPolicy, clock: Deadline) => Promise<{ value: T; status: number | null; sound: boolean }>,
  ): Promise<T> {
    const { destination, target, method } = visit
    const { connector } = destination
    const [key, started] = [`${connector} ${target}`, now()]
    const policy = policyOf(connector)
    const deadline = new Deadline(visit.timeouts ?? {}, visit.signal)
    let [status, code]: [number | null, string | null] = [null, null]
    try {
      const release = await slots.take(
        [
          { name: key, size: policy.maxConcurrentPerTarget ?? defaultConcurrentPerTarget },
          { name: connector, size: policy.maxConcurrent ?? defaultConcurrent },
        ],
        deadline.signal,
      )
      try {
        const before = policy.breaker === false ? closedBreaker : (breakers.get(key) ?? closedBreaker)
        const passage = enter(before, now())
        if (!passage.passes)
          throw new AppError(
            'unavailable',
            'egress.breaker-open',
            'The target failed repeatedly and is left alone for a moment.',
            { retryAfterSeconds: Math.ceil(passage.retryAfterMs / 1_000) },
          )
        setBreaker(key, passage.breaker)
        deadline.start()
        try {
          const done = await act(policy, deadline)
          status = done.status
          setBreaker(key, done.sound ? closedBreaker : afterFailure(breakers.get(key) ?? closedBreaker, now()))
          return done.value
        } catch (cause) {
          const before = breakers.get(key) ?? closedBreaker
          setBreaker(key, isTargetsFault(cause) ? afterFailure(before, now()) : afterNothing(before))
          throw cause
        }
      } finally {
        release()
      }
    } catch (cause) {
      code = cause instanceof AppError ? cause.code : 'egress.stopped'
      throw cause
    } finally {
      deadline.end()
      options.observe?.({ connector, target, method, status, code, durationMs: now() - started })
    }
  }

  async function request(order: EgressRequest): Promise<Reply> {
    const { destination, origin, path } = readTarget(order.connector, order.url)
    const method = readMethod(order.method)
    const body = order.body ?? null
    const bodyLength = body === null ? 0 : Buffer.byteLength(body)
    const headers = { 'user-agent': options.userAgent ?? 'Mainstay', ...readHeaders(order.headers ?? {}, bodyLength) }
    if (bodyLength > maxRequestBytes)
      throw new AppError('invalid', 'egress.body-too-large', `A request may carry ${maxRequestBytes} bytes.`)
    const kept = Math.min(order.maxReplyBytes ?? defaultReplyBytes, maxReplyBytesEver)
    return guarded(
      { destination, target: origin, method, timeouts: order.timeouts, signal: order.signal },
      async (policy, deadline) => {
        const plain = await dial(ports, policy, destination, deadline.signal)
        const socket =
          destination.scheme === 'https'
            ? await secure(plain, policy, { host: destination.host, alpn: ['http/1.1'], insist: true }, deadline.signal)
            : plain
        try {
          if (order.beforeWrite !== undefined) await abortable(Promise.resolve(order.beforeWrite()), deadline.signal)
          if (deadline.signal.aborted) throw deadline.signal.reason
        } catch (cause) {
          socket.destroy()
          throw cause
        }
        deadline.sent = true
        const { broken, ...reply } = await exchange(
          socket,
          { origin, path, method, headers, body, showRedirects: order.showRedirects === true },
          kept,
          deadline.signal,
          () => deadline.headArrived(),
        )
        return { value: reply, status: reply.status, sound: !broken && ![502, 503, 504].includes(reply.status) }
      },
    )
  }

  const endpointOf = ({ connector, host, port, tls }: SocketRequest): Destination =>
    readEndpoint(connector, tls ? 'tls' : 'tcp', host, port)
  const visitOf = (order: SocketRequest, destination: Destination, method: string) => ({
    destination,
    target: `${destination.scheme}://${destination.host}:${destination.port}`,
    method,
    timeouts: order.timeoutMs === undefined ? undefined : { headersMs: order.timeoutMs, totalMs: order.timeoutMs },
    signal: undefined,
  })

  const egress: Egress = {
    request,

    async checkedSocket(order) {
      const destination = endpointOf(order)
      return guarded(visitOf(order, destination, 'CONNECT'), async (policy, deadline) => {
        const plain = await dial(ports, policy, destination, deadline.signal)
        const value = order.tls
          ? await secure(
              plain,
              policy,
              { host: destination.host, insist: true, ...(order.alpn === undefined ? {} : { alpn: order.alpn }) },
              deadline.signal,
            )
          : plain
        return { value, status: null, sound: true }
      })
    },

    async resolveChecked(order) {
      const deadline = new Deadline(
        order.timeoutMs === undefined ? {} : { headersMs: order.timeoutMs, totalMs: order.timeoutMs },
        undefined,
      )
      deadline.start()
      try {
        return await resolveChecked(ports, policyOf(order.connector), endpointOf(order), deadline.signal)
      } finally {
        deadline.end()
      }
    },

    async inspectCertificate(order) {
      const destination = endpointOf({ ...order, tls: true })
      return guarded(visitOf({ ...order, tls: true }, destination, 'INSPECT'), async (policy, deadline) => {
        const plain = await dial(ports, policy, destination, deadline.signal)
        const socket = await secure(plain, policy, { host: destination.host, insist: false }, deadline.signal)
        try {
          return { value: readCertificate(socket), status: null, sound: true }
        } finally {
          socket.destroy()
        }
      })
    },

    fetch: (connector, limits) => createFetch(egress.request, connector, limits ?? {}),
    openConnections: () => slots.open(),
  }
  return egress
}

/** Two deadlines behind one signal, and which side of the first byte they struck. */
class Deadline {
  readonly signal: AbortSignal
  sent = false
  readonly #controller = new AbortController()
  readonly #timeouts: Required<Timeouts>
  readonly #outer: AbortSignal | undefined
  readonly #onOuter = (): void =>
    this.#controller.abort(
      new AppError('unavailable', 'egress.cancelled', 'The request was given up.', { cause: this.#outer?.reason }),
    )
  #head: NodeJS.Timeout | undefined
  #total: NodeJS.Timeout | undefined

  constructor(timeouts: Timeouts, outer: AbortSignal | undefined) {
    this.#timeouts = { ...defaultTimeouts, ...timeouts }
    this.signal = this.#controller.signal
    this.#outer = outer
    if (outer?.aborted === true) this.#onOuter()
    outer?.addEventListener('abort', this.#onOuter, { once: true })
    // Until the slots are taken, waiting is all that can take long.
    this.#total = setTimeout(
      () =>
        this.#controller.abort(
          new AppError('unavailable', 'egress.busy', 'No slot for this target came free in time.', {
            retryAfterSeconds: 5,
          }),
        ),
      this.#timeouts.totalMs,
    )
  }

  start(): void {
    clearTimeout(this.#total)
    const strike = (): void => this.#controller.abort(this.#lateness())
    this.#head = setTimeout(strike, Math.min(this.#timeouts.headersMs, this.#timeouts.totalMs))
    this.#total = setTimeout(strike, this.#timeouts.totalMs)
  }

  headArrived(): void {
    clearTimeout(this.#head)
  }

  end(): void {
    clearTimeout(this.#head)
    clearTimeout(this.#total)
    this.#outer?.removeEventListener('abort', this.#onOuter)
  }

  #lateness(): AppError {
    return this.sent
      ? new AppError('unavailable', 'egress.reply-timeout', 'The target took the request and did not answer in time.')
      : new AppError('unavailable', 'egress.connect-timeout', 'No connection to the target in time.')
  }
}

const targetsFaults: ReadonlySet<string> = new Set([
  'egress.connect-failed',
  'egress.connect-timeout',
  'egress.name-unknown',
  'egress.tls-failed',
  'egress.reply-timeout',
  'egress.reply-invalid',
  'egress.reset',
])

function isTargetsFault(cause: unknown): boolean {
  return cause instanceof AppError && targetsFaults.has(cause.code)
}

/** True when the target may have got the whole request before it failed: sending again may be seen twice. */
export function mayHaveArrived(cause: unknown): boolean {
  const doubtful = [
    'egress.reply-timeout',
    'egress.reply-invalid',
    'egress.reset',
    'egress.redirected',
    'egress.cancelled',
  ]
  return cause instanceof AppError && doubtful.includes(cause.code)
}

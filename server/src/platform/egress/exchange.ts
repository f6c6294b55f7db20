// One HTTP request over one dialled connection. Connections are not kept: every request is resolved and judged afresh,
// a changed allow list holds from the next request on, and a half-dead idle socket can never swallow a page.
import type { Socket } from 'node:net'
import { Client } from 'undici'
import { AppError } from '../../kernel/app-error.ts'

export interface OutgoingMessage {
  readonly origin: string
  readonly path: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array | null
  readonly showRedirects: boolean
}

export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[]>>
  /** At most the number of bytes asked for. */
  readonly body: Buffer
  /** False when the body was longer than kept, or broke off, or did not end in time: the status still holds. */
  readonly complete: boolean
}

export interface ReceivedReply extends Reply {
  /** The body broke off or did not end in time, which is the target's fault; being long is not. */
  readonly broken: boolean
}

/** Nobody sees it: one made for each request would be a stack trace for each. */
const done = new Error('The exchange is over.')

export async function exchange(
  socket: Socket,
  message: OutgoingMessage,
  maxReplyBytes: number,
  signal: AbortSignal,
  onHead: () => void,
): Promise<ReceivedReply> {
  let offered = false
  const client = new Client(message.origin, {
    // Both deadlines are kept by `signal`.
    headersTimeout: 0,
    bodyTimeout: 0,
    pipelining: 1,
    connect: (_options, callback) => {
      // One connection, one request: undici's own second attempt finds no second socket. Answered a tick later, since
      // a client that is still asking for its connection does not notice that it has one.
      const spare = offered ? null : socket
      offered = true
      queueMicrotask(() =>
        spare === null ? callback(new Error('the connection was used'), null) : callback(null, spare),
      )
    },
  })
  try {
    const { statusCode, headers, body } = await client.request({
      path: message.path,
      method: message.method,
      headers: message.headers,
      body: message.body,
      signal,
      reset: true,
    })
    onHead()
    if (statusCode >= 300 && statusCode < 400 && statusCode !== 304 && !message.showRedirects) {
      body.destroy()
      body.on('error', () => undefined)
      throw new AppError(
        'invalid',
        'egress.redirected',
        `The target answered ${statusCode} and sent the request elsewhere. Redirects are not followed: give the final address.`,
      )
    }
    const known = Object.fromEntries(
      Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    )
    return { status: statusCode, headers: known, ...(await readBody(body, maxReplyBytes)) }
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    if (signal.aborted && signal.reason instanceof AppError) throw signal.reason
    throw failure(cause)
  } finally {
    await client.destroy(done)
    socket.destroy()
  }
}

async function readBody(
  body: AsyncIterable<Buffer>,
  maxBytes: number,
): Promise<{ body: Buffer; complete: boolean; broken: boolean }> {
  const chunks: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of body) {
      chunks.push(chunk.subarray(0, maxBytes - length))
      length += chunk.length
      if (length > maxBytes) return { body: Buffer.concat(chunks), complete: false, broken: false }
    }
    return { body: Buffer.concat(chunks), complete: true, broken: false }
  } catch {
    // The answer itself is known; a page that was accepted must not go out again for the sake of its last bytes.
    return { body: Buffer.concat(chunks), complete: false, broken: true }
  }
}

const unreadable: ReadonlySet<string> = new Set([
  'HTTPParserError',
  'HeadersOverflowError',
  'ResponseContentLengthMismatchError',
])

function failure(cause: unknown): AppError {
  if (cause instanceof Error && unreadable.has(cause.name))
    return new AppError('unavailable', 'egress.reply-invalid', 'The target did not answer in HTTP.', { cause })
  return new AppError('unavailable', 'egress.reset', 'The target closed the connection before it answered.', { cause })
}

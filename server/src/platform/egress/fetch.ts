// `fetch` for libraries that want one (OpenID Connect, PromQL): the same judgement, deadlines and limits as any request.
import { AppError } from '../../kernel/app-error.ts'
import type { EgressRequest, Timeouts } from './egress-request.ts'
import type { Reply } from './exchange.ts'

export interface FetchLimits {
  /** A longer reply is refused, not cut: half a JSON document is no answer. Default 8 MB. */
  readonly maxReplyBytes?: number
  readonly timeouts?: Timeouts
}

const defaultFetchBytes = 8 * 1_048_576
const bodiless = new Set([204, 205, 304])

export function createFetch(
  send: (request: EgressRequest) => Promise<Reply>,
  connector: string,
  limits: FetchLimits,
): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init)
    const body = request.body === null ? null : new Uint8Array(await request.arrayBuffer())
    const reply = await send({
      connector,
      method: request.method,
      // Not `request.url`: the parser behind it has already dropped what must be refused.
      url: input instanceof Request ? input.url : String(input),
      headers: Object.fromEntries(request.headers),
      body,
      signal: request.signal,
      maxReplyBytes: limits.maxReplyBytes ?? defaultFetchBytes,
      ...(limits.timeouts === undefined ? {} : { timeouts: limits.timeouts }),
    })
    if (!reply.complete)
      throw new AppError('unavailable', 'egress.reply-incomplete', 'The reply was longer than allowed, or broke off.')
    const headers = new Headers()
    for (const [name, value] of Object.entries(reply.headers))
      for (const each of Array.isArray(value) ? value : [value]) headers.append(name, each)
    return new Response(bodiless.has(reply.status) ? null : new Uint8Array(reply.body), {
      status: reply.status,
      headers,
    })
  }
}

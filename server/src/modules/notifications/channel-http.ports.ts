// How every HTTP channel talks: one request through egress, and what its failure says about the copy under way.
import { AppError } from '../../kernel/app-error.ts'
import { type Egress, mayHaveArrived, type Reply, readRetryAfter } from '../../platform/egress/index.ts'
import type { ChannelOutcome } from './notifications.ports.ts'

/** One attempt, connection and answer; the delivery gives up a second later. */
const timeouts = { headersMs: 6_000, totalMs: 7_000 } as const
const keptBytes = 8_192

export interface ChannelRequest {
  readonly connector: string
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'GET'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
  readonly beforeWrite?: () => Promise<void>
  readonly signal: AbortSignal
}

export type Exchanged = { readonly reply: Reply } | { readonly failed: ChannelOutcome }

export async function exchangeWith(egress: Pick<Egress, 'request'>, request: ChannelRequest): Promise<Exchanged> {
  try {
    const { beforeWrite, ...rest } = request
    const asked = beforeWrite === undefined ? rest : { ...rest, beforeWrite }
    return { reply: await egress.request({ ...asked, timeouts, maxReplyBytes: keptBytes }) }
  } catch (error) {
    return { failed: outcomeOf(error) }
  }
}

/** What a failed request says about the copy that was under way. */
export function outcomeOf(error: unknown): ChannelOutcome {
  if (!(error instanceof AppError)) throw error
  if (mayHaveArrived(error)) return { kind: 'lost', because: error.message }
  const retry = error.kind === 'unavailable' || error.kind === 'conflict'
  return { kind: retry ? 'refused' : 'rejected', because: error.message }
}

export function retryAfterOf(reply: Reply, now: number): number | null {
  const header = reply.headers['retry-after']
  return readRetryAfter(typeof header === 'string' ? header : undefined, now)
}

/** The reply as JSON; an empty object when it is none. */
export function jsonOf(reply: Reply): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(reply.body.toString('utf8'))
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? { ...parsed } : {}
  } catch {
    return {}
  }
}

/** One line of a reply, short enough for the record. */
export function wordsOf(text: unknown): string {
  return typeof text === 'string'
    ? text
        .replace(/\p{Cc}+/gu, ' ')
        .trim()
        .slice(0, 200)
    : ''
}

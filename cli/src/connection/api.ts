// The server as a command sees it: the typed client, pages read to their end, refusals with a way out.
import { type Client, createClient, ProblemError } from '../../../client/src/client.ts'
import { CommandError, exitCodes } from '../exit-codes.ts'
import type { Call } from '../line/command.ts'
import { openSend } from './http.ts'
import { findTarget, type Target } from './target.ts'

export interface Api {
  readonly client: Client
  readonly target: Target
  readonly send: typeof globalThis.fetch
}

const defaultTimeoutMs = 30_000

/** The part of a call that reaching a server needs. */
export type Reach = Pick<Call, 'shell' | 'options'>

export async function openApi({ shell, options }: Reach): Promise<Api> {
  return connect({ shell, options }, findTarget(shell, options))
}

export async function connect({ shell, options }: Reach, target: Target): Promise<Api> {
  const timeoutMs = options.durationMs('timeout') ?? defaultTimeoutMs
  const send = await openSend({ shell, timeoutMs, debug: options.has('debug') })
  const client = createClient({
    baseUrl: target.url,
    // An empty token would make the client believe that it runs in a browser with a session.
    token: target.token ?? 'none',
    userAgent: `mainstay-cli/${shell.version}`,
    fetch: send,
  })
  return { client, target, send }
}

interface PageOf<Item> {
  readonly items: readonly Item[]
  readonly nextCursor: string | null
}

export interface Listed<Item> {
  readonly items: readonly Item[]
  /** The limit was reached; there are more. */
  readonly more: boolean
}

/** As many as asked for, in as few requests as the server allows. */
export async function readPages<Item>(
  read: (page: { limit: number; cursor?: string }) => Promise<PageOf<Item>>,
  limit: number,
  /** Of most lists; one of short rows answers more. */
  atOnce = 500,
): Promise<Listed<Item>> {
  const items: Item[] = []
  let cursor: string | null = null
  do {
    const page: PageOf<Item> = await read({
      limit: Math.min(atOnce, limit - items.length),
      ...(cursor === null ? {} : { cursor }),
    })
    items.push(...page.items)
    cursor = page.nextCursor
  } while (cursor !== null && items.length < limit)
  return { items, more: cursor !== null }
}

/** Null when the server says that there is no such thing. */
export async function orNull<T>(answer: Promise<T>): Promise<T | null> {
  return answer.catch((error: unknown) => {
    if (error instanceof ProblemError && error.status === 404) return null
    throw error
  })
}

export const notFound = (sentence: string, hint: string | null = null): CommandError =>
  new CommandError(exitCodes.notFound, sentence, hint)

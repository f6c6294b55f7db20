// Replies that are streams of their own format, which the typed client does not describe.
import { ProblemError } from '../../../client/src/client.ts'
import { isJsonObject } from '../../../server/src/kernel/json.ts'
import type { Call } from '../line/command.ts'
import { openSend } from './http.ts'
import { findTarget } from './target.ts'

// A stream may take long as a whole; only its beginning is waited for.
const longestMs = 24 * 3_600_000

/** Onto stdout as it comes. A letter of several bytes may come in two pieces, so they are read as one stream. */
export async function copyText(call: Call, path: string): Promise<void> {
  const text = new TextDecoder()
  for await (const chunk of await openStream(call, path)) call.shell.out.write(text.decode(chunk, { stream: true }))
  call.shell.out.write(text.decode())
}

export async function openStream(call: Call, path: string): Promise<AsyncIterable<Uint8Array>> {
  const { shell, options } = call
  const target = findTarget(shell, options)
  const send = await openSend({ shell, timeoutMs: longestMs, debug: options.has('debug') })
  const response = await send(`${target.url}${path}`, {
    headers: {
      accept: 'application/jsonl, application/problem+json',
      ...(target.token === null ? {} : { authorization: `Bearer ${target.token}` }),
      'user-agent': `mainstay-cli/${shell.version}`,
    },
  }).catch((error: unknown) => {
    const detail = `No answer from ${target.url}. Is it running, and is the address right?`
    throw new ProblemError({ code: 'client.unreachable', title: 'No answer', detail }, 0, null, error)
  })
  if (response.ok && response.body !== null) return response.body
  const text = await response.text()
  throw new ProblemError(problemIn(text), response.status, null)
}

function problemIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    return isJsonObject(value) ? value : {}
  } catch {
    // A proxy in between answered with a page of its own; the status still tells.
    return {}
  }
}

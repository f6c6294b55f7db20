// Writing a postmortem together: the operations, and the live stream of one document.
import type { PostmortemVersion } from '../../../client/src/index.ts'
import { openStream } from '../../../client/src/index.ts'
import { client } from './http.ts'
import type { Postmortem } from './response-api.ts'
import { createEventReader, type ServerEvent } from './sse.ts'

export type { PostmortemVersion }
export type SectionKey = Postmortem['sections'][number]['section']

export const together = {
  join: (id: string) => client['postmortems.join']({ params: { id } }),
  read: (id: string) => client['postmortems.document']({ params: { id } }),
  write: (id: string, hand: number, update: string) =>
    client['postmortems.write']({ params: { id }, body: { client: hand, update } }),
  here: (id: string, hand: number, where: { section: SectionKey | null; line: number | null } | null) =>
    client['postmortems.be-here']({
      params: { id, client: hand },
      body: where === null ? { here: false } : { here: true, ...where },
    }),
  authors: (id: string, signal: AbortSignal) => client['postmortems.authors']({ params: { id }, signal }),
  versions: (id: string, signal: AbortSignal) => client['postmortems.versions']({ params: { id }, signal }),
  version: (id: string, number: number, signal: AbortSignal) =>
    client['postmortems.version']({ params: { id, number }, signal }),
  restore: (id: string, number: number) => client['postmortems.restore']({ params: { id, number } }),
}

/** The server refused the stream, so waiting for it makes no sense before something else has changed. */
export class StreamRefused extends Error {
  readonly status: number
  constructor(status: number) {
    super(`The live document was refused (${status}).`)
    this.status = status
  }
}

// The server beats every 15 s; three beats missed is silence.
const silenceMs = 45_000

/** Reads the stream until it ends, is silent for too long, or `ended` says so. */
export async function followPostmortem(
  id: string,
  after: number,
  hear: (event: ServerEvent) => void,
  ended: AbortSignal,
): Promise<void> {
  const abort = new AbortController()
  const end = () => abort.abort()
  ended.addEventListener('abort', end)
  let watchdog = setTimeout(end, silenceMs)
  try {
    const response = await openStream(`/api/v1/postmortems/${id}/live`, String(after), abort.signal)
    if (!response.ok || response.body === null) throw new StreamRefused(response.status)
    const reader = response.body.getReader()
    const events = createEventReader()
    const text = new TextDecoder()
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      clearTimeout(watchdog)
      watchdog = setTimeout(end, silenceMs)
      for (const event of events.push(text.decode(value, { stream: true }))) hear(event)
    }
  } finally {
    clearTimeout(watchdog)
    ended.removeEventListener('abort', end)
  }
}

// The live stream (server-sent events) in a browser: resumes by Last-Event-ID, comes back after a refusal, says when it is down.
import type { JournalEntry } from './operations.gen.ts'

export type LiveState = 'connecting' | 'live' | 'down'

export interface LiveMessage {
  readonly type: string
  readonly id: string
  readonly data: unknown
}

export interface LiveOptions {
  readonly url: string
  /** The event names to hear; EventSource hands on only those it was asked for. `message` is always heard. */
  readonly types: readonly string[]
  readonly onMessage: (message: LiveMessage) => void
  readonly onState?: (state: LiveState) => void
}

const firstWaitMs = 1_000
const longestWaitMs = 30_000

/** Answers the function that closes the stream. */
export function openLive(options: LiveOptions): () => void {
  let source: EventSource | null = null
  let timer: ReturnType<typeof setTimeout> | null = null
  let waitMs = firstWaitMs
  let lastId = ''

  const hear = (event: Event): void => {
    if (!(event instanceof MessageEvent)) return
    if (event.lastEventId !== '') lastId = event.lastEventId
    options.onMessage({ type: event.type, id: event.lastEventId, data: parse(String(event.data)) })
  }
  const connect = (): void => {
    options.onState?.('connecting')
    // A stream opened anew has forgotten its place, so the place travels in the address.
    source = new EventSource(
      lastId === ''
        ? options.url
        : `${options.url}${options.url.includes('?') ? '&' : '?'}after=${encodeURIComponent(lastId)}`,
    )
    for (const type of new Set(['message', ...options.types])) source.addEventListener(type, hear)
    source.onopen = () => {
      waitMs = firstWaitMs
      options.onState?.('live')
    }
    source.onerror = () => {
      options.onState?.('down')
      // EventSource comes back from a broken line by itself, but gives up for good when the server refuses (401, 503).
      if (source?.readyState !== EventSource.CLOSED) return
      // Up to a fifth less, so that a thousand consoles do not return in the same second after a restart.
      timer = setTimeout(connect, waitMs * (0.8 + Math.random() * 0.2))
      waitMs = Math.min(longestWaitMs, waitMs * 2)
    }
  }
  connect()
  return () => {
    if (timer !== null) clearTimeout(timer)
    source?.close()
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** The stream as a plain response, for a reader that notices silence, which EventSource does not tell. */
export function openStream(path: string, lastId: string | null, signal: AbortSignal): Promise<Response> {
  return fetch(path, {
    headers: { accept: 'text/event-stream', ...(lastId === null ? {} : { 'last-event-id': lastId }) },
    signal,
  })
}

/** Null for an event that is no entry of the journal; the next poll will show what it was about. */
export function readEntry(data: string): JournalEntry | null {
  try {
    const value: unknown = JSON.parse(data)
    return typeof value === 'object' && value !== null && 'type' in value ? (value as JournalEntry) : null
  } catch {
    return null
  }
}

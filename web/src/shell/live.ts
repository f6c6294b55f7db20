// One event stream per browser: the tab that holds the lock reads it and tells the others over a BroadcastChannel.
// Without locks (plain http in a local network) each tab reads for itself. When nothing comes, the page polls.
import { openStream, readEntry } from '../../../client/src/index.ts'
import { type JournalEntry, journal } from './api.ts'
import { createEventReader } from './sse.ts'

export type LiveState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  | { readonly kind: 'reconnecting'; readonly since: number }
  | { readonly kind: 'stale'; readonly since: number }
  | { readonly kind: 'offline'; readonly since: number }

type Told =
  | { readonly kind: 'entry'; readonly entry: JournalEntry; readonly id: string | null }
  | { readonly kind: 'alive'; readonly at: number; readonly id?: string | null }
  | { readonly kind: 'lost'; readonly at: number }
  | { readonly kind: 'who'; readonly at: number }

// The server beats every 15 s; three beats missed is silence.
const silenceMs = 45_000
const retryMs = [1000, 2000, 4000, 8000, 15_000] as const

let state: LiveState = { kind: 'connecting' }
let lastLife = 0
let lastId: string | null = null
let leading = false
let started = false
const stateListeners = new Set<() => void>()
const entryListeners = new Set<(entry: JournalEntry) => void>()

export const live = {
  state: (): LiveState => state,
  subscribe: (listener: () => void): (() => void) => {
    stateListeners.add(listener)
    return () => stateListeners.delete(listener)
  },
  onEntry: (listener: (entry: JournalEntry) => void): (() => void) => {
    entryListeners.add(listener)
    return () => entryListeners.delete(listener)
  },
  start,
}

function become(next: LiveState): void {
  if (next.kind === state.kind) return
  state = next
  for (const each of stateListeners) each()
}

function start(): void {
  if (started) return
  started = true
  const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('mainstay-live')
  const tell = (told: Told) => {
    hear(told)
    channel?.postMessage(told)
  }
  if (channel !== null) {
    channel.onmessage = (event: MessageEvent<Told>) => {
      if (event.data.kind === 'who') {
        if (leading && state.kind === 'live') channel.postMessage({ kind: 'alive', at: lastLife } satisfies Told)
        return
      }
      hear(event.data)
    }
    channel.postMessage({ kind: 'who', at: Date.now() } satisfies Told)
  }
  const lead = async () => {
    leading = true
    await readForEver(tell)
  }
  if (channel !== null && navigator.locks !== undefined) {
    void navigator.locks.request('mainstay-live', lead)
  } else {
    void lead()
  }
  window.setInterval(() => {
    if (lastLife > 0 && Date.now() - lastLife > silenceMs) {
      become(navigator.onLine ? { kind: 'stale', since: lastLife } : { kind: 'offline', since: lastLife })
    }
  }, 5000)
  window.addEventListener('offline', () => become({ kind: 'offline', since: Date.now() }))
}

function hear(told: Told): void {
  if (told.kind === 'entry') {
    for (const each of entryListeners) each(told.entry)
  }
  if (told.kind === 'entry' || told.kind === 'alive') {
    lastId = told.id ?? lastId
    lastLife = Math.max(lastLife, Date.now())
    become({ kind: 'live' })
  }
  if (told.kind === 'lost') become({ kind: 'reconnecting', since: lastLife === 0 ? told.at : lastLife })
}

async function readForEver(tell: (told: Told) => void): Promise<never> {
  for (let attempt = 0; ; attempt++) {
    const lived = await readOnce(tell)
    if (lived) attempt = 0
    tell({ kind: 'lost', at: Date.now() })
    const wait = retryMs[Math.min(attempt, retryMs.length - 1)] ?? 15_000
    // Spread, so that a restarted server does not meet all browsers in one second.
    await new Promise((resolve) => window.setTimeout(resolve, wait * (0.75 + Math.random() / 2)))
  }
}

/** Reads until the connection ends; true when it ever carried something. */
async function readOnce(tell: (told: Told) => void): Promise<boolean> {
  let lived = false
  const abort = new AbortController()
  let watchdog = window.setTimeout(() => abort.abort(), silenceMs)
  try {
    const response = await openStream(journal.streamPath, lastId, abort.signal)
    if (!response.ok || response.body === null) return false
    const reader = response.body.getReader()
    const events = createEventReader()
    const text = new TextDecoder()
    tell({ kind: 'alive', at: Date.now() })
    lived = true
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return lived
      window.clearTimeout(watchdog)
      watchdog = window.setTimeout(() => abort.abort(), silenceMs)
      for (const event of events.push(text.decode(value, { stream: true }))) {
        const entry = readEntry(event.data)
        if (entry !== null) tell({ kind: 'entry', entry, id: event.id })
      }
      tell({ kind: 'alive', at: Date.now(), id: events.lastId() })
    }
  } catch {
    // The connection broke or fell silent: the caller says so and tries again.
    return lived
  } finally {
    window.clearTimeout(watchdog)
  }
}

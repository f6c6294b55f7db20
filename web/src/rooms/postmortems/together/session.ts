// One person's hand on the shared document: what is typed is sent in bunches and kept until it is acknowledged, what others
// type is followed, and a lost line or server only delays both. Knows no browser.
import * as Y from 'yjs'

export interface Shared {
  readonly seq: number
  readonly state: Uint8Array
}

export interface Writer {
  readonly client: number
  readonly person: string
  readonly section: string | null
  readonly line: number | null
}

export type LiveEvent =
  | { readonly type: 'update'; readonly seq: number; readonly update: Uint8Array }
  | { readonly type: 'here'; readonly writers: readonly Writer[] }
  | { readonly type: 'status'; readonly status: string | null }
  | { readonly type: 'reset' }

/** The way to the server. Each refuses by throwing; `failureOf` tells what that means. */
export interface Wire {
  join(): Promise<Shared & { readonly client: number }>
  read(): Promise<Shared>
  write(client: number, update: Uint8Array): Promise<void>
  here(client: number, where: Where | null): Promise<void>
  /** Reads until the line ends. */
  follow(after: number, hear: (event: LiveEvent) => void, signal: AbortSignal): Promise<void>
  failureOf(error: unknown): Failure
}

export interface Where {
  readonly section: string
  readonly line: number
}

export type Failure =
  /** Try the same again later. */
  | { readonly kind: 'away' }
  /** The server lacks something this hand builds on. */
  | { readonly kind: 'ahead' }
  | { readonly kind: 'closed' }
  | { readonly kind: 'refused'; readonly because: string }

export type SessionState =
  | { readonly kind: 'joining' }
  | { readonly kind: 'live' }
  | { readonly kind: 'away' }
  | { readonly kind: 'closed' }
  | { readonly kind: 'refused'; readonly because: string }

export interface Session {
  readonly doc: Y.Doc
  state(): SessionState
  /** Something typed here is not on the server yet. */
  unsent(): boolean
  writers(): readonly Writer[]
  /** The number of this hand; 0 before it has joined. */
  client(): number
  at(where: Where | null): void
  /** Called on every change of the above. */
  subscribe(listener: () => void): () => void
  /** Sends what is left, which takes as long as the server is away; true when all of it arrived. */
  sendAll(): Promise<boolean>
  /** The same, and leaves. */
  close(): Promise<boolean>
}

export interface Pace {
  /** Keystrokes within this are one request. */
  readonly bunchMs: number
  readonly retryMs: readonly number[]
  readonly hereMs: number
}

export const pace: Pace = { bunchMs: 200, retryMs: [300, 1_000, 2_000, 5_000], hereMs: 10_000 }

// Bounded, so that hours without a server are sent as several requests, each below what one may hold.
const mostAtOnce = 500
const bytesAtOnce = 131_072
const remote = Symbol('written elsewhere')

export function openSession(wire: Wire, { bunchMs, retryMs, hereMs }: Pace = pace): Session {
  const doc = new Y.Doc()
  const ended = new AbortController()
  const listeners = new Set<() => void>()
  let state: SessionState = { kind: 'joining' }
  let writers: readonly Writer[] = []
  let [client, seq, failures] = [0, 0, 0]
  let queue: Uint8Array[] = []
  let sending: Promise<void> | null = null
  let timer: ReturnType<typeof setTimeout> | null = null
  let where: Where | null = null

  const tell = () => {
    for (const each of listeners) each()
  }
  const isOver = () => state.kind === 'closed' || state.kind === 'refused' || ended.signal.aborted
  const become = (next: SessionState) => {
    if (isOver() || next.kind === state.kind) return
    state = next
    tell()
  }
  const fail = (error: unknown): Failure => {
    const failure = wire.failureOf(error)
    if (failure.kind === 'away') become({ kind: 'away' })
    else if (failure.kind !== 'ahead') become(failure)
    return failure
  }
  const wait = (ms: number) =>
    new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(waiting)
        ended.signal.removeEventListener('abort', done)
        resolve()
      }
      const waiting = setTimeout(done, ms)
      ended.signal.addEventListener('abort', done)
    })
  const retryAfter = () => retryMs[Math.min(failures++, retryMs.length - 1)] ?? 5_000

  doc.on('update', (update: Uint8Array, origin: unknown) => {
    if (origin === remote) return
    queue.push(update)
    sendSoon(bunchMs)
    tell()
  })

  function take(shared: Shared): void {
    Y.applyUpdate(doc, shared.state, remote)
    seq = Math.max(seq, shared.seq)
  }

  function sendSoon(ms: number): void {
    if (timer !== null || client === 0) return
    timer = setTimeout(() => {
      timer = null
      void sendNow().finally(() => {
        if (queue.length > 0 && !isOver()) sendSoon(bunchMs)
      })
    }, ms)
  }

  /** One request at a time: what leaves the queue is exactly what was acknowledged. */
  function sendNow(): Promise<void> {
    sending ??= send().finally(() => {
      sending = null
      tell()
    })
    return sending
  }

  /** Until all of it has arrived, however long the server is away; false when it was refused. */
  async function sendAll(): Promise<boolean> {
    while (queue.length > 0 && client !== 0 && !isOver()) await sendNow()
    return queue.length === 0
  }

  /** The front of the queue stays in it until the server has it. */
  async function send(): Promise<void> {
    let [count, bytes] = [0, 0]
    while (count < queue.length && count < mostAtOnce && (count === 0 || bytes < bytesAtOnce)) {
      bytes += queue[count]?.length ?? 0
      count += 1
    }
    if (count === 0 || isOver()) return
    try {
      await wire.write(client, Y.mergeUpdates(queue.slice(0, count)))
      queue = queue.slice(count)
      failures = 0
    } catch (error) {
      const failure = fail(error)
      if (failure.kind === 'ahead') await sendDifference().catch(fail)
      else if (failure.kind === 'away') await wait(retryAfter())
    }
  }

  /** Everything the server lacks, whatever was thought to have been sent. */
  async function sendDifference(): Promise<void> {
    const shared = await wire.read()
    take(shared)
    const count = queue.length
    await wire.write(client, Y.encodeStateAsUpdate(doc, Y.encodeStateVectorFromUpdate(shared.state)))
    queue = queue.slice(count)
  }

  function hear(event: LiveEvent): void {
    become({ kind: 'live' })
    if (event.type === 'update') take({ seq: event.seq, state: event.update })
    else if (event.type === 'here') {
      writers = event.writers
      tell()
    } else if (event.type === 'status') {
      if (event.status === 'published' || event.status === null) become({ kind: 'closed' })
    } else void wire.read().then(take).catch(fail)
  }

  async function run(): Promise<void> {
    while (client === 0 && !isOver()) {
      try {
        const joined = await wire.join()
        client = joined.client
        doc.clientID = client
        take(joined)
        failures = 0
        become({ kind: 'live' })
        if (queue.length > 0) sendSoon(0)
      } catch (error) {
        if (fail(error).kind === 'away') await wait(retryAfter())
        else break
      }
    }
    void beHere()
    while (!isOver()) {
      try {
        await wire.follow(seq, hear, ended.signal)
        become({ kind: 'away' })
      } catch (error) {
        fail(error)
      }
      if (!isOver()) await wait(retryAfter())
    }
  }

  // Says where it is at once and then now and again; nobody waits for it, and a failure is not worth a word.
  async function beHere(): Promise<void> {
    while (!isOver()) {
      await wire.here(client, where).catch(() => undefined)
      await wait(hereMs)
    }
  }

  const running = run()
  let placed = ''
  return {
    doc,
    state: () => state,
    unsent: () => queue.length > 0,
    writers: () => writers.filter((each) => each.client !== client),
    client: () => client,
    at: (next) => {
      const text = JSON.stringify(next)
      if (text === placed || client === 0 || isOver()) return
      placed = text
      where = next
      void wire.here(client, next).catch(() => undefined)
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    sendAll,
    close: async () => {
      const sent = await sendAll()
      if (timer !== null) clearTimeout(timer)
      if (client !== 0) void wire.here(client, null).catch(() => undefined)
      ended.abort()
      await running
      doc.destroy()
      return sent
    },
  }
}

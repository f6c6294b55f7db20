// One person's hand on the shared document: what is typed is sent in bunches and kept until it is acknowledged, what others
// type is followed, and a lost line or server only delays both. Knows no browser.
import * as Y from 'yjs'
import { baseFor, carryOver, lacks, textsIn } from './carry.ts'
import type { Session, SessionState } from './hand.ts'
import {
  type Failure,
  type LiveEvent,
  type Pace,
  pace,
  pause,
  type Shared,
  type Where,
  type Wire,
  type Writer,
} from './wire.ts'

export type { Session, SessionState } from './hand.ts'

// Bounded, so that hours without a server are sent as several requests, each below what one may hold.
const mostAtOnce = 500
const bytesAtOnce = 131_072
// Others who hold what the server lost may bring it back first: about a minute with the pace above.
const mostAgain = 15
const remote = Symbol('written elsewhere')
const lost = 'The server has lost part of what it had kept.'

export function openSession(wire: Wire, { bunchMs, retryMs, hereMs }: Pace = pace): Session {
  let doc = new Y.Doc()
  /** What the server has, as far as this hand knows. */
  let known = new Y.Doc()
  const ended = new AbortController()
  const listeners = new Set<() => void>()
  let state: SessionState = { kind: 'joining' }
  let writers: readonly Writer[] = []
  let [client, epoch, seq, failures, again] = [0, 0, 0, 0, 0]
  let queue: Uint8Array[] = []
  /** All that this hand has sent: a server that lost it hears it once more. */
  let sent: Uint8Array[] = []
  /** Updates of the last request, and how many the next one may hold. */
  let [piece, atOnce] = [0, mostAtOnce]
  /** A request that was never answered: the server may have it or not. */
  let doubtful: Uint8Array | null = null
  let reading: Promise<void> | null = null
  let isResending = false
  let isOld = false
  let sending: Promise<void> | null = null
  let timer: ReturnType<typeof setTimeout> | null = null
  let where: Where | null = null

  const tell = () => {
    for (const each of listeners) each()
  }
  const isOver = () => state.kind === 'closed' || state.kind === 'refused' || ended.signal.aborted
  const isDue = () => (queue.length > 0 || isOld) && client !== 0 && !isOver()
  const become = (next: SessionState) => {
    if (isOver() || next.kind === state.kind) return
    state = next
    tell()
  }
  const fail = (error: unknown): Failure => {
    const failure = wire.failureOf(error)
    if (failure.kind === 'away') become({ kind: 'away' })
    else if (failure.kind === 'closed' || failure.kind === 'refused') become(failure)
    return failure
  }
  const wait = (ms: number) => pause(ms, ended.signal)
  const retryAfter = () => retryMs[Math.min(failures++, retryMs.length - 1)] ?? 5_000

  const hearTyping = (update: Uint8Array, origin: unknown) => {
    if (origin === remote) return
    queue.push(update)
    sendSoon(bunchMs)
    tell()
  }
  doc.on('update', hearTyping)

  function take(shared: Shared): void {
    if (shared.epoch !== epoch) {
      isOld = true
      sendSoon(0)
      return
    }
    for (const each of [doc, known]) Y.applyUpdate(each, shared.state, remote)
    // Also back: a server that lost something counts from where it is.
    seq = shared.seq
  }

  function sendSoon(ms: number): void {
    if (timer !== null || client === 0) return
    timer = setTimeout(() => {
      timer = null
      void sendNow().finally(() => {
        if (isDue()) sendSoon(bunchMs)
      })
    }, ms)
  }

  /** One request at a time: what leaves the queue is exactly what was acknowledged. */
  function sendNow(): Promise<void> {
    sending ??= (isOld ? joinAnew() : send())
      .catch(async (error: unknown) => {
        const { kind } = fail(error)
        if (kind === 'ahead') await sendAgain().catch(fail)
        else if (kind === 'anew') isOld = true
        else if (kind === 'away') await wait(retryAfter())
      })
      .finally(() => {
        sending = null
        tell()
      })
    return sending
  }

  /** Until all of it has arrived, however long the server is away; false when it was refused. */
  async function sendAll(): Promise<boolean> {
    while (isDue()) await sendNow()
    return queue.length === 0
  }

  /** The front of the queue stays in it until the server has it. */
  async function send(): Promise<void> {
    let [count, bytes] = [0, 0]
    while (count < queue.length && count < atOnce && (count === 0 || bytes < bytesAtOnce)) {
      bytes += queue[count]?.length ?? 0
      count += 1
    }
    if (count === 0 || isOver()) return
    piece = count
    const update = Y.mergeUpdates(queue.slice(0, count))
    try {
      await wire.write(client, update)
    } catch (error) {
      if (wire.failureOf(error).kind === 'away') doubtful = update
      throw error
    }
    doubtful = null
    queue = queue.slice(count)
    sent.push(update)
    Y.applyUpdate(known, update, remote)
    failures = 0
    atOnce = Math.min(mostAtOnce, atOnce * 2)
    if (queue.length > 0) return
    again = 0
    isResending = false
  }

  /**
   * The server lacks something: all that this hand wrote goes to it once more, and what it has, it leaves aside. What
   * builds on words of others has to wait until they bring them back; what is before it need not.
   */
  async function sendAgain(): Promise<void> {
    if (isResending && piece > 1) {
      atOnce = Math.floor(piece / 2)
      return
    }
    again += 1
    if (again > mostAgain) return become({ kind: 'refused', because: lost })
    if (isResending) await wait(retryAfter())
    else {
      queue = [...sent, ...queue]
      sent = []
      isResending = true
    }
    take(await wire.read())
  }

  /** The document is another one, or this hand was forgotten: joins once more and brings along what was not kept. */
  async function joinAnew(): Promise<void> {
    const joined = await wire.join()
    // The same document with less in it: what is missing is only here, and must not go unsaid.
    if (joined.epoch === epoch && lacks(joined.state, known)) return become({ kind: 'refused', because: lost })
    const old = doc
    let base = baseFor(joined.state, known, doubtful)
    doubtful = null
    old.off('update', hearTyping)
    doc = new Y.Doc()
    known = new Y.Doc()
    ;({ client, epoch, seq } = joined)
    doc.clientID = client
    doc.on('update', hearTyping)
    isOld = false
    queue = []
    sent = []
    failures = 0
    again = 0
    isResending = false
    take(joined)
    const carry = () => {
      const mine = textsIn(old)
      carryOver(doc, base, mine)
      base = mine
    }
    carry()
    // A field may still give back the word that was being composed in it.
    old.on('update', carry)
    tell()
  }

  function hear(event: LiveEvent): void {
    become({ kind: 'live' })
    // What is not newer is in the document, or belongs to the one before it.
    if (event.type === 'update') {
      if (event.seq > seq) take({ epoch, seq: event.seq, state: event.update })
    } else if (event.type === 'here') {
      writers = event.writers
      tell()
    } else if (event.type === 'status') {
      if (event.status === null) become({ kind: 'refused', because: 'The postmortem is gone.' })
      else if (event.status === 'published') become({ kind: 'closed' })
    } else readAnew()
  }

  /** What was missed comes by no event any more: asked for until it is here. */
  function readAnew(): void {
    const read = async () => {
      for (let isRead = false; !isRead && !isOver(); ) {
        try {
          take(await wire.read())
          isRead = true
        } catch (error) {
          fail(error)
          if (!isOver()) await wait(retryAfter())
        }
      }
    }
    // One after the other: the answer under way may be older than what is missed now.
    reading = (reading ?? Promise.resolve()).then(read)
  }

  async function run(): Promise<void> {
    while (client === 0 && !isOver()) {
      try {
        const joined = await wire.join()
        ;({ client, epoch } = joined)
        doc.clientID = client
        take(joined)
        failures = 0
        become({ kind: 'live' })
      } catch (error) {
        fail(error)
        if (!isOver()) await wait(retryAfter())
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
    get doc() {
      return doc
    },
    state: () => state,
    unsent: () => queue.length > 0,
    writers: () => writers.filter((each) => each.client !== client),
    client: () => client,
    unkept: () => {
      const there = textsIn(known)
      return new Map([...textsIn(doc)].filter(([name, text]) => (there.get(name) ?? '') !== text))
    },
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
      const isSent = await sendAll()
      if (timer !== null) clearTimeout(timer)
      if (client !== 0) void wire.here(client, null).catch(() => undefined)
      ended.abort()
      await Promise.all([running, reading])
      doc.destroy()
      return isSent
    },
  }
}

// Server-sent events: what happens, as it is committed, to everybody who may read it.
import type { ServerResponse } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Actor } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import type { AuditPorts } from '../audit.ports.ts'
import { type JournalEntry, type JournalReader, mayRead, readerOf } from '../core/index.ts'
import { isKnownPlace, type Place, type PlacedEntry, readAfter } from '../journal.store.ts'
import { presentEntry } from '../present.ts'
import { createTail } from './journal-tail.ts'
import { formatPlace, isAfter, parsePlace } from './places.ts'

export const streamOperation = 'journal.stream'

export interface StreamLimits {
  readonly clients: number
  /** Written at once; more follows when the client has read. So this is what a client that does not read can hold. */
  readonly chunkBytes: number
  /** Entries waiting for one client; with more it is cut off, and resumes with Last-Event-ID. */
  readonly waiting: number
  /** Entries a returning client may have missed; beyond, it is told to read its lists anew. */
  readonly catchUp: number
  readonly heartbeatMs: number
  readonly recheckMs: number
}

export const streamLimits: StreamLimits = {
  clients: 2_000,
  chunkBytes: 262_144,
  waiting: 5_000,
  catchUp: 10_000,
  heartbeatMs: 15_000,
  recheckMs: 1_000,
}

export interface LiveStreams {
  open(request: FastifyRequest, reply: FastifyReply): Promise<void>
  readonly state: { readonly clients: number; readonly cutOff: number }
  stop(): Promise<void>
}

interface Client {
  readonly request: FastifyRequest
  readonly raw: ServerResponse
  readonly waiting: PlacedEntry[]
  reader: JournalReader
  /** All up to here was sent or is not for this client. */
  place: Place
  live: boolean
  pumping: boolean
  /** Did not read what it was sent since the last heartbeat. */
  stalled: boolean
  /** Authorised since the last tick. */
  fresh: boolean
  listener: (entries: readonly PlacedEntry[]) => void
}

const catchUpPage = 500
const catchUpsAtOnce = 8

export function createStreams(
  needs: Needs,
  ports: Pick<AuditPorts, 'admit' | 'recheck' | 'restrictionsOf'>,
  limits = streamLimits,
): LiveStreams {
  const tail = createTail(needs.database, needs.log)
  const clients = new Set<Client>()
  const texts = new WeakMap<JournalEntry, string>()
  let [cutOff, catchingUp] = [0, 0]
  let timers: readonly NodeJS.Timeout[] = []

  /** Written once for all clients. */
  const textOf = ({ place, entry }: PlacedEntry): string => {
    const known = texts.get(entry)
    if (known !== undefined) return known
    const text = `id: ${formatPlace(place)}\ndata: ${JSON.stringify(presentEntry(entry))}\n\n`
    texts.set(entry, text)
    return text
  }

  function close(client: Client): void {
    if (!clients.delete(client)) return
    tail.leave(client.listener)
    client.waiting.length = 0
    client.raw.end()
    if (clients.size === 0) {
      for (const timer of timers) clearInterval(timer)
      timers = []
    }
  }

  function cut(client: Client, because: string): void {
    cutOff += 1
    needs.log.warn('A live stream was cut off.', { because, unread: client.raw.writableLength })
    close(client)
    client.raw.destroy()
  }

  const readerNow = async (actor: Actor): Promise<JournalReader> => readerOf(actor, await ports.restrictionsOf?.(actor))

  /** Revocation counts for open streams too: nothing is sent on an admission older than a tick. */
  async function readmit(client: Client): Promise<boolean> {
    if (client.fresh) return clients.has(client)
    const actor = await ports.recheck(client.request, streamOperation).catch(() => null)
    const reader = actor === null ? null : await readerNow(actor).catch(() => null)
    if (reader === null) close(client)
    else {
      client.reader = reader
      client.fresh = true
    }
    return clients.has(client)
  }

  async function pump(client: Client): Promise<void> {
    if (client.pumping || !client.live) return
    client.pumping = true
    while (client.waiting.length > 0) if (!(await send(client, client.waiting))) break
    client.pumping = false
  }

  /** Takes entries from the front as far as a chunk goes. False when the client is gone or may read no more. */
  async function send(client: Client, entries: PlacedEntry[]): Promise<boolean> {
    if (client.raw.writableNeedDrain) await drained(client.raw)
    if (!(await readmit(client))) return false
    let [text, taken] = ['', 0]
    for (const placed of entries) {
      if (text.length >= limits.chunkBytes) break
      taken += 1
      if (!isAfter(placed.place, client.place)) continue
      client.place = placed.place
      if (mayRead(client.reader, placed.entry)) text += textOf(placed)
    }
    entries.splice(0, taken)
    if (text !== '') client.raw.write(text)
    return true
  }

  /** Brings a returning client from its place to the present; false when it missed too much or comes from elsewhere. */
  async function catchUp(client: Client, from: Place, present: Place): Promise<boolean> {
    if (!(await isKnownPlace(needs.database, from))) return false
    client.place = from
    for (let missed = 0; missed < limits.catchUp; missed += catchUpPage) {
      const page = await readAfter(needs.database, client.place, catchUpPage)
      const last = page.at(-1)
      const rest = [...page]
      while (rest.length > 0) if (!(await send(client, rest))) return true
      if (last === undefined || page.length < catchUpPage || isAfter(last.place, present)) return true
    }
    return false
  }

  function startTimers(): void {
    if (timers.length > 0) return
    timers = [
      setInterval(() => {
        for (const client of clients) client.fresh = false
      }, limits.recheckMs),
      setInterval(() => void beat(), limits.heartbeatMs),
    ]
    for (const timer of timers) timer.unref()
  }

  // Carries the place, so that somebody who may read little does not come back with an old one.
  async function beat(): Promise<void> {
    for (const client of [...clients]) {
      if (!client.live || !(await readmit(client))) continue
      if (!client.raw.writableNeedDrain) {
        client.stalled = false
        client.raw.write(`: beat\nid: ${formatPlace(client.place)}\n\n`)
      } else if (client.stalled) cut(client, 'it has read nothing between two heartbeats')
      else client.stalled = true
    }
  }

  async function begin(client: Client, after: Place | null): Promise<void> {
    const present = await tail.join(client.listener)
    if (!clients.has(client)) return tail.leave(client.listener)
    client.place = present
    if (after !== null && !(await catchUp(client, after, present))) {
      if (!isAfter(client.place, present)) client.place = present
      client.raw.write(`event: reset\nid: ${formatPlace(client.place)}\ndata: {"because":"too-much-missed"}\n\n`)
    } else client.raw.write(`event: ready\nid: ${formatPlace(client.place)}\ndata: {}\n\n`)
    client.live = true
    await pump(client)
  }

  return {
    open: async (request, reply) => {
      const actor: Actor = await ports.admit(request, streamOperation)
      const reader = await readerNow(actor)
      const after = requestedPlace(request)
      if (clients.size >= limits.clients || (after !== null && catchingUp >= catchUpsAtOnce)) {
        throw new AppError('unavailable', 'audit.too-many-streams', 'Too many live streams are open here. Try again.', {
          retryAfterSeconds: 5,
        })
      }
      const { raw } = reply
      const client: Client = {
        request,
        raw,
        waiting: [],
        reader,
        place: { xid: '0', id: 0 },
        live: false,
        pumping: false,
        stalled: false,
        fresh: true,
        listener: (entries) => {
          if (client.waiting.length + entries.length > limits.waiting) return cut(client, 'too many entries wait')
          for (const entry of entries) client.waiting.push(entry)
          void pump(client)
        },
      }
      clients.add(client)
      startTimers()
      raw.on('close', () => close(client))
      raw.on('error', () => close(client))
      reply.hijack()
      raw.writeHead(200, {
        ...headersOf(reply),
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store, no-transform',
        // Nginx would otherwise hold events back to fill its buffer.
        'x-accel-buffering': 'no',
      })
      raw.write('retry: 2000\n\n')
      if (after !== null) catchingUp += 1
      try {
        await begin(client, after)
      } catch (error) {
        // The head is sent, so there is no other refusal than to end; the browser comes back by itself.
        needs.log.warn('A live stream could not begin.', { error })
        close(client)
      } finally {
        if (after !== null) catchingUp -= 1
      }
    },
    get state() {
      return { clients: clients.size, cutOff }
    },
    stop: async () => {
      for (const client of [...clients]) close(client)
      await tail.stop()
    },
  }
}

function requestedPlace(request: FastifyRequest): Place | null {
  const { query } = request
  const asked = typeof query === 'object' && query !== null && 'after' in query ? query.after : undefined
  const text = request.headers['last-event-id'] ?? asked
  if (text === undefined || text === '') return null
  const place = typeof text === 'string' ? parsePlace(text) : null
  if (place === null) {
    throw new AppError('invalid', 'audit.bad-place', 'Last-Event-ID and `after` must be an id this stream has sent.', {
      faults: [{ pointer: '?after', detail: 'Leave it out to start with what happens from now on.' }],
    })
  }
  return place
}

function headersOf(reply: FastifyReply): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {}
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) headers[name] = Array.isArray(value) ? value : String(value)
  return headers
}

function drained(raw: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      raw.off('drain', done)
      raw.off('close', done)
      resolve()
    }
    raw.on('drain', done)
    raw.on('close', done)
  })
}

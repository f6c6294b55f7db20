// Server-sent events of one shared document: what others write, who is here, and when it is closed for writing.
import type { ServerResponse } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Actor } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import type { Database } from '../../../platform/database/database.ts'
import type { Log } from '../../../platform/log/log.ts'
import { monotonicMs } from '../../../platform/monotonic.ts'
import { liveDocument } from '../together.contract.ts'
import { listUpdates, type UpdateRow } from '../together.store.ts'
import { type Follower, followDocuments } from './follow.ts'

export const liveLimits = {
  /** Of this process, and of one document. */
  streams: 500,
  ofOne: 60,
  heartbeatMs: 15_000,
  /** Rights are asked again before anything is sent on an admission older than this. */
  recheckMs: 1_000,
  /** Bytes a reader may leave unread before it is cut off; it comes back to its place. */
  unread: 8_388_608,
  catchUp: 2_000,
  lookMs: 250,
}

export interface LiveDocuments {
  open(request: FastifyRequest, reply: FastifyReply, id: string): Promise<void>
  wake(id: string): void
  stop(): Promise<void>
}

interface Ports {
  readonly admit: (request: FastifyRequest, operationId: string) => Promise<Actor>
  /** Throws for who may not read this postmortem (now). */
  readonly check: (actor: Actor, id: string) => Promise<unknown>
}

interface Stream {
  readonly id: string
  readonly raw: ServerResponse
  /** All up to here was sent. */
  seq: number
  admittedAt: number
  sending: Promise<void>
  close(): void
}

export function liveDocuments(database: Database, log: Log, ports: Ports, limits = liveLimits): LiveDocuments {
  const following = followDocuments(database, log, limits.lookMs)
  const streams = new Set<Stream>()

  const isFull = (id: string): boolean =>
    streams.size >= limits.streams || [...streams].filter((each) => each.id === id).length >= limits.ofOne

  async function admitted(request: FastifyRequest, stream: Stream): Promise<boolean> {
    if (monotonicMs() - stream.admittedAt < limits.recheckMs) return streams.has(stream)
    try {
      await ports.check(await ports.admit(request, liveDocument), stream.id)
      stream.admittedAt = monotonicMs()
    } catch {
      // Signed out, or the incident was closed to them: nothing more is sent, and coming back is refused.
      stream.close()
    }
    return streams.has(stream)
  }

  /** In order, one after the other; the text is asked for only when it may be sent. */
  function send(request: FastifyRequest, stream: Stream, text: () => string): void {
    stream.sending = stream.sending.then(async () => {
      if (!streams.has(stream) || !(await admitted(request, stream))) return
      if (stream.raw.writableLength > limits.unread) return stream.close()
      stream.raw.write(text())
    })
  }

  const textOf = (stream: Stream, rows: readonly UpdateRow[]) => () => {
    let text = ''
    for (const row of rows) {
      if (row.seq <= stream.seq) continue
      stream.seq = row.seq
      const update = Buffer.from(row.body).toString('base64')
      text += `id: ${row.seq}\nevent: update\ndata: ${JSON.stringify({ seq: row.seq, update })}\n\n`
    }
    return text
  }

  /** From where the reader was to where everybody is; false when part of it is folded away. */
  async function catchUp(request: FastifyRequest, stream: Stream, after: number, present: number): Promise<boolean> {
    if (after > present) return false
    stream.seq = after
    const rows = after === present ? [] : await listUpdates(database, stream.id, after, limits.catchUp + 1)
    const isWhole = rows.length <= limits.catchUp && rows.every((row, index) => row.seq === after + index + 1)
    if (!isWhole || after + rows.length < present) return false
    send(request, stream, textOf(stream, rows))
    return true
  }

  const sendReset = (request: FastifyRequest, stream: Stream) =>
    send(request, stream, () => 'event: reset\ndata: {"because":"too-much-missed"}\n\n')

  return {
    open: async (request, reply, id) => {
      const actor = await ports.admit(request, liveDocument)
      await ports.check(actor, id)
      const after = placeOf(request)
      if (isFull(id))
        throw new AppError('unavailable', 'postmortems.too-many-hands', 'Too many people follow this now.', {
          retryAfterSeconds: 5,
        })
      const { raw } = reply
      const waiting: UpdateRow[][] = []
      let [live, missed] = [false, false]
      const follower: Follower = {
        updates: (rows) => (live ? send(request, stream, textOf(stream, rows)) : void waiting.push([...rows])),
        reset: (seq) => {
          stream.seq = seq
          waiting.splice(0)
          if (live) sendReset(request, stream)
          else missed = true
        },
        here: (rows) => {
          const writers = rows.map(({ client, person, section, line }) => ({ client, person, section, line }))
          send(request, stream, () => `event: here\ndata: ${JSON.stringify({ writers })}\n\n`)
        },
        status: (status) => {
          send(request, stream, () => `event: status\ndata: ${JSON.stringify({ status })}\n\n`)
        },
      }
      const beat = setInterval(() => send(request, stream, () => ': beat\n\n'), limits.heartbeatMs)
      const stream: Stream = {
        ...{ id, raw, seq: after, admittedAt: monotonicMs(), sending: Promise.resolve() },
        close: () => {
          if (!streams.delete(stream)) return
          clearInterval(beat)
          following.leave(id, follower)
          raw.end()
        },
      }
      streams.add(stream)
      raw.on('close', () => stream.close())
      raw.on('error', () => stream.close())
      const present = await following.join(id, follower).catch((error: unknown) => {
        stream.close()
        throw error
      })
      if (present === null) {
        streams.delete(stream)
        clearInterval(beat)
        throw new AppError('conflict', 'postmortems.not-shared', 'Nobody has begun to write together yet. Join first.')
      }
      begin(reply)
      try {
        if (!(await catchUp(request, stream, after, present))) {
          stream.seq = Math.max(stream.seq, present)
          missed = true
        }
        if (missed) sendReset(request, stream)
        live = true
        for (const rows of waiting.splice(0)) send(request, stream, textOf(stream, rows))
      } catch (error) {
        // The head is sent, so there is no other refusal than to end; the reader comes back by itself.
        log.warn('A live document could not begin.', { error })
        stream.close()
      }
    },
    wake: (id) => following.wake(id),
    stop: async () => {
      for (const stream of [...streams]) stream.close()
      await following.stop()
    },
  }
}

function begin(reply: FastifyReply): void {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) headers[name] = String(value)
  reply.hijack()
  reply.raw.writeHead(200, {
    ...headers,
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store, no-transform',
    // Nginx would otherwise hold events back to fill its buffer.
    'x-accel-buffering': 'no',
  })
  reply.raw.write('retry: 2000\n\n')
}

function placeOf(request: FastifyRequest): number {
  const { query } = request
  const asked = typeof query === 'object' && query !== null && 'after' in query ? query.after : undefined
  const text = request.headers['last-event-id'] ?? asked ?? ''
  const place = typeof text === 'string' && /^\d{1,15}$/.test(text) ? Number(text) : null
  if (place === null)
    throw new AppError('invalid', 'postmortems.bad-place', 'Last-Event-ID and `after` are the number of an update.', {
      faults: [{ pointer: '?after', detail: 'The `seq` of the document as you read it.' }],
    })
  return place
}

import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { formatInstant, instant, parseInstant } from '../../kernel/instant.ts'
import { type BoundOperation, route } from '../../platform/http/operation.ts'
import { decodeCursor, toPage } from '../../platform/http/page.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { listCheckpoints, listJournal, type VerificationReply, verifyJournalOperation } from './audit.contract.ts'
import type { AuditPorts, SigningKey } from './audit.ports.ts'
import { readerOf, toBase64 } from './core/index.ts'
import { type JournalFilter, listEntries } from './journal.store.ts'
import type { LiveStreams } from './live/event-stream.ts'
import { presentEntry } from './present.ts'
import { listCheckpoints as listStored } from './sealing.store.ts'
import { exportJournal } from './usecases/export-journal.ts'
import { verifyJournal } from './usecases/verify-journal.ts'

export function auditRoutes(needs: Needs, ports: AuditPorts): readonly BoundOperation[] {
  const verification = onceAtATime(() => verifyNow(needs, ports.signingKey))
  return [
    route(listJournal, async ({ query, actor }) => {
      const limit = query.limit ?? 100
      const [at, id] = decodeCursor(query.cursor, ['number', 'number']) ?? []
      const before = typeof at === 'number' && typeof id === 'number' ? { at: instant(at), id } : null
      const reader = readerOf(actor, await ports.restrictionsOf?.(actor))
      const entries = await listEntries(needs.database, reader, toFilter(query), before, limit + 1)
      return toPage(entries, limit, (entry) => [entry.at, entry.id], presentEntry)
    }),
    route(listCheckpoints, async ({ query }) => {
      const limit = query.limit ?? 100
      const [before] = decodeCursor(query.cursor, ['number']) ?? []
      const rows = await listStored(needs.database, typeof before === 'number' ? before : null, limit + 1)
      return toPage(
        rows,
        limit,
        (row) => [row.id],
        (row) => ({ ...row, root: toBase64(row.root), at: formatInstant(row.at) }),
      )
    }),
    route(verifyJournalOperation, () => verification()),
  ]
}

export function auditWireRoutes(needs: Needs, ports: AuditPorts, streams: LiveStreams) {
  return (server: FastifyInstance): void => {
    server.get('/api/v1/stream', { config: { operationId: 'journal.stream' } }, (request, reply) =>
      streams.open(request, reply),
    )
    server.get('/api/v1/journal/export', { config: { operationId: 'journal.export' } }, async (request, reply) => {
      await ports.admit(request, 'journal.export')
      return reply
        .header('content-type', 'application/jsonl')
        .header('content-disposition', 'attachment; filename="journal.jsonl"')
        .send(Readable.from(exportJournal(needs, ports.signingKey), { objectMode: false }))
    })
  }
}

interface ListQuery {
  readonly subjectKind?: string
  readonly subjectId?: string
  readonly service?: string
  readonly concerns?: string
  readonly type?: string
  readonly from?: string
  readonly to?: string
}

function toFilter({ subjectKind, subjectId, service, concerns, type, from, to }: ListQuery): JournalFilter {
  const about = service === undefined ? concerns : `service:${service}`
  const [start, end] = [from, to].map((text) => (text === undefined ? null : parseInstant(text)))
  return {
    ...(subjectKind === undefined ? {} : { subjectKind }),
    ...(subjectId === undefined ? {} : { subjectId }),
    ...(about === undefined ? {} : { concerns: about }),
    ...(type === undefined ? {} : { type }),
    ...(start == null ? {} : { from: start }),
    ...(end == null ? {} : { to: end }),
  }
}

async function verifyNow({ database }: Needs, signingKey: SigningKey): Promise<VerificationReply> {
  const verdict = await verifyJournal(database, signingKey)
  const { entries, checkpoints, sealed, unsealed } = verdict.counts
  return {
    ok: verdict.ok,
    entries,
    checkpoints,
    sealed,
    unsealed,
    firstBad: verdict.ok ? null : verdict.firstBad,
    findings: verdict.ok ? [] : verdict.findings.slice(0, 100).map((finding) => ({ ...finding })),
    at: formatInstant(await database.now()),
  }
}

/** Callers that come while it runs get the same answer. */
function onceAtATime<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | null = null
  return () => {
    running ??= work().finally(() => {
      running = null
    })
    return running
  }
}

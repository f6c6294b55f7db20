import { AppError } from '../../kernel/app-error.ts'
import { formatInstant, instant, parseInstant } from '../../kernel/instant.ts'
import { type BoundOperation, route } from '../../platform/http/operation.ts'
import { decodeCursor, toPage } from '../../platform/http/page.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { findingSentence } from './finding-words.ts'
import { targetOf } from './kinds/read-check.ts'
import { findProbe, listProbeRows, listResults, type ProbeRow } from './probes.store.ts'
import { listSources, type SourceRow } from './series.store.ts'
import * as contract from './telemetry.contract.ts'
import { pushCounts } from './usecases/push-counts.ts'
import { readSteps } from './usecases/read-counts.ts'
import { takeBeat } from './usecases/take-beat.ts'

export function telemetryRoutes(needs: Needs): readonly BoundOperation[] {
  return [
    route(contract.pushCounts, ({ body, actor }) => pushCounts(needs, body, actor)),
    route(contract.listSources, async ({ query }) => {
      const limit = query.limit ?? 100
      const [after] = decodeCursor(query.cursor, ['string']) ?? []
      const rows = await listSources(needs.database, typeof after === 'string' ? after : null, limit + 1)
      return toPage(rows, limit, (row) => [row.name], presentSource)
    }),
    route(contract.readSlices, async ({ params, query }) => {
      const { stepMs, slices } = await readSteps(needs.database, {
        name: params.name,
        from: parseInstant(query.from) ?? instant(0),
        to: parseInstant(query.to) ?? instant(0),
        stepMs: query.step ?? null,
      })
      return {
        stepMs,
        slices: slices.map(({ start, good, bad, state }) => ({
          start: formatInstant(start),
          good,
          bad,
          state: state === 'excluded' ? ('gap' as const) : state,
        })),
      }
    }),
    route(contract.listProbes, async ({ query }) => {
      const limit = query.limit ?? 100
      const [after] = decodeCursor(query.cursor, ['string']) ?? []
      const rows = await listProbeRows(needs.database, typeof after === 'string' ? after : null, limit + 1)
      return toPage(rows, limit, (row) => [row.name], presentProbe)
    }),
    route(contract.readProbe, async ({ params }) => {
      const row = await findProbe(needs.database, params.name)
      if (row === null) throw new AppError('not-found', 'telemetry.unknown-probe', `There is no probe ${params.name}.`)
      return presentProbe(row)
    }),
    route(contract.beatProbe, ({ params, body }) => takeBeat(needs, { name: params.name, ...body })),
    route(contract.listProbeResults, async ({ params, query }) => {
      if ((await findProbe(needs.database, params.name)) === null)
        throw new AppError('not-found', 'telemetry.unknown-probe', `There is no probe ${params.name}.`)
      const limit = query.limit ?? 100
      const [before] = decodeCursor(query.cursor, ['number']) ?? []
      const rows = await listResults(needs.database, params.name, typeof before === 'number' ? before : null, limit + 1)
      return toPage(
        rows,
        limit,
        (row) => [row.id],
        ({ id: _id, ...row }) => ({ ...row, evidence: { ...row.evidence }, at: formatInstant(row.at) }),
      )
    }),
  ]
}

function presentProbe(row: ProbeRow) {
  return {
    name: row.name,
    service: row.service,
    kind: row.check.kind,
    everyMs: row.everyMs,
    target: targetOf(row.check, row.everyMs),
    url: row.check.kind === 'http' ? row.check.url : '',
    nextAt: formatInstant(row.dueAt),
    lastAt: row.lastAt === null ? null : formatInstant(row.lastAt),
    lastGood: row.lastGood,
    lastReason: row.lastReason,
    lastMs: row.lastMs,
  }
}

const kinds = ['otlp', 'prometheus', 'push', 'probe', 'remote-write', 'scrape'] as const

function presentSource(row: SourceRow & { streams: readonly string[] }) {
  return {
    name: row.name,
    kind: kinds.find((kind) => kind === row.kind) ?? ('otlp' as const),
    firstAt: formatInstant(row.firstAt),
    lastAt: formatInstant(row.lastAt),
    samples: row.samples,
    matched: row.matched,
    objectives: [...row.streams],
    findings: Object.entries(row.findings).map(([kind, finding]) => ({
      kind,
      ...finding,
      sentence: findingSentence(kind),
    })),
  }
}

import { type BoundOperation, route } from '../../platform/http/operation.ts'
import { decodeCursor, encodeCursor } from '../../platform/http/page.ts'
import type { Needs } from '../../platform/room/needs.ts'
import * as contract from './coverage.contract.ts'
import type { TelemetryPorts } from './telemetry.ports.ts'
import { listCoverage, readCoverage } from './usecases/read-coverage.ts'

const mostOffset = 1_000_000

export function coverageRoutes({ database }: Needs, ports: TelemetryPorts): readonly BoundOperation[] {
  return [
    route(contract.listCoverage, async ({ query }) => {
      const limit = query.limit ?? 100
      const [offset] = decodeCursor(query.cursor, ['number']) ?? []
      const from = typeof offset === 'number' ? Math.min(Math.max(0, Math.trunc(offset)), mostOffset) : 0
      const { rows, summary } = await listCoverage(database, ports, {
        search: query.search ?? '',
        team: query.team ?? null,
        missing: query.missing ?? null,
        sort: query.sort ?? 'name',
        offset: from,
        limit,
      })
      const items = rows.slice(0, limit)
      return { items, nextCursor: rows.length > limit ? encodeCursor([from + limit]) : null, summary }
    }),
    route(contract.readCoverage, ({ params }) => readCoverage(database, ports, params.name)),
  ]
}

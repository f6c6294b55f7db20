import type { FastifyInstance } from 'fastify'
import { type BoundOperation, route } from '../../platform/http/operation.ts'
import type { WireDoor } from '../../platform/http/server.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { type ReportAsked, ReportQuery, readReport } from './report.contract.ts'
import type { SloPorts } from './slo.ports.ts'
import { reportAttainment, reportCsv } from './usecases/report-attainment.ts'

export function reportRoutes({ database }: Needs, ports: SloPorts): readonly BoundOperation[] {
  return [route(readReport, ({ query }) => reportAttainment(database, ports, query))]
}

/** The route's schema has checked it. */
const isAsked = (query: unknown): query is ReportAsked => typeof query === 'object' && query !== null

/** The same report for spreadsheets. */
export function reportWireRoutes({ database }: Needs, ports: SloPorts) {
  return (server: FastifyInstance, door: WireDoor): void => {
    server.get(
      '/api/v1/slo-report.csv',
      {
        config: { operationId: 'slo-report.csv' },
        schema: { querystring: ReportQuery },
        onRequest: async (request) => {
          await door.admit(request, 'slo-report.csv')
        },
      },
      async ({ query }, reply) => {
        const report = await reportAttainment(database, ports, isAsked(query) ? query : {})
        return reply
          .header('content-type', 'text/csv; charset=utf-8')
          .header('content-disposition', `attachment; filename="slo-report-${report.period.start.slice(0, 10)}.csv"`)
          .send(reportCsv(report))
      },
    )
  }
}

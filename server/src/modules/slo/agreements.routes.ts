import type { FastifyInstance } from 'fastify'
import { instant, parseInstant } from '../../kernel/instant.ts'
import { type BoundOperation, route } from '../../platform/http/operation.ts'
import type { WireDoor } from '../../platform/http/server.ts'
import type { Needs } from '../../platform/room/needs.ts'
import * as contract from './agreements.contract.ts'
import { findAgreement } from './agreements.store.ts'
import {
  describeAgreement,
  describeAgreements,
  readStatement,
  settleByHand,
  statementCsv,
} from './usecases/read-agreements.ts'

export function agreementRoutes(needs: Needs): readonly BoundOperation[] {
  const { database } = needs
  return [
    route(contract.listAgreements, async ({ query }) => ({
      items: await describeAgreements(database, query.state ?? 'declared'),
    })),
    route(contract.readAgreement, ({ params }) => describeAgreement(database, params.name)),
    route(contract.readStatement, ({ params, query }) => readStatement(database, params.name, query)),
    route(
      contract.settleAgreement,
      ({ params, body, actor }) =>
        settleByHand(needs, {
          name: params.name,
          start: parseInstant(body.start) ?? instant(0),
          unmeasured: body.unmeasured,
          reason: body.reason,
          actor,
        }),
      async ({ params }) => (await findAgreement(database, params.name))?.agreement.team ?? null,
    ),
  ]
}

/** The routes' schemas have checked them. */
const isAsked = (query: unknown): query is contract.StatementAsked => typeof query === 'object' && query !== null
const nameIn = (params: unknown): string =>
  typeof params === 'object' && params !== null && 'name' in params ? String(params.name) : ''

/** The same statement for spreadsheets. */
export function agreementWireRoutes({ database }: Needs) {
  return (server: FastifyInstance, door: WireDoor): void => {
    server.get(
      '/api/v1/agreements/:name/statement.csv',
      {
        config: { operationId: 'agreements.statement-csv' },
        schema: { querystring: contract.StatementQuery, params: contract.StatementParams },
        onRequest: async (request) => {
          await door.admit(request, 'agreements.statement-csv')
        },
      },
      async ({ query, params }, reply) => {
        const name = nameIn(params)
        const statement = await readStatement(database, name, isAsked(query) ? query : {})
        const day = statement.period.start.slice(0, 10)
        return reply
          .header('content-type', 'text/csv; charset=utf-8')
          .header('content-disposition', `attachment; filename="statement-${name}-${day}.csv"`)
          .send(statementCsv(statement))
      },
    )
  }
}

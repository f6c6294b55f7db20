// Pay: the HTTP edge, as JSON and as comma-separated values.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type BoundOperation, route } from '../../platform/http/operation.ts'
import type { WireDoor } from '../../platform/http/server.ts'
import type { Needs } from '../../platform/room/needs.ts'
import type { OncallPorts } from './oncall.ports.ts'
import { correctPay as correctOperation, readPay, signPay as signOperation } from './pay.contract.ts'
import { describePay, payCsv } from './usecases/describe-pay.ts'
import { correctPay, signPay } from './usecases/sign-pay.ts'

export function payRoutes(needs: Needs, ports: OncallPorts): readonly BoundOperation[] {
  return [
    route(readPay, ({ params, query, actor }) =>
      describePay(needs, ports, { team: params.team, from: query.from, until: query.until, actor }),
    ),
    route(signOperation, ({ params, body, actor }) => signPay(needs, ports, { team: params.team, ...body, actor })),
    route(correctOperation, ({ params, body, actor }) => {
      const { standbyMs = 0, awakeMs = 0, ...rest } = body
      return correctPay(needs, ports, { id: params.id, ...rest, standbyMs, awakeMs, actor })
    }),
  ]
}

interface Asked {
  Params: { team: string }
  Querystring: Readonly<Record<string, unknown>>
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

export function payWireRoutes(needs: Needs, ports: OncallPorts) {
  return (server: FastifyInstance, door: WireDoor): void => {
    server.get(
      '/api/v1/oncall/pay/:team/csv',
      { config: { operationId: 'pay.csv' } },
      async (request: FastifyRequest<Asked>, reply: FastifyReply) => {
        const actor = await door.admit(request, 'pay.csv')
        const period = { from: text(request.query.from), until: text(request.query.until) }
        const statement = await describePay(needs, ports, { team: request.params.team, ...period, actor })
        const name = `on-call-${statement.team}-${statement.from}.csv`
        return reply
          .header('content-type', 'text/csv; charset=utf-8')
          .header('content-disposition', `attachment; filename="${name}"`)
          .send(payCsv(statement))
      },
    )
  }
}

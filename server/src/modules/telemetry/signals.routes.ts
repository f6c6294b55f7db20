import { instant, parseInstant } from '../../kernel/instant.ts'
import { type BoundOperation, route } from '../../platform/http/operation.ts'
import type { Needs } from '../../platform/room/needs.ts'
import * as contract from './signals.contract.ts'
import { readSignals } from './usecases/read-signals.ts'

export function signalRoutes({ database }: Needs): readonly BoundOperation[] {
  return [
    route(contract.readSignals, ({ params, query }) =>
      readSignals(database, {
        service: params.name,
        from: parseInstant(query.from) ?? instant(0),
        to: parseInstant(query.to) ?? instant(0),
        stepMs: query.step ?? null,
      }),
    ),
  ]
}

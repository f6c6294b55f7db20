import type { Actor } from '../../kernel/actor.ts'
import { formatInstant, type Instant } from '../../kernel/instant.ts'
import type { Queries } from '../../platform/database/queries.ts'
import { type BoundOperation, route } from '../../platform/http/operation.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { type IncidentReader, mayReadIncident, pairInWords, readerFor } from './core/index.ts'
import type { IncidentsPorts } from './incidents.ports.ts'
import { findIncident } from './incidents.store.ts'
import * as contract from './regrouping.contract.ts'
import {
  listPairs,
  listPairsLearnt,
  listRegroupings,
  type PairRow,
  pairOfRow,
  type RegroupingRow,
} from './regrouping.store.ts'
import { forgetPair } from './usecases/learn-pairs.ts'
import { needIncident } from './usecases/load-incident.ts'
import { splitIncident } from './usecases/split-incident.ts'
import { undoRegrouping } from './usecases/undo-regrouping.ts'

const mostRegroupings = 50

export function regroupingRoutes(needs: Needs, ports: IncidentsPorts): readonly BoundOperation[] {
  const { database } = needs
  const reading = async (actor: Actor) => readerFor(actor, await ports.declaredNameOf(actor))
  const presentOne = async (row: RegroupingRow, reader: IncidentReader) => {
    const [shown] = await presentAll(database, [row], reader)
    if (shown === undefined) throw new Error('What was just written is readable to whoever wrote it.')
    return shown
  }
  return [
    route(contract.splitIncident, async ({ params, body, actor }) => {
      const reader = await reading(actor)
      const row = await splitIncident(needs, ports, {
        incidentId: params.id,
        actor,
        reader,
        alerts: body.alerts,
        title: body.title ?? null,
        reason: body.reason,
        learn: body.learn ?? true,
        by: await ports.personOf(actor),
      })
      return presentOne(row, reader)
    }),
    route(contract.listRegroupings, async ({ params, actor }) => {
      const reader = await reading(actor)
      const { id } = await needIncident(database, params.id, reader)
      return { items: await presentAll(database, await listRegroupings(database, id, mostRegroupings), reader) }
    }),
    route(contract.undoRegrouping, async ({ params, body, actor }) => {
      const reader = await reading(actor)
      const order = { incidentId: params.id, actor, reader, regroupingId: params.regrouping, reason: body.reason }
      return presentOne(await undoRegrouping(needs, { ...order, by: await ports.personOf(actor) }), reader)
    }),
    route(contract.listPairs, async ({ query }) => ({
      items: (await listPairs(database, await database.now(), query.service ?? null)).map(presentPair),
    })),
    route(contract.forgetPair, async ({ params, body, actor }) =>
      presentPair(await forgetPair(needs, { id: params.id, reason: body.reason, actor })),
    ),
  ]
}

/** Those whose both incidents the reader may read. */
async function presentAll(
  queries: Queries,
  rows: readonly RegroupingRow[],
  reader: IncidentReader,
): Promise<contract.RegroupingReply[]> {
  const pairs = await listPairsLearnt(
    queries,
    rows.map((each) => each.id),
  )
  const shown: contract.RegroupingReply[] = []
  for (const row of rows) {
    const [from, to] = [await findIncident(queries, row.fromId), await findIncident(queries, row.toId)]
    if (from === null || to === null || !mayReadIncident(reader, from) || !mayReadIncident(reader, to)) continue
    const party = ({ id, number, title }: typeof from) => ({ id, number, title })
    shown.push({
      id: row.id,
      kind: row.kind,
      from: party(from),
      to: party(to),
      alerts: [...row.alerts],
      reason: row.reason,
      saidBy: row.saidBy,
      saidAt: formatInstant(row.saidAt),
      undoneBy: row.undoneBy,
      undoneAt: orNull(row.undoneAt),
      pairs: pairs.filter((each) => each.regroupingId === row.id).map(presentPair),
    })
  }
  return shown
}

const orNull = (at: Instant | null): string | null => (at === null ? null : formatInstant(at))
const endOf = (service: string, rule: string) => ({ service: service === '' ? null : service, rule })

function presentPair(row: PairRow): contract.LearntPairReply {
  return {
    id: row.id,
    verdict: row.verdict,
    one: endOf(row.oneService, row.oneRule),
    other: endOf(row.otherService, row.otherRule),
    sentence: pairInWords(pairOfRow(row)),
    because: row.because,
    saidBy: row.saidBy,
    saidAt: formatInstant(row.saidAt),
    until: formatInstant(row.until),
    used: row.used,
    usedAt: orNull(row.usedAt),
  }
}

import { instant } from '../../kernel/instant.ts'
import { type BoundOperation, route } from '../../platform/http/operation.ts'
import { decodeCursor, toPage } from '../../platform/http/page.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { needIncident } from '../incidents/index.ts'
import { askers, isTime, isUuid } from './asking.ts'
import * as contract from './learning.contract.ts'
import type { LearningPorts } from './learning.ports.ts'
import { classifyIncident, readClassification } from './usecases/classify.ts'
import { judgeRepeatOf } from './usecases/judge-repeat.ts'
import { readLearning } from './usecases/read-policy.ts'
import { listDecided, listUndecided, readRepeatsOf } from './usecases/read-repeats.ts'

function pairAfter(cursor: string | undefined) {
  const [at, incident, earlier] = decodeCursor(cursor, ['number', 'string', 'string']) ?? []
  return isTime(at) && isUuid(incident) && isUuid(earlier) ? { at: instant(at), incident, earlier } : null
}

export function learningRoutes(needs: Needs, ports: LearningPorts): readonly BoundOperation[] {
  const { database } = needs
  const { readerOf, orderOf } = askers(ports)
  return [
    route(contract.readRepeats, async ({ params, actor }) => {
      const reader = await readerOf(actor)
      return readRepeatsOf(database, await needIncident(database, params.id, reader), reader)
    }),
    route(contract.judgeRepeat, async ({ params, body, actor }) => {
      const order = await orderOf(actor)
      const { earlier, verdict, reason = null } = body
      const incident = await judgeRepeatOf(needs, { ...order, incident: params.id, earlier, verdict, reason })
      return readRepeatsOf(database, incident, order.reader)
    }),
    route(contract.listRepeats, async ({ query, actor }) => {
      const reader = await readerOf(actor)
      const limit = query.limit ?? 100
      const { verdict = 'undecided' } = query
      // Few by nature, and all in one answer.
      if (verdict === 'undecided') {
        const items = await listUndecided(database, reader, await database.now())
        return { items: [...items].slice(0, limit), nextCursor: null }
      }
      const rows = await listDecided(database, reader, {
        verdict,
        before: pairAfter(query.cursor),
        limit: limit + 1,
      })
      return toPage(
        rows,
        limit,
        ({ said }) => [said.at, said.incidentId, said.earlierId],
        ({ pair }) => pair,
      )
    }),
    route(contract.listClasses, async () => {
      const { declared, classes, eliminationWindowMs } = await readLearning(database)
      return { declared, classes: classes.map((each) => ({ ...each })), eliminationWindowMs }
    }),
    route(contract.readClasses, async ({ params, actor }) =>
      readClassification(database, await needIncident(database, params.id, await readerOf(actor))),
    ),
    route(contract.classify, async ({ params, body, actor }) => {
      const order = await orderOf(actor)
      const { factor = null } = body
      const incident = await classifyIncident(needs, { ...order, incident: params.id, factor, class: body.class })
      return readClassification(database, incident)
    }),
  ]
}

import { AppError } from '../../kernel/app-error.ts'
import { formatInstant } from '../../kernel/instant.ts'
import type { AlertSeverity } from '../../kernel/severity.ts'
import { type BoundOperation, route } from '../../platform/http/operation.ts'
import type { Needs } from '../../platform/room/needs.ts'
import type { AlertsPorts } from './alerts.ports.ts'
import {
  judgeRouting,
  type Labels,
  nameSilent,
  probesOf,
  type Routing,
  readSeverity,
  sourcesWithin,
} from './core/index.ts'
import { listSources } from './open-alerts.store.ts'
import { readMoment } from './read-moment.ts'
import * as contract from './routing.contract.ts'
import { findRouting, type RoutingRow } from './routing.store.ts'
import { timersFor } from './usecases/explain-timers.ts'
import { replayRules, treeOf } from './usecases/replay-routing.ts'
import { forgetRouting, loadRouting, replaceRouting } from './usecases/route-alerts.ts'

export function routingRoutes(needs: Needs, ports: AlertsPorts): readonly BoundOperation[] {
  const { database } = needs
  return [
    route(contract.readRouting, async () => presentRouting(ports, await findRouting(database))),
    route(contract.replaceRouting, async ({ body, actor }) =>
      presentRouting(
        ports,
        await replaceRouting(needs, ports, {
          text: body.text,
          timing: { mode: body.timing ?? 'as-written', criticalAtOnce: body.criticalAtOnce ?? false },
          actor,
          by: await ports.personOf(actor),
        }),
      ),
    ),
    route(contract.removeRouting, async ({ actor }) => {
      await forgetRouting(needs, actor)
      return null
    }),
    route(contract.testRouting, async ({ body }) => {
      const routing =
        body.text === undefined
          ? await loadRouting(database, needs, ports)
          : { ...readGiven(ports, body.text), timing: { mode: 'as-written', criticalAtOnce: false } as const }
      if (routing === null) throw noRouting()
      const at = await readMoment(database, body)
      const labels = Object.fromEntries(Object.entries(body.labels).filter(([, value]) => value !== ''))
      const sources = sourcesWithin(routing, await listSources(database, probesOf(routing, [{ labels }])))
      const verdict = judgeRouting(routing, { id: '', labels }, sources, at)
      return {
        at: formatInstant(at),
        receivers: [...verdict.receivers],
        telling: [...verdict.telling],
        told: verdict.hold === null,
        trace: [
          ...verdict.trace,
          ...nameSilent(routing, verdict),
          ...timersFor(routing, labels, severityIn(labels)),
        ].map((step) => ({ ...step })),
      }
    }),
    route(contract.readRoutes, async () => {
      const routing = await loadRouting(database, needs, ports)
      // A page that asks whether there is a file finds out without an error.
      if (routing === null)
        return { version: null, timing: 'as-written' as const, criticalAtOnce: false, looked: 0, routes: [] }
      return treeOf(needs, routing)
    }),
    route(contract.replayRouting, async ({ body }) => {
      const after = body.text === undefined ? null : readGiven(ports, body.text)
      return replayRules(needs, ports, await loadRouting(database, needs, ports), after, body.days ?? usualDays)
    }),
  ]
}

const usualDays = 30

/** As intake reads it; null when the labels name none, because then the sender's declaration may. */
function severityIn(labels: Labels): AlertSeverity | null {
  const word = labels.severity ?? labels.priority ?? ''
  return word.trim() === '' ? null : readSeverity(word).severity
}

const noRouting = () => new AppError('not-found', 'alerts.no-routing', 'No routing file was taken over.')

function readGiven(ports: AlertsPorts, text: string): Routing {
  const read = ports.readRouting(text)
  if (read.ok) return read.routing
  throw new AppError('invalid', 'alerts.routing-invalid', 'The routing file cannot be used.', {
    faults: read.faults.map(({ line, detail }) => ({ pointer: `/text#L${line}`, detail: `Line ${line}: ${detail}` })),
  })
}

function presentRouting(ports: AlertsPorts, row: RoutingRow | null) {
  if (row === null) throw noRouting()
  const read = ports.readRouting(row.text)
  return {
    text: row.text,
    version: row.version,
    changedBy: row.changedBy,
    changedAt: formatInstant(row.changedAt),
    timing: row.timing,
    criticalAtOnce: row.criticalAtOnce,
    receivers: read.ok ? read.routing.receivers.map((each) => each.name) : [],
    notes: (read.ok ? read.notes : read.faults).map((each) => ({ ...each })),
  }
}

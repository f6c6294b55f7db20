import { AppError } from '../../kernel/app-error.ts'
import { formatInstant, type Instant, instant, parseInstant } from '../../kernel/instant.ts'
import { Answer, type BoundOperation, route } from '../../platform/http/operation.ts'
import { decodeCursor, toPage } from '../../platform/http/page.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { timelineEntry } from './core/index.ts'
import * as contract from './incidents.contract.ts'
import type { IncidentsPorts, JournalLine } from './incidents.ports.ts'
import { findIncident, type IncidentRow, listIncidentRows } from './incidents.store.ts'
import { presentIncident, summarizeIncident } from './present-incident.ts'
import { addNote, assignRole, linkAlert, transitionIncident, updateIncident } from './usecases/lead-incident.ts'
import { declareIncident } from './usecases/open-incident.ts'
import { alertsOf, readOverview } from './usecases/read-overview.ts'

export function incidentsRoutes(needs: Needs, ports: IncidentsPorts): readonly BoundOperation[] {
  const { database } = needs
  const time = (text: string | undefined): Instant | null => (text === undefined ? null : parseInstant(text))
  const find = async (id: string): Promise<IncidentRow> => {
    const row = await findIncident(database, id)
    if (row === null) throw new AppError('not-found', 'incidents.unknown', 'There is no such incident.')
    return row
  }
  const present = async (row: IncidentRow) => presentIncident(database, row)

  return [
    route(contract.listIncidents, async ({ query }) => {
      const limit = query.limit ?? 100
      const [at, id] = decodeCursor(query.cursor, ['number', 'string']) ?? []
      const before = typeof at === 'number' && typeof id === 'string' ? { at: instant(at), id } : null
      const filter = {
        status: query.status ?? null,
        service: query.service ?? null,
        severity: query.severity ?? null,
        number: query.number ?? null,
        search: query.search ?? null,
        from: time(query.from),
        to: time(query.to),
      }
      return toPage(
        await listIncidentRows(database, filter, before, limit + 1),
        limit,
        (row) => [row.declaredAt, row.id],
        summarizeIncident,
      )
    }),
    route(contract.readIncident, async ({ params }) => {
      const row = await find(params.id)
      return new Answer(await present(row), { version: row.version })
    }),
    route(contract.declareIncident, async ({ body, actor }) => {
      const { startedAt, ...rest } = body
      return present(
        await declareIncident(needs, ports, {
          ...rest,
          startedAt: time(startedAt),
          actor,
          by: await ports.personOf(actor),
        }),
      )
    }),
    route(contract.updateIncident, async ({ params, body, actor }) =>
      present(await updateIncident(needs, { ...body, incidentId: params.id, actor })),
    ),
    route(contract.transitionIncident, async ({ params, body, actor }) =>
      present(await transitionIncident(needs, { incidentId: params.id, to: body.to, note: body.note ?? null, actor })),
    ),
    route(contract.assignRole, async ({ params, body, actor }) =>
      present(
        await assignRole(needs, {
          incidentId: params.id,
          role: body.role,
          person: body.person ?? (await ports.personOf(actor)),
          release: body.release ?? false,
          actor,
        }),
      ),
    ),
    route(contract.addNote, async ({ params, body, actor }) => {
      const { id, at, incident } = await addNote(needs, { incidentId: params.id, text: body.text, actor })
      const data = { incidentId: incident.id, text: body.text }
      return presentLine({
        id,
        at,
        type: contract.incidentNoted.type,
        actor: { kind: actor.kind, id: actor.id, name: actor.name },
        data,
        reason: null,
      })
    }),
    route(contract.linkAlert, async ({ params, body, actor }) =>
      present(await linkAlert(needs, { incidentId: params.id, alertId: body.alert, actor })),
    ),
    route(contract.readTimeline, async ({ params, query }) => {
      await find(params.id)
      const alerts = await alertsOf(database, params.id)
      const limit = query.limit ?? 500
      const links = [`incident:${params.id}`, ...alerts.map((alert) => `alert:${alert.id}`)]
      const lines = await ports.linesOf(database, links, query.after ?? 0, limit + 1)
      return { items: lines.slice(0, limit).map(presentLine), more: lines.length > limit }
    }),
    route(contract.readOverview, () => readOverview(database, ports)),
  ]
}

function presentLine(line: JournalLine) {
  return {
    id: line.id,
    at: formatInstant(line.at),
    type: line.type,
    actor: { ...line.actor },
    sentence: timelineEntry(sentenceFacts(line)),
    data: { ...line.data },
  }
}

function sentenceFacts(line: JournalLine): Parameters<typeof timelineEntry>[0] {
  const kind =
    line.actor.kind === 'person' || line.actor.kind === 'key' || line.actor.kind === 'link'
      ? line.actor.kind
      : 'automation'
  return { ...line, actor: { kind, id: line.actor.id, name: line.actor.name } }
}

import type { Actor } from '../../kernel/actor.ts'
import { type Instant, instant, parseInstant } from '../../kernel/instant.ts'
import { Answer, answeringAgain, type BoundOperation, route } from '../../platform/http/operation.ts'
import { decodeCursor, toPage } from '../../platform/http/page.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { readerFor } from './core/index.ts'
import * as contract from './incidents.contract.ts'
import type { IncidentsPorts } from './incidents.ports.ts'
import { type IncidentRow, listIncidentRows } from './incidents.store.ts'
import { readOverview as readOverviewOperation } from './overview.contract.ts'
import { presentIncident, summarizeIncident } from './present-incident.ts'
import { presentLine } from './present-work.ts'
import { replanIncident, turnIntoIncident as turnIntoIncidentOperation } from './scheduled.contract.ts'
import { answerRoleOffer, correctIncidentTime, offerRoleTo, restrictReaders } from './usecases/command-incident.ts'
import { readTimeline } from './usecases/keep-timeline.ts'
import { addNote, assignRole, linkAlert, transitionIncident, updateIncident } from './usecases/lead-incident.ts'
import { needIncident, type Order } from './usecases/load-incident.ts'
import { declareIncident } from './usecases/open-incident.ts'
import { replanWork } from './usecases/plan-work.ts'
import { proposeFor } from './usecases/propose-severity.ts'
import { readOverview } from './usecases/read-overview.ts'
import { readPolicy } from './usecases/read-policy.ts'
import { turnIntoIncident } from './usecases/turn-into-incident.ts'

export function incidentsRoutes(needs: Needs, ports: IncidentsPorts): readonly BoundOperation[] {
  const { database } = needs
  const present = async (row: IncidentRow) => presentIncident(database, row)
  const reading = async (actor: Actor) => readerFor(actor, await ports.declaredNameOf(actor))
  const orderOf = async (id: string, actor: Actor): Promise<Order> => ({
    incidentId: id,
    actor,
    reader: await reading(actor),
  })

  return [
    route(contract.listIncidents, async ({ query, actor }) => {
      const limit = query.limit ?? 100
      const [at, id] = decodeCursor(query.cursor, ['number', 'string']) ?? []
      const before = typeof at === 'number' && typeof id === 'string' ? { at: instant(at), id } : null
      const filter = {
        reader: await reading(actor),
        status: query.status ?? null,
        service: query.service ?? null,
        severity: query.severity ?? null,
        kind: query.kind ?? null,
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
    route(contract.readIncident, async ({ params, actor }) => {
      const row = await needIncident(database, params.id, await reading(actor))
      return new Answer(await present(row), { version: row.version })
    }),
    answeringAgain(
      route(contract.declareIncident, async ({ body, actor }) => {
        const {
          startedAt,
          detectedAt,
          acknowledgedAt,
          mitigatedAt,
          resolvedAt,
          startsAt,
          endsAt,
          maintenance,
          ...rest
        } = body
        const order = {
          ...rest,
          startedAt: time(startedAt),
          past: {
            detectedAt: time(detectedAt),
            acknowledgedAt: time(acknowledgedAt),
            mitigatedAt: time(mitigatedAt),
            resolvedAt: time(resolvedAt),
          },
          plan: { startsAt: time(startsAt), endsAt: time(endsAt), maintenance: maintenance ?? null },
          kind: body.kind ?? 'normal',
          readers: body.readers ?? [],
          reader: await reading(actor),
          actor,
          by: await ports.personOf(actor),
        }
        return present(await declareIncident(needs, ports, order))
      }),
    ),
    route(contract.updateIncident, async ({ params, body, actor }) =>
      present(await updateIncident(needs, { ...(await orderOf(params.id, actor)), ...body })),
    ),
    answeringAgain(
      route(contract.transitionIncident, async ({ params, body, actor }) =>
        present(
          await transitionIncident(needs, {
            ...(await orderOf(params.id, actor)),
            to: body.to,
            note: body.note ?? null,
          }),
        ),
      ),
    ),
    answeringAgain(
      route(contract.assignRole, async ({ params, body, actor }) =>
        present(
          await assignRole(needs, {
            ...(await orderOf(params.id, actor)),
            role: body.role,
            person: body.person ?? (await ports.personOf(actor)),
            release: body.release ?? false,
          }),
        ),
      ),
    ),
    route(contract.offerRoleOperation, async ({ params, body, actor }) =>
      present(
        await offerRoleTo(needs, {
          ...(await orderOf(params.id, actor)),
          ...body,
          by: await ports.personOf(actor),
        }),
      ),
    ),
    route(contract.answerOfferOperation, async ({ params, body, actor }) =>
      present(
        await answerRoleOffer(needs, {
          ...(await orderOf(params.id, actor)),
          ...body,
          person: await ports.personOf(actor),
        }),
      ),
    ),
    route(contract.correctTime, async ({ params, body, actor }) =>
      present(
        await correctIncidentTime(needs, {
          ...(await orderOf(params.id, actor)),
          ...body,
          at: body.at === null ? null : time(body.at),
        }),
      ),
    ),
    route(contract.restrictIncident, async ({ params, body, actor }) =>
      present(await restrictReaders(needs, { ...(await orderOf(params.id, actor)), ...body })),
    ),
    route(replanIncident, async ({ params, body, actor }) => {
      const order = { ...(await orderOf(params.id, actor)), reason: body.reason }
      return present(await replanWork(needs, { ...order, startsAt: time(body.startsAt), endsAt: time(body.endsAt) }))
    }),
    route(turnIntoIncidentOperation, async ({ params, body, actor }) =>
      present(
        await turnIntoIncident(needs, ports, {
          ...(await orderOf(params.id, actor)),
          reason: body.reason,
          severity: body.severity ?? null,
          startedAt: time(body.startedAt),
          by: await ports.personOf(actor),
        }),
      ),
    ),
    route(contract.readSeverities, async () => {
      const { severities, postmortemDueDays, declared } = await readPolicy(database)
      return { severities: severities.map((each) => ({ ...each })), postmortemDueDays, declared }
    }),
    route(contract.proposeSeverityOperation, async ({ body }) => {
      const { severity, reasons } = await proposeFor(database, ports, body.services, body.peopleAffected ?? null)
      return { severity, reasons: [...reasons] }
    }),
    answeringAgain(
      route(contract.addNote, async ({ params, body, actor }) => {
        const occurredAt = time(body.at)
        const { id, at, incident } = await addNote(needs, {
          ...(await orderOf(params.id, actor)),
          text: body.text,
          occurredAt,
        })
        const line = {
          id,
          at,
          type: contract.incidentNoted.type,
          actor: { kind: actor.kind, id: actor.id, name: actor.name },
          data: { incidentId: incident.id, text: body.text },
          reason: null,
        }
        return presentLine({ line, at: occurredAt ?? at, recordedAt: occurredAt === null ? null : at })
      }),
    ),
    answeringAgain(
      route(contract.linkAlert, async ({ params, body, actor }) =>
        present(await linkAlert(needs, { ...(await orderOf(params.id, actor)), alertId: body.alert })),
      ),
    ),
    route(contract.readTimeline, async ({ params, query, actor }) => {
      await needIncident(database, params.id, await reading(actor))
      const limit = query.limit ?? 500
      const after = query.after ?? 0
      const lines = (await readTimeline(database, ports, params.id)).filter(({ line }) => line.id > after)
      // The newest by their place in the journal are left for the next question; what is shown stands by time.
      const last = lines.map(({ line }) => line.id).sort((a, b) => a - b)[limit - 1] ?? Number.POSITIVE_INFINITY
      return { items: lines.filter(({ line }) => line.id <= last).map(presentLine), more: lines.length > limit }
    }),
    route(readOverviewOperation, async ({ actor }) => readOverview(database, ports, await reading(actor))),
  ]
}

const time = (text: string | undefined): Instant | null => (text === undefined ? null : parseInstant(text))

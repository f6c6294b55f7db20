import { AppError, type Fault } from '../../kernel/app-error.ts'
import { formatInstant, type Instant, instant, parseInstant } from '../../kernel/instant.ts'
import { type BoundOperation, route } from '../../platform/http/operation.ts'
import { decodeCursor, toPage } from '../../platform/http/page.ts'
import type { Needs } from '../../platform/room/needs.ts'
import * as contract from './alerts.contract.ts'
import type { AlertsPorts } from './alerts.ports.ts'
import { countOpen, findAlert, listTrace } from './alerts.store.ts'
import { listAlertRows } from './alerts-list.store.ts'
import { describeEnds, describeLost, readSignal, type Signal, silenceState } from './core/index.ts'
import { countFollowers, listMembers } from './page-groups.store.ts'
import { presentAlert, summarizeAlert } from './present-alert.ts'
import { readMoment } from './read-moment.ts'
import { findNextFlush } from './route-groups.store.ts'
import { sourceOf } from './signal-source.ts'
import { listCurrentSilences, type SilenceRow } from './silences.store.ts'
import { findPause } from './turns.store.ts'
import { acknowledgeAlert, acknowledgeAlerts } from './usecases/acknowledge-alerts.ts'
import { resolveAlert, snoozeAlert, unacknowledgeAlert } from './usecases/answer-alert.ts'
import { explainSignal } from './usecases/explain-signal.ts'
import { previewSilence } from './usecases/preview-silence.ts'
import { createSilence, expireSilence } from './usecases/silence-alerts.ts'
import { intakeNow, takeIn } from './usecases/take-in.ts'

export function alertsRoutes(needs: Needs, ports: AlertsPorts): readonly BoundOperation[] {
  const { database } = needs
  const time = (text: string | undefined): Instant | null => (text === undefined ? null : parseInstant(text))
  const ownerOf = async ({ params }: { params: { id: string } }) => (await findAlert(database, params.id))?.team ?? null

  return [
    route(contract.listAlerts, async ({ query }) => {
      const limit = query.limit ?? 100
      const [at, id] = decodeCursor(query.cursor, ['number', 'string']) ?? []
      const before = typeof at === 'number' && typeof id === 'string' ? { at: instant(at), id } : null
      const filter = {
        status: query.status ?? null,
        service: query.service ?? null,
        team: query.team ?? null,
        rule: query.rule ?? null,
        severity: query.severity ?? null,
        incident: query.incident ?? null,
        number: query.number ?? null,
        search: query.search ?? null,
        from: time(query.from),
        to: time(query.to),
      }
      const rows = await listAlertRows(database, filter, before, limit + 1)
      const company = await countFollowers(
        database,
        rows.map((row) => row.id),
      )
      return toPage(
        rows,
        limit,
        (row) => [row.openedAt, row.id],
        (row) => summarizeAlert(row, company.get(row.id) ?? 0),
      )
    }),
    route(contract.readCounts, () => countOpen(database)),
    route(contract.readAlert, async ({ params }) => {
      const row = await findAlert(database, params.id)
      if (row === null) throw new AppError('not-found', 'alerts.unknown', 'There is no such alert.')
      const page = row.pagedWith ?? row.id
      const together = row.status === 'resolved' ? [] : await listMembers(database, page)
      return presentAlert(
        row,
        await listTrace(database, row.id),
        await ports.paging.pagesOf(database, page),
        together.filter((each) => each.id !== row.id),
        row.status === 'firing'
          ? ((await findPause(database, row.id)) ?? (await findNextFlush(database, row.id)))
          : null,
      )
    }),
    route(
      contract.acknowledgeAlert,
      async ({ params, query, actor }) =>
        summarizeAlert(
          await acknowledgeAlert(needs, ports, {
            alertId: params.id,
            actor,
            by: await ports.personOf(actor),
            useful: query.useful ?? null,
          }),
        ),
      ownerOf,
    ),
    route(
      contract.unacknowledgeAlert,
      async ({ params, actor }) =>
        summarizeAlert(
          await unacknowledgeAlert(needs, ports, { alertId: params.id, actor, by: await ports.personOf(actor) }),
        ),
      ownerOf,
    ),
    route(
      contract.snoozeAlert,
      async ({ params, body, actor }) =>
        summarizeAlert(
          await snoozeAlert(needs, ports, {
            alertId: params.id,
            actor,
            by: await ports.personOf(actor),
            forMs: body.forMs,
          }),
        ),
      ownerOf,
    ),
    route(
      contract.resolveAlert,
      async ({ params, body, actor }) =>
        summarizeAlert(
          await resolveAlert(needs, ports, {
            alertId: params.id,
            actor,
            by: await ports.personOf(actor),
            ...(body.note === undefined ? {} : { note: body.note }),
            useful: body.useful ?? null,
          }),
        ),
      ownerOf,
    ),
    route(contract.actOnAlerts, async ({ body, actor }) => {
      const by = await ports.personOf(actor)
      const useful = body.useful ?? null
      if (body.action === 'acknowledge') {
        const taken = await acknowledgeAlerts(needs, ports, body.ids, { actor, by, useful })
        return {
          done: taken.done.map(({ id }) => id),
          refused: taken.refused.map(({ id, error }) => ({ id, code: error.code, detail: error.message })),
        }
      }
      const act = body.action === 'resolve' ? resolveAlert : unacknowledgeAlert
      const done: string[] = []
      const refused: { id: string; code: string; detail: string }[] = []
      for (const id of new Set(body.ids)) {
        try {
          await act(needs, ports, { alertId: id, actor, by, useful })
          done.push(id)
        } catch (error) {
          if (!(error instanceof AppError) || error.kind === 'unavailable') throw error
          refused.push({ id, code: error.code, detail: error.message })
        }
      }
      return { done, refused }
    }),
    route(contract.sendSignals, async ({ body, actor }) => {
      const source = sourceOf(body.source ?? 'api', actor)
      const signals = readOrders(body.signals, source, await intakeNow(needs, ports))
      const { lifeboat, ...taken } = await takeIn(needs, ports, {
        source,
        signals,
        policy: { assumedLeaseMs: null },
        actor,
      })
      return lifeboat === null ? taken : { ...taken, lifeboat }
    }),
    route(contract.explainSignal, async ({ body }) => {
      const { at: _at, wall: _wall, timeZone: _zone, ...order } = body
      const [signal] = readOrders(
        [{ ...order, dedupKey: 'explain', summary: 'explain' }],
        'explain',
        await database.now(),
      )
      if (signal === undefined) throw new Error('A signal that was read is there.')
      const at = await readMoment(database, body)
      const { alert, trace, receivers, ...rest } = await explainSignal(needs, ports, signal, at)
      return {
        ...rest,
        at: formatInstant(at),
        receivers: [...receivers],
        alert: alert === null ? null : summarizeAlert(alert),
        trace: trace.map((step) => ({ ...step })),
      }
    }),
    route(contract.listSilences, async () => {
      const now = await database.now()
      return { items: (await listCurrentSilences(database)).map((row) => presentSilence(row, now)) }
    }),
    route(contract.createSilence, async ({ body, actor }) => {
      const row = await createSilence(needs, ports, {
        ...{ sets: body.sets, reason: body.reason },
        startsAt: time(body.startsAt),
        endsAt: time(body.endsAt),
        endsWith: body.endsWith ?? null,
        actor,
        by: await ports.personOf(actor),
      })
      return presentSilence(row, await database.now())
    }),
    route(contract.previewSilence, async ({ body }) => {
      const { breadth, examples } = await previewSilence(needs, {
        sets: body.sets,
        startsAt: time(body.startsAt),
        endsAt: time(body.endsAt),
      })
      const { open, history, services, critical, warnings } = breadth
      return {
        ...{ open, history, critical, services: [...services], warnings: [...warnings] },
        examples: examples.map((row) => summarizeAlert(row)),
      }
    }),
    route(contract.expireSilence, async ({ params, actor }) => {
      await expireSilence(needs, ports, { id: params.id, actor })
      return null
    }),
  ]
}

function readOrders(orders: readonly contract.SignalOrder[], source: string, now: Instant): readonly Signal[] {
  const faults: Fault[] = []
  const signals: Signal[] = []
  for (const [index, order] of orders.entries()) {
    const read = readSignal(
      {
        source,
        status: order.status ?? 'firing',
        dedupKey: order.dedupKey,
        labels: order.labels ?? {},
        annotations: order.annotations ?? {},
        summary: order.summary,
        severity: order.severity ?? null,
        service: order.service ?? null,
        startsAt: order.startsAt === undefined ? null : parseInstant(order.startsAt),
        endsAt: order.endsAt === undefined ? null : parseInstant(order.endsAt),
        links: (order.links ?? []).map((link) => ({ href: link.url, text: link.title })),
      },
      now,
    )
    if (read.ok) signals.push(read.signal)
    else faults.push(...read.faults.map((fault) => ({ ...fault, pointer: `/signals/${index}${fault.pointer ?? ''}` })))
  }
  if (faults.length > 0)
    throw new AppError('invalid', 'http.invalid', 'Some signals are wrong; none was taken.', { faults })
  return signals
}

function presentSilence(row: SilenceRow, now: Instant) {
  return {
    id: row.id,
    sets: row.sets.map((set) => set.map((each) => ({ ...each }))),
    startsAt: formatInstant(row.startsAt),
    endsAt: formatInstant(row.endsAt),
    endsWith: row.endsWith === null ? [] : [...describeEnds(row.endsWith)],
    lostEnds: row.endsWith === null ? [] : [...describeLost(row.endsWith)],
    createdBy: row.createdBy,
    reason: row.reason,
    state: silenceState(row, now),
  }
}

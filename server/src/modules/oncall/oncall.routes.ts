import type { Actor } from '../../kernel/actor.ts'
import { AppError } from '../../kernel/app-error.ts'
import { day } from '../../kernel/duration.ts'
import { formatInstant, instant, parseInstant, plus } from '../../kernel/instant.ts'
import { type BoundOperation, route } from '../../platform/http/operation.ts'
import { decodeCursor, toPage } from '../../platform/http/page.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { findResource } from '../catalog/index.ts'
import type { EscalationInput } from './core/index.ts'
import * as escalations from './escalations.contract.ts'
import * as contract from './oncall.contract.ts'
import type { OncallPorts } from './oncall.ports.ts'
import {
  type EscalationRow,
  findOfAlert,
  listOpenEscalations,
  listPageRows,
  type PageRow,
  takeTurn,
} from './oncall.store.ts'
import { listOverrides, lockOverride, type OverrideRow } from './overrides.store.ts'
import { applyInput } from './usecases/answer-escalation.ts'
import { createOverride, deleteOverride, unknownSchedule } from './usecases/change-overrides.ts'
import { findPolicy } from './usecases/choose-policy.ts'
import { describeEscalation } from './usecases/describe-escalation.ts'
import { describeMe, describeNow } from './usecases/describe-oncall.ts'
import { describeFinal, describeLoad, lintSaved, previewSchedule } from './usecases/describe-schedule.ts'
import { simulatePolicy, unknownPolicy } from './usecases/simulate-policy.ts'

const longestOverrideAheadMs = 3_650 * day

export function oncallRoutes(needs: Needs, ports: OncallPorts): readonly BoundOperation[] {
  const { database } = needs
  const ownerOfSchedule = async (name: string): Promise<string | null> => {
    const team = (await findResource(database, { kind: 'Schedule', name }))?.document.spec.team
    return typeof team === 'string' ? team : null
  }
  return [
    route(contract.readNow, ({ query }) =>
      describeNow(needs, ports, query.at === undefined ? null : parseInstant(query.at)),
    ),
    route(contract.readMe, async ({ actor }) => describeMe(needs, ports, await ports.nameOf(actor))),
    route(contract.readFinal, ({ params, query }) =>
      describeFinal(needs, { name: params.name, from: query.from, to: query.to }),
    ),
    route(contract.readLoad, ({ params, query }) =>
      describeLoad(needs, ports, { name: params.name, from: query.from, to: query.to }),
    ),
    route(contract.lintSchedule, ({ params }) => lintSaved(needs, ports, params.name)),
    route(contract.previewSchedule, ({ params, body }) =>
      previewSchedule(needs, ports, {
        name: params.name,
        spec: body.spec,
        override: body.override,
        from: body.from,
        to: body.to,
      }),
    ),
    route(contract.listOverrides, async ({ params }) => {
      if ((await findResource(database, { kind: 'Schedule', name: params.name })) === null)
        throw unknownSchedule(params.name)
      const now = await database.now()
      const rows = await listOverrides(database, [params.name], now, plus(now, longestOverrideAheadMs))
      return { items: rows.slice(0, 1_000).map(presentOverride) }
    }),
    route(
      contract.createOverride,
      async ({ params, body, actor }) =>
        presentOverride(await createOverride(needs, { schedule: params.name, body, actor })),
      ({ params }) => ownerOfSchedule(params.name),
    ),
    route(
      contract.deleteOverride,
      async ({ params, actor }) => {
        await deleteOverride(needs, { id: params.id, actor })
        return null
      },
      async ({ params }) => {
        const row = await database.transaction((tx) => lockOverride(tx, params.id))
        return row === null ? null : ownerOfSchedule(row.schedule)
      },
    ),
    route(contract.simulatePolicy, ({ params, body }) =>
      simulatePolicy(needs, ports, {
        name: params.name,
        at: body.at === undefined ? null : parseInstant(body.at),
        urgency: body.urgency ?? 'high',
        spec: body.spec ?? null,
      }),
    ),
    route(escalations.listPages, async ({ query }) => {
      const limit = query.limit ?? 100
      const filter = { alertId: query.alert ?? null, person: query.person ?? null }
      const rows = await listPageRows(database, filter, cursorOf(query.cursor), limit + 1)
      return toPage(rows, limit, (row) => [row.at, row.id], presentPage)
    }),
    route(escalations.listEscalations, async ({ query }) => {
      const limit = query.limit ?? 100
      const rows = await listOpenEscalations(database, cursorOf(query.cursor), limit + 1)
      return toPage(rows, limit, (row) => [row.openedAt, row.id], presentEscalation)
    }),
    route(escalations.readEscalation, async ({ params, actor }) => {
      const by = (await ports.nameOf(actor)) ?? actor.name
      const found = await describeEscalation(needs, ports, params.alert, by)
      if (found === null) throw nothingEscalated()
      return { escalation: presentEscalation(found.row), edited: found.edited }
    }),
    route(
      escalations.escalateNow,
      async ({ params, actor }) => change(params.alert, actor, async (by) => ({ kind: 'escalate', by })),
      ({ params }) => ownerOfAlert(params.alert),
    ),
    route(
      escalations.reapply,
      async ({ params, actor }) =>
        change(params.alert, actor, async (by, tx) => {
          const name = (await findOfAlert(tx, params.alert))?.policyName
          if (name === undefined) throw nothingEscalated()
          const policy = await findPolicy(tx, name)
          if (policy === null) throw unknownPolicy(name)
          return { kind: 'reapply', by, policy }
        }),
      ({ params }) => ownerOfAlert(params.alert),
    ),
    route(
      escalations.reassign,
      async ({ params, body, actor }) =>
        change(params.alert, actor, async (by, tx) => {
          const { people, policy: name } = body
          if (people !== undefined && name === undefined) return { kind: 'reassign-people', by, people }
          if (name === undefined || people !== undefined)
            throw new AppError('invalid', 'oncall.reassign-unclear', 'Name people or a policy, one of the two.')
          const policy = await findPolicy(tx, name)
          if (policy === null) throw unknownPolicy(name)
          return { kind: 'reassign-policy', by, policy, turn: await takeTurn(tx, name) }
        }),
      ({ params }) => ownerOfAlert(params.alert),
    ),
  ]

  async function change(
    alertId: string,
    actor: Actor,
    inputOf: (by: string, tx: Parameters<typeof applyInput>[0]) => Promise<EscalationInput>,
  ): Promise<escalations.EscalationReply> {
    const by = (await ports.nameOf(actor)) ?? actor.name
    const row = await database.transaction(async (tx) =>
      applyInput(tx, needs, ports, { alertId, actor, input: await inputOf(by, tx) }),
    )
    if (row === null) throw nothingEscalated()
    return presentEscalation((await findOfAlert(database, alertId)) ?? row)
  }

  async function ownerOfAlert(alertId: string): Promise<string | null> {
    const service = (await findOfAlert(database, alertId))?.service ?? null
    if (service === null) return null
    const team = (await findResource(database, { kind: 'Service', name: service }))?.document.spec.team
    return typeof team === 'string' ? team : null
  }
}

const nothingEscalated = (): AppError =>
  new AppError('not-found', 'oncall.no-escalation', 'Nothing is being escalated for this alert.')

function cursorOf(text: string | undefined) {
  const [at, id] = decodeCursor(text, ['number', 'string']) ?? []
  return typeof at === 'number' && typeof id === 'string' ? { at: instant(at), id } : null
}

function presentOverride(row: OverrideRow): contract.OverrideReply {
  const { startsAt, endsAt, createdAt, calendarUid, ...rest } = row
  const times = { start: formatInstant(startsAt), end: formatInstant(endsAt), createdAt: formatInstant(createdAt) }
  return { ...rest, ...times, fromCalendar: calendarUid !== null }
}

function presentPage(row: PageRow): escalations.PageReply {
  return { ...row, at: formatInstant(row.at) }
}

function presentEscalation(row: EscalationRow): escalations.EscalationReply {
  const { state } = row
  return {
    id: row.id,
    alertId: row.alertId,
    service: row.service,
    policy: row.policyName,
    chosen: row.chosen,
    urgency: state.urgency,
    phase: state.phase.kind,
    level: state.level < 0 ? null : state.level + 1,
    round: state.round + 1,
    assigned: [...state.assigned],
    nextAt: row.nextAt === null ? null : formatInstant(row.nextAt),
    openedAt: formatInstant(row.openedAt),
  }
}

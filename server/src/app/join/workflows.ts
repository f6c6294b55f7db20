// Joins workflows to the rooms their steps reach: alerts and paging, chat, tickets, status pages.
import { createHookCaller } from '../../integrations/webhook/call-workflow-hook.ts'
import { automation } from '../../kernel/actor.ts'
import { AppError } from '../../kernel/app-error.ts'
import { day } from '../../kernel/duration.ts'
import { formatInstant, type Instant, plus } from '../../kernel/instant.ts'
import { readSignal } from '../../modules/alerts/core/index.ts'
import { type AlertsPorts, listAlertsOfIncidents, receiveInTransaction } from '../../modules/alerts/index.ts'
import { listConcerning } from '../../modules/audit/index.ts'
import { chatProviders, openRoomFor } from '../../modules/chat/index.ts'
import { callForPeople, type IncidentsPorts, incidentMoved, listRestricted } from '../../modules/incidents/index.ts'
import type { Notifier } from '../../modules/notifications/index.ts'
import { peopleOnCallAt } from '../../modules/oncall/core/index.ts'
import { loadSchedules, type Pager } from '../../modules/oncall/index.ts'
import { draftPost, publishPostIn, updatePostIn } from '../../modules/status/index.ts'
import { openTicket, type TicketsPorts } from '../../modules/tickets/index.ts'
import { listRunRows, type WorkflowsPorts, workflowOf } from '../../modules/workflows/index.ts'
import type { Queries } from '../../platform/database/queries.ts'
import { subscribe } from '../../platform/journal/journal.ts'
import type { Needs } from '../../platform/room/needs.ts'
import type { Room } from '../../platform/room/room.ts'
import type { Outside } from '../outside.ts'
import { callPeople } from './call-for-people.ts'
import { declaredNameOf, shownNameOf } from './people.ts'

export interface WorkflowsHouse {
  readonly alerts: () => AlertsPorts
  readonly pager: Pick<Pager, 'open'>
  readonly tickets: TicketsPorts
  readonly notifier: Pick<Notifier, 'remind'>
}

// It says itself when it is over.
const policy = { assumedLeaseMs: null }

export function workflowsPortsOf(
  needs: Needs,
  { egress, keyring }: Pick<Outside, 'egress' | 'keyring'>,
  house: WorkflowsHouse,
): WorkflowsPorts {
  const { database } = needs
  return {
    personOf: (actor) => shownNameOf(database, actor),
    declaredNameOf: (actor) => declaredNameOf(database, actor),
    linesOf: listConcerning,
    callHook: createHookCaller(egress, () => needs.publicUrl),
    seal: (text, context) => keyring.seal(text, context),
    open: (sealed, context) => keyring.open(sealed, context),
    onCallIn: (queries, schedule, at) => onCallIn(queries, needs, schedule, at),
    page: (tx, { workflow, ...order }) => callPeople(tx, needs, house, { ...order, askedBy: `Workflow ${workflow}` }),
    openChat: async (tx, { incident, chat }) => {
      const provider = chatProviders.find((each) => each === chat)
      const opened = provider === undefined ? 'not-connected' : await openRoomFor(tx, needs, { incident, provider })
      if (opened === 'not-connected')
        throw new AppError('conflict', 'chat.not-connected', `There is no ChatConnection for ${chat}.`)
      if (opened === 'never-private')
        throw new AppError(
          'conflict',
          'chat.not-private',
          `${chat} has no room that only readers of a restricted incident see.`,
        )
      return { said: opened === 'there' ? 'It has a room already.' : 'The room is being opened.', link: null }
    },
    openTicket: async (tx, { incident, actor, connection, title }) => {
      const row = await openTicket(tx, needs, house.tickets, {
        ...{ connection, title, actor, by: actor.name, reader: { all: true } },
        about: { kind: 'incident', id: incident.id },
      })
      return { said: row.key === null ? 'It is asked for.' : `It has ${row.key}.`, link: `/incidents/${incident.id}` }
    },
    draftStatus: async (queries, name, incidentId) => (await draftPost(queries, name, incidentId)).body,
    publishStatus: async (tx, { incident, actor, page: name, text, by }) => {
      const { title, state, impacts, published } = await draftPost(tx, name, incident.id)
      const said = { state, body: text, bodies: {}, impacts, notify: true, actor, author: by }
      if (published !== null) await updatePostIn(tx, needs, { ...said, id: published })
      else
        await publishPostIn(tx, needs, {
          ...said,
          ...{ page: name, kind: 'incident', title, titles: {}, incident: incident.id, plan: null },
        })
      return { said: `${name} says it; ${by} read it.`, link: null }
    },
    remind: (tx, { incident, person, occasion, step }) =>
      house.notifier.remind(tx, {
        occasion: `workflow-step ${occasion}`,
        person,
        because: 'A workflow waits for you.',
        facts: {
          head: `Incident ${incident.number}: a workflow waits for you`,
          sentence: `It asks whether it may go on: ${step}`,
          link: `${needs.publicUrl}/incidents/${incident.id}?view=workflows`,
        },
      }),
  }
}

async function onCallIn(queries: Queries, { log }: Needs, schedule: string, at: Instant): Promise<readonly string[]> {
  const schedules = await loadSchedules(queries, log, [schedule], plus(at, -day), plus(at, day))
  return [...new Set(schedules.flatMap((each) => peopleOnCallAt(each, at)))]
}

const shownNeeds = 10

/** What the overview says of steps that wait for a person. */
export const workflowNeeds: NonNullable<IncidentsPorts['workflowNeeds']> = async (queries, reader) => {
  const { closed } = await listRestricted(queries, reader)
  const filter = { workflow: null, incident: null, state: 'approval', closed } as const
  const runs = await listRunRows(queries, filter, null, shownNeeds)
  return runs.map((run) => {
    const steps = workflowOf(run).steps.filter((_, index) => run.steps[index]?.state === 'approval')
    return {
      kind: 'workflow',
      id: run.id,
      title: `Workflow ${run.title} waits for an answer`,
      sentence: `Whether it may go on: ${steps.map((step) => step.name).join(', ')}.`,
      severity: 'warning',
      service: null,
      since: formatInstant(run.changedAt),
      href: `/incidents/${run.incidentId}?view=workflows`,
      action: null,
    }
  })
}

/** An incident that is over asks nobody to come any more. */
export function endCallsForPeople(needs: Needs, alerts: () => AlertsPorts): Room {
  const over = async (incidentId: string) => {
    const rows = await listAlertsOfIncidents(needs.database, [incidentId], mostCalls)
    const open = rows.filter((row) => row.source === callForPeople && row.status !== 'resolved')
    if (open.length === 0) return
    const now = await needs.database.now()
    const signals = open.flatMap(({ key, title, signal }) => {
      const { labels } = signal
      const draft = { source: callForPeople, status: 'resolved', dedupKey: key, summary: title, labels } as const
      const reading = readSignal({ ...draft, endsAt: now }, now)
      return reading.ok ? [reading.signal] : []
    })
    const intake = { source: callForPeople, signals, policy, actor: automation('workflows.end-calls') }
    await needs.database.transaction((tx) => receiveInTransaction(tx, needs, alerts(), intake))
  }
  return {
    name: 'join-workflows',
    subscriptions: [
      subscribe(incidentMoved.resolved, 'alerts.end-calls-for-people', ({ data }) => over(data.incidentId), {
        lane: 'notify',
      }),
    ],
  }
}
const mostCalls = 500

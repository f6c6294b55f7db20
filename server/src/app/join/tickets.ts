// Joins tickets to the trackers, and to what they are about: incidents and corrective actions, moved by their own operations.
import { createGithubIssues } from '../../integrations/github/github-issues.ts'
import { createGitlabIssues } from '../../integrations/gitlab/gitlab-issues.ts'
import { createJiraIssues } from '../../integrations/jira/jira-issues.ts'
import { createServicenowRecords } from '../../integrations/servicenow/servicenow-records.ts'
import { automation } from '../../kernel/actor.ts'
import { AppError, invariant } from '../../kernel/app-error.ts'
import { formatInstant } from '../../kernel/instant.ts'
import { listAlertsOfIncidents } from '../../modules/alerts/index.ts'
import { callForPeople, findIncident, type IncidentRow, incidentOperations } from '../../modules/incidents/index.ts'
import { type ActionRow, actionOperations, findAction } from '../../modules/postmortems/index.ts'
import type { Standing, TicketsPorts } from '../../modules/tickets/index.ts'
import type { Queries } from '../../platform/database/queries.ts'
import type { Operation } from '../../platform/http/operation.ts'
import type { Needs } from '../../platform/room/needs.ts'
import type { Room } from '../../platform/room/room.ts'
import type { Outside } from '../outside.ts'
import { declaredNameOf, shownNameOf } from './people.ts'

type TicketState = Standing['state']

export function ticketsPortsOf(
  needs: Needs,
  { egress, keyring }: Pick<Outside, 'egress' | 'keyring'>,
  rooms: () => readonly Room[],
): TicketsPorts {
  const { database } = needs
  return {
    trackers: {
      github: createGithubIssues(egress),
      gitlab: createGitlabIssues(egress),
      jira: createJiraIssues(egress),
      servicenow: createServicenowRecords(egress),
    },
    seal: (text, context) => keyring.seal(text, context),
    open: (sealed, context) => keyring.open(sealed, context),
    personOf: (actor) => shownNameOf(database, actor),
    declaredNameOf: (actor) => declaredNameOf(database, actor),
    standingOf: (queries, { kind, id }) =>
      kind === 'incident' ? incidentStanding(queries, needs, id) : actionStanding(queries, needs, id),
    moveSubject: async ({ kind, id }, to, because) => {
      const move = kind === 'incident' ? moveIncident : moveAction
      try {
        return await move({ needs, rooms, id, to, because })
      } catch (error) {
        // The rules of what it is about forbid it: that is an answer, not a failure.
        if (error instanceof AppError && error.kind !== 'unavailable' && error.kind !== 'limited')
          return { kind: 'held', because: error.message }
        throw error
      }
    },
  }
}

const incidentStates: Readonly<Record<IncidentRow['status'], TicketState>> = {
  planned: 'open',
  triage: 'open',
  active: 'doing',
  mitigated: 'doing',
  resolved: 'done',
  reviewed: 'done',
}

async function incidentStanding(queries: Queries, { publicUrl }: Needs, id: string): Promise<Standing | null> {
  const incident = await findIncident(queries, id)
  if (incident === null) return null
  const { number, title, severity, services, impactStartedAt, status, kind } = incident
  return {
    kind: 'incident',
    id,
    number,
    title,
    lines: [
      `${severity}, ${status}`,
      ...(services.length === 0 ? [] : [`Services: ${services.slice(0, 20).join(', ')}`]),
      ...(impactStartedAt === null ? [] : [`Began ${formatInstant(impactStartedAt)}`]),
      ...(kind === 'drill' ? ['This is a drill.'] : []),
    ],
    url: `${publicUrl}/incidents/${id}`,
    restricted: kind === 'security',
    incidentId: id,
    services,
    state: incidentStates[status],
  }
}

const actionStates: Readonly<Record<ActionRow['state'], TicketState>> = {
  open: 'open',
  proving: 'done',
  proven: 'done',
  dropped: 'dropped',
}

async function actionStanding(queries: Queries, { publicUrl }: Needs, id: string): Promise<Standing | null> {
  const action = await findAction(queries, id)
  const incident = action === null ? null : await findIncident(queries, action.incidentId)
  if (action === null || incident === null) return null
  const { number, title, kind, owner, dueAt, state } = action
  return {
    kind: 'action',
    id,
    number,
    title,
    lines: [
      `${kind}, owned by ${owner}, due ${formatInstant(dueAt).slice(0, 10)}`,
      `From incident ${incident.number}: ${incident.title}`,
      action.signal === null
        ? 'Nobody has said yet what will show that it worked: closing this ticket does not close the action.'
        : 'Closed here, its signal must still prove it: the ticket opens again if it does not hold.',
    ],
    url: `${publicUrl}/postmortems/${action.postmortemId}`,
    restricted: incident.kind === 'security',
    incidentId: incident.id,
    services: incident.services,
    state: actionStates[state],
  }
}

interface Move {
  readonly needs: Needs
  readonly rooms: () => readonly Room[]
  readonly id: string
  readonly to: TicketState
  readonly because: string
}
type Moved = Awaited<ReturnType<TicketsPorts['moveSubject']>>
const done = (as: TicketState): Moved => ({ kind: 'done', as })
const held = (because: string): Moved => ({ kind: 'held', because })

const follower = automation('tickets.follow')
// What is more than that is counted so.
const mostAlerts = 1_000

/** As the product itself: whoever moved the ticket has no account here. */
async function perform({ rooms, id }: Move, { id: operation }: Operation, body: object): Promise<void> {
  const bound = rooms()
    .flatMap((room) => room.operations ?? [])
    .find((each) => each.operation.id === operation)
  invariant(bound !== undefined, `the house has the operation ${operation}`)
  await bound.handle({
    params: { id },
    query: {},
    body,
    actor: follower,
    ifMatch: null,
    requestId: operation,
    signal: new AbortController().signal,
  })
}

async function moveIncident(move: Move): Promise<Moved> {
  const { needs, id, to, because } = move
  const incident = await findIncident(needs.database, id)
  if (incident === null) return done(to)
  const isOver = incidentStates[incident.status] === 'done'
  const name = `Incident ${incident.number}`
  if (to === 'done' || to === 'dropped') {
    const alerts = await listAlertsOfIncidents(needs.database, [incident.id], mostAlerts)
    // Without a count: a sentence that changed would be said again there each time one more alert ends.
    if (alerts.some((alert) => alert.status !== 'resolved' && alert.source !== callForPeople))
      return held(`${name} stays open: not all of its alerts are over. It ends when they are.`)
    await perform(move, incidentOperations.transition, { to: 'resolved', note: because })
    return done('done')
  }
  if (to === 'open' && !isOver) return held(`${name} is ${incident.status}; nothing leads back to triage.`)
  await perform(move, incidentOperations.transition, { to: 'active', note: because })
  return done('doing')
}

async function moveAction(move: Move): Promise<Moved> {
  const { needs, id, to, because } = move
  const action = await findAction(needs.database, id)
  if (action === null) return done(to)
  if (to === 'done') {
    if (action.signal === null)
      return held(
        `Action ${action.number} stays open: nobody has said what will show that it worked. Name its signal in Mainstay, and it follows.`,
      )
    await perform(move, actionOperations.finish, { note: because })
    return done('done')
  }
  const state = to === 'dropped' ? 'dropped' : 'open'
  await perform(move, actionOperations.change, { state, reason: because })
  return done(state)
}

// Does what a step says, inside the transaction that writes down that it was done: once, whoever dies in between.
import { plus } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { holdersAt, roleInWords } from '../../incidents/core/index.ts'
import {
  addItemTo,
  draftUpdateOf,
  holdRole,
  type IncidentRow,
  listHoldings,
  nameCall,
  postUpdateTo,
  refuseCustomer,
} from '../../incidents/index.ts'
import { type Action, fillIn, type Outcome, type Step, type StepRun, type Workflow } from '../core/index.ts'
import type { StepOrder, WorkflowsPorts } from '../workflows.ports.ts'

export interface Performance extends StepOrder {
  readonly workflow: Workflow
  readonly step: Step
  readonly run: StepRun
}

type Of<Kind extends Action['kind']> = Extract<Action, { kind: Kind }>

const done = (said: string, link: string | null = null): Outcome => ({ kind: 'done', said, link })
const failed = (because: string): Outcome => ({ kind: 'failed', because, passing: false })

export function namedOf(needs: Needs, incident: IncidentRow) {
  const { id, number, title, severity } = incident
  return { id, number, title, severity, url: `${needs.publicUrl}/incidents/${id}` }
}

/** `null`: it is done by a request to the outside, not here. */
export async function performStep(
  tx: Tx,
  needs: Needs,
  ports: WorkflowsPorts,
  of: Performance,
): Promise<Outcome | null> {
  const { action } = of.step
  switch (action.kind) {
    case 'page':
      return page(tx, needs, ports, of, action)
    case 'chat': {
      const { said, link } = await ports.openChat(tx, { ...of, chat: action.chat })
      return done(said, link)
    }
    case 'ticket': {
      const title = action.title === null ? null : fillIn(action.title, namedOf(needs, of.incident)).slice(0, 200)
      const { said, link } = await ports.openTicket(tx, { ...of, connection: action.connection, title })
      return done(said, link)
    }
    case 'task':
      return addTask(tx, needs, of, action)
    case 'assign':
      return assign(tx, needs, ports, of, action)
    case 'update':
      return postUpdate(tx, needs, of, action)
    case 'status': {
      const text = of.run.draft ?? ''
      const { said, link } = await ports.publishStatus(tx, {
        ...of,
        page: action.page,
        text,
        by: of.run.approvedBy ?? '',
      })
      return done(said, link)
    }
    case 'call':
      return action.at.kind === 'hook' ? null : startCall(tx, needs, of, action.at.template)
    case 'webhook':
      return null
  }
}

async function page(tx: Tx, needs: Needs, ports: WorkflowsPorts, of: Performance, action: Of<'page'>) {
  const { incident, workflow } = of
  // The alert is read by whoever reads alerts: of a restricted incident it says no more than where to look.
  const told =
    incident.kind === 'security'
      ? { ...incident, title: 'a restricted incident', severity: incident.severity }
      : incident
  const usual = `You are wanted in incident {number}: {title} ({severity})`
  const message = fillIn(action.message ?? usual, namedOf(needs, told)).slice(0, 500)
  const { said, link } = await ports.page(tx, { ...of, to: action.to, message, workflow: workflow.title })
  return done(said, link)
}

async function addTask(tx: Tx, needs: Needs, of: Performance, action: Of<'task'>): Promise<Outcome> {
  const { incident, actor, workflow } = of
  const now = await tx.now()
  await addItemTo(tx, needs, {
    incident,
    actor,
    by: workflow.title,
    kind: 'task',
    text: fillIn(action.text, namedOf(needs, incident)).slice(0, 1000),
    owner: action.owner,
    dueAt: action.dueInMs === null ? null : plus(now, action.dueInMs),
    reason: null,
    verify: null,
    vendorCase: null,
  })
  return done(action.owner === null ? 'It is on the list.' : `It is on the list of ${action.owner}.`)
}

// Of these there may be many.
const shared = ['expert', 'observer']

async function assign(
  tx: Tx,
  needs: Needs,
  ports: WorkflowsPorts,
  of: Performance,
  { role, to }: Of<'assign'>,
): Promise<Outcome> {
  const { incident, actor } = of
  const now = await tx.now()
  const word = roleInWords(role)
  const holders = holdersAt(await listHoldings(tx, incident.id), role, now)
  const [holder] = holders
  if (holder !== undefined && !shared.includes(role)) return done(`${holder} is ${word} already.`)
  const onCall = to.kind === 'person' ? [to.name] : await ports.onCallIn(tx, to.name, now)
  const people = shared.includes(role) ? onCall.filter((each) => !holders.includes(each)) : onCall.slice(0, 1)
  if (onCall.length === 0) return failed(`Nobody is on call in ${to.name}.`)
  let holding = incident
  for (const person of people)
    holding = await holdRole(tx, needs, { incident: holding, role, person, release: false, actor })
  return done(people.length === 0 ? `${onCall.join(', ')} is ${word} already.` : `${people.join(', ')} is ${word} now.`)
}

async function postUpdate(tx: Tx, needs: Needs, of: Performance, { to }: Of<'update'>): Promise<Outcome> {
  const { incident, actor, run } = of
  const refusal = to.customer === null ? null : await refuseCustomer(tx, incident, to.customer)
  if (refusal !== null) return failed(refusal.message)
  const by = run.approvedBy ?? of.workflow.title
  const update = await postUpdateTo(tx, needs, {
    incident,
    actor,
    by,
    ...to,
    text: run.draft ?? '',
    nextInMs: undefined,
  })
  return done(`Update ${update.number} is out; ${by} read it.`)
}

async function startCall(tx: Tx, needs: Needs, { incident, actor }: Performance, template: string): Promise<Outcome> {
  if (incident.callUrl !== null) return done('People talk already.', incident.callUrl)
  const url = fillIn(template, namedOf(needs, incident), encodeURIComponent)
  await nameCall(tx, needs, { incident, url, actor })
  return done(`People talk at ${url}`, url)
}

/** What a person reads before it goes out; null for steps that have no words. */
export async function draftFor(
  tx: Tx,
  needs: Needs,
  ports: WorkflowsPorts,
  { incident, step: { action } }: Pick<Performance, 'incident' | 'step'>,
): Promise<string | null> {
  if (action.kind === 'update')
    return action.text === null
      ? (await draftUpdateOf(tx, incident, action.to)).text
      : fillIn(action.text, namedOf(needs, incident)).slice(0, 4000)
  return action.kind === 'status' ? ports.draftStatus(tx, action.page, incident.id) : null
}

// Reviews and actions that are due or late: their owners hear of it, and after some days those above them, by the channels
// each chose. Nobody is woken.
import { automation } from '../../../kernel/actor.ts'
import { day } from '../../../kernel/duration.ts'
import { formatInstant, type Instant } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { addWork } from '../../../platform/work/due-work.store.ts'
import { findResource } from '../../catalog/index.ts'
import { findIncident } from '../../incidents/index.ts'
import { type ActionRow, lockAction } from '../actions.store.ts'
import { type EscalationRule, type Look, lookAtDue } from '../core/index.ts'
import { readPolicyOfReviews } from '../kinds/postmortem-policy.ts'
import { actionOverdue, postmortemOverdue, remindAction, remindPostmortem } from '../postmortems.contract.ts'
import type { PostmortemsPorts } from '../postmortems.ports.ts'
import { findPostmortem, lockPostmortem, type PostmortemRow } from '../postmortems.store.ts'
import { tellOfAction } from './corrective-actions.ts'
import { workDaysOf } from './due-days.ts'
import { dataOf, entryOf } from './postmortem-entry.ts'

type Ports = Pick<PostmortemsPorts, 'holidaysOf' | 'remind'>
const reminder = automation('postmortems.remind')

/** Said a working day before its day, then each working day until it is published. */
export async function remindOfPostmortem(needs: Needs, ports: Ports, postmortemId: string): Promise<void> {
  await needs.database.transaction(async (tx) => {
    const row = await lockPostmortem(tx, postmortemId)
    if (row === null || row.status === 'published' || row.excusedAt !== null) return
    const due: Due = { ...{ tx, ports, row, dueAt: row.dueAt, owner: row.owner, everyDays: 1 }, ...wordsOfReview(row) }
    const { look, above } = await remind(due)
    if (look.say === 'overdue') {
      const links = [...(row.owner === null ? [] : [row.owner]), ...above].map((id) => ({ kind: 'person', id }))
      await needs.journal.publish(tx, postmortemOverdue, {
        ...(await entryOf(tx, row, reminder, reasonOf(above), links)),
        data: dataOf(row),
      })
    }
    await addWork(tx, remindPostmortem, { postmortemId }, { key: postmortemId, dueAt: look.lookAt })
  })
}

/** Said a working day before its day, then once a week until it is done. */
export async function remindOfAction(needs: Needs, ports: Ports, actionId: string): Promise<void> {
  await needs.database.transaction(async (tx) => {
    const action = await lockAction(tx, actionId)
    const row = action === null ? null : await findPostmortem(tx, action.postmortemId)
    if (action === null || row === null || action.state !== 'open') return
    const due: Due = {
      ...{ tx, ports, row, dueAt: action.dueAt, owner: action.owner, everyDays: 7 },
      ...wordsOfAction(action),
    }
    const { look, above } = await remind(due)
    const reason = reasonOf(above)
    if (look.say === 'overdue')
      await tellOfAction(tx, needs, actionOverdue, {
        ...{ row, action, actor: reminder, above },
        ...(reason === undefined ? {} : { reason }),
      })
    await addWork(tx, remindAction, { actionId }, { key: actionId, dueAt: look.lookAt })
  })
}

interface DueWords {
  /** Of all reminders of this thing. */
  readonly occasion: string
  /** "Postmortem 7", "Action 12". */
  readonly what: string
  readonly sentence: string
  readonly path: string
}

interface Due extends DueWords {
  readonly tx: Tx
  readonly ports: Ports
  readonly row: PostmortemRow
  readonly dueAt: Instant
  readonly owner: string | null
  readonly everyDays: number
}

const wordsOfReview = (row: PostmortemRow): DueWords => ({
  occasion: `postmortem-due ${row.id}`,
  what: `Postmortem ${row.number}`,
  sentence: row.title,
  path: `/postmortems/${row.id}`,
})
const wordsOfAction = (action: ActionRow): DueWords => ({
  occasion: `action-due ${action.id}`,
  what: `Action ${action.number}`,
  sentence: action.title,
  path: `/postmortems/${action.postmortemId}`,
})

const reasonOf = (above: readonly string[]): string | undefined =>
  above.length === 0 ? undefined : `Told to ${above.join(', ')}, too.`

/** Tells who is to hear of it; `above` are those whom it reached besides the owner. */
async function remind(due: Due): Promise<{ readonly look: Look; readonly above: readonly string[] }> {
  const { tx, ports, row, dueAt, owner, everyDays } = due
  const now = await tx.now()
  const { escalation } = await readPolicyOfReviews(tx)
  // Holidays since its day count; of what is later than that nobody minds.
  const since = dueAt < now && now - dueAt < 90 * day ? dueAt : now
  const { days } = await workDaysOf(tx, ports, row.team, since)
  const look = lookAtDue({ dueAt, now, everyDays }, escalation, days)
  if (look.say === 'nothing') return { look, above: [] }
  if (look.say === 'due-soon') {
    if (owner !== null) await send(due, owner, `is due on ${dayText(dueAt)}`, 'You own it.')
    return { look, above: [] }
  }
  const late = `was due on ${dayText(dueAt)}`
  const reached = owner !== null && (await send(due, owner, late, 'You own it, and it is late.', now))
  const above: string[] = []
  // Nobody owns it, or the owner has no way to be reached: then it is theirs at once.
  if (look.escalated || !reached)
    for (const person of await peopleAbove(tx, escalation, row.team))
      if (person !== owner && (await send(due, person, late, aboveBecause(owner, reached), now))) above.push(person)
  return { look, above }
}

const aboveBecause = (owner: string | null, reached: boolean): string =>
  owner === null ? 'Nobody owns it.' : `${owner} owns it${reached ? '' : ' and cannot be reached'}.`

const dayText = (at: Instant): string => formatInstant(at).slice(0, 10)

async function send(due: Due, person: string, how: string, because: string, at: Instant | null = null) {
  const { tx, ports, row, dueAt } = due
  const incident = await findIncident(tx, row.incidentId)
  // Each time it is found late, and once before.
  const occasion = `${due.occasion} ${at === null ? `soon ${formatInstant(dueAt)}` : formatInstant(at)}`
  const sent = await ports.remind?.(tx, {
    occasion,
    person,
    because,
    head: `${due.what} ${how} (${row.severity})`,
    // The title of a restricted incident leaves the house in no message.
    sentence: incident?.kind === 'security' ? 'It is of a restricted incident.' : due.sentence,
    path: due.path,
  })
  return sent !== false
}

async function peopleAbove(queries: Queries, { to }: EscalationRule, team: string | null): Promise<readonly string[]> {
  if (to.length > 0) return to
  const found = team === null ? null : await findResource(queries, { kind: 'Team', name: team })
  const lead = found?.document.spec.lead
  return typeof lead === 'string' ? [lead] : []
}

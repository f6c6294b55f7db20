// How a postmortem and its actions stand in the journal; and loading one for somebody.
import type { Actor } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import type { Subject } from '../../../platform/journal/journal.ts'
import { type IncidentReader, mayReadIncident } from '../../incidents/core/index.ts'
import { findIncident } from '../../incidents/index.ts'
import type { ActionRow } from '../actions.store.ts'
import type { ActionData, PostmortemData } from '../postmortems.contract.ts'
import { findPostmortem, lockPostmortem, type PostmortemRow } from '../postmortems.store.ts'

export interface Order {
  readonly id: string
  readonly actor: Actor
  readonly by: string
  readonly reader: IncidentReader
}

export function dataOf(row: PostmortemRow): PostmortemData {
  return { postmortemId: row.id, number: row.number, title: row.title, incidentId: row.incidentId }
}

export function actionDataOf(row: PostmortemRow, action: ActionRow): ActionData {
  return { ...dataOf(row), actionId: action.id, action: action.title, person: action.owner }
}

export async function entryOf(
  queries: Queries,
  row: PostmortemRow,
  actor: Actor,
  reason?: string,
  links: readonly Subject[] = [],
) {
  // Restricted as its incident is now: what is written later about a closed one stays closed.
  const incident = await findIncident(queries, row.incidentId)
  const restricted = incident?.kind === 'security' ? [{ kind: 'restricted', id: row.incidentId }] : []
  return {
    actor,
    subject: { kind: 'postmortem', id: row.id },
    links: [
      { kind: 'incident', id: row.incidentId },
      ...row.services.map((id) => ({ kind: 'service', id })),
      ...links,
      ...restricted,
    ],
    ...(reason === undefined ? {} : { reason }),
  }
}

export const unknownPostmortem = () => new AppError('not-found', 'postmortems.unknown', 'There is no such postmortem.')

async function checkReadable(
  queries: Queries,
  row: PostmortemRow | null,
  reader: IncidentReader,
): Promise<PostmortemRow> {
  const incident = row === null ? null : await findIncident(queries, row.incidentId)
  if (row === null || (incident !== null && !mayReadIncident(reader, incident)) || (incident === null && !reader.all))
    throw unknownPostmortem()
  return row
}

export async function loadPostmortem(tx: Tx, order: Pick<Order, 'id' | 'reader'>): Promise<PostmortemRow> {
  return checkReadable(tx, await lockPostmortem(tx, order.id), order.reader)
}

export async function needPostmortem(queries: Queries, id: string, reader: IncidentReader): Promise<PostmortemRow> {
  return checkReadable(queries, await findPostmortem(queries, id), reader)
}

/** Locked until the end, so that what is judged here is what is written. */
export async function loadOpen(tx: Tx, order: Order): Promise<PostmortemRow> {
  const row = await loadPostmortem(tx, order)
  if (row.status === 'published')
    throw new AppError('conflict', 'postmortems.published', 'It is published. Take it back to review to correct it.')
  return row
}

// What a room should show by now, read in one go: the lines first, so that what was said after an incident became
// restricted is never among what is told where others read.
import type { Queries } from '../../../platform/database/queries.ts'
import { mayReadIncident, readerFor, timelineEntry } from '../../incidents/core/index.ts'
import { findIncident, type IncidentRow, presentIncident } from '../../incidents/index.ts'
import type { ChatPorts } from '../chat.ports.ts'
import type { RoomRow } from '../chat.store.ts'
import { bundleOf, restrictedNote, summaryOf, topicOf, type WantedRoom } from '../core/index.ts'
import { mustLeave } from './consider-room.ts'
import { waitingLines } from './waiting-lines.ts'

export interface Wish {
  readonly incident: IncidentRow
  readonly wanted: WantedRoom
}

export async function wantedOf(
  queries: Queries,
  ports: ChatPorts,
  room: RoomRow,
  publicUrl: string,
): Promise<Wish | null> {
  const lines = await waitingLines(queries, ports, room)
  const incident = await findIncident(queries, room.incidentId)
  if (incident === null) return null
  if (room.state === 'leaving' || mustLeave(room, incident)) {
    const empty = { topic: '', people: [], bundle: null, archive: true }
    return { incident, wanted: { ...empty, summary: restrictedNote } }
  }
  const url = `${publicUrl}/incidents/${incident.id}`
  const presented = await presentIncident(queries, incident)
  const facts = { ...presented, url }
  const waiting = lines.map(({ id, at, type, actor, data, reason }) => {
    const fact = { type, at, actor: named(actor), data, reason }
    return { id, at, type, sentence: timelineEntry(fact) }
  })
  return {
    incident,
    wanted: {
      summary: summaryOf(facts),
      topic: topicOf(facts),
      people: await peopleOf(queries, ports, incident, presented),
      bundle: bundleOf(waiting, url),
      archive: room.archiveAt !== null && (await queries.now()) >= room.archiveAt,
    },
  }
}

type JournalActor = Parameters<typeof timelineEntry>[0]['actor']
const kinds: readonly JournalActor['kind'][] = ['person', 'key', 'automation', 'link']

function named({
  kind,
  id,
  name,
}: {
  readonly kind: string
  readonly id: string
  readonly name: string
}): JournalActor {
  return { kind: kinds.find((each) => each === kind) ?? 'automation', id, name }
}

/** Whoever has a role, declared it, or was paged for it; of a restricted one, only who may read it. */
async function peopleOf(
  queries: Queries,
  ports: ChatPorts,
  incident: IncidentRow,
  presented: Awaited<ReturnType<typeof presentIncident>>,
): Promise<readonly string[]> {
  const alerts = presented.alerts.map((alert) => alert.id)
  const names = [
    ...presented.roles.map((each) => each.person),
    ...presented.offers.map((each) => each.person),
    ...(incident.automatic ? [] : [incident.declaredBy]),
    ...(alerts.length === 0 ? [] : await ports.pagedFor(queries, alerts)),
  ]
  const emails: string[] = []
  for (const name of new Set(names)) {
    const email = await ports.emailOf(queries, name)
    if (email === null) continue
    if (incident.kind === 'security') {
      const actor = await ports.actorOfEmail(email)
      if (actor === null || !mayReadIncident(readerFor(actor, name), incident)) continue
    }
    emails.push(email)
  }
  return emails
}

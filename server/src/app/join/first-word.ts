// The first word of an incident may stand on a status page: its incident remembers when that was.
import { listConcerning } from '../../modules/audit/index.ts'
import { lockIncident, noteTold } from '../../modules/incidents/index.ts'
import { statusPublished } from '../../modules/status/index.ts'
import { subscribe } from '../../platform/journal/journal.ts'
import type { Needs } from '../../platform/room/needs.ts'
import type { Room } from '../../platform/room/room.ts'

export function firstWordOnPages(needs: Needs): Room {
  return {
    name: 'join-first-word',
    subscriptions: [
      subscribe(
        statusPublished,
        'incidents.note-told',
        ({ data, entryId }) => note(needs, data.incident ?? '', entryId),
        { when: ({ incident }) => incident !== undefined },
      ),
    ],
  }
}

async function note({ database }: Needs, incidentId: string, entryId: number): Promise<void> {
  await database.transaction(async (tx) => {
    const incident = await lockIncident(tx, incidentId)
    // When it was said, however late this is read.
    const [said] = await listConcerning(tx, [`incident:${incidentId}`], entryId - 1, 1)
    if (incident !== null && said !== undefined && said.id === entryId) await noteTold(tx, incident, said.at)
  })
}

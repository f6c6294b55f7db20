// Rooms before the catalog cannot listen to it; here they are told what they asked to be told.
import { resourceCreated, resourceDeleted, resourceUpdated } from '../../modules/catalog/index.ts'
import { subscribeTogether } from '../../platform/journal/journal.ts'
import type { Room } from '../../platform/room/room.ts'

const aboutPeople = new Set(['Team', 'Person'])

/** Who belongs to which team decides what they may change, so a change of teams counts at once. */
export function followCatalog(refreshTeams: () => Promise<void>): Room {
  return {
    name: 'join',
    subscriptions: [resourceCreated, resourceUpdated, resourceDeleted].map((event) =>
      // Thousands are declared at once: all of them are one look, because each reads everybody.
      subscribeTogether(event, 'identity.refresh-teams', () => refreshTeams(), {
        atOnce: 10_000,
        lane: 'notify',
        when: ({ kind }) => aboutPeople.has(kind),
      }),
    ),
  }
}

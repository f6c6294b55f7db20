import type { Needs } from '../../platform/room/needs.ts'
import type { Room } from '../../platform/room/room.ts'
import { authenticationOf } from './authentication.ts'
import { identityErrors, identityEvents } from './identity.contract.ts'
import { identityJobs, identityRecurring } from './identity.jobs.ts'
import type { IdentityPorts } from './identity.ports.ts'
import { identityRoutes, identityWireRoutes } from './identity.routes.ts'
import type { IdentityNeeds } from './identity-needs.ts'
import { createPasswords } from './passwords.ts'
import { refreshTeams } from './usecases/refresh-teams.ts'

export interface IdentityRoom extends Room {
  /** After a change of teams in the catalog. */
  readonly refreshTeams: () => Promise<void>
}

export function identityRoom(needs: Needs, ports: IdentityPorts = {}): IdentityRoom {
  const authentication = authenticationOf(needs)
  const own: IdentityNeeds = {
    ...needs,
    authentication,
    passwords: createPasswords(ports.passwordCost),
    // Known only once the server listens, so it is asked each time.
    get publicUrl() {
      return needs.publicUrl
    },
  }
  return {
    name: 'identity',
    operations: identityRoutes(own, ports),
    wireRoutes: identityWireRoutes(own, ports),
    jobs: identityJobs(own, ports),
    recurring: identityRecurring,
    events: identityEvents,
    errors: identityErrors,
    refreshTeams: () => refreshTeams(own, ports),
    start: async () => authentication.start(),
    stop: () => authentication.stop(),
  }
}

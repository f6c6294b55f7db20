// The working door of identity.
export { createDoor, type Door, gatekeeper, type PermissionRows, requireOwnership } from './gatekeeper.ts'
export {
  personChanged,
  personCreated,
  personDisabled,
  personEnabled,
  sessionEnded,
  sessionStarted,
} from './identity.contract.ts'
export type { IdentityPorts, SingleSignOn } from './identity.ports.ts'
export { findOwnerOfKey } from './keys.store.ts'
export { actorOfKnownKey, type KnownKey, loadKnownKeys } from './known-keys.ts'
export { findPerson, findPersonByEmail, listPeople, type Person } from './people.store.ts'
export { issueKey, reissueKey } from './usecases/keys.ts'
export { createRecoveryLink, createSetupLink } from './usecases/links.ts'

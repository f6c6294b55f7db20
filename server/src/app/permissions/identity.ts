import type { PermissionTable } from './table.ts'

// Lists and revocations of keys and sessions show and touch one's own; administrators see and end everybody's.
export const identityPermissions: PermissionTable = {
  'session.sign-in': { open: true },
  'session.read': { role: 'viewer', scope: 'identity:self' },
  'session.sign-out': { role: 'viewer', scope: 'identity:self' },
  'identity.setup-state': { open: true },
  'identity.setup': { open: true },
  'identity.update-self': { role: 'viewer', scope: 'identity:self' },
  'identity.change-password': { role: 'viewer', scope: 'identity:self' },
  'identity.views': { role: 'viewer', scope: 'identity:self' },
  'identity.save-view': { role: 'viewer', scope: 'identity:self' },
  'identity.forget-view': { role: 'viewer', scope: 'identity:self' },
  'oidc.start': { open: true },
  'oidc.callback': { open: true },
  'people.list': { role: 'viewer', scope: 'identity:read' },
  'people.create': { role: 'admin', scope: 'identity:write' },
  'people.invite': { role: 'admin', scope: 'identity:write' },
  'people.update': { role: 'admin', scope: 'identity:write' },
  'keys.list': { role: 'viewer', scope: 'identity:keys' },
  'keys.create': { role: 'viewer', scope: 'identity:keys' },
  'keys.revoke': { role: 'viewer', scope: 'identity:keys' },
  'sessions.list': { role: 'viewer', scope: 'identity:self' },
  'sessions.revoke': { role: 'viewer', scope: 'identity:self' },
}

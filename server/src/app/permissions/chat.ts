import type { PermissionTable } from './table.ts'

export const chatPermissions: PermissionTable = {
  'chat.status': { role: 'viewer', scope: 'incidents:read' },
  'chat.room': { role: 'viewer', scope: 'incidents:read' },
  'chat.test': { role: 'admin', scope: 'channels:write' },
  // What the command does asks for its own right; whoever may only read can ask how it stands.
  'chat.command': { role: 'viewer', scope: 'incidents:write' },
  // The chat's signature is the permission; what is done then is done as the person it came from.
  'chat.receive': { open: true },
}

import type { PermissionTable } from './table.ts'

export const lifeboatPermissions: PermissionTable = {
  'lifeboat.read': { role: 'viewer', scope: 'alerts:read' },
}

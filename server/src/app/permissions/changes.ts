import type { PermissionTable } from './table.ts'

export const changesPermissions: PermissionTable = {
  'changes.record': { role: 'editor', scope: 'changes:write' },
  'changes.calendar': { role: 'viewer', scope: 'changes:read' },
  'changes.list': { role: 'viewer', scope: 'changes:read' },
}

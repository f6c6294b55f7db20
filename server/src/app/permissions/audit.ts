import type { PermissionTable } from './table.ts'

// Who may read which entry is decided for each of them (audit/core/visibility.ts); an export holds all of them.
export const auditPermissions: PermissionTable = {
  'journal.list': { role: 'viewer', scope: 'journal:read' },
  'journal.stream': { role: 'viewer', scope: 'journal:read' },
  'journal.checkpoints': { role: 'viewer', scope: 'journal:read' },
  'journal.verify': { role: 'admin', scope: 'journal:audit' },
  'journal.export': { role: 'admin', scope: 'journal:audit' },
}

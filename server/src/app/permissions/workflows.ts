import type { PermissionTable } from './table.ts'

// Which runs somebody sees is decided by their incidents; who may declare workflows, by the catalog.
export const workflowsPermissions: PermissionTable = {
  'workflows.list': { role: 'viewer', scope: 'incidents:read' },
  'workflows.runs': { role: 'viewer', scope: 'incidents:read' },
  'workflows.test': { role: 'viewer', scope: 'incidents:read' },
  'workflows.start': { role: 'responder', scope: 'incidents:write' },
  'workflows.decide': { role: 'responder', scope: 'incidents:write' },
  'workflows.retry': { role: 'responder', scope: 'incidents:write' },
  'workflows.hooks': { role: 'viewer', scope: 'incidents:read' },
  'workflows.keep-hook': { role: 'admin', scope: 'channels:write' },
  'workflows.remove-hook': { role: 'admin', scope: 'channels:write' },
}

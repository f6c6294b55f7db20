import type { PermissionTable } from './table.ts'

// Planning and applying look at each document's owner themselves: one text may touch several teams.
export const catalogPermissions: PermissionTable = {
  'resources.kinds': { role: 'viewer', scope: 'catalog:read' },
  'resources.list': { role: 'viewer', scope: 'catalog:read' },
  'resources.read': { role: 'viewer', scope: 'catalog:read' },
  'resources.history': { role: 'viewer', scope: 'catalog:read' },
  'resources.plan': { role: 'viewer', scope: 'catalog:read' },
  'resources.apply': { role: 'editor', scope: 'catalog:write' },
  'resources.delete': { role: 'editor', scope: 'catalog:write' },
  'services.list': { role: 'viewer', scope: 'catalog:read' },
  'services.read': { role: 'viewer', scope: 'catalog:read' },
  'services.blast-radius': { role: 'viewer', scope: 'catalog:read' },
  'teams.list': { role: 'viewer', scope: 'catalog:read' },
  'teams.read': { role: 'viewer', scope: 'catalog:read' },
  'journeys.list': { role: 'viewer', scope: 'catalog:read' },
}

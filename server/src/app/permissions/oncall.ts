import type { PermissionTable } from './table.ts'

export const oncallPermissions: PermissionTable = {
  'oncall.now': { role: 'viewer', scope: 'oncall:read' },
  'oncall.me': { role: 'viewer', scope: 'oncall:read' },
  'schedules.final': { role: 'viewer', scope: 'oncall:read' },
  'schedules.lint': { role: 'viewer', scope: 'oncall:read' },
  'schedules.preview': { role: 'viewer', scope: 'oncall:read' },
  'overrides.list': { role: 'viewer', scope: 'oncall:read' },
  // Covering for a colleague must not wait for an editor.
  'overrides.create': { role: 'responder', scope: 'oncall:write' },
  'overrides.delete': { role: 'responder', scope: 'oncall:write' },
  'policies.simulate': { role: 'viewer', scope: 'oncall:read' },
  'pages.list': { role: 'viewer', scope: 'oncall:read' },
  'escalations.list': { role: 'viewer', scope: 'oncall:read' },
  'escalations.escalate': { role: 'responder', scope: 'oncall:write' },
  'escalations.reassign': { role: 'responder', scope: 'oncall:write' },
  // The signed link is the permission.
  'oncall.acknowledge-link': { open: true },
}

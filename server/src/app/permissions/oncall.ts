import type { PermissionTable } from './table.ts'

export const oncallPermissions: PermissionTable = {
  'oncall.now': { role: 'viewer', scope: 'oncall:read' },
  'oncall.me': { role: 'viewer', scope: 'oncall:read' },
  'schedules.final': { role: 'viewer', scope: 'oncall:read' },
  'schedules.lint': { role: 'viewer', scope: 'oncall:read' },
  // It tells of incidents and silences as well, as the overview does.
  'schedules.hand-over': { role: 'viewer', scope: 'incidents:read' },
  'schedules.load': { role: 'viewer', scope: 'oncall:read' },
  'schedules.preview': { role: 'viewer', scope: 'oncall:read' },
  'overrides.list': { role: 'viewer', scope: 'oncall:read' },
  // Covering for a colleague must not wait for an editor.
  'overrides.create': { role: 'responder', scope: 'oncall:write' },
  'overrides.delete': { role: 'responder', scope: 'oncall:write' },
  // Whoever takes pages may pass a shift on; whose shift it is, the request itself checks.
  'swaps.list': { role: 'viewer', scope: 'oncall:read' },
  'swaps.create': { role: 'responder', scope: 'oncall:write' },
  'swaps.accept': { role: 'responder', scope: 'oncall:write' },
  'swaps.decline': { role: 'responder', scope: 'oncall:write' },
  'swaps.withdraw': { role: 'responder', scope: 'oncall:write' },
  'calendars.list': { role: 'viewer', scope: 'oncall:read' },
  'calendars.create': { role: 'viewer', scope: 'oncall:read' },
  'calendars.delete': { role: 'viewer', scope: 'oncall:read' },
  'calendars.import': { role: 'editor', otherTeam: 'admin', scope: 'oncall:write' },
  'schedules.import': { role: 'viewer', scope: 'oncall:read' },
  // The secret in the address is the permission.
  'calendars.read': { open: true },
  // Whose figures are read is decided by whose they are: one's own, one's team as its lead, sums for everybody else.
  'oncall.health': { role: 'viewer', scope: 'oncall:read' },
  'oncall.team-health': { role: 'viewer', scope: 'oncall:read' },
  'pay.read': { role: 'viewer', scope: 'oncall:read' },
  'pay.csv': { role: 'viewer', scope: 'oncall:read' },
  // The handler asks for the lead of the team, who need not be a member of it, or an administrator.
  'pay.sign': { role: 'responder', scope: 'oncall:write' },
  'pay.correct': { role: 'responder', scope: 'oncall:write' },
  'policies.simulate': { role: 'viewer', scope: 'oncall:read' },
  'pages.list': { role: 'viewer', scope: 'oncall:read' },
  'escalations.list': { role: 'viewer', scope: 'oncall:read' },
  'escalations.read': { role: 'viewer', scope: 'oncall:read' },
  'escalations.escalate': { role: 'responder', scope: 'oncall:write' },
  'escalations.reapply': { role: 'responder', scope: 'oncall:write' },
  'escalations.reassign': { role: 'responder', scope: 'oncall:write' },
  // The signed link is the permission.
  'oncall.acknowledge-link': { open: true },
}

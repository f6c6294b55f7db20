import type { PermissionTable } from './table.ts'

// Sources are declared like any object; these rows are for what a declaration never holds.
export const intakePermissions: PermissionTable = {
  'intake.list': { role: 'viewer', scope: 'alerts:read' },
  // Payloads may hold what only those who answer alarms should read.
  'intake.read': { role: 'responder', scope: 'alerts:read' },
  'intake.orphans': { role: 'responder', scope: 'alerts:read' },
  'intake.unclaimed': { role: 'responder', scope: 'alerts:read' },
  'intake.preview': { role: 'responder', scope: 'alerts:read' },
  'intake.issue-token': { role: 'editor', scope: 'alerts:write' },
  'intake.revoke-token': { role: 'editor', scope: 'alerts:write' },
  'intake.set-secret': { role: 'editor', scope: 'alerts:write' },
  'intake.remove-secret': { role: 'editor', scope: 'alerts:write' },
  'intake.replay': { role: 'responder', scope: 'alerts:write' },
  'intake.dismiss': { role: 'responder', scope: 'alerts:write' },
  // The token of the source is the proof, and it is checked before the body is read.
  'intake.deliver': { open: true },
}

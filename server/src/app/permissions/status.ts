import type { PermissionTable } from './table.ts'

export const statusPermissions: PermissionTable = {
  'statuspages.list': { role: 'viewer', scope: 'status:read' },
  'statuspages.read': { role: 'viewer', scope: 'status:read' },
  'statuspages.history': { role: 'viewer', scope: 'status:read' },
  'statuspages.draft': { role: 'responder', scope: 'status:read' },
  // Customers wait: whoever responds may tell them, whoever owns the page; the journal says who did.
  'statuspages.publish': { role: 'responder', scope: 'status:write' },
  'statuspages.import': { role: 'editor', scope: 'status:write' },
  'statuspages.update': { role: 'responder', scope: 'status:write' },
  'statuspages.upload-image': { role: 'editor', scope: 'status:write' },
  'statuspages.remove-image': { role: 'editor', scope: 'status:write' },
  'statuspages.check-host': { role: 'editor', scope: 'status:write' },
  'statuspages.subscribe': { open: true },
  'statuspages.subscribers': { role: 'editor', scope: 'status:read' },
  'statuspages.resume-subscriber': { role: 'editor', scope: 'status:write' },
  'statuspages.remove-subscriber': { role: 'editor', scope: 'status:write' },
  // Who is a customer is for those who may tell them.
  'statuscustomers.list': { role: 'responder', scope: 'status:read' },
  'statuscustomers.link': { role: 'editor', scope: 'status:write' },
  'statuscustomers.revoke': { role: 'editor', scope: 'status:write' },
  // Customers have no account.
  'status.read-public': { open: true },
  'status.read-private': { role: 'viewer', scope: 'status:read' },
  'status.read-month': { open: true },
  'status.subscribe': { open: true },
  // The signed link is the permission.
  'status.follow-link': { open: true },
}

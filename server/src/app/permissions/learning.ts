import type { PermissionTable } from './table.ts'

// Whoever responds says what repeats what; what somebody sees is decided by the incidents they may read.
export const learningPermissions: PermissionTable = {
  'learning.repeats-of': { role: 'viewer', scope: 'incidents:read' },
  'learning.judge-repeat': { role: 'responder', scope: 'incidents:write' },
  'learning.repeats': { role: 'viewer', scope: 'incidents:read' },
  'learning.classes': { role: 'viewer', scope: 'incidents:read' },
  'learning.classes-of': { role: 'viewer', scope: 'incidents:read' },
  'learning.classify': { role: 'responder', scope: 'incidents:write' },
  'learning.trends': { role: 'viewer', scope: 'incidents:read' },
  'learning.search': { role: 'viewer', scope: 'incidents:read' },
  'learning.pack': { role: 'viewer', scope: 'incidents:read' },
  'problems.list': { role: 'viewer', scope: 'incidents:read' },
  'problems.read': { role: 'viewer', scope: 'incidents:read' },
  'problems.open': { role: 'responder', scope: 'incidents:write' },
  'problems.change': { role: 'responder', scope: 'incidents:write' },
  'problems.transition': { role: 'responder', scope: 'incidents:write' },
  'problems.link': { role: 'responder', scope: 'incidents:write' },
  'problems.unlink': { role: 'responder', scope: 'incidents:write' },
}

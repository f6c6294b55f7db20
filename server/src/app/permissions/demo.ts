import type { PermissionTable } from './table.ts'

export const demoPermissions: PermissionTable = {
  'demo.read': { role: 'viewer', scope: 'demo' },
  'demo.break': { role: 'responder', scope: 'demo' },
  'demo.repair': { role: 'responder', scope: 'demo' },
}

import type { PermissionTable } from './table.ts'

// Contacts and rules are changed by their owner only: the room takes the person from whoever asks.
export const notificationsPermissions: PermissionTable = {
  'contacts.list': { role: 'viewer', scope: 'contacts:read' },
  'contacts.create': { role: 'viewer', scope: 'contacts:write' },
  'contacts.verify': { role: 'viewer', scope: 'contacts:write' },
  'contacts.delete': { role: 'viewer', scope: 'contacts:write' },
  'contacts.test': { role: 'viewer', scope: 'contacts:write' },
  'rules.read': { role: 'viewer', scope: 'contacts:read' },
  'rules.replace': { role: 'viewer', scope: 'contacts:write' },
  'webpush.key': { role: 'viewer', scope: 'contacts:read' },
  'deliveries.list': { role: 'viewer', scope: 'alerts:read' },
}

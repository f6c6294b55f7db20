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
  'channels.list': { role: 'viewer', scope: 'contacts:read' },
  // Tokens of the whole company.
  'channels.connect': { role: 'admin', scope: 'channels:write' },
  'channels.disconnect': { role: 'admin', scope: 'channels:write' },
  // The provider's signature is the permission; the sealed name of the message is.
  'notifications.provider-callback': { open: true },
  'notifications.message-seen': { open: true },
  'webhooks.list': { role: 'viewer', scope: 'oncall:read' },
  // A secret of whoever's policies page it; the address itself is declared, which the catalog guards.
  'webhooks.replace-secret': { role: 'editor', otherTeam: 'admin', scope: 'oncall:write' },
  'webhooks.test': { role: 'editor', otherTeam: 'admin', scope: 'oncall:write' },
  'deliveries.list': { role: 'viewer', scope: 'alerts:read' },
}

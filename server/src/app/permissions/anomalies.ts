import type { PermissionTable } from './table.ts'

export const anomalyPermissions: PermissionTable = {
  'anomalies.list': { role: 'viewer', scope: 'telemetry:read' },
  'anomalies.series': { role: 'viewer', scope: 'telemetry:read' },
}

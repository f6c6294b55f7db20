import type { PermissionTable } from './table.ts'

// A key for an intake carries `telemetry:write` and can do nothing else.
export const telemetryPermissions: PermissionTable = {
  'intake.otlp': { role: 'responder', scope: 'telemetry:write' },
  'intake.remote-write': { role: 'responder', scope: 'telemetry:write' },
  'telemetry.push': { role: 'responder', scope: 'telemetry:write' },
  'telemetry.sources': { role: 'viewer', scope: 'telemetry:read' },
  'telemetry.slices': { role: 'viewer', scope: 'telemetry:read' },
  'telemetry.signals': { role: 'viewer', scope: 'telemetry:read' },
  'telemetry.coverage': { role: 'viewer', scope: 'telemetry:read' },
  'telemetry.service-coverage': { role: 'viewer', scope: 'telemetry:read' },
  'probes.list': { role: 'viewer', scope: 'telemetry:read' },
  'probes.read': { role: 'viewer', scope: 'telemetry:read' },
  'probes.beat': { role: 'responder', scope: 'telemetry:write' },
  'probes.results': { role: 'viewer', scope: 'telemetry:read' },
}

import type { PermissionTable } from './table.ts'

// Objectives are declared as documents: changing them is the catalog's permission.
export const sloPermissions: PermissionTable = {
  'objectives.list': { role: 'viewer', scope: 'slo:read' },
  'objectives.counts': { role: 'viewer', scope: 'slo:read' },
  'objectives.read': { role: 'viewer', scope: 'slo:read' },
  'objectives.series': { role: 'viewer', scope: 'slo:read' },
  'objectives.periods': { role: 'viewer', scope: 'slo:read' },
  // Reads only: it is a question with a long form.
  'objectives.back-test': { role: 'viewer', scope: 'slo:read' },
  'objectives.prometheus-rules': { role: 'viewer', scope: 'slo:read' },
  'objectives.ceiling': { role: 'viewer', scope: 'slo:read' },
  'journey-objectives.list': { role: 'viewer', scope: 'slo:read' },
  'journey-objectives.read': { role: 'viewer', scope: 'slo:read' },
  // Both read a text and save nothing.
  'objectives.import': { role: 'viewer', scope: 'slo:read' },
  'objectives.lint': { role: 'viewer', scope: 'slo:read' },
  'objectives.export': { role: 'viewer', scope: 'slo:read' },
  'objectives.corrections': { role: 'viewer', scope: 'slo:read' },
  'objectives.correct': { role: 'editor', otherTeam: 'admin', scope: 'slo:write' },
  'objectives.withdraw-correction': { role: 'editor', otherTeam: 'admin', scope: 'slo:write' },
  'objectives.ledger': { role: 'viewer', scope: 'slo:read' },
}

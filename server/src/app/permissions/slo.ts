import type { PermissionTable } from './table.ts'

// Objectives are declared as documents: changing them is the catalog's permission.
export const sloPermissions: PermissionTable = {
  'objectives.list': { role: 'viewer', scope: 'slo:read' },
  'objectives.counts': { role: 'viewer', scope: 'slo:read' },
  'objectives.read': { role: 'viewer', scope: 'slo:read' },
  'objectives.groups': { role: 'viewer', scope: 'slo:read' },
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
  'slo-report.read': { role: 'viewer', scope: 'slo:read' },
  'slo-report.csv': { role: 'viewer', scope: 'slo:read' },
  'agreements.list': { role: 'viewer', scope: 'slo:read' },
  'agreements.read': { role: 'viewer', scope: 'slo:read' },
  'agreements.statement': { role: 'viewer', scope: 'slo:read' },
  'agreements.statement-csv': { role: 'viewer', scope: 'slo:read' },
  // It says what is paid back.
  'agreements.settle': { role: 'editor', otherTeam: 'admin', scope: 'slo:write' },
  'objectives.policies': { role: 'viewer', scope: 'slo:read' },
  'budget-policies.list': { role: 'viewer', scope: 'slo:read' },
  'budget-policies.read': { role: 'viewer', scope: 'slo:read' },
  'change-holds.list': { role: 'viewer', scope: 'slo:read' },
  'change-decisions.read': { role: 'viewer', scope: 'slo:read' },
  'change-exceptions.list': { role: 'viewer', scope: 'slo:read' },
  // Everybody who responds may ask; whose word is enough, the policy says.
  'change-exceptions.ask': { role: 'responder', scope: 'slo:write' },
  'change-exceptions.approve': { role: 'responder', scope: 'slo:write' },
  'change-exceptions.withdraw': { role: 'responder', otherTeam: 'editor', scope: 'slo:write' },
  'budget-tasks.list': { role: 'viewer', scope: 'slo:read' },
  'budget-tasks.close': { role: 'responder', scope: 'slo:write' },
}

// The whole table: one row for each operation of the house.
import { alertsPermissions } from './alerts.ts'
import { anomalyPermissions } from './anomalies.ts'
import { auditPermissions } from './audit.ts'
import { catalogPermissions } from './catalog.ts'
import { changesPermissions } from './changes.ts'
import { chatPermissions } from './chat.ts'
import { demoPermissions } from './demo.ts'
import { identityPermissions } from './identity.ts'
import { incidentsPermissions } from './incidents.ts'
import { intakePermissions } from './intake.ts'
import { learningPermissions } from './learning.ts'
import { lifeboatPermissions } from './lifeboat.ts'
import { maintenancePermissions } from './maintenance.ts'
import { notificationsPermissions } from './notifications.ts'
import { oncallPermissions } from './oncall.ts'
import { postmortemsPermissions } from './postmortems.ts'
import { proofsPermissions } from './proofs.ts'
import { retentionPermissions } from './retention.ts'
import { sloPermissions } from './slo.ts'
import { statusPermissions } from './status.ts'
import type { PermissionTable } from './table.ts'
import { telemetryPermissions } from './telemetry.ts'
import { ticketsPermissions } from './tickets.ts'
import { workPermissions } from './work.ts'
import { workflowsPermissions } from './workflows.ts'

export const permissionTable: PermissionTable = {
  ...identityPermissions,
  ...auditPermissions,
  ...notificationsPermissions,
  ...catalogPermissions,
  ...maintenancePermissions,
  ...telemetryPermissions,
  ...anomalyPermissions,
  ...sloPermissions,
  ...oncallPermissions,
  ...changesPermissions,
  ...alertsPermissions,
  ...lifeboatPermissions,
  ...intakePermissions,
  ...incidentsPermissions,
  ...chatPermissions,
  ...statusPermissions,
  ...postmortemsPermissions,
  ...ticketsPermissions,
  ...workflowsPermissions,
  ...learningPermissions,
  ...workPermissions,
  ...proofsPermissions,
  ...retentionPermissions,
  ...demoPermissions,
}

// The whole table: one row for each operation of the house.
import { alertsPermissions } from './alerts.ts'
import { auditPermissions } from './audit.ts'
import { catalogPermissions } from './catalog.ts'
import { changesPermissions } from './changes.ts'
import { incidentsPermissions } from './incidents.ts'
import type { PermissionTable } from './table.ts'

export const permissionTable: PermissionTable = {
  ...auditPermissions,
  ...catalogPermissions,
  ...changesPermissions,
  ...alertsPermissions,
  ...incidentsPermissions,
}

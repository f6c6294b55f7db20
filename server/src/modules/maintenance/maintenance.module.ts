import type { Needs } from '../../platform/room/needs.ts'
import type { Room } from '../../platform/room/room.ts'
import { maintenanceWindowKind } from './kinds/maintenance-window.ts'
import { maintenanceErrors, maintenanceEvents } from './maintenance.contract.ts'
import { maintenanceJobs, maintenanceRecurring } from './maintenance.jobs.ts'
import { maintenanceRoutes } from './maintenance.routes.ts'
import { maintenanceKept } from './maintenance-retention.store.ts'

export function maintenanceRoom(needs: Needs): Room {
  return {
    name: 'maintenance',
    operations: maintenanceRoutes(needs),
    jobs: maintenanceJobs(needs),
    recurring: maintenanceRecurring,
    kinds: [maintenanceWindowKind],
    events: maintenanceEvents,
    errors: maintenanceErrors,
    kept: maintenanceKept,
  }
}

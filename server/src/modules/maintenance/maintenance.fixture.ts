// The room on a database of its own, with a small graph of services and a clock that tests move.
import { installClock, type TestClock } from '../../../test/clock.ts'
import { openRoomDatabase } from '../../../test/room-database.ts'
import type { Actor } from '../../kernel/actor.ts'
import type { Database } from '../../platform/database/database.ts'
import { sql } from '../../platform/database/queries.ts'
import type { ResourceKind } from '../../platform/resources/resource-kind.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { applyDocuments, type CatalogPorts } from '../catalog/index.ts'
import { catalogKinds } from '../catalog/kinds/kinds.ts'
import { deleteResource } from '../catalog/usecases/delete-resource.ts'
import { maintenanceWindowKind } from './kinds/maintenance-window.ts'
import { turnMaintenance } from './usecases/plan-windows.ts'

export const ana: Actor = { kind: 'person', id: 'ana', name: 'Ana', role: 'admin', teams: ['web'] }

/** Declares in another room's world, too. */
export function declaring(needs: Needs, kinds: readonly ResourceKind[] = []) {
  const catalog: CatalogPorts = {
    kinds: () => [...catalogKinds, maintenanceWindowKind, ...kinds],
    translators: [],
    mayChange: () => undefined,
  }
  return {
    apply: (documents: string) => applyDocuments(needs, catalog, { documents, actor: ana }),
    declare: (name: string, spec: object, displayName = name) =>
      applyDocuments(needs, catalog, {
        documents: JSON.stringify({
          apiVersion: 'mainstay.dev/v1',
          kind: 'MaintenanceWindow',
          metadata: { name, displayName },
          spec: { reason: 'New disks', timeZone: 'UTC', lasts: '2h', ...spec },
        }),
        actor: ana,
      }),
    remove: (name: string) => deleteResource(needs, catalog, { key: { kind: 'MaintenanceWindow', name }, actor: ana }),
  }
}

export interface MaintenanceWorld extends ReturnType<typeof declaring> {
  readonly needs: Needs
  readonly database: Database
  readonly clock: TestClock
  turn(): Promise<void>
  /** Types of the journal's entries about maintenance, oldest first. */
  told(): Promise<readonly string[]>
  close(): Promise<void>
}

export async function openMaintenanceWorld(name: string): Promise<MaintenanceWorld> {
  const room = await openRoomDatabase(name, { maxConnections: 4 })
  const clock = await installClock(room.connection)
  const { database, needs } = room
  const words = declaring(needs)
  await words.apply(`
{apiVersion: mainstay.dev/v1, kind: Team, metadata: {name: web}, spec: {}}
---
{apiVersion: mainstay.dev/v1, kind: Service, metadata: {name: db}, spec: {tier: 1}}
---
{apiVersion: mainstay.dev/v1, kind: Service, metadata: {name: checkout}, spec: {team: web, tier: 0, dependsOn: [db]}}
---
{apiVersion: mainstay.dev/v1, kind: Service, metadata: {name: report}, spec: {tier: 3, dependsOn: [{service: db, strength: soft}]}}`)
  return {
    ...words,
    needs,
    database,
    clock,
    turn: async () => {
      while (await turnMaintenance(needs));
    },
    told: async () =>
      (
        await database.many(
          sql<{ type: string }>`select type from journal where subject_kind = 'maintenance' order by id`,
        )
      ).map((each) => each.type),
    close: async () => {
      await room.close()
    },
  }
}

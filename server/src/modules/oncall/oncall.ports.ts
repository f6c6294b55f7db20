// What the room needs from outside.
import type { Actor } from '../../kernel/actor.ts'
import type { Queries } from '../../platform/database/queries.ts'
import type { LinkSigner } from '../../platform/secrets/index.ts'
import type { Notifier } from '../notifications/index.ts'
import type { CalendarFormat } from './calendar.ports.ts'
import type { ReadScheduleExport } from './import.ports.ts'

export type LinkAnswer =
  | { readonly state: 'acknowledged' }
  /** Somebody was faster; null when the alert ended by itself. */
  | { readonly state: 'already'; readonly by: string | null }

export interface OncallPorts {
  readonly notifier: Notifier
  /** The catalog's name of whoever acts; null when there is none. */
  readonly nameOf: (actor: Actor) => Promise<string | null>
  /** People to page when nothing else says whom: administrators, by their names in the catalog. */
  readonly lastResort: (queries: Queries) => Promise<readonly string[]>
  readonly links: LinkSigner
  readonly calendar: CalendarFormat
  readonly readScheduleExport: ReadScheduleExport
  /** Acknowledges in the room that owns alerts, as the person, once. Refuses with an AppError when it cannot. */
  readonly acknowledge: (order: { readonly alertId: string; readonly person: string }) => Promise<LinkAnswer>
}

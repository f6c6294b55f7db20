// What a connection keeps sealed.
import type { ConnectionRow } from '../connections.store.ts'
import type { TicketsPorts, TrackerSettings } from '../tickets.ports.ts'

const contextOf = (name: string): string => `ticket-connection:${name}`

export function sealSettings(ports: Pick<TicketsPorts, 'seal'>, name: string, settings: TrackerSettings): string {
  return ports.seal(JSON.stringify(settings), contextOf(name))
}

export function openSettings(
  ports: Pick<TicketsPorts, 'open'>,
  row: Pick<ConnectionRow, 'name' | 'settings'>,
): TrackerSettings {
  const kept: TrackerSettings = JSON.parse(ports.open(row.settings, contextOf(row.name)))
  return kept
}

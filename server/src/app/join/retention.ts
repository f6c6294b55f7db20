// What keeps a row whatever its age: an open alert, an incident somebody works on, a postmortem that is not published, a
// legal hold. Each room answers for its own.
import { day } from '../../kernel/duration.ts'
import type { Instant } from '../../kernel/instant.ts'
import { listStandings } from '../../modules/alerts/index.ts'
import { listVersions } from '../../modules/catalog/index.ts'
import { findIncidentId, listOpenAmong } from '../../modules/incidents/index.ts'
import { listUneliminatedAmong } from '../../modules/learning/index.ts'
import { listUnlearntAmong } from '../../modules/postmortems/index.ts'
import type { Config } from '../../platform/config/config.ts'
import type { Tx } from '../../platform/database/database.ts'
import {
  type Candidate,
  type Held,
  type KeepName,
  type Keeps,
  type keepNames,
  reconcile,
} from '../../platform/retention/keep-rule.ts'
import type { HoldRow } from '../../platform/retention/retention.store.ts'
import type { Room } from '../../platform/room/room.ts'
import { platformKept } from '../../platform/work/due-work-retention.store.ts'
import type { RetentionPorts } from '../retention/retention.ports.ts'

export function retentionPortsOf(config: Config, rooms: () => readonly Room[]): RetentionPorts {
  return {
    keeps: readKeeps(config),
    rules: () => [...rooms().flatMap((room) => room.kept ?? []), ...platformKept],
    heldOf,
    find: async (tx, kind, name) => {
      if (kind === 'incident') {
        const number = /^(?:#|INC-)?(\d{1,15})$/i.exec(name)?.[1]
        const id = number === undefined ? null : await findIncidentId(tx, Number(number))
        return id === null ? null : { about: id, label: `#${number}` }
      }
      // Also of one that is declared no more: people leave before they are sued.
      const [known] = await listVersions(tx, { kind: kind === 'service' ? 'Service' : 'Person', name }, 1)
      return known === undefined ? null : { about: name, label: name }
    },
  }
}

export function readKeeps(config: Config): Keeps {
  const days = (name: KeepName): number | null => {
    const text = config.need(settingOf[name])
    return text === 'forever' ? null : Number(text)
  }
  return reconcile({
    pages: days('pages'),
    traces: days('traces'),
    work: days('work'),
    alerts: days('alerts'),
    incidents: days('incidents'),
    signalMinutes: days('signalMinutes'),
    signalHours: days('signalHours'),
    counts: days('counts'),
  })
}

/** Null: for ever. */
export function pagesKeptMsOf(config: Config): number | null {
  const { pages } = readKeeps(config)
  return pages === null ? null : pages * day
}

export const settingOf = {
  pages: 'MAINSTAY_KEEP_PAGES_DAYS',
  traces: 'MAINSTAY_KEEP_TRACES_DAYS',
  work: 'MAINSTAY_KEEP_WORK_DAYS',
  alerts: 'MAINSTAY_KEEP_ALERTS_DAYS',
  incidents: 'MAINSTAY_KEEP_INCIDENTS_DAYS',
  signalMinutes: 'MAINSTAY_KEEP_SIGNAL_MINUTES_DAYS',
  signalHours: 'MAINSTAY_KEEP_SIGNAL_HOURS_DAYS',
  counts: 'MAINSTAY_KEEP_COUNTS_DAYS',
} as const satisfies Record<(typeof keepNames)[number], string>

async function heldOf(
  tx: Tx,
  candidates: readonly Candidate[],
  { holds, before }: { readonly holds: readonly HoldRow[]; readonly before: Instant },
): Promise<Held> {
  const on = (kind: HoldRow['kind']) => new Set(holds.filter((each) => each.kind === kind).map((each) => each.about))
  const services = on('service')
  const alertIds = [...new Set(candidates.flatMap((each) => each.alerts ?? []))]
  const standings = alertIds.length === 0 ? [] : await listStandings(tx, alertIds, before)
  const named = [...standings.map((each) => each.incidentId), ...candidates.flatMap((each) => each.incidents ?? [])]
  const incidentIds = [...new Set(named.filter((id) => id !== null))]
  const incidents = new Set([
    ...on('incident'),
    ...(incidentIds.length === 0 ? [] : await listOpenAmong(tx, incidentIds)),
    ...(incidentIds.length === 0 ? [] : await listUnlearntAmong(tx, incidentIds)),
    ...(incidentIds.length === 0 ? [] : await listUneliminatedAmong(tx, incidentIds)),
  ])
  const stays = standings.filter(
    ({ current, service, incidentId }) =>
      current || (service !== null && services.has(service)) || (incidentId !== null && incidents.has(incidentId)),
  )
  return {
    everything: holds.some((each) => each.kind === 'everything'),
    any: holds.length > 0,
    people: on('person'),
    services,
    alerts: new Set(stays.map((each) => each.id)),
    incidents,
  }
}

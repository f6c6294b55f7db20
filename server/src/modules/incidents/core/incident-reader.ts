// Kinds of incidents, and who may read one. Only security incidents are restricted: everybody else learns from reading.
import { type Actor, roleAtLeast } from '../../../kernel/actor.ts'

export const incidentKinds = ['normal', 'security', 'drill', 'backfilled', 'scheduled'] as const
export type IncidentKind = (typeof incidentKinds)[number]

export const kindWords: Readonly<Record<IncidentKind, string>> = {
  normal: 'Incident',
  security: 'Security incident',
  drill: 'Drill',
  backfilled: 'Back-filled incident',
  scheduled: 'Planned work',
}

/** `names` are `person:ana`, `team:shop-web` and `account:<id>`. */
export type IncidentReader = { readonly all: true } | { readonly all: false; readonly names: readonly string[] }

/** Administrators and the product itself read all; others by name, by team, and by account (keys have no name). */
export function readerFor(actor: Actor, person: string | null): IncidentReader {
  if (actor.kind === 'automation') return { all: true }
  const name = person === null ? [] : [`person:${person}`]
  if (actor.kind === 'link') return { all: false, names: name }
  if (roleAtLeast(actor.role, 'admin')) return { all: true }
  return { all: false, names: [...name, `account:${actor.id}`, ...actor.teams.map((team) => `team:${team}`)] }
}

export function mayReadIncident(
  reader: IncidentReader,
  incident: { readonly kind: IncidentKind; readonly readers: readonly string[] },
): boolean {
  return reader.all || incident.kind !== 'security' || incident.readers.some((each) => reader.names.includes(each))
}

/** Once each, in the order they came. */
export function readersWith(readers: readonly string[], more: readonly string[]): readonly string[] {
  return [...new Set([...readers, ...more])]
}

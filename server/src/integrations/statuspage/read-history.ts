// Atlassian Statuspage: `incidents.json`, `scheduled-maintenances.json` and `components.json` of a page, or the list the API gives.

import { type Instant, parseInstant } from '../../kernel/instant.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/json.ts'
import type { ComponentState, PostState } from '../../modules/status/core/index.ts'
import type { PastPost, PastUpdate, StatusExport } from '../../modules/status/import.ports.ts'

const states: Readonly<Record<string, PostState>> = {
  investigating: 'investigating',
  identified: 'identified',
  monitoring: 'monitoring',
  resolved: 'resolved',
  // Written after the end; it ends nothing again.
  postmortem: 'resolved',
  scheduled: 'scheduled',
  in_progress: 'in_progress',
  verifying: 'in_progress',
  completed: 'completed',
}
const impacts: Readonly<Record<string, ComponentState>> = {
  operational: 'operational',
  under_maintenance: 'under_maintenance',
  degraded_performance: 'degraded_performance',
  partial_outage: 'partial_outage',
  major_outage: 'major_outage',
}

const objectsOf = (value: JsonValue | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? value.filter((each): each is JsonObject => isJsonObject(each)) : []
const textOf = (value: JsonValue | undefined): string => (typeof value === 'string' ? value : '')
const timeOf = (value: JsonValue | undefined): Instant | null =>
  typeof value === 'string' ? parseInstant(value) : null

export function readStatuspage(body: JsonValue): StatusExport | null {
  const incidents = Array.isArray(body)
    ? objectsOf(body)
    : isJsonObject(body)
      ? [...objectsOf(body.incidents), ...objectsOf(body.scheduled_maintenances)]
      : []
  const told = incidents.filter((each) => Array.isArray(each.incident_updates))
  if (told.length === 0) return null
  const listed = isJsonObject(body) ? objectsOf(body.components).filter((each) => each.group !== true) : []
  const named = told.flatMap((each) => [
    ...objectsOf(each.components),
    ...objectsOf(each.incident_updates).flatMap((update) => objectsOf(update.affected_components)),
  ])
  const components = [...listed, ...named].map((each) => shortName(textOf(each.name))).filter((name) => name !== '')
  return { from: 'Statuspage', components: [...new Set(components)], posts: told.map(postOf) }
}

/** Affected components are called "Group - Component". */
const shortName = (name: string): string => name.split(' - ').at(-1) ?? name

function postOf(incident: JsonObject): PastPost {
  const [startsAt, endsAt] = [timeOf(incident.scheduled_for), timeOf(incident.scheduled_until)]
  const isMaintenance = startsAt !== null && endsAt !== null
  return {
    source: `statuspage:${textOf(incident.id)}`,
    kind: isMaintenance ? 'maintenance' : 'incident',
    title: textOf(incident.name),
    startsAt: isMaintenance ? startsAt : null,
    endsAt: isMaintenance ? endsAt : null,
    updates: objectsOf(incident.incident_updates).flatMap((update) => updateOf(update)),
  }
}

function updateOf(update: JsonObject): readonly PastUpdate[] {
  const state = states[textOf(update.status)]
  const at = timeOf(update.display_at) ?? timeOf(update.created_at)
  if (state === undefined || at === null) return []
  const hurt = objectsOf(update.affected_components).flatMap((each): [string, ComponentState][] => {
    const impact = impacts[textOf(each.new_status)]
    return impact === undefined ? [] : [[shortName(textOf(each.name)), impact]]
  })
  return [{ at, state, body: textOf(update.body), impacts: Object.fromEntries(hurt) }]
}

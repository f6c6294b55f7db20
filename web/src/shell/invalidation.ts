// Which lists a journal entry makes old. Keys are the first word of the query keys.

const byPrefix: readonly (readonly [prefix: string, keys: readonly string[]])[] = [
  ['alert', ['alerts', 'overview', 'incidents']],
  ['anomaly', ['anomalies']],
  ['page', ['alerts', 'overview']],
  ['delivery', ['alerts']],
  ['silence', ['alerts']],
  ['work', ['overview']],
  ['incident', ['incidents', 'overview', 'alerts']],
  ['correlation', ['incidents']],
  ['postmortem', ['postmortems', 'overview']],
  ['action', ['postmortems', 'overview']],
  ['objective', ['objectives', 'services', 'overview']],
  ['agreement', ['agreements']],
  ['budget', ['policies', 'overview']],
  ['journey', ['journeys']],
  ['slo', ['objectives', 'overview']],
  ['telemetry', ['telemetry', 'objectives']],
  ['probe', ['telemetry']],
  ['intake', ['intake']],
  ['change', ['changes', 'overview']],
  ['resource', ['services', 'objectives', 'journeys', 'agreements', 'policies', 'oncall', 'resources', 'overview']],
  ['service', ['services', 'overview']],
  ['schedule', ['oncall', 'overview']],
  ['override', ['oncall', 'overview']],
  ['shift', ['oncall', 'overview']],
  ['escalation', ['oncall', 'alerts']],
  ['contact', ['contacts']],
  ['channel', ['channels']],
  ['chat', ['channels', 'incidents']],
  ['ticket', ['tickets', 'trackers']],
  ['tracker', ['trackers', 'tickets']],
  ['status', ['status']],
  ['notification', ['contacts', 'alerts']],
  ['person', ['people']],
  ['identity', ['people', 'keys', 'sessions']],
  ['key', ['keys']],
  ['session', ['sessions']],
]

/** Types are `room.past-verb` or `room-noun.past-verb`; an unknown one still changes the journal. */
export function staleAfter(type: string): readonly string[] {
  const word = type.split(/[.\-_]/)[0] ?? ''
  const known = byPrefix.find(([prefix]) => word === prefix || word === `${prefix}s`)
  return [...(known?.[1] ?? ['overview']), 'journal']
}

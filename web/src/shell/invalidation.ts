// Which lists a journal entry makes old. Keys are the first word of the query keys.

const byPrefix: readonly (readonly [prefix: string, keys: readonly string[]])[] = [
  ['alert', ['alerts', 'overview', 'incidents']],
  ['anomaly', ['anomalies']],
  ['page', ['alerts', 'overview']],
  ['delivery', ['alerts']],
  ['silence', ['alerts', 'silences']],
  ['maintenance', ['maintenance', 'alerts', 'status']],
  ['routing', ['routing', 'alerts']],
  ['work', ['overview']],
  ['incident', ['incidents', 'overview', 'alerts', 'learning']],
  ['repeat', ['learning', 'incidents']],
  ['problem', ['learning', 'incidents']],
  ['correlation', ['incidents']],
  ['postmortem', ['postmortems', 'overview']],
  ['action', ['postmortems', 'overview', 'learning']],
  ['objective', ['objectives', 'services', 'overview']],
  ['agreement', ['agreements']],
  ['budget', ['policies', 'overview']],
  ['journey', ['journeys', 'objectives']],
  ['slo', ['objectives', 'overview']],
  ['telemetry', ['telemetry', 'objectives']],
  ['probe', ['telemetry']],
  ['intake', ['intake']],
  ['change', ['changes', 'maintenance', 'overview']],
  [
    'resource',
    ['services', 'objectives', 'journeys', 'agreements', 'policies', 'oncall', 'resources', 'overview', 'workflows'],
  ],
  ['service', ['services', 'overview']],
  ['schedule', ['oncall', 'overview']],
  ['override', ['oncall', 'overview']],
  ['shift', ['oncall', 'overview']],
  ['escalation', ['oncall', 'alerts']],
  ['contact', ['contacts']],
  ['channel', ['channels']],
  ['webhook', ['webhooks']],
  ['delivery', ['webhooks']],
  ['chat', ['channels', 'incidents']],
  ['ticket', ['tickets', 'trackers']],
  ['tracker', ['trackers', 'tickets']],
  ['workflow', ['workflows', 'incidents']],
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

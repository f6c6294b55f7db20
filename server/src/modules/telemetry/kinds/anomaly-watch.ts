// The declarative kind AnomalyWatch: what is done about what is unusual for a service. Without one, hints are shown.
import { Type } from 'typebox'
import type { JsonObject } from '../../../kernel/json.ts'
import { Name, Words } from '../../../platform/http/schemas.ts'
import type { Admission, ResourceDocument, ResourceKind } from '../../../platform/resources/resource-kind.ts'
import { otherWatchOf, removeWatch, saveWatch, type WatchRow } from '../anomalies.store.ts'
import { anomalySignals } from '../anomaly.contract.ts'
import { isZone } from '../core/anomaly/index.ts'

const modes = ['alert', 'hint', 'off'] as const
const sensitivities = ['usual', 'high'] as const
const severities = ['warning', 'info'] as const

const AnomalyWatchSpec = Type.Object({
  service: Name,
  mode: Type.Optional(Words(modes, 'alert (unless said): an alert too. hint: shown only. off: not shown either.')),
  sensitivity: Type.Optional(
    Words(
      sensitivities,
      'usual: about one false hint in two weeks and series. high: finds more, and is wrong more than twice as often.',
    ),
  ),
  severity: Type.Optional(Words(severities, 'Of the alert: warning unless said. It is never critical.')),
  signals: Type.Optional(
    Type.Array(Words(anomalySignals), {
      minItems: 1,
      maxItems: anomalySignals.length,
      uniqueItems: true,
      description: 'Those that become alerts; all unless said. The others stay hints.',
    }),
  ),
  timeZone: Type.Optional(
    Type.String({ maxLength: 64, description: 'Whose hours and weekdays its users live by; UTC unless said.' }),
  ),
})

function admit({ spec }: ResourceDocument): Admission {
  if (typeof spec.timeZone !== 'string' || isZone(spec.timeZone)) return { faults: [], warnings: [] }
  const detail = `There is no time zone ${spec.timeZone}. Use an IANA name such as Europe/Berlin.`
  return { faults: [{ pointer: '/spec/timeZone', detail }], warnings: [] }
}

function watchOf(name: string, spec: JsonObject): WatchRow {
  const wanted = Array.isArray(spec.signals) ? spec.signals : anomalySignals
  return {
    name,
    service: String(spec.service),
    mode: modes.find((mode) => mode === spec.mode) ?? 'alert',
    sensitivity: spec.sensitivity === 'high' ? 'eager' : 'hint',
    severity: severities.find((severity) => severity === spec.severity) ?? 'warning',
    signals: anomalySignals.filter((signal) => wanted.some((each) => each === signal)),
    timeZone: typeof spec.timeZone === 'string' ? spec.timeZone : 'UTC',
  }
}

export const anomalyWatchKind: ResourceKind = {
  apiVersion: 'mainstay.dev/v1',
  kind: 'AnomalyWatch',
  plural: 'anomaly-watches',
  aliases: ['anomaly-watch'],
  summary: 'What is done about what is unusual for a service: an alert, a hint, nothing',
  order: 71,
  spec: AnomalyWatchSpec,
  owner: () => null,
  references: ({ spec }) =>
    typeof spec.service === 'string' ? [{ kind: 'Service', name: spec.service, pointer: '/spec/service' }] : [],
  admit,
  check: async (tx, { metadata, spec }) => {
    const other = await otherWatchOf(tx, String(spec.service), metadata.name)
    const detail = `${String(spec.service)} is watched by ${other} already. Change that one.`
    return { faults: other === null ? [] : [{ pointer: '/spec/service', detail }], warnings: [] }
  },
  saved: (tx, { after }) => saveWatch(tx, watchOf(after.metadata.name, after.spec)),
  removed: (tx, document) => removeWatch(tx, document.metadata.name),
}

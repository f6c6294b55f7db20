// The declared kind AlertSource: who sends us alarms, in which format, and what its words mean. Tokens are not declared:
// they are secrets, made and replaced through the API.
import { Type } from 'typebox'
import type { Fault } from '../../../kernel/app-error.ts'
import { day, minute, parseDuration } from '../../../kernel/duration.ts'
import { alertSeverities } from '../../../kernel/severity.ts'
import { Name, Text, Words } from '../../../platform/http/schemas.ts'
import type { Reference, ResourceDocument, ResourceKind } from '../../../platform/resources/resource-kind.ts'
import { type AlertSource, formatFacts, formats, mappedFormats, readDefinition } from '../core/index.ts'
import type { IntakePorts } from '../intake.ports.ts'
import { removeSource, saveSource } from '../intake.store.ts'

const Duration = Type.String({ pattern: '^(\\d{1,9}(ms|s|m|h|d))+$', maxLength: 20, description: '30s, 5m, 1h' })
const Expression = Text(2_000, 'CEL over `body` and `item`.')
const Header = Type.String({ pattern: '^[A-Za-z0-9-]{1,64}$' })

export const MappingSpec = Type.Object(
  {
    alerts: Type.Optional(
      Text(2_000, 'The list of alarms in the payload; each is `item`. The payload itself unless said.'),
    ),
    when: Type.Optional(Text(2_000, 'Items for which this is false are passed over.')),
    status: Type.Optional(Text(2_000, '"firing" or "resolved", or true while it fires. Firing unless said.')),
    key: Type.Optional(Text(2_000, 'What names the problem at the sender. The labels unless said.')),
    summary: Type.Optional(Expression),
    severity: Type.Optional(Expression),
    service: Type.Optional(Expression),
    labels: Type.Optional(Text(2_000, 'A map: {"host": item.host}.')),
    annotations: Type.Optional(Expression),
    startsAt: Type.Optional(Text(2_000, 'RFC 3339, or seconds or milliseconds since 1970.')),
    endsAt: Type.Optional(Expression),
    link: Type.Optional(Expression),
  },
  { title: 'IntakeMapping' },
)
export const SeverityWords = Type.Record(Type.String({ maxLength: 60 }), Words(alertSeverities))

const Spec = Type.Object({
  format: Words(formats, 'What it sends.'),
  team: Type.Optional(Name),
  service: Type.Optional(Name),
  severity: Type.Optional(Words(alertSeverities, 'Of alarms that name none; they count as critical unless said.')),
  severities: Type.Optional(SeverityWords),
  mapping: Type.Optional(MappingSpec),
  signature: Type.Optional(
    Type.Object({
      kind: Words(['standard-webhooks', 'hmac-sha256']),
      header: Type.Optional(Header),
      prefix: Type.Optional(Type.String({ maxLength: 40, description: 'Before the digest, such as `sha256=`.' })),
      encoding: Type.Optional(Words(['hex', 'base64'])),
      timestampHeader: Type.Optional(Header),
    }),
  ),
  topic: Type.Optional(
    Type.String({ pattern: '^arn:aws[a-z-]*:sns:[a-z0-9-]+:\\d{12}:[A-Za-z0-9_.-]{1,256}$', maxLength: 400 }),
  ),
  expiresAfter: Type.Optional(Duration),
  heartbeat: Type.Optional(
    Type.Object({
      every: Duration,
      grace: Type.Optional(Duration),
      severity: Type.Optional(Words(alertSeverities)),
      alert: Type.Optional(
        Text(200, 'Only this alert is a sign of life, such as Watchdog; it opens no alert. Any delivery unless said.'),
      ),
    }),
  ),
  limits: Type.Optional(
    Type.Object({
      perMinute: Type.Optional(
        Type.Integer({
          minimum: 1,
          maximum: 1_000_000,
          description: 'Signals a minute; beyond, repeats of open alerts are only counted.',
        }),
      ),
    }),
  ),
})

export function alertSourceKind(ports: Pick<IntakePorts, 'mappingFaults'>): ResourceKind {
  return {
    apiVersion: 'mainstay.dev/v1',
    kind: 'AlertSource',
    plural: 'alertsources',
    aliases: ['alertsource', 'alert-source', 'alert-sources'],
    summary: 'A sender of alarms: its format, its words, its heartbeat',
    order: 80,
    spec: Spec,
    owner: ({ spec }) => (typeof spec.team === 'string' ? spec.team : null),
    references: (document): readonly Reference[] => {
      const { team, service } = read(document)
      return [
        ...(team === null ? [] : [{ kind: 'Team', name: team, pointer: '/spec/team' }]),
        ...(service === null ? [] : [{ kind: 'Service', name: service, pointer: '/spec/service' }]),
      ]
    },
    admit: (document) => {
      const source = read(document)
      return {
        faults: [...faultsOf(source, document), ...mappingFaultsOf(source, ports)],
        warnings: warningsOf(source),
      }
    },
    saved: (tx, { after }) =>
      saveSource(tx, {
        name: after.metadata.name,
        ...definitionOf(after),
        format: read(after).format,
        team: read(after).team,
      }),
    removed: (tx, { metadata }) => removeSource(tx, metadata.name),
  }
}

const definitionOf = ({ metadata, spec }: ResourceDocument) => ({ displayName: metadata.displayName ?? null, spec })
const read = (document: ResourceDocument): AlertSource =>
  readDefinition({ name: document.metadata.name, ...definitionOf(document) })

function faultsOf(source: AlertSource, { spec }: ResourceDocument): Fault[] {
  const faults: Fault[] = []
  const refuse = (pointer: string, detail: string) => faults.push({ pointer: `/spec${pointer}`, detail })
  const { format } = source
  if (source.mapping !== null && !mappedFormats.includes(format))
    refuse(
      '/mapping',
      `Only the formats ${mappedFormats.join(' and ')} are mapped; ${formatFacts[format].title} is read as documented.`,
    )
  if (source.signing !== null && formatFacts[format].signature !== 'chosen')
    refuse('/signature', `How ${formatFacts[format].title} signs is known; only the format generic says it here.`)
  if (source.topic !== null && format !== 'cloudwatch') refuse('/topic', 'Only the format cloudwatch has a topic.')
  if (format === 'heartbeat' && source.heartbeat === null)
    refuse('/heartbeat', 'Say how often it speaks: heartbeat: {every: 5m}.')
  for (const [pointer, value, least, most] of [
    ['/expiresAfter', spec.expiresAfter, minute, 30 * day],
    ['/heartbeat/every', source.heartbeat?.everyMs, 10_000, 31 * day],
  ] as const) {
    const ms = typeof value === 'string' ? parseDuration(value) : value
    if (typeof ms === 'number' && (ms < least || ms > most))
      refuse(pointer, `Between ${least / 1000} s and ${most / day} days.`)
  }
  return faults
}

function mappingFaultsOf(source: AlertSource, ports: Pick<IntakePorts, 'mappingFaults'>): readonly Fault[] {
  if (source.mapping === null) return []
  return ports.mappingFaults(source.mapping).map(({ field, detail }) => ({ pointer: `/spec/mapping/${field}`, detail }))
}

function warningsOf({ mapping, format, topic }: AlertSource): Fault[] {
  const warnings: Fault[] = []
  if (format === 'generic' && mapping !== null && mapping.key === undefined && mapping.labels === undefined)
    warnings.push({
      pointer: '/spec/mapping',
      detail: 'It maps neither a key nor labels, so every alarm of this source would be the same alert.',
    })
  if (format === 'cloudwatch' && topic === null)
    warnings.push({
      pointer: '/spec',
      detail: 'Without a topic any SNS topic that knows the address may subscribe it.',
    })
  return warnings
}

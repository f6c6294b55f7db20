// The declaration of a sender as the room reads it. What was not admitted is read as if it were not there.
import { minute, parseDuration } from '../../../kernel/duration.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/json.ts'
import { type AlertSeverity, alertSeverities } from '../../../kernel/severity.ts'
import { readFormat } from './formats.ts'
import { type Mapping, mappingFields } from './reading.ts'
import { type AlertSource, type Heartbeat, type Signing, usualPerMinute } from './source.ts'

export interface Definition {
  readonly name: string
  readonly displayName: string | null
  readonly spec: JsonObject
}

export function readDefinition({ name, displayName, spec }: Definition): AlertSource {
  const format = readFormat(spec.format) ?? 'generic'
  const limits = objectOf(spec.limits)
  return {
    name,
    title: displayName ?? name,
    format,
    team: textOf(spec.team),
    service: textOf(spec.service),
    severities: readSeverities(objectOf(spec.severities)),
    severity: severityOf(spec.severity),
    mapping: isJsonObject(spec.mapping) ? readMapping(spec.mapping) : null,
    signing: isJsonObject(spec.signature) ? readSigning(spec.signature) : null,
    topic: textOf(spec.topic),
    expiresMs: durationOf(spec.expiresAfter),
    heartbeat: isJsonObject(spec.heartbeat) ? readHeartbeat(spec.heartbeat) : null,
    perMinute: typeof limits.perMinute === 'number' ? limits.perMinute : usualPerMinute,
  }
}

export function readMapping(given: JsonObject): Mapping {
  return Object.fromEntries(
    mappingFields.flatMap((field) => {
      const text = textOf(given[field])
      return text === null ? [] : [[field, text]]
    }),
  )
}

export function readSeverities(given: JsonObject): Readonly<Record<string, AlertSeverity>> {
  return Object.fromEntries(
    Object.entries(given).flatMap(([word, value]) => {
      const severity = severityOf(value)
      return severity === null ? [] : [[word.trim().toLowerCase(), severity]]
    }),
  )
}

function readSigning(given: JsonObject): Signing {
  return {
    kind: given.kind === 'standard-webhooks' ? 'standard-webhooks' : 'hmac-sha256',
    header: (textOf(given.header) ?? 'x-signature').toLowerCase(),
    prefix: textOf(given.prefix) ?? '',
    encoding: given.encoding === 'base64' ? 'base64' : 'hex',
    timestampHeader: textOf(given.timestampHeader)?.toLowerCase() ?? null,
  }
}

function readHeartbeat(given: JsonObject): Heartbeat {
  return {
    everyMs: durationOf(given.every) ?? 5 * minute,
    graceMs: durationOf(given.grace) ?? minute,
    severity: severityOf(given.severity) ?? 'critical',
    alert: textOf(given.alert),
  }
}

const textOf = (value: JsonValue | undefined): string | null => (typeof value === 'string' ? value : null)
const objectOf = (value: JsonValue | undefined): JsonObject => (isJsonObject(value) ? value : {})
const durationOf = (value: JsonValue | undefined): number | null =>
  typeof value === 'string' ? parseDuration(value) : null
const severityOf = (value: JsonValue | undefined): AlertSeverity | null =>
  alertSeverities.find((each) => each === value) ?? null

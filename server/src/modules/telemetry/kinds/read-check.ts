// From the spec of a Probe to what is asked. The schema has checked the shape.
import { day, minute, parseDuration, second } from '../../../kernel/duration.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/json.ts'
import { type ProbeCheck, recordTypes } from '../core/index.ts'

export const probeKinds = ['http', 'tcp', 'dns', 'tls', 'grpc', 'heartbeat'] as const
export const usualInterval = minute
export const usualTimeout = 5 * second

export const durationOf = (value: JsonValue | undefined): number | null =>
  typeof value === 'string' ? parseDuration(value) : null
export const objectOf = (value: JsonValue | undefined): JsonObject => (isJsonObject(value) ? value : {})
export const textOf = (value: JsonValue | undefined): string | null => (typeof value === 'string' ? value : null)
const numberOf = (value: JsonValue | undefined): number | null => (typeof value === 'number' ? value : null)
const textsOf = (value: JsonValue | undefined): readonly string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []
const pairsOf = (value: JsonValue | undefined): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(objectOf(value)).flatMap(([key, text]) => (typeof text === 'string' ? [[key, text]] : [])),
  )

/** How often it is asked; for a heartbeat, how often a sign of life is due unless a schedule says when. */
export function intervalOf(spec: JsonObject): number {
  return durationOf(objectOf(spec.heartbeat).every) ?? durationOf(spec.interval) ?? usualInterval
}

/** Null unless exactly one kind of check is given. */
export function checkOf(spec: JsonObject): ProbeCheck | null {
  const given = probeKinds.filter((kind) => spec[kind] !== undefined)
  const [kind] = given
  if (kind === undefined || given.length > 1) return null
  const part = objectOf(spec[kind])
  const expected = objectOf(part.expect)
  const shared = {
    timeoutMs: durationOf(spec.timeout) ?? usualTimeout,
    withinMs: durationOf(expected.within ?? part.within),
  }
  const host = textOf(part.host) ?? ''
  switch (kind) {
    case 'http': {
      const { status } = expected
      return {
        kind,
        ...shared,
        method: textOf(part.method) ?? 'GET',
        url: textOf(part.url) ?? '',
        headers: pairsOf(part.headers),
        body: textOf(part.body),
        statuses:
          typeof status === 'number'
            ? [status]
            : Array.isArray(status)
              ? status.filter((each) => typeof each === 'number')
              : [],
        bodyContains: textOf(expected.bodyContains),
        bodyMatches: textOf(expected.bodyMatches),
        expectHeaders: pairsOf(expected.headers),
        redirects: numberOf(part.redirects) ?? 0,
      }
    }
    case 'tcp':
      return {
        kind,
        ...shared,
        host,
        port: numberOf(part.port) ?? 0,
        tls: part.tls === true,
        send: textOf(part.send),
        expect: textOf(part.expect),
      }
    case 'dns':
      return {
        kind,
        ...shared,
        name: textOf(part.name) ?? '',
        type: recordTypes.find((type) => type === part.type) ?? 'A',
        server: textOf(part.server),
        answers: textsOf(part.answers),
      }
    case 'tls':
      return {
        kind,
        ...shared,
        host,
        port: numberOf(part.port) ?? 443,
        expiresBeforeMs: durationOf(part.expiresBefore) ?? 14 * day,
      }
    case 'grpc':
      return {
        kind,
        ...shared,
        host,
        port: numberOf(part.port) ?? 0,
        tls: part.tls === true,
        service: textOf(part.service) ?? '',
      }
    case 'heartbeat':
      return {
        kind,
        ...shared,
        schedule: textOf(part.schedule),
        zone: textOf(part.timeZone) ?? 'UTC',
        graceMs: durationOf(part.grace) ?? 5 * minute,
      }
  }
}

/** In one line, for lists. */
export function targetOf(check: ProbeCheck, everyMs: number): string {
  switch (check.kind) {
    case 'http':
      return check.url
    case 'dns':
      return `${check.type} ${check.name}${check.server === null ? '' : ` at ${check.server}`}`
    case 'grpc':
      return `${check.host}:${check.port}${check.service === '' ? '' : ` ${check.service}`}`
    case 'heartbeat':
      return check.schedule === null ? `every ${Math.round(everyMs / second)} s` : `${check.schedule} ${check.zone}`
    default:
      return `${check.host}:${check.port}`
  }
}

// The declarative kind Probe: a service asked again and again, as a customer would, or one that must say that it lives.
import { Type } from 'typebox'
import { day, hour, minute, second } from '../../../kernel/duration.ts'
import type { JsonObject } from '../../../kernel/json.ts'
import { Name, Words } from '../../../platform/http/schemas.ts'
import type { Admission, ResourceDocument, ResourceKind } from '../../../platform/resources/resource-kind.ts'
import { hurry } from '../../../platform/work/due-work.store.ts'
import { readCron, recordTypes, regexFault } from '../core/index.ts'
import { removeProbe, saveProbe } from '../probes.store.ts'
import { runProbes } from '../telemetry.contract.ts'
import { firstDue } from '../usecases/probe-times.ts'
import { checkOf, durationOf, intervalOf, objectOf, probeKinds, textOf, usualTimeout } from './read-check.ts'

const Duration = Type.String({ pattern: '^(\\d{1,9}(ms|s|m|h|d))+$', maxLength: 20, description: '15s, 1m, 500ms' })
const Host = Type.String({ minLength: 1, maxLength: 253, pattern: '^[a-zA-Z0-9._:-]+$' })
const Port = Type.Integer({ minimum: 1, maximum: 65_535 })
const Headers = Type.Record(Type.String({ maxLength: 100 }), Type.String({ maxLength: 1000 }))
const Status = Type.Integer({ minimum: 100, maximum: 599 })

const Http = Type.Object({
  method: Type.Optional(Words(['GET', 'HEAD', 'POST'])),
  url: Type.String({ format: 'uri', pattern: '^https?://', maxLength: 2000 }),
  headers: Type.Optional(Headers),
  body: Type.Optional(Type.String({ maxLength: 10_000 })),
  redirects: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 10, description: 'How many are followed; 0 unless said.' }),
  ),
  expect: Type.Optional(
    Type.Object({
      status: Type.Optional(Type.Union([Status, Type.Array(Status, { minItems: 1, maxItems: 20 })])),
      bodyContains: Type.Optional(Type.String({ minLength: 1, maxLength: 1000, description: 'In the first 256 KiB.' })),
      bodyMatches: Type.Optional(
        Type.String({ minLength: 1, maxLength: 1000, description: 'A regular expression of RE2.' }),
      ),
      headers: Type.Optional(Headers),
      within: Type.Optional(Duration),
    }),
  ),
})

const ProbeSpec = Type.Object({
  service: Type.Optional(Name),
  interval: Type.Optional(Duration),
  timeout: Type.Optional(Duration),
  http: Type.Optional(Http),
  tcp: Type.Optional(
    Type.Object({
      host: Host,
      port: Port,
      tls: Type.Optional(Type.Boolean()),
      send: Type.Optional(Type.String({ maxLength: 1000 })),
      expect: Type.Optional(Type.String({ minLength: 1, maxLength: 1000, description: 'In the first 4 KiB it says.' })),
      within: Type.Optional(Duration),
    }),
  ),
  dns: Type.Optional(
    Type.Object({
      name: Host,
      type: Type.Optional(Words([...recordTypes])),
      server: Type.Optional(Type.String({ maxLength: 60, description: 'An address, with a port unless it is 53.' })),
      answers: Type.Optional(
        Type.Array(Type.String({ maxLength: 500 }), { maxItems: 20, description: 'All must be there.' }),
      ),
      within: Type.Optional(Duration),
    }),
  ),
  tls: Type.Optional(
    Type.Object(
      { host: Host, port: Type.Optional(Port), expiresBefore: Type.Optional(Duration) },
      { description: 'Bad when the certificate is not trusted or ends within 14d, or as said.' },
    ),
  ),
  grpc: Type.Optional(
    Type.Object(
      {
        host: Host,
        port: Port,
        tls: Type.Optional(Type.Boolean()),
        service: Type.Optional(Type.String({ maxLength: 200 })),
        within: Type.Optional(Duration),
      },
      { description: 'grpc.health.v1.Health/Check.' },
    ),
  ),
  heartbeat: Type.Optional(
    Type.Object(
      {
        every: Type.Optional(Duration),
        schedule: Type.Optional(Type.String({ maxLength: 200, description: 'Cron: minute hour day month weekday.' })),
        timeZone: Type.Optional(Type.String({ maxLength: 60 })),
        grace: Type.Optional(Duration),
      },
      { description: 'A job that must say that it ran: POST /api/v1/probes/{name}/beat.' },
    ),
  ),
})

const shortest = 5 * second

function admit({ spec }: ResourceDocument): Admission {
  const faults: { pointer: string; detail: string }[] = []
  const refuse = (pointer: string, detail: string) => faults.push({ pointer: `/spec${pointer}`, detail })
  const check = checkOf(spec)
  if (check === null) {
    refuse('', `Give exactly one of ${probeKinds.join(', ')}.`)
    return { faults, warnings: [] }
  }
  if (check.kind === 'heartbeat') admitHeartbeat(spec, refuse)
  else {
    const [every, timeout] = [intervalOf(spec), durationOf(spec.timeout) ?? usualTimeout]
    if (every < shortest) refuse('/interval', 'A probe may ask every 5 s at most.')
    if (every > hour) refuse('/interval', 'A probe asks at least every hour.')
    if (timeout > Math.min(every, 30 * second))
      refuse('/timeout', 'A timeout is at most the interval, and at most 30 s.')
  }
  if (check.kind === 'http') {
    if (check.method === 'HEAD' && (check.bodyContains !== null || check.bodyMatches !== null))
      refuse('/http/expect', 'HEAD has no body. Use GET.')
    const fault = check.bodyMatches === null ? null : regexFault(check.bodyMatches)
    if (fault !== null) refuse('/http/expect/bodyMatches', `No regular expression of RE2: ${fault}`)
  }
  return { faults, warnings: [] }
}

function admitHeartbeat(spec: JsonObject, refuse: (pointer: string, detail: string) => void): void {
  const { every, schedule, timeZone, grace } = objectOf(spec.heartbeat)
  if ((every === undefined) === (schedule === undefined))
    refuse('/heartbeat', 'Give `every` or `schedule`, one of them.')
  if (spec.interval !== undefined) refuse('/interval', 'A heartbeat has `every` or `schedule` instead.')
  const [everyMs, graceMs] = [durationOf(every), durationOf(grace)]
  if (everyMs !== null && (everyMs < 30 * second || everyMs > 31 * day)) refuse('/heartbeat/every', 'From 30s to 31d.')
  if (graceMs !== null && (graceMs < second || graceMs > day)) refuse('/heartbeat/grace', 'From 1s to 1d.')
  if (everyMs !== null && (graceMs ?? 5 * minute) > everyMs * 10)
    refuse('/heartbeat/grace', 'Shorter than ten times `every`.')
  const cron = textOf(schedule)
  const read = cron === null ? null : readCron(cron, textOf(timeZone) ?? 'UTC')
  if (read?.state === 'refused') refuse('/heartbeat/schedule', read.detail)
}

export const probeKind: ResourceKind = {
  apiVersion: 'mainstay.dev/v1',
  kind: 'Probe',
  plural: 'probes',
  aliases: ['probe'],
  summary: 'A service asked again and again, as a customer would, or a job that must say that it ran',
  order: 70,
  spec: ProbeSpec,
  owner: () => null,
  references: ({ spec }) =>
    typeof spec.service === 'string' ? [{ kind: 'Service', name: spec.service, pointer: '/spec/service' }] : [],
  admit,
  saved: async (tx, { after }) => {
    const check = checkOf(after.spec)
    if (check === null) return
    const everyMs = intervalOf(after.spec)
    const now = await tx.now()
    await saveProbe(tx, {
      name: after.metadata.name,
      service: textOf(after.spec.service),
      everyMs,
      check: { ...check },
      dueAt: firstDue({ check, everyMs }, now),
    })
    // A heartbeat is looked at much later.
    if (check.kind !== 'heartbeat') await hurry(tx, runProbes)
  },
  removed: (tx, document) => removeProbe(tx, document.metadata.name),
}

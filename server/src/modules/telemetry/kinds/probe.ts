// The declarative kind Probe: an address that is asked again and again, as a customer would.
import { Type } from 'typebox'
import { minute, parseDuration, second } from '../../../kernel/duration.ts'
import type { JsonObject, JsonValue } from '../../../kernel/json.ts'
import { isJsonObject } from '../../../kernel/json.ts'
import { Name, Words } from '../../../platform/http/schemas.ts'
import type { Admission, ResourceDocument, ResourceKind } from '../../../platform/resources/resource-kind.ts'
import { addWork, cancelWork } from '../../../platform/work/due-work.store.ts'
import { removeProbe, saveProbe } from '../probes.store.ts'
import { runProbe } from '../telemetry.contract.ts'

const Duration = Type.String({ pattern: '^(\\d{1,9}(ms|s|m|h))+$', maxLength: 20, description: '15s, 1m, 500ms' })

const ProbeSpec = Type.Object({
  service: Type.Optional(Name),
  interval: Type.Optional(Duration),
  timeout: Type.Optional(Duration),
  http: Type.Object({
    method: Type.Optional(Words(['GET', 'HEAD', 'POST'])),
    url: Type.String({ format: 'uri', pattern: '^https?://', maxLength: 2000 }),
    headers: Type.Optional(Type.Record(Type.String({ maxLength: 100 }), Type.String({ maxLength: 1000 }))),
    body: Type.Optional(Type.String({ maxLength: 10_000 })),
    expect: Type.Optional(
      Type.Object({
        status: Type.Optional(
          Type.Union([
            Type.Integer({ minimum: 100, maximum: 599 }),
            Type.Array(Type.Integer({ minimum: 100, maximum: 599 }), { minItems: 1, maxItems: 20 }),
          ]),
        ),
        bodyContains: Type.Optional(
          Type.String({ minLength: 1, maxLength: 1000, description: 'In the first 256 KiB.' }),
        ),
        within: Type.Optional(Duration),
      }),
    ),
  }),
})

export interface ProbeCheck {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
  readonly timeoutMs: number
  /** Empty: any below 400. */
  readonly statuses: readonly number[]
  readonly bodyContains: string | null
  readonly withinMs: number | null
}

const shortest = 5 * second
const [usualInterval, usualTimeout] = [minute, 5 * second]

const durationOf = (value: JsonValue | undefined): number | null =>
  typeof value === 'string' ? parseDuration(value) : null
const objectOf = (value: JsonValue | undefined): JsonObject => (isJsonObject(value) ? value : {})
const textOf = (value: JsonValue | undefined): string | null => (typeof value === 'string' ? value : null)

export const intervalOf = (spec: JsonObject): number => durationOf(spec.interval) ?? usualInterval

export function checkOf(spec: JsonObject): ProbeCheck {
  const http = objectOf(spec.http)
  const expected = objectOf(http.expect)
  const { status } = expected
  const headers = Object.entries(objectOf(http.headers)).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as const] : [],
  )
  return {
    method: textOf(http.method) ?? 'GET',
    url: textOf(http.url) ?? '',
    headers: Object.fromEntries(headers),
    body: textOf(http.body),
    timeoutMs: durationOf(spec.timeout) ?? usualTimeout,
    statuses:
      typeof status === 'number'
        ? [status]
        : Array.isArray(status)
          ? status.filter((each) => typeof each === 'number')
          : [],
    bodyContains: textOf(expected.bodyContains),
    withinMs: durationOf(expected.within),
  }
}

/** A check as it was stored: the fields of `checkOf`, back from JSON. */
export function readCheck(stored: JsonObject): ProbeCheck {
  const numbers = Array.isArray(stored.statuses) ? stored.statuses.filter((each) => typeof each === 'number') : []
  const number = (value: JsonValue | undefined) => (typeof value === 'number' ? value : null)
  const headers = Object.entries(objectOf(stored.headers)).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as const] : [],
  )
  return {
    method: textOf(stored.method) ?? 'GET',
    url: textOf(stored.url) ?? '',
    headers: Object.fromEntries(headers),
    body: textOf(stored.body),
    timeoutMs: number(stored.timeoutMs) ?? usualTimeout,
    statuses: numbers,
    bodyContains: textOf(stored.bodyContains),
    withinMs: number(stored.withinMs),
  }
}

function admit({ spec }: ResourceDocument): Admission {
  const faults = []
  const [every, timeout] = [intervalOf(spec), durationOf(spec.timeout) ?? usualTimeout]
  if (every < shortest) faults.push({ pointer: '/spec/interval', detail: 'A probe may ask every 5 s at most.' })
  if (every > 60 * minute) faults.push({ pointer: '/spec/interval', detail: 'A probe asks at least every hour.' })
  if (timeout > Math.min(every, 30 * second))
    faults.push({ pointer: '/spec/timeout', detail: 'A timeout is at most the interval, and at most 30 s.' })
  const { http } = { http: objectOf(spec.http) }
  const expected = objectOf(http.expect)
  if (http.method === 'HEAD' && expected.bodyContains !== undefined)
    faults.push({ pointer: '/spec/http/expect/bodyContains', detail: 'HEAD has no body. Use GET.' })
  return { faults, warnings: [] }
}

export const probeKind: ResourceKind = {
  apiVersion: 'mainstay.dev/v1',
  kind: 'Probe',
  plural: 'probes',
  aliases: ['probe'],
  summary: 'An address that is asked again and again, as a customer would',
  order: 70,
  spec: ProbeSpec,
  owner: () => null,
  references: ({ spec }) =>
    typeof spec.service === 'string' ? [{ kind: 'Service', name: spec.service, pointer: '/spec/service' }] : [],
  admit,
  saved: async (tx, { after }) => {
    const check: JsonObject = { ...checkOf(after.spec) }
    const probe = await saveProbe(tx, {
      name: after.metadata.name,
      service: textOf(after.spec.service),
      everyMs: intervalOf(after.spec),
      check,
    })
    await addWork(tx, runProbe, { name: probe.name, revision: probe.revision }, { key: probe.name })
  },
  removed: async (tx, document) => {
    await removeProbe(tx, document.metadata.name)
    await cancelWork(tx, runProbe, document.metadata.name)
  },
}

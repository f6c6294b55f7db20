// Every name of the room `telemetry` that leaves.
import { type Static, Type } from 'typebox'
import { operation } from '../../platform/http/operation.ts'
import { Page, PageQuery } from '../../platform/http/page.ts'
import { Name, Nullable, Text, Time, Words } from '../../platform/http/schemas.ts'
import { defineJob } from '../../platform/work/job.ts'

const mostCounts = 1_000
const Count = Type.Integer({ minimum: 0, maximum: 9_007_199_254_740_991 })

export const PushedCount = Type.Object(
  {
    objective: Type.Optional(Name),
    indicator: Type.Optional(Name),
    at: Type.Optional(Type.String({ format: 'date-time', description: 'When it happened; now unless said.' })),
    good: Type.Optional(Count),
    bad: Type.Optional(Count),
    labels: Type.Optional(
      Type.Record(Type.String({ maxLength: 200 }), Type.String({ maxLength: 1000 }), {
        maxProperties: 20,
        description: 'What it was of: an objective that is grouped by one of them counts it for that group, too.',
      }),
    ),
  },
  { title: 'PushedCount', description: 'What happened since the last push: good and bad events, not running totals.' },
)

export const pushCounts = operation({
  id: 'telemetry.push',
  method: 'POST',
  path: '/api/v1/telemetry/counts',
  summary: 'Push good and bad counts of objectives',
  description: 'Counts are added. With a `batchId` a repeated request changes nothing.',
  body: Type.Object({
    batchId: Type.Optional(Text(200, 'Your id of this batch; remembered for two days.')),
    counts: Type.Array(PushedCount, { minItems: 1, maxItems: mostCounts }),
  }),
  reply: Type.Object({
    accepted: Type.Integer(),
    repeated: Type.Boolean({ description: 'The batch was known already; nothing was added.' }),
  }),
  errors: [
    'telemetry.unknown-objective',
    'telemetry.not-pushed',
    'telemetry.batch-differs',
    'telemetry.too-late',
    'telemetry.too-many-counts',
  ],
})

export const SourceFinding = Type.Object(
  { kind: Type.String(), count: Type.Integer(), lastAt: Time, example: Type.String(), sentence: Type.String() },
  { title: 'SourceFinding' },
)

export const TelemetrySource = Type.Object(
  {
    name: Type.String(),
    kind: Words(['otlp', 'prometheus', 'push', 'probe', 'remote-write', 'scrape']),
    firstAt: Time,
    lastAt: Time,
    samples: Type.Integer({ description: 'Received since it is known.' }),
    matched: Type.Integer({ description: 'Of them, those that an objective counts.' }),
    objectives: Type.Array(Type.String()),
    findings: Type.Array(SourceFinding),
  },
  { title: 'TelemetrySource' },
)
export type TelemetrySource = Static<typeof TelemetrySource>

export const listSources = operation({
  id: 'telemetry.sources',
  method: 'GET',
  path: '/api/v1/telemetry/sources',
  summary: 'Who sends, what of it is counted, and what is wrong with it',
  query: Type.Object({ ...PageQuery }),
  reply: Page(TelemetrySource),
})

const sliceStates = ['closed', 'closed-empty', 'gap'] as const
export const mostSteps = 2_000

export const readSlices = operation({
  id: 'telemetry.slices',
  method: 'GET',
  path: '/api/v1/objectives/{name}/slices',
  summary: 'Good and bad events of an objective over time',
  description: `At most ${mostSteps} steps. A step that was not measured is a gap, not a zero.`,
  params: Type.Object({ name: Name }),
  query: Type.Object({
    from: Time,
    to: Time,
    step: Type.Optional(
      Type.Integer({
        minimum: 1_000,
        description: 'Milliseconds; a whole number of slices. The shortest that fits unless said.',
      }),
    ),
  }),
  reply: Type.Object({
    stepMs: Type.Integer(),
    slices: Type.Array(
      Type.Object({ start: Time, good: Count, bad: Count, state: Words(sliceStates) }, { title: 'SliceView' }),
    ),
  }),
  errors: ['telemetry.unknown-objective', 'telemetry.bad-range'],
})

export const ProbeView = Type.Object(
  {
    name: Name,
    service: Nullable(Type.String()),
    kind: Words(['http', 'tcp', 'dns', 'tls', 'grpc', 'heartbeat']),
    everyMs: Type.Integer(),
    target: Type.String({ description: 'What is asked, in one line.' }),
    url: Type.String({ description: 'Of an HTTP probe; empty for others.' }),
    nextAt: Time,
    lastAt: Nullable(Time),
    lastGood: Nullable(Type.Boolean()),
    lastReason: Nullable(Type.String()),
    lastMs: Nullable(Type.Integer()),
  },
  { title: 'Probe' },
)

export const listProbes = operation({
  id: 'probes.list',
  method: 'GET',
  path: '/api/v1/probes',
  summary: 'Probes with their last result',
  query: Type.Object({ ...PageQuery }),
  reply: Page(ProbeView),
})

export const readProbe = operation({
  id: 'probes.read',
  method: 'GET',
  path: '/api/v1/probes/{name}',
  summary: 'A probe with its last result',
  params: Type.Object({ name: Name }),
  reply: ProbeView,
  errors: ['telemetry.unknown-probe'],
})

export const beatProbe = operation({
  id: 'probes.beat',
  method: 'POST',
  path: '/api/v1/probes/{name}/beat',
  summary: 'Say that a job ran',
  description: 'For probes of kind heartbeat. `ok: false` reports a failure.',
  params: Type.Object({ name: Name }),
  body: Type.Object({
    ok: Type.Optional(Type.Boolean()),
    note: Type.Optional(Text(500, 'What happened, for people.')),
  }),
  reply: Type.Object({ at: Time, expectedBefore: Time }),
  errors: ['telemetry.unknown-probe', 'telemetry.no-heartbeat'],
})

export const ProbeResult = Type.Object(
  {
    at: Time,
    good: Type.Boolean(),
    status: Nullable(Type.Integer()),
    totalMs: Type.Integer(),
    reason: Type.String(),
    evidence: Type.Record(Type.String(), Type.String(), {
      description: 'What was seen: the start of a bad answer, redirects, answers of a resolver, a certificate.',
    }),
  },
  { title: 'ProbeResult' },
)

export const listProbeResults = operation({
  id: 'probes.results',
  method: 'GET',
  path: '/api/v1/probes/{name}/results',
  summary: 'The checks of a probe, newest first: the newest 1,000 of the last 14 days',
  params: Type.Object({ name: Name }),
  query: Type.Object({ ...PageQuery }),
  reply: Page(ProbeResult),
  errors: ['telemetry.unknown-probe'],
})

/** One for each probe until 0.1; rows that are still there end by themselves. */
export const runProbe = defineJob<{ name: string; revision: number }>({ kind: 'telemetry.run-probe', lane: 'normal' })
export const runProbes = defineJob({ kind: 'telemetry.run-probes', lane: 'normal', leaseMs: 15_000 })
export const pollPrometheus = defineJob({ kind: 'telemetry.poll-prometheus', lane: 'normal', leaseMs: 30_000 })
export const scrapeEndpoints = defineJob({ kind: 'telemetry.scrape-endpoints', lane: 'normal', leaseMs: 30_000 })
export const pollSignals = defineJob({ kind: 'telemetry.poll-signals', lane: 'bulk', leaseMs: 60_000 })
export const tidyTelemetry = defineJob({ kind: 'telemetry.tidy', lane: 'bulk', leaseMs: 60_000 })

export const telemetryErrors = [
  { code: 'telemetry.unknown-objective', summary: 'Nothing is counted under this name.' },
  { code: 'telemetry.not-pushed', summary: 'The objective takes its counts from elsewhere.' },
  { code: 'telemetry.batch-differs', summary: 'The batch id was used before with other counts.' },
  { code: 'telemetry.too-late', summary: 'The counts are too old, or lie in the future.' },
  { code: 'telemetry.too-many-counts', summary: 'A slice would hold more events than are counted exactly.' },
  { code: 'telemetry.bad-range', summary: 'The range or the step of a chart does not fit.' },
  { code: 'telemetry.unknown-service', summary: 'Nobody declared the service, and nothing tells of it.' },
  { code: 'telemetry.too-fast', summary: 'Remote write comes faster than is taken; it is to be sent again.' },
  { code: 'telemetry.inbox-full', summary: 'Samples come faster than they are counted; they are to be sent again.' },
  { code: 'telemetry.unknown-probe', summary: 'There is no such probe.' },
  { code: 'telemetry.no-heartbeat', summary: 'The probe asks by itself; it takes no sign of life.' },
] as const

import { useQuery } from '@tanstack/react-query'
import { Empty, SkeletonRows } from '../../parts/empty.tsx'
import { compactNumber } from '../../parts/format.ts'
import { useNow } from '../../parts/now.ts'
import { Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark, type Tone } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import { telemetry } from '../../shell/api.ts'

// A source that has been silent this long is more likely broken than idle.
const silentMs = 10 * 60_000

function probeTone(state: string): Tone {
  if (/up|ok|good|pass/.test(state)) return 'ok'
  if (/down|fail|bad/.test(state)) return 'critical'
  return 'unknown'
}

export default function Sources() {
  const now = useNow()
  const sources = useQuery({ queryKey: ['telemetry', 'sources'], queryFn: ({ signal }) => telemetry.sources(signal) })
  const probes = useQuery({ queryKey: ['telemetry', 'probes'], queryFn: ({ signal }) => telemetry.probes(signal) })
  return (
    <>
      <Section title="Sources">
        <ProblemNote error={sources.error} retry={() => void sources.refetch()} />
        {sources.isPending && <SkeletonRows rows={3} />}
        {sources.data?.items.length === 0 && (
          <Empty
            title="Nothing sends data yet."
            command={`export OTEL_EXPORTER_OTLP_METRICS_ENDPOINT=${window.location.origin}/v1/metrics`}
          >
            Point an OpenTelemetry exporter here, declare a Prometheus source, or push counts.
          </Empty>
        )}
        <ul className="rows">
          {sources.data?.items.map((source) => {
            const seen = source.lastSeenAt === null ? null : Date.parse(source.lastSeenAt)
            const silent = seen === null || now - seen > silentMs
            return (
              <li key={source.name}>
                <span className="grow">
                  <strong>{source.name}</strong> <span className="soft">{source.kind}</span>
                  {source.findings.map((finding) => (
                    <span key={finding} className="finding">
                      <StateMark tone="warning" word={finding} />
                    </span>
                  ))}
                </span>
                <span className="soft">{compactNumber(source.samples)} samples</span>
                {silent ? (
                  <StateMark tone="unknown" word={seen === null ? 'Never heard' : 'Silent'} />
                ) : (
                  <StateMark tone="ok" word="Heard" />
                )}
                <span className="soft">
                  <Time at={source.lastSeenAt} />
                </span>
              </li>
            )
          })}
        </ul>
      </Section>
      <Section title="Probes">
        <ProblemNote error={probes.error} retry={() => void probes.refetch()} />
        {probes.isPending && <SkeletonRows rows={2} />}
        {probes.data?.items.length === 0 && (
          <Empty title="No probe is declared yet." command="mainstay apply -f probe.yaml">
            A probe asks a service the way a customer would: HTTP, TCP, DNS, or the age of its certificate.
          </Empty>
        )}
        <ul className="rows">
          {probes.data?.items.map((probe) => (
            <li key={probe.name}>
              <span className="grow">
                <strong>{probe.name}</strong> <span className="soft">{probe.kind}</span>
                <br />
                <span className="soft">{probe.target}</span>
              </span>
              <span className="soft">{probe.lastResult ?? ''}</span>
              <StateMark tone={probeTone(probe.state)} word={probe.state} />
              <span className="soft">
                <Time at={probe.lastRunAt} />
              </span>
            </li>
          ))}
        </ul>
      </Section>
    </>
  )
}

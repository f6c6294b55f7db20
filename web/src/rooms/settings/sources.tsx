import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { Empty, SkeletonRows } from '../../parts/empty.tsx'
import { compactNumber, durationText, windowText } from '../../parts/format.ts'
import { useNow } from '../../parts/now.ts'
import { Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import { telemetry } from '../../shell/api.ts'

// A source that has been silent this long is more likely broken than idle.
const silentMs = 10 * 60_000

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
            const seen = Date.parse(source.lastAt)
            const silent = now - seen > silentMs
            return (
              <li key={source.name}>
                <span className="grow">
                  <strong>{source.name}</strong> <span className="soft">{source.kind}</span>
                  {source.findings.map((finding) => (
                    <span key={`${finding.kind} ${finding.example}`} className="finding">
                      <StateMark tone="warning" word={finding.sentence} />
                    </span>
                  ))}
                </span>
                <span className="soft">
                  {compactNumber(source.matched)} of {compactNumber(source.samples)} samples used
                </span>
                {silent ? <StateMark tone="unknown" word="Silent" /> : <StateMark tone="ok" word="Heard" />}
                <span className="soft">
                  <Time at={source.lastAt} />
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
                <Link href={`/probes/${encodeURIComponent(probe.name)}`}>
                  <strong>{probe.name}</strong>
                </Link>{' '}
                <span className="soft">
                  every {windowText(probe.everyMs)}
                  {probe.service !== null && `, for ${probe.service}`}
                </span>
                <br />
                <span className="soft">{probe.target}</span>
              </span>
              <span className="soft">
                {probe.lastReason}
                {probe.lastMs !== null && ` ${durationText(probe.lastMs)}`}
              </span>
              {probe.lastGood === null ? (
                <StateMark tone="unknown" word="Not run yet" />
              ) : (
                <StateMark tone={probe.lastGood ? 'ok' : 'critical'} word={probe.lastGood ? 'Good' : 'Bad'} />
              )}
              <span className="soft">
                <Time at={probe.lastAt} />
              </span>
            </li>
          ))}
        </ul>
      </Section>
    </>
  )
}

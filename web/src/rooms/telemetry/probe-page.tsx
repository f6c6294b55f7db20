// One probe: what it asks, how it went lately, and what was seen when it was bad.
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from 'wouter'
import type { Probe, ProbeResult } from '../../../../client/src/operations.gen.ts'
import { CopyLine } from '../../parts/copy-line.tsx'
import { Empty, SkeletonRows } from '../../parts/empty.tsx'
import { durationText, numberText, plural, windowText } from '../../parts/format.ts'
import { useNow } from '../../parts/now.ts'
import { PageHead, Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { Sparkline } from '../../parts/sparkline.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import { telemetry } from '../../shell/api.ts'
import './probes.css'
import { evidenceWords, kindWords, probeLook, quantilesOf, stretchesOf } from './probe-words.ts'

const refreshMs = 10_000
const stretchesShown = 20
const badShown = 10

export default function ProbePage() {
  const { name = '' } = useParams<{ name: string }>()
  const now = useNow()
  const probe = useQuery({
    queryKey: ['telemetry', 'probe', name],
    queryFn: ({ signal }) => telemetry.probe(name, signal),
    refetchInterval: refreshMs,
  })
  const results = useQuery({
    queryKey: ['telemetry', 'probe-results', name],
    queryFn: ({ signal }) => telemetry.probeResults(name, signal),
    refetchInterval: refreshMs,
  })
  if (probe.data === undefined)
    return (
      <>
        <PageHead title={name} crumb={{ title: 'Probes', href: '/probes' }} />
        <ProblemNote error={probe.error} retry={() => void probe.refetch()} />
        {probe.isPending && <SkeletonRows rows={6} />}
      </>
    )
  const look = probeLook(probe.data, now)
  return (
    <>
      <PageHead
        title={name}
        crumb={{ title: 'Probes', href: '/probes' }}
        sentence={probe.data.lastReason ?? 'It has not run yet.'}
        facts={
          <>
            <StateMark tone={look.tone} word={look.word} strong />
            <span>
              <Time at={probe.data.lastAt} />
            </span>
          </>
        }
      />
      <Asked probe={probe.data} />
      <ProblemNote error={results.error} retry={() => void results.refetch()} />
      {results.isPending && <SkeletonRows rows={6} />}
      {results.data?.items.length === 0 && <Empty title="No check has been made yet." />}
      {results.data !== undefined && results.data.items.length > 0 && (
        <>
          <Lately results={results.data.items} timed={probe.data.kind !== 'heartbeat'} />
          <BadChecks results={results.data.items} />
        </>
      )}
    </>
  )
}

function Asked({ probe }: { probe: Probe }) {
  return (
    <Section title="What it asks">
      <dl className="pairs">
        <dt>Kind</dt>
        <dd>{kindWords[probe.kind]}</dd>
        <dt>{probe.kind === 'heartbeat' ? 'Expected' : 'Asks'}</dt>
        <dd>{probe.target}</dd>
        {probe.kind !== 'heartbeat' && (
          <>
            <dt>Every</dt>
            <dd>{windowText(probe.everyMs)}</dd>
          </>
        )}
        <dt>{probe.kind === 'heartbeat' ? 'Must be heard before' : 'Next'}</dt>
        <dd>
          <Time at={probe.nextAt} />
        </dd>
        {probe.service !== null && (
          <>
            <dt>Service</dt>
            <dd>
              <Link href={`/services/${encodeURIComponent(probe.service)}`}>{probe.service}</Link>
            </dd>
          </>
        )}
      </dl>
      {probe.kind === 'heartbeat' && (
        <CopyLine
          text={`curl -fsS -X POST -H "Authorization: Bearer $MAINSTAY_TOKEN" -H 'Content-Type: application/json' -d '{}' ${window.location.origin}/api/v1/probes/${probe.name}/beat`}
        />
      )}
    </Section>
  )
}

function Lately({ results, timed }: { results: readonly ProbeResult[]; timed: boolean }) {
  const good = results.filter((each) => each.good)
  const took = quantilesOf(good.map((each) => each.totalMs))
  const stretches = stretchesOf(results)
  return (
    <Section title="Lately" aside={<span className="soft">the newest {plural(results.length, 'check')}</span>}>
      <dl className="pairs">
        <dt>Good</dt>
        <dd>
          {numberText(good.length)} of {numberText(results.length)}
        </dd>
        {timed && took !== null && (
          <>
            <dt>Took</dt>
            <dd className="probe-took">
              {durationText(took.p50)} in the middle, {durationText(took.p95)} for all but one in twenty{' '}
              <Sparkline
                values={[...results].reverse().map((each) => (each.good ? each.totalMs : null))}
                label="How long good checks took, oldest first"
                width={200}
                height={24}
              />
            </dd>
          </>
        )}
      </dl>
      <ul className="rows">
        {stretches.slice(0, stretchesShown).map((each, index) => (
          <li key={each.to}>
            <StateMark tone={each.good ? 'ok' : 'critical'} word={each.good ? 'Good' : 'Bad'} />
            <span className="grow">
              {plural(each.checks, 'check')}
              {each.checks > 1 && `, over ${durationText(Date.parse(each.to) - Date.parse(each.from))}`}
              {index === 0 && ', until now'}
            </span>
            <span className="soft">
              <Time at={each.from} />
            </span>
          </li>
        ))}
      </ul>
    </Section>
  )
}

function BadChecks({ results }: { results: readonly ProbeResult[] }) {
  // An outage says the same again and again: the first time it said so is what is worth reading.
  const same = (a: ProbeResult, b: ProbeResult | undefined) =>
    b !== undefined && a.reason === b.reason && JSON.stringify(a.evidence) === JSON.stringify(b.evidence)
  const bad = results
    .filter((each) => !each.good)
    .filter((each, index, all) => !same(each, all[index + 1]))
    .slice(0, badShown)
  if (bad.length === 0) return null
  return (
    <Section title="What was seen" aside={<span className="soft">bad checks, each for the first time</span>}>
      <ul className="rows">
        {bad.map((each) => (
          <li key={each.at}>
            <span className="grow">
              <strong>{each.reason}</strong>
              {Object.entries(each.evidence).map(([key, text]) => (
                <span key={key} className="seen">
                  <span className="soft">{evidenceWords[key] ?? key}</span> <code>{text}</code>
                </span>
              ))}
            </span>
            <span className="soft">
              <Time at={each.at} />
            </span>
          </li>
        ))}
      </ul>
    </Section>
  )
}

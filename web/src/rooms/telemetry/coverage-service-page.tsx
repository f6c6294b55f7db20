// One service: what it lacks, what each metric costs, and what is odd about it.
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from 'wouter'
import type { ServiceCoverageDetail } from '../../../../client/src/operations.gen.ts'
import { Empty, SkeletonRows } from '../../parts/empty.tsx'
import { localTimes, numberText, plural, shareText } from '../../parts/format.ts'
import { useNow } from '../../parts/now.ts'
import { PageHead, Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark, StateShape } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import { telemetry } from '../../shell/api.ts'
import { bytesText, cellLook, columnWords, costText } from './coverage-words.ts'
import './coverage.css'

export default function CoverageServicePage() {
  const { name = '' } = useParams<{ name: string }>()
  const query = useQuery({
    queryKey: ['telemetry', 'coverage', 'one', name],
    queryFn: ({ signal }) => telemetry.serviceCoverage(name, signal),
    refetchInterval: 60_000,
  })
  const found = query.data
  return (
    <>
      <PageHead
        title={found?.displayName ?? name}
        crumb={{ title: 'Coverage', href: '/coverage' }}
        facts={found === undefined ? <span>&nbsp;</span> : <Facts found={found} />}
      />
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {query.isPending && <SkeletonRows rows={8} />}
      {found !== undefined && (
        <>
          <Cells found={found} />
          <Metrics found={found} />
        </>
      )}
    </>
  )
}

function Facts({ found }: { found: ServiceCoverageDetail }) {
  const { usage } = found
  return (
    <>
      {found.declared ? (
        <Link href={`/services/${encodeURIComponent(found.service)}`}>Service</Link>
      ) : (
        <span>Not declared: nobody owns what it sends</span>
      )}
      <span>
        Last told <Time at={found.lastAt} show="relative" />
      </span>
      {usage !== null && (
        <span>
          {plural(usage.samples, 'sample')}, {numberText(usage.series)} series{' '}
          {usage.whole ? 'in the last whole day' : 'today so far'}
          {usage.cost === null ? '' : `, ${costText(usage.cost)}`}
        </span>
      )}
      <span>{bytesText(found.storedBytes)} stored of 24 hours</span>
    </>
  )
}

function Cells({ found }: { found: ServiceCoverageDetail }) {
  const now = useNow()
  return (
    <Section title="What it tells and has">
      <ul className="coverage-cells">
        {found.cells.map((cell) => {
          const look = cellLook(cell, now)
          return (
            <li key={cell.column}>
              <StateMark
                tone={look.tone}
                word={`${columnWords[cell.column]}: ${cell.state === 'silent' ? `silent for ${look.word}` : look.word.toLowerCase()}`}
              />
              <span className="soft">{localTimes(cell.sentence, now)}</span>
            </li>
          )
        })}
      </ul>
    </Section>
  )
}

function Metrics({ found }: { found: ServiceCoverageDetail }) {
  const odd = found.metrics.filter((each) => each.findings.length > 0).length
  return (
    <Section
      title="Metrics"
      aside={
        found.metrics.length === 0
          ? undefined
          : odd === 0
            ? 'Nothing odd'
            : `${plural(odd, 'metric')} with something odd`
      }
    >
      {found.metrics.length === 0 && (
        <Empty title="It sent no metric within eight days.">
          Its OpenTelemetry SDK sends to /v1/metrics with service.name {found.service}; a Prometheus writes to
          /api/v1/write.
        </Empty>
      )}
      <ul className="rows">
        {found.metrics.map((metric) => (
          <li key={metric.name}>
            <span className="grow">
              <span className="metric-name">{metric.name}</span>{' '}
              <span className="soft">{[metric.kind, metric.unit].filter((each) => each !== '').join(', ')}</span>
              <ul className="metric-findings">
                {metric.findings.map((each) => (
                  <li key={`${each.code} ${each.about}`}>
                    <StateShape tone="warning" />
                    <span>{each.sentence}</span>
                  </li>
                ))}
              </ul>
            </span>
            <span className="soft">
              {plural(metric.samples, 'sample')} ({shareText(metric.share)}), {numberText(metric.series)} series
            </span>
          </li>
        ))}
      </ul>
    </Section>
  )
}

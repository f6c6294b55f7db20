// One sender: how it goes, how to set it up, its tokens, its mapping, what was not understood, what it sent last.
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from 'wouter'
import type { IntakeSourceDetail } from '../../../../client/src/operations.gen.ts'
import { SkeletonRows } from '../../parts/empty.tsx'
import { numberText, plural, windowText } from '../../parts/format.ts'
import { PageHead, Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { Sparkline } from '../../parts/sparkline.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import { intake } from '../../shell/api.ts'
import { useDocumentDrawer } from '../../shell/document-drawer.tsx'
import { formatWords, readable, sourceLook } from './intake-words.ts'
import { MappingEditor } from './mapping-editor.tsx'
import { Orphans } from './orphans.tsx'
import { SetUp } from './set-up.tsx'
import './intake.css'

const crumb = { title: 'Intake', href: '/intake' }

export default function SourcePage() {
  const { name = '' } = useParams<{ name: string }>()
  const definition = useDocumentDrawer('alertsources', name)
  const query = useQuery({
    queryKey: ['intake', 'source', name],
    queryFn: ({ signal }) => intake.source(name, signal),
    refetchInterval: 5_000,
  })
  const source = query.data
  if (source === undefined)
    return (
      <>
        <PageHead title={name} crumb={crumb} />
        <ProblemNote error={query.error} retry={() => void query.refetch()} />
        {query.isPending && <SkeletonRows rows={8} />}
      </>
    )
  const look = sourceLook(source)
  // Counts are written every two seconds; a payload is there at once.
  const heardAt = source.receivedAt ?? source.samples[0]?.receivedAt ?? null
  return (
    <>
      <PageHead
        title={source.title}
        crumb={crumb}
        sentence={formatWords[source.format]}
        facts={
          <>
            <StateMark tone={look.tone} word={look.word} strong />
            <span>
              {heardAt === null ? (
                'Nothing has arrived yet'
              ) : (
                <>
                  Last heard <Time at={heardAt} />
                </>
              )}
            </span>
          </>
        }
        actions={definition.button}
      />
      {definition.drawer}
      {source.orphans > 0 && <Orphans source={name} displaced={source.displaced} />}
      <Lately source={source} />
      <SetUp source={source} />
      <MappingEditor source={source} />
      <Samples samples={source.samples} />
    </>
  )
}

function Lately({ source }: { source: IntakeSourceDetail }) {
  const { lastHour, heartbeat } = source
  return (
    <Section title="Last hour">
      <dl className="pairs">
        <dt>Signals</dt>
        <dd>
          {numberText(lastHour.signals)} in {plural(lastHour.deliveries, 'delivery', 'deliveries')}{' '}
          <Sparkline values={source.minutes} label="Signals a minute, oldest first" width={160} />
        </dd>
        <dt>Only counted</dt>
        <dd>
          {lastHour.counted === 0
            ? `None: more than ${numberText(source.perMinute)} a minute would be`
            : `${plural(lastHour.counted, 'repeat')} beyond ${numberText(source.perMinute)} a minute; first alarms and ends always pass`}
        </dd>
        <dt>Turned away</dt>
        <dd>
          {lastHour.refused === 0
            ? 'None'
            : `${plural(lastHour.refused, 'delivery', 'deliveries')}: wrong signature or token, too old, or seen before`}
        </dd>
        {heartbeat !== null && (
          <>
            <dt>Heartbeat</dt>
            <dd>
              every {windowText(heartbeat.everyMs)},{' '}
              {heartbeat.beatAt === null ? (
                'never heard; it is watched from the first time on'
              ) : (
                <>
                  last <Time at={heartbeat.beatAt} />
                </>
              )}
              {heartbeat.silentSince !== null && ', overdue: an alert is open'}
            </dd>
          </>
        )}
        {source.service !== null && (
          <>
            <dt>Service unless said</dt>
            <dd>
              <Link href={`/services/${encodeURIComponent(source.service)}`}>{source.service}</Link>
            </dd>
          </>
        )}
        <dt>Known among alerts as</dt>
        <dd>
          <code>in/{source.name}</code>
        </dd>
      </dl>
    </Section>
  )
}

function Samples({ samples }: { samples: IntakeSourceDetail['samples'] }) {
  if (samples.length === 0) return null
  return (
    <Section
      title="Last payloads"
      aside={<span className="soft">at most one a second is kept; tokens are left out</span>}
    >
      <ul className="rows">
        {samples.map((each) => (
          <li key={each.id}>
            <details className="grow">
              <summary>
                <Time at={each.receivedAt} /> · {each.outcome}
              </summary>
              {/* Scrolled by keyboard too. */}
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above */}
              <pre className="payload" tabIndex={0}>
                {readable(each.body)}
              </pre>
            </details>
          </li>
        ))}
      </ul>
    </Section>
  )
}

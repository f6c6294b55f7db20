// Hints: what is unusual for the service now and was in the last day, and what is watched at all.
import { useQuery } from '@tanstack/react-query'
import { Empty, SkeletonRows } from '../../parts/empty.tsx'
import { useNow } from '../../parts/now.ts'
import { Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { anomalies, type WatchedSeries } from '../../shell/anomaly-api.ts'
import { UnusualLines } from '../../shell/unusual.tsx'

const dayMs = 24 * 3_600_000
const hourMs = 3_600_000

export function Unusual({ service }: { service: string }) {
  // A new question each hour, not each second.
  const hour = Math.floor(useNow() / hourMs) * hourMs
  const found = useQuery({
    queryKey: ['anomalies', 'service', service, hour],
    queryFn: ({ signal }) => anomalies.ofService(service, { from: new Date(hour - dayMs).toISOString() }, signal),
  })
  const watched = useQuery({
    queryKey: ['anomalies', 'series', service],
    queryFn: ({ signal }) => anomalies.series(service, signal),
  })
  const items = found.data?.items
  const series = watched.data?.items ?? []
  return (
    <Section title="Unusual" aside="Hints, no alarms">
      <ProblemNote error={found.error} retry={() => void found.refetch()} />
      {found.isPending && <SkeletonRows rows={2} />}
      {items !== undefined && <UnusualLines items={items} />}
      {items?.length === 0 && series.length > 0 && <p className="soft none">Nothing unusual in the last day.</p>}
      {items?.length === 0 && watched.data !== undefined && series.length === 0 && (
        <Empty title="Nothing is watched here.">
          A service that tells its golden signals, or has an objective that counts, is watched by itself.
        </Empty>
      )}
      {series.length > 0 && <p className="soft none">{watchedSentence(series)}</p>}
    </Section>
  )
}

/** "Watched: errors, traffic. Still learning: latency." */
export function watchedSentence(series: readonly Pick<WatchedSeries, 'signal' | 'learning'>[]): string {
  const names = (learning: boolean) => [
    ...new Set(series.filter((each) => each.learning === learning).map(({ signal }) => signal)),
  ]
  const [known, learning] = [names(false), names(true)]
  return [
    ...(known.length === 0 ? [] : [`Watched: ${known.join(', ')}.`]),
    ...(learning.length === 0 ? [] : [`Still learning, for 15 hours at first: ${learning.join(', ')}.`]),
  ].join(' ')
}

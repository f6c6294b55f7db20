// The numerator and the denominator behind every number on the page.
import { useQuery } from '@tanstack/react-query'
import { SkeletonRows } from '../../parts/empty.tsx'
import { clockText, numberText, windowText } from '../../parts/format.ts'
import { useNow } from '../../parts/now.ts'
import { ChartTable } from '../../parts/plot.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { Sparkline } from '../../parts/sparkline.tsx'
import { objectives } from '../../shell/api.ts'

// What a person can read; the series and the API have the rest.
const rowsShown = 300
const stateWords = { closed: 'counted', 'closed-empty': 'no events', gap: 'no data' } as const
const stepMs = [60_000, 300_000, 3_600_000, 21_600_000, 86_400_000] as const

export function RawCounts({ name, from, to }: { name: string; from: number; to: number }) {
  const now = useNow()
  const step = stepMs.find((ms) => (to - from) / ms <= rowsShown) ?? 86_400_000
  const query = useQuery({
    queryKey: ['objectives', 'slices', name, to - from, step],
    queryFn: ({ signal }) =>
      objectives.slices(name, { from: new Date(from).toISOString(), to: new Date(to).toISOString(), step }, signal),
  })
  if (query.data === undefined) {
    return (
      <>
        <ProblemNote error={query.error} retry={() => void query.refetch()} />
        {query.isPending && <SkeletonRows rows={8} height={28} />}
      </>
    )
  }
  const slices = [...query.data.slices].reverse()
  const good = slices.reduce((sum, each) => sum + each.good, 0)
  const bad = slices.reduce((sum, each) => sum + each.bad, 0)
  return (
    <>
      <dl className="pairs">
        <dt>Good</dt>
        <dd>{numberText(good)}</dd>
        <dt>Bad</dt>
        <dd className="raw-bad">
          {numberText(bad)}
          <Sparkline
            values={query.data.slices.map((each) => each.bad)}
            label="Bad events over the time shown"
            width={200}
            height={24}
          />
        </dd>
        <dt>All</dt>
        <dd>{numberText(good + bad)}</dd>
        <dt>Slice</dt>
        <dd>{windowText(query.data.stepMs)}</dd>
      </dl>
      <ChartTable
        caption="Counts, newest first"
        columns={['Start', 'Good', 'Bad', 'State']}
        height={720}
        rows={slices
          .slice(0, rowsShown)
          .map((each) => [
            clockText(Date.parse(each.start), now),
            numberText(each.good),
            numberText(each.bad),
            stateWords[each.state],
          ])}
      />
    </>
  )
}

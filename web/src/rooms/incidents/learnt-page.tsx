// What was learnt about alerts that are one problem or two: it decides where alerts are placed, so it can be seen and forgotten.
import { useQuery } from '@tanstack/react-query'
import { Empty, SkeletonRows } from '../../parts/empty.tsx'
import { PageHead } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { LearntPairLine } from './learnt-pair-line.tsx'
import { regrouping } from './regrouping-api.ts'
import './incidents.css'

export default function LearntPage() {
  const query = useQuery({
    queryKey: ['incidents', 'pairs'],
    queryFn: ({ signal }) => regrouping.pairs(signal),
  })
  const pairs = query.data?.items
  return (
    <>
      <PageHead
        title="What was learnt"
        crumb={{ title: 'Incidents', href: '/incidents' }}
        sentence="Where alerts are placed, what a person said of two kinds of them goes before what is near in time and calls."
      />
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {query.isPending && <SkeletonRows rows={4} />}
      {pairs?.length === 0 && (
        <Empty title="Nothing yet">
          Split alerts off an incident, or merge two: it is remembered for 90 days, each with who said it and why.
        </Empty>
      )}
      <ul className="rows">
        {pairs?.map((pair) => (
          <LearntPairLine key={pair.id} pair={pair} />
        ))}
      </ul>
    </>
  )
}

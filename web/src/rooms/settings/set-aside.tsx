// Work of the product's own that failed for good: nothing accepted may vanish without somebody seeing it.
import { Empty, SkeletonRows } from '../../parts/empty.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import { useOverview } from '../../shell/frame.tsx'

export function SetAside() {
  const query = useOverview()
  const items = query.data?.needsHuman.filter((each) => each.kind === 'work')
  return (
    <>
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {query.isPending && <SkeletonRows rows={3} />}
      {items?.length === 0 && (
        <Empty title="Nothing is set aside.">What cannot be done even after repeats stands here with its reason.</Empty>
      )}
      <ul className="rows">
        {items?.map((item) => (
          <li key={item.id}>
            <StateMark tone="warning" word="Set aside" />
            <span className="grow">
              <strong>{item.title}</strong>
              <br />
              <span className="soft">{item.sentence}</span>
            </span>
            <span className="soft">
              <Time at={item.since} />
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}

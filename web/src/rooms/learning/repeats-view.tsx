// Pairs of incidents of which one may repeat the other: a person says whether it does.
import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { Choice } from '../../parts/choice.tsx'
import { Empty, SkeletonRows } from '../../parts/empty.tsx'
import { FirstFew } from '../../parts/first-few.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { Time } from '../../parts/time.tsx'
import { useUrlState } from '../../parts/url-state.ts'
import { learning, type RepeatPair, type Verdict } from '../../shell/learning-api.ts'
import { JudgeRepeat, SaidOfRepeat } from '../../shell/repeat-word.tsx'
import { useMay } from '../../shell/session.tsx'
import { incidentName } from '../../shell/words.ts'

const verdicts = [
  { value: 'undecided', title: 'To decide' },
  { value: 'confirmed', title: 'Confirmed' },
  { value: 'rejected', title: 'Rejected' },
] as const

const none: Readonly<Record<Verdict, string>> = {
  undecided: 'Nothing waits for a word.',
  confirmed: 'No repeat is confirmed yet.',
  rejected: 'None was rejected yet.',
}

export function RepeatsView() {
  const [verdict, setVerdict] = useUrlState<Verdict>('verdict', 'undecided')
  const may = useMay('responder')
  const query = useQuery({
    queryKey: ['learning', 'repeats', verdict],
    queryFn: ({ signal }) => learning.repeats(verdict, signal),
  })
  const items = query.data?.items ?? []
  return (
    <>
      <div className="toolbar">
        <Choice label="Which repeats" value={verdict} onChange={setVerdict} options={verdicts} />
      </div>
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {query.isPending && <SkeletonRows rows={4} height={72} />}
      {query.data !== undefined && items.length === 0 && (
        <Empty title={none[verdict]} command="mainstay learning repeats">
          When an incident is over it is compared with those before it: their alerts, services, classes of failure and
          words. What is alike enough is asked here; a confirmed repeat counts in the repeat rate.
        </Empty>
      )}
      <FirstFew rows={items} most={25} of="repeats">
        {(shown) => (
          <ul className="learn-list">
            {shown.map((pair) => (
              <PairLine key={`${pair.incident.id} ${pair.earlier.id}`} pair={pair} may={may} />
            ))}
          </ul>
        )}
      </FirstFew>
      {query.data !== undefined && query.data.nextCursor !== null && <p className="soft">The newest 200.</p>}
    </>
  )
}

function PairLine({ pair, may }: { pair: RepeatPair; may: boolean }) {
  const { incident, earlier, said } = pair
  return (
    <li>
      <p>
        <Link href={`/incidents/${incident.id}?view=related`}>
          <strong>
            {incidentName(incident)} {incident.title}
          </strong>
        </Link>{' '}
        <span className="soft">
          {incident.severity}, <Time at={incident.beganAt} />
        </span>
      </p>
      <p>
        {said === null ? 'may repeat' : said.verdict === 'confirmed' ? 'repeats' : 'does not repeat'}{' '}
        <Link href={`/incidents/${earlier.id}`}>
          {incidentName(earlier)} {earlier.title}
        </Link>{' '}
        <span className="soft">
          {earlier.severity}, <Time at={earlier.beganAt} />
        </span>
      </p>
      <p className="soft">
        {Math.round(pair.score * 100)} % alike. {pair.evidence.map((each) => each.sentence).join(' ')}
      </p>
      {said !== null && <SaidOfRepeat said={said} />}
      {may && <JudgeRepeat incident={incident} earlier={earlier} said={said} />}
    </li>
  )
}

// The agenda of the review meeting: what waits, the oldest first.
import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { Empty, SkeletonRows } from '../../parts/empty.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import { PersonName } from '../../shell/person-name.tsx'
import { reviews } from '../../shell/postmortem-review-api.ts'

export function Agenda() {
  const query = useQuery({
    queryKey: ['postmortems', 'agenda'],
    queryFn: ({ signal }) => reviews.agenda(signal),
  })
  const kept = useQuery({
    queryKey: ['postmortems', 'compliance'],
    queryFn: ({ signal }) => reviews.compliance(signal),
  }).data
  return (
    <>
      {kept !== undefined && kept.due + kept.excused > 0 && (
        <p className="soft">
          In the last 90 days {kept.onTime} of {kept.due} were published by their day
          {kept.open > 0 && `; ${kept.open} ${kept.open === 1 ? 'is' : 'are'} late now`}
          {kept.excused > 0 && `; ${kept.excused} ${kept.excused === 1 ? 'was' : 'were'} not needed`}.
        </p>
      )}
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {query.isPending && <SkeletonRows rows={6} />}
      {query.data?.items.length === 0 && <Empty title="Nothing waits for review." />}
      <ol className="rows">
        {query.data?.items.map(({ postmortem, waitsSince, ready, sentence }) => (
          <li key={postmortem.id}>
            <StateMark
              tone={ready ? 'ok' : postmortem.overdue ? 'warning' : 'info'}
              word={ready ? 'Ready' : postmortem.overdue ? 'Overdue' : 'Waits'}
            />
            <div className="grow">
              <Link href={`/postmortems/${postmortem.id}`}>
                <strong>{postmortem.title}</strong>
              </Link>
              <p className="soft">
                INC-{postmortem.incident.number}, {postmortem.severity}
                {postmortem.owner !== null && (
                  <>
                    , <PersonName name={postmortem.owner} />
                  </>
                )}
                . {sentence}
              </p>
            </div>
            <span className="soft">
              since <Time at={waitsSince} />
            </span>
          </li>
        ))}
      </ol>
      {query.data !== undefined && query.data.nextCursor !== null && <p className="soft">The 100 that wait longest.</p>}
    </>
  )
}

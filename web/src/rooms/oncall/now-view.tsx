import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { Empty, SkeletonRows } from '../../parts/empty.tsx'
import { formatInZone, validZone, zoneName } from '../../parts/format.ts'
import { useNow } from '../../parts/now.ts'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import { oncall } from '../../shell/api.ts'

export function NowView() {
  const now = useNow()
  const query = useQuery({ queryKey: ['oncall', 'now'], queryFn: ({ signal }) => oncall.now(signal) })
  return (
    <>
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {query.isPending && <SkeletonRows rows={4} height={64} />}
      {query.data?.schedules.length === 0 && (
        <Empty title="No schedule is declared yet." command="mainstay apply -f on-call.yaml">
          A schedule says who answers when. Without one, pages go to nobody.
        </Empty>
      )}
      <ul className="on-now">
        {query.data?.schedules.map((schedule) => (
          <li key={schedule.name}>
            <div className="on-now-name">
              <Link href={`/oncall?view=schedule&schedule=${encodeURIComponent(schedule.name)}`}>{schedule.name}</Link>
              {validZone(schedule.timeZone) !== undefined && (
                <span className="soft"> {zoneName(schedule.timeZone ?? '')}</span>
              )}
            </div>
            <div className="on-now-people">
              {schedule.people.length === 0 && <StateMark tone="critical" word="Nobody is on call" strong />}
              {schedule.people.map((person) => {
                const zone = validZone(person.timeZone)
                return (
                  <p key={person.name}>
                    <strong className="on-now-person">{person.name}</strong>{' '}
                    {person.until !== null && (
                      <span className="soft">
                        until <Time at={person.until} zone={zone ?? schedule.timeZone} show="clock" />
                      </span>
                    )}{' '}
                    {zone !== undefined && (
                      <span className="soft">
                        {formatInZone(now, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }, zone)} there now
                      </span>
                    )}
                    {person.source.startsWith('override') && <span className="tag">override</span>}
                  </p>
                )
              })}
            </div>
            <div className="soft">
              {schedule.next === null ? (
                'No hand-over ahead'
              ) : (
                <>
                  {schedule.next.people.length === 0 ? 'Nobody' : schedule.next.people.join(', ')} from{' '}
                  <Time at={schedule.next.at} zone={schedule.timeZone} show="clock" />
                </>
              )}
            </div>
          </li>
        ))}
      </ul>
    </>
  )
}

import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { Empty, SkeletonRows } from '../../parts/empty.tsx'
import { InputField } from '../../parts/field.tsx'
import { formatInZone, validZone, zoneName } from '../../parts/format.ts'
import { useNow } from '../../parts/now.ts'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import { useUrlState } from '../../parts/url-state.ts'
import { oncall } from '../../shell/api.ts'
import { usePeople, useSchedules } from '../../shell/directory.ts'

export function NowView() {
  const now = useNow()
  const people = usePeople()
  const schedules = useSchedules()
  const [at, setAt] = useUrlState('at', '')
  const asked = Number.isFinite(Date.parse(at)) ? new Date(at).toISOString() : null
  const query = useQuery({
    queryKey: asked === null ? ['oncall', 'now'] : ['oncall', 'at', asked],
    queryFn: ({ signal }) => (asked === null ? oncall.now(signal) : oncall.at(asked, signal)),
    placeholderData: (before) => before,
  })
  return (
    <>
      <form className="form-row" onSubmit={(event) => event.preventDefault()}>
        <InputField
          title={<>Who is on call at ({zoneName(Intl.DateTimeFormat().resolvedOptions().timeZone)})</>}
          type="datetime-local"
          value={at}
          onChange={(event) => setAt(event.currentTarget.value)}
        />
        {asked !== null && (
          <button type="button" className="link-button" onClick={() => setAt('')}>
            Back to now
          </button>
        )}
      </form>
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
              <Link href={`/oncall?view=schedule&schedule=${encodeURIComponent(schedule.name)}`}>
                {schedule.displayName}
              </Link>
              <Zone name={schedules.get(schedule.name)?.timeZone} />
            </div>
            <div className="on-now-people">
              {schedule.people.length === 0 && <StateMark tone="critical" word="Nobody is on call" strong />}
              {schedule.people.map((person) => {
                const zone = validZone(people.get(person.person)?.timeZone)
                return (
                  <p key={person.person}>
                    <strong className="on-now-person">{person.displayName}</strong>{' '}
                    {person.until !== null && (
                      <span className="soft">
                        until <Time at={person.until} zone={zone} show="clock" />
                      </span>
                    )}{' '}
                    {zone !== undefined && (
                      <span className="soft">
                        (
                        {formatInZone(
                          asked === null ? now : Date.parse(asked),
                          { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
                          zone,
                        )}{' '}
                        there{asked === null && ' now'})
                      </span>
                    )}
                    {/^(added|covering)/.test(person.source) && <span className="tag">override</span>}
                  </p>
                )
              })}
            </div>
            <div className="soft">
              {schedule.next === null ? (
                'No hand-over ahead'
              ) : (
                <>
                  then{' '}
                  {schedule.next.people.length === 0
                    ? 'nobody'
                    : schedule.next.people.map((each) => people.get(each)?.title ?? each).join(', ')}{' '}
                  from <Time at={schedule.next.at} zone={schedules.get(schedule.name)?.timeZone} show="clock" />
                </>
              )}
            </div>
          </li>
        ))}
      </ul>
    </>
  )
}

function Zone({ name }: { name: string | null | undefined }) {
  const zone = validZone(name)
  return zone === undefined ? null : <span className="soft"> {zoneName(zone)}</span>
}

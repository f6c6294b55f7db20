// What being on call does to people: to you, to your team if you lead it, and as sums to everybody else.
import { useQuery } from '@tanstack/react-query'
import { Choice } from '../../parts/choice.tsx'
import { Empty, SkeletonRows } from '../../parts/empty.tsx'
import { durationText } from '../../parts/format.ts'
import { Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { useUrlState } from '../../parts/url-state.ts'
import { usePeople } from '../../shell/directory.ts'
import { health, type PersonOnCallHealth, type TeamOnCallHealth } from '../../shell/oncall-api.ts'
import { withTitles } from './findings.tsx'
import { FiguresTable, HealthTotal } from './health-figures.tsx'
import { HealthWeeks } from './health-weeks.tsx'
import { trendWords } from './health-words.ts'

type Weeks = '4' | '12' | '26'
const spans: readonly Weeks[] = ['4', '12', '26']
const leastGapMs = 60_000

export function HealthView() {
  const [team, setTeam] = useUrlState('team', '')
  const [given, setWeeks] = useUrlState<Weeks>('weeks', '12')
  const weeks = Number(spans.find((each) => each === given) ?? '12')
  const query = useQuery({
    queryKey: ['oncall', 'health', weeks],
    queryFn: ({ signal }) => health.all(weeks, signal),
    placeholderData: (before) => before,
  })
  return (
    <>
      <div className="toolbar">
        <Choice
          label="Span"
          value={given}
          onChange={setWeeks}
          options={[
            { value: '4', title: '4 weeks' },
            { value: '12', title: '12 weeks' },
            { value: '26', title: '26 weeks' },
          ]}
        />
      </div>
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {query.isPending && <SkeletonRows rows={6} height={48} />}
      {query.data !== undefined && (
        <>
          {query.data.me !== null && <Mine mine={query.data.me} />}
          {query.data.teams.length === 0 ? (
            <Empty title="No team has a schedule yet." command="mainstay apply -f on-call.yaml">
              A schedule with a team counts towards that team’s health.
            </Empty>
          ) : (
            <Section title="Teams">
              <FiguresTable
                label="On-call health of each team"
                first="Team"
                rows={query.data.teams.map((each) => ({
                  key: each.team,
                  title: (
                    <button
                      type="button"
                      className="link-button"
                      aria-pressed={team === each.team}
                      onClick={() => setTeam(team === each.team ? '' : each.team)}
                    >
                      {each.displayName}
                    </button>
                  ),
                  figures: each.total,
                  note:
                    each.missingMs < leastGapMs ? null : (
                      <StateMark tone="critical" word={`nobody on call for ${durationText(each.missingMs)}`} />
                    ),
                }))}
              />
            </Section>
          )}
          {team !== '' && <Team team={team} weeks={weeks} />}
        </>
      )}
    </>
  )
}

function Mine({ mine }: { mine: PersonOnCallHealth }) {
  if (mine.total.onCallMs === 0 && mine.total.pages === 0) return null
  return (
    <Section title="You" aside="Only you and the leads of your teams see these">
      <HealthTotal figures={mine.total} />
      <Limits person={mine} />
      <HealthWeeks label="Your weeks" spans={mine.weeks} />
    </Section>
  )
}

function Team({ team, weeks }: { team: string; weeks: number }) {
  const directory = usePeople()
  const query = useQuery({
    queryKey: ['oncall', 'health', team, weeks],
    queryFn: ({ signal }) => health.team(team, weeks, signal),
    placeholderData: (before) => before,
  })
  const found = query.data
  if (found === undefined)
    return query.error === null ? (
      <SkeletonRows rows={4} height={48} />
    ) : (
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
    )
  return (
    <Section
      title={found.displayName}
      aside={found.lead === null ? 'Nobody leads it' : `Led by ${directory.get(found.lead)?.title ?? found.lead}`}
    >
      {found.reads === 'nothing' && (
        <p className="schedule-sentence">
          Fewer than three people were on duty. Sums of so few would be figures of a person, so only the lead reads
          them.
        </p>
      )}
      {found.total !== null && <HealthTotal figures={found.total} />}
      {found.trend !== null && <p className="schedule-sentence">{trendWords(found.trend)}</p>}
      {found.advice.length > 0 && (
        <ul className="rows advice" aria-label="Suggestions">
          {found.advice.map((each) => (
            <li key={`${each.code} ${each.because}`}>
              <span className="grow">
                <strong>{withTitles(each, directory)}</strong>{' '}
                <span className="soft">{withTitles({ ...each, sentence: each.because }, directory)}</span>
              </span>
            </li>
          ))}
        </ul>
      )}
      {found.spans.length > 0 && <HealthWeeks label={`Weeks of ${found.displayName}`} spans={found.spans} />}
      {found.people.length > 0 && (
        <>
          <h3 className="health-part">People</h3>
          <FiguresTable
            label={`On-call health of the people of ${found.displayName}`}
            first="Person"
            rows={found.people.map((each) => ({
              key: each.person,
              title: each.displayName,
              figures: each.total,
              note: each.limits.some((limit) => limit.isOver) ? <Limits person={each} onlyOver /> : null,
            }))}
          />
        </>
      )}
      <Coverage found={found} />
      <Terms found={found} />
    </Section>
  )
}

function Limits({ person, onlyOver = false }: { person: PersonOnCallHealth; onlyOver?: boolean }) {
  return (
    <ul className="limits" aria-label={`Limits of ${person.displayName}`}>
      {person.limits
        .filter((each) => each.isOver || !onlyOver)
        .map((each) => (
          <li key={each.limit}>
            <StateMark tone={each.isOver ? 'warning' : 'ok'} word={each.sentence} />
          </li>
        ))}
    </ul>
  )
}

function Coverage({ found }: { found: TeamOnCallHealth }) {
  return (
    <>
      <h3 className="health-part">Coverage</h3>
      <ul className="rows staffing">
        {found.coverage.map((each) => (
          <li key={each.schedule}>
            <span className="grow">{each.displayName}</span>
            {each.missingMs < leastGapMs ? (
              <StateMark tone="ok" word="somebody was on call whenever somebody had to be" />
            ) : (
              <StateMark
                tone="critical"
                word={`nobody for ${durationText(each.missingMs)} of ${durationText(each.requiredMs)}`}
              />
            )}
          </li>
        ))}
      </ul>
      {found.pagesByService.length > 0 && (
        <>
          <h3 className="health-part">What paged</h3>
          <ul className="rows">
            {found.pagesByService.map((each) => (
              <li key={each.service}>
                <span className="grow">{each.service}</span>
                <span>{each.pages}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}

/** The definitions stand beside the figures: a figure without one is an opinion. */
function Terms({ found: { terms } }: { found: TeamOnCallHealth }) {
  return (
    <details className="terms">
      <summary>How this is counted</summary>
      <dl>
        <dt>After hours</dt>
        <dd>A page outside {terms.workingHours} where the person lives, or on a holiday of the schedule.</dd>
        <dt>Broken night</dt>
        <dd>At least one page between {terms.night} where the person lives: interrupted sleep.</dd>
        <dt>Call</dt>
        <dd>
          Pages that follow each other within {durationText(terms.togetherMs)}. Whoever answers is busy until the alert
          is over, {durationText(terms.leastMs)} at least and {durationText(terms.mostMs)} at most; whoever does not,
          until somebody else has it.
        </dd>
        <dt>Overfull</dt>
        <dd>
          A stretch of {durationText(terms.perMs)} on call with more than {terms.calls} calls.
        </dd>
        <dt>Trend</dt>
        <dd>Said only when the difference is larger than chance makes in nineteen of twenty comparisons.</dd>
      </dl>
      <p className="soft">
        A team declares its own in an <code>OnCallTerms</code> document.
      </p>
    </details>
  )
}

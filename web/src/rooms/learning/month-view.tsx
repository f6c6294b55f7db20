// The review of a month on one page, and as a document to take along.
import { Button, TextInput } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { SkeletonRows } from '../../parts/empty.tsx'
import { Figures } from '../../parts/figures.tsx'
import { durationText, plural } from '../../parts/format.ts'
import { presentMs } from '../../parts/now.ts'
import { Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { saveText } from '../../parts/save-text.ts'
import { StateMark } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import { useUrlState } from '../../parts/url-state.ts'
import { type LearningPack, learning } from '../../shell/learning-api.ts'
import { problemLooks, problemName } from '../../shell/learning-words.ts'
import { PersonName } from '../../shell/person-name.tsx'
import { incidentName } from '../../shell/words.ts'
import { figuresOf } from './trends-view.tsx'

/** The last month that is over. */
function lastMonth(): string {
  const now = new Date(presentMs())
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1)).toISOString().slice(0, 7)
}

const isMonth = (text: string): boolean => /^(19[7-9]\d|2\d{3})-(0[1-9]|1[0-2])$/.test(text)

export function MonthView() {
  const [given, setMonth] = useUrlState('month', '')
  const month = isMonth(given) ? given : lastMonth()
  const query = useQuery({
    queryKey: ['learning', 'pack', month],
    queryFn: ({ signal }) => learning.pack(month, signal),
    placeholderData: keepPreviousData,
  })
  const { data } = query
  return (
    <>
      <div className="toolbar">
        <TextInput
          type="month"
          label="Month"
          value={month}
          onChange={(event) => {
            const { value } = event.currentTarget
            if (isMonth(value)) setMonth(value)
          }}
        />
        {data !== undefined && (
          <Button variant="default" onClick={() => saveText(`review-${data.month}.md`, data.markdown)}>
            Take along as Markdown
          </Button>
        )}
      </div>
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {query.isPending && <SkeletonRows rows={8} />}
      {data !== undefined && <Told pack={data} />}
    </>
  )
}

function Told({ pack }: { pack: LearningPack }) {
  const { totals, before, actions } = pack
  return (
    <>
      <Figures figures={figuresOf(totals)} />
      <p className="soft">
        The month before: {plural(before.incidents, 'incident')}, {plural(before.repeats, 'repeat')}. Users were hurt
        for {Math.round(pack.impactMinutes)} min, summed over incidents. As of <Time at={pack.asOf} />.
      </p>
      <Section title="Incidents" aside={plural(totals.incidents, 'incident')}>
        {pack.incidents.length === 0 && <p className="soft">None began in this month.</p>}
        <ul className="rows">
          {pack.incidents.map(({ incident, classes, timeToMitigateMs, repeats }) => (
            <li key={incident.id}>
              <span>{incident.severity}</span>
              <div className="grow">
                <Link href={`/incidents/${incident.id}`}>
                  {incidentName(incident)} {incident.title}
                </Link>
                <p className="soft">
                  {[
                    incident.services.join(', '),
                    classes.length === 0 ? 'not classified' : classes.join(', '),
                    timeToMitigateMs === null
                      ? 'time to mitigate not known'
                      : `mitigated after ${durationText(timeToMitigateMs)}`,
                    repeats ? 'a repeat' : '',
                  ]
                    .filter((each) => each !== '')
                    .join('; ')}
                </p>
              </div>
              <span className="soft">
                <Time at={incident.beganAt} />
              </span>
            </li>
          ))}
        </ul>
      </Section>
      {pack.repeats.length > 0 && (
        <Section title="What came again">
          <ul className="rows">
            {pack.repeats.map(({ incident, earlier }) => (
              <li key={`${incident.id} ${earlier.id}`}>
                <p className="grow">
                  <Link href={`/incidents/${incident.id}`}>
                    {incidentName(incident)} {incident.title}
                  </Link>{' '}
                  repeats{' '}
                  <Link href={`/incidents/${earlier.id}`}>
                    {incidentName(earlier)} {earlier.title}
                  </Link>
                </p>
              </li>
            ))}
          </ul>
        </Section>
      )}
      <Section
        title="Corrective actions"
        aside={`${actions.agreed} agreed, ${actions.finished.length} done, ${actions.proven.length} proven, ${actions.overdue.length} overdue`}
      >
        <Actions tone="ok" word="Proven" actions={actions.proven} />
        <Actions tone="info" word="Being proven" actions={actions.finished} />
        <Actions tone="critical" word="Overdue" actions={actions.overdue} />
        {actions.proven.length + actions.finished.length + actions.overdue.length === 0 && (
          <p className="soft">None was done, proven or late.</p>
        )}
      </Section>
      <Section title="Problems">
        {pack.problems.length === 0 && <p className="soft">None moved.</p>}
        <ul className="rows">
          {pack.problems.map(({ problem, moves }) => (
            <li key={problem.id}>
              <StateOf state={problem.state} />
              <div className="grow">
                <Link href={`/learning/problems/${problem.id}`}>
                  {problemName(problem)} {problem.title}
                </Link>
                <p className="soft">{moves.map((each) => each.because).join(' ')}</p>
              </div>
            </li>
          ))}
        </ul>
      </Section>
      {pack.knownErrors.length > 0 && (
        <Section title="New known errors">
          <ul className="learn-list">
            {pack.knownErrors.map(({ problem, workaround }) => (
              <li key={problem.id}>
                <Link href={`/learning/problems/${problem.id}`}>
                  {problemName(problem)} {problem.title}
                </Link>
                <p className="problem-text">{workaround}</p>
              </li>
            ))}
          </ul>
        </Section>
      )}
      <Section title="What was learnt">
        {pack.lessons.length === 0 && <p className="soft">No postmortem with lessons was published in this month.</p>}
        <ul className="learn-list">
          {pack.lessons.map(({ postmortem, lessons }) => (
            <li key={postmortem.id}>
              <Link href={`/postmortems/${postmortem.id}`}>
                {postmortem.number} {postmortem.title}
              </Link>
              <p className="problem-text">{lessons}</p>
            </li>
          ))}
        </ul>
      </Section>
      {pack.smallPrint.length > 0 && <p className="soft">{pack.smallPrint.join(' ')}</p>}
    </>
  )
}

function StateOf({ state }: { state: string }) {
  const look = Object.entries(problemLooks).find(([name]) => name === state)?.[1]
  return <StateMark tone={look?.tone ?? 'unknown'} word={look?.word ?? state} />
}

function Actions({
  tone,
  word,
  actions,
}: {
  tone: 'ok' | 'info' | 'critical'
  word: string
  actions: LearningPack['actions']['proven']
}) {
  return (
    <ul className="rows">
      {actions.map((action) => (
        <li key={action.id}>
          <StateMark tone={tone} word={word} />
          <Link className="grow" href={`/postmortems/${action.postmortem}`}>
            {action.number} {action.title}
          </Link>
          <span className="soft">
            <PersonName name={action.owner} />, due <Time at={action.dueAt} />
          </span>
        </li>
      ))}
    </ul>
  )
}

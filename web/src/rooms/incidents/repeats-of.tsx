// What an incident may repeat, which known errors it resembles, and how it is classified.
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { SkeletonRows } from '../../parts/empty.tsx'
import { SelectField } from '../../parts/field.tsx'
import { Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { Time } from '../../parts/time.tsx'
import type { IncidentDetail } from '../../shell/api.ts'
import { learning, refreshLearning } from '../../shell/learning-api.ts'
import { problemLooks, problemName } from '../../shell/learning-words.ts'
import { JudgeRepeat, SaidOfRepeat } from '../../shell/repeat-word.tsx'
import { useMay } from '../../shell/session.tsx'
import { incidentName } from '../../shell/words.ts'

const useRepeats = (id: string) =>
  useQuery({ queryKey: ['incidents', 'repeats', id], queryFn: ({ signal }) => learning.repeatsOf(id, signal) })

/** At the top of an open incident: what helped before stands where somebody looks first. */
export function KnownErrors({ incident }: { incident: IncidentDetail }) {
  const found = useRepeats(incident.id).data?.knownErrors ?? []
  if (found.length === 0) return null
  return (
    <ul className="known-errors" aria-label="Known errors it resembles">
      {found.slice(0, 3).map(({ problem, workaround, score }) => (
        <li key={problem.id}>
          <p>
            <strong>Known error:</strong>{' '}
            <Link href={`/learning/problems/${problem.id}`}>
              {problemName(problem)} {problem.title}
            </Link>{' '}
            <span className="soft">{Math.round(score * 100)} % alike</span>
          </p>
          <p className="known-error-text">{workaround}</p>
        </li>
      ))}
    </ul>
  )
}

export function RepeatsOf({ incident }: { incident: IncidentDetail }) {
  const may = useMay('responder')
  const query = useRepeats(incident.id)
  const { data } = query
  return (
    <>
      <Section title="May repeat" {...(data === undefined ? {} : { aside: `compared with ${data.looked} before it` })}>
        <ProblemNote error={query.error} retry={() => void query.refetch()} />
        {query.isPending && <SkeletonRows rows={2} />}
        <ul className="rows">
          {data?.proposals.map(({ earlier, score, evidence, said }) => (
            <li key={earlier.id}>
              <div className="grow">
                <Link href={`/incidents/${earlier.id}`}>
                  {incidentName(earlier)} {earlier.title}
                </Link>
                <p className="soft">
                  {Math.round(score * 100)} % alike. {evidence.map((each) => each.sentence).join(' ')}
                </p>
                {said !== null && <SaidOfRepeat said={said} />}
                {may && <JudgeRepeat incident={incident} earlier={earlier} said={said} />}
              </div>
              <span className="soft">
                <Time at={earlier.beganAt} />
              </span>
            </li>
          ))}
        </ul>
        {data?.proposals.length === 0 && <p className="soft">None before it is alike enough to be proposed.</p>}
        {data !== undefined && data.problems.length > 0 && (
          <p>
            Belongs to{' '}
            {data.problems.map((problem, index) => (
              <span key={problem.id}>
                {index > 0 && ', '}
                <Link href={`/learning/problems/${problem.id}`}>
                  {problemName(problem)} {problem.title}
                </Link>{' '}
                <span className="soft">({stateWord(problem.state)})</span>
              </span>
            ))}
          </p>
        )}
        {data !== undefined && (
          <details>
            <summary className="soft">How likeness is measured</summary>
            <p className="soft">{data.measure}</p>
          </details>
        )}
      </Section>
      <ClassesOf incident={incident} />
    </>
  )
}

const stateWord = (state: string): string =>
  Object.entries(problemLooks)
    .find(([name]) => name === state)?.[1]
    .word.toLowerCase() ?? state

function ClassesOf({ incident }: { incident: IncidentDetail }) {
  const may = useMay('responder')
  const query = useQuery({
    queryKey: ['incidents', 'classes', incident.id],
    queryFn: ({ signal }) => learning.classesOf(incident.id, signal),
  })
  const classes = useQuery({
    queryKey: ['learning', 'classes'],
    queryFn: ({ signal }) => learning.classes(signal),
  })
  const set = useMutation({
    mutationFn: (of: { factor: string | null; class: string | null }) =>
      learning.classify(incident.id, { class: of.class, ...(of.factor === null ? {} : { factor: of.factor }) }),
    onSuccess: refreshLearning,
  })
  const { data } = query
  if (data === undefined || classes.data === undefined)
    return <ProblemNote error={query.error ?? classes.error} retry={() => void query.refetch()} />
  const known = classes.data.classes
  const rows = [
    { id: null, title: 'The incident as a whole', class: data.whole },
    ...data.factors.map((each) => ({ id: each.id, title: each.text, class: each.class })),
  ]
  return (
    <Section title="Class of failure">
      <div className="form">
        {rows.map((row) => (
          <SelectField
            key={row.id ?? ''}
            title={row.title}
            value={row.class ?? ''}
            disabled={!may || set.isPending}
            onChange={(event) => {
              const { value } = event.currentTarget
              set.mutate({ factor: row.id, class: value === '' ? null : value })
            }}
          >
            <option value="">Not classified</option>
            {row.class !== null && !known.some((each) => each.name === row.class) && (
              <option value={row.class}>{row.class} (no longer declared)</option>
            )}
            {known.map((each) => (
              <option key={each.name} value={each.name} title={each.meaning}>
                {each.title}
              </option>
            ))}
          </SelectField>
        ))}
      </div>
      <ProblemNote error={set.error} />
    </Section>
  )
}

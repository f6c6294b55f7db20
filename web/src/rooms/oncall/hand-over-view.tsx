// What whoever comes on call should know: written from data, to read here, to copy or to keep.
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Empty, SkeletonRows } from '../../parts/empty.tsx'
import { plural } from '../../parts/format.ts'
import { Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { saveText } from '../../parts/save-text.ts'
import { Time } from '../../parts/time.tsx'
import { useUrlState } from '../../parts/url-state.ts'
import { oncall } from '../../shell/api.ts'
import { usePeople } from '../../shell/directory.ts'
import { type HandOverNote, readHandOver } from '../../shell/oncall-api.ts'
import { say } from '../../shell/undo.tsx'

export function HandOverView() {
  const schedules = useQuery({ queryKey: ['oncall', 'now'], queryFn: ({ signal }) => oncall.now(signal) })
  const [wanted, setWanted] = useUrlState('schedule', '')
  const name = wanted !== '' ? wanted : (schedules.data?.schedules[0]?.name ?? '')
  const query = useQuery({
    queryKey: ['oncall', 'hand-over', name],
    queryFn: ({ signal }) => readHandOver(name, signal),
    enabled: name !== '',
  })
  if (schedules.data?.schedules.length === 0)
    return (
      <Empty title="No schedule is declared yet." command="mainstay apply -f on-call.yaml">
        At each hand-over a schedule tells the next person what happened.
      </Empty>
    )
  return (
    <>
      <div className="toolbar">
        <select
          className="plain-select"
          aria-label="Schedule"
          value={name}
          onChange={(event) => setWanted(event.currentTarget.value)}
        >
          {schedules.data?.schedules.map((each) => (
            <option key={each.name} value={each.name}>
              {each.displayName}
            </option>
          ))}
        </select>
      </div>
      <ProblemNote error={schedules.error ?? query.error} retry={() => void query.refetch()} />
      {(schedules.isPending || query.isLoading) && <SkeletonRows rows={5} height={48} />}
      {query.data !== undefined && <Note note={query.data} />}
    </>
  )
}

function Note({ note }: { note: HandOverNote }) {
  const people = usePeople()
  const called = (names: readonly string[]): string =>
    names.length === 0 ? 'nobody' : names.map((each) => people.get(each)?.title ?? each).join(', ')
  const headings = [...new Set(note.facts.map((each) => each.heading))]
  const copy = () =>
    // Without https a browser has no clipboard: the note is saved as a file instead.
    void (navigator.clipboard?.writeText(note.text) ?? Promise.reject(new Error('no clipboard'))).then(
      () => say({ sentence: 'The note is copied, as Markdown.', undo: null }),
      () => saveText(`hand-over-${note.schedule}.md`, note.text),
    )
  return (
    <>
      <p className="page-sentence">
        {note.leaving.length === 0 ? (
          <>
            <strong>{called(note.coming)}</strong> began with nobody before
          </>
        ) : (
          <>
            <strong>{called(note.leaving)}</strong> hands over to <strong>{called(note.coming)}</strong>
          </>
        )}
        {note.to !== null && (
          <>
            {' '}
            <Time at={note.to} show="clock" />
          </>
        )}
        . {plural(note.calls, 'call')}, {plural(note.brokenNights, 'broken night')} since{' '}
        <Time at={note.from} show="clock" />.
      </p>
      <div className="schedule-sentence">
        <Button variant="default" onClick={copy}>
          Copy as Markdown
        </Button>
      </div>
      <Alerts title="Still open" none="Nothing they were paged for is open." alerts={note.open} />
      <Alerts title="What happened" none="Nothing they were paged for is over." alerts={note.happened} />
      {headings.map((heading) => (
        <Section key={heading} title={heading}>
          <ul className="rows">
            {note.facts
              .filter((each) => each.heading === heading)
              .map((each) => (
                <li key={each.sentence}>
                  <span className="grow">
                    {each.link === null ? each.sentence : <a href={each.link}>{each.sentence}</a>}
                  </span>
                </li>
              ))}
          </ul>
        </Section>
      ))}
      {note.ahead.length > 0 && (
        <Section title="Coming up">
          <ul className="rows">
            {note.ahead.map((each) => (
              <li key={each}>{each}</li>
            ))}
          </ul>
        </Section>
      )}
    </>
  )
}

function Alerts({ title, none, alerts }: { title: string; none: string; alerts: HandOverNote['open'] }) {
  return (
    <Section title={title}>
      {alerts.length === 0 ? (
        <p className="soft">{none}</p>
      ) : (
        <ul className="rows">
          {alerts.map((each) => (
            <li key={each.alert}>
              <span className="grow">
                <a href={each.link}>{each.title}</a> <span className="soft">{each.severity}</span>
                <span className="block soft">{each.standing}</span>
              </span>
              <Time at={each.startedAt} show="clock" />
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}

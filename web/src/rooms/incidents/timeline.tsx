// What happened, newest last, written by itself; a note is one key away. Follows the end while one is at the end.
import { Button, Textarea } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { Choice } from '../../parts/choice.tsx'
import { useCommands } from '../../parts/command-hooks.ts'
import { Empty, SkeletonRows } from '../../parts/empty.tsx'
import { FirstFew } from '../../parts/first-few.tsx'
import { formatInZone, localTimes } from '../../parts/format.ts'
import { useNow } from '../../parts/now.ts'
import { Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { Time } from '../../parts/time.tsx'
import { useUrlState } from '../../parts/url-state.ts'
import { type IncidentDetail, incidents, type TimelineEntry } from '../../shell/api.ts'
import { queries } from '../../shell/queries.ts'
import { useMay } from '../../shell/session.tsx'
import { PlaceEntry } from './place-entry.tsx'
import { foldRuns, isPeople, type TimelineRun } from './timeline-runs.ts'

type Filter = 'all' | 'people' | 'signals'

export function Timeline({ id }: { id: IncidentDetail['id'] }) {
  const [filter, setFilter] = useUrlState<Filter>('show', 'all')
  const query = useQuery({
    queryKey: ['incidents', 'timeline', id],
    queryFn: ({ signal }) => readWhole(id, signal),
  })
  const items = [...(query.data?.items ?? [])].sort((a, b) => Date.parse(b.at) - Date.parse(a.at))
  const shown = items.filter((item) => filter === 'all' || isPeople(item) === (filter === 'people'))
  const may = useMay('responder')
  const now = useNow()
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set())
  const runs = foldRuns(shown).flatMap((run) => (opened.has(run.first.id) ? alone(run) : [run]))
  const [placing, setPlacing] = useState<TimelineEntry | null>(null)
  return (
    <Section
      title="Timeline"
      aside={
        <Choice
          label="Show"
          value={filter}
          onChange={setFilter}
          options={[
            { value: 'all', title: 'Everything' },
            { value: 'people', title: 'People' },
            { value: 'signals', title: 'Signals' },
          ]}
        />
      }
    >
      <NoteBox id={id} />
      {placing !== null && <PlaceEntry id={id} entry={placing} onClose={() => setPlacing(null)} />}
      {query.data?.more === true && (
        <p className="soft">The first {items.length.toLocaleString('en')} entries; the journal has the rest.</p>
      )}
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {query.isPending && <SkeletonRows rows={8} height={32} />}
      {query.data !== undefined && shown.length === 0 && <Empty title="Nothing here yet." />}
      <FirstFew key={filter} rows={runs} most={100} of="entries">
        {(few) => (
          <>
            {groupByDay(few).map((day) => (
              <div key={day.title}>
                <h3 className="day">{day.title}</h3>
                <ol className="timeline">
                  {day.items.map(({ first: item, rest }) => (
                    <li key={item.id} data-people={isPeople(item)}>
                      <time dateTime={item.at} data-at={Date.parse(item.at)}>
                        {formatInZone(Date.parse(item.at), {
                          hour: '2-digit',
                          minute: '2-digit',
                          second: '2-digit',
                          hourCycle: 'h23',
                        })}
                      </time>
                      <div>
                        <p>
                          {localTimes(item.sentence, now)}
                          {rest.length > 0 && (
                            <>
                              {' '}
                              <button
                                type="button"
                                className="link-button"
                                onClick={() => setOpened(new Set([...opened, item.id]))}
                              >
                                and {rest.length.toLocaleString('en')} more like it
                              </button>
                            </>
                          )}
                        </p>
                        <p className="soft timeline-foot">
                          {item.actor.name} <span className="mono">{item.type}</span>
                          {item.recordedAt !== null && (
                            <>
                              {' '}
                              written down <Time at={item.recordedAt} show="clock" />
                            </>
                          )}
                          {may && rest.length === 0 && (
                            <button type="button" className="link-button" onClick={() => setPlacing(item)}>
                              Correct the time<span className="sr-only"> of: {item.sentence}</span>
                            </button>
                          )}
                        </p>
                      </div>
                    </li>
                  ))}
                </ol>
              </div>
            ))}
          </>
        )}
      </FirstFew>
    </Section>
  )
}

const alone = ({ first, rest }: TimelineRun): readonly TimelineRun[] =>
  [first, ...rest].map((each) => ({ first: each, rest: [] }))

/** What people wrote last must be there however much machines wrote before. */
const mostPages = 5

async function readWhole(id: string, signal: AbortSignal): Promise<Awaited<ReturnType<typeof incidents.timeline>>> {
  const items: TimelineEntry[] = []
  let more = true
  for (let page = 0; more && page < mostPages; page += 1) {
    const after = items.reduce((last, each) => Math.max(last, each.id), 0)
    const found = await incidents.timeline(id, after, signal)
    items.push(...found.items)
    more = found.more
  }
  return { items, more }
}

function groupByDay(
  runs: readonly TimelineRun[],
): readonly { readonly title: string; readonly items: readonly TimelineRun[] }[] {
  const days = new Map<string, TimelineRun[]>()
  for (const run of runs) {
    const title = formatInZone(Date.parse(run.first.at), { weekday: 'long', day: 'numeric', month: 'long' })
    days.set(title, [...(days.get(title) ?? []), run])
  }
  return [...days].map(([title, members]) => ({ title, items: members }))
}

function NoteBox({ id }: { id: string }) {
  const [text, setText] = useState('')
  const field = useRef<HTMLTextAreaElement>(null)
  const may = useMay('responder')
  const note = useMutation({
    mutationFn: () => incidents.note(id, text.trim()),
    onSuccess: () => {
      setText('')
      return queries.invalidateQueries({ queryKey: ['incidents', 'timeline', id] })
    },
  })
  useCommands(
    may
      ? [{ id: 'incident.note', title: 'Add a note', group: 'Incident', keys: 'n', run: () => field.current?.focus() }]
      : [],
  )
  if (!may) return null
  const send = () => {
    if (text.trim() !== '' && !note.isPending) note.mutate()
  }
  return (
    <form
      className="note-box"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <Textarea
        ref={field}
        aria-label="Note"
        placeholder="What you see, what you decide, what you try"
        autosize={false}
        rows={text === '' ? 1 : 3}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) send()
          if (event.key === 'Escape') event.currentTarget.blur()
        }}
        maxLength={4000}
      />
      <Button
        type="submit"
        variant="default"
        loading={note.isPending}
        disabled={text.trim() === ''}
        rightSection={<kbd>n</kbd>}
      >
        Note
      </Button>
      <ProblemNote error={note.error} retry={send} />
    </form>
  )
}

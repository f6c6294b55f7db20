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

type Filter = 'all' | 'people' | 'signals'

function isPeople(item: TimelineEntry): boolean {
  return item.actor.kind === 'person' || item.actor.kind === 'link'
}

export function Timeline({ id }: { id: IncidentDetail['id'] }) {
  const [filter, setFilter] = useUrlState<Filter>('show', 'all')
  const query = useQuery({
    queryKey: ['incidents', 'timeline', id],
    queryFn: ({ signal }) => incidents.timeline(id, signal),
  })
  const items = [...(query.data?.items ?? [])].sort((a, b) => Date.parse(b.at) - Date.parse(a.at))
  const shown = items.filter((item) => filter === 'all' || isPeople(item) === (filter === 'people'))
  const may = useMay('responder')
  const now = useNow()
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
      {query.data?.more === true && <p className="soft">The first 1,000 entries; the journal has the rest.</p>}
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {query.isPending && <SkeletonRows rows={8} height={32} />}
      {query.data !== undefined && shown.length === 0 && <Empty title="Nothing here yet." />}
      <FirstFew key={filter} rows={shown} most={100} of="entries">
        {(few) => (
          <>
            {groupByDay(few).map((day) => (
              <div key={day.title}>
                <h3 className="day">{day.title}</h3>
                <ol className="timeline">
                  {day.items.map((item) => (
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
                        <p>{localTimes(item.sentence, now)}</p>
                        <p className="soft timeline-foot">
                          {item.actor.name} <span className="mono">{item.type}</span>
                          {item.recordedAt !== null && (
                            <>
                              {' '}
                              written down <Time at={item.recordedAt} show="clock" />
                            </>
                          )}
                          {may && (
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

function groupByDay(
  items: readonly TimelineEntry[],
): readonly { readonly title: string; readonly items: readonly TimelineEntry[] }[] {
  const days = new Map<string, TimelineEntry[]>()
  for (const item of items) {
    const title = formatInZone(Date.parse(item.at), { weekday: 'long', day: 'numeric', month: 'long' })
    days.set(title, [...(days.get(title) ?? []), item])
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

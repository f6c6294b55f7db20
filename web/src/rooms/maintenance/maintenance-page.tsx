// Maintenance: what is under way and planned, beside the changes, and a form for a window.
import { Button } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { overlaps, type Span } from '../../parts/axis.ts'
import { Choice } from '../../parts/choice.tsx'
import { useCommands } from '../../parts/command-hooks.ts'
import { Empty, SkeletonRows } from '../../parts/empty.tsx'
import { FirstFew } from '../../parts/first-few.tsx'
import { plural } from '../../parts/format.ts'
import { useNow } from '../../parts/now.ts'
import { PageHead, Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { Time } from '../../parts/time.tsx'
import { useUrlState } from '../../parts/url-state.ts'
import { incidents } from '../../shell/api.ts'
import { type Calendar, type MaintenanceOccurrence, maintenance } from '../../shell/maintenance-api.ts'
import { useMay } from '../../shell/session.tsx'
import { isOverIncident } from '../../shell/words.ts'
import { CalendarStrip } from './calendar-strip.tsx'
import { OccurrenceLine } from './occurrence-line.tsx'
import { WindowEditor } from './window-form.tsx'
import './maintenance.css'

const day = 86_400_000
const stretches = [
  { value: '7', title: 'A week' },
  { value: '35', title: 'Five weeks' },
  { value: '92', title: 'Three months' },
] as const
type Stretch = (typeof stretches)[number]['value']

export default function MaintenancePage() {
  const mayRespond = useMay('responder')
  const mayEdit = useMay('editor')
  const [window, setWindow] = useUrlState('window', '')
  const [stretch, setStretch] = useUrlState('days', '35')
  const [chosen, setChosen] = useState<Span | null>(null)
  const now = useNow()
  const days = Number(stretches.find((each) => each.value === stretch)?.value ?? '35')
  // By the hour: the axis stands still while people read.
  const anchor = Math.floor(now / 3_600_000) * 3_600_000
  const axis = { from: anchor - (days / 7) * day, to: anchor + days * day }
  const range = { from: new Date(axis.from).toISOString(), to: new Date(axis.to).toISOString() }
  const list = useQuery({
    queryKey: ['maintenance', 'list', range],
    queryFn: ({ signal }) => maintenance.list(range, signal),
    placeholderData: keepPreviousData,
  })
  const calendar = useQuery({
    queryKey: ['maintenance', 'calendar', range],
    queryFn: ({ signal }) => maintenance.calendar(range, signal),
    placeholderData: keepPreviousData,
  })
  useCommands(
    mayEdit
      ? [
          {
            id: 'maintenance.new',
            title: 'Plan maintenance',
            keys: 'c',
            group: 'This page',
            run: () => setWindow('new'),
          },
        ]
      : [],
  )
  const led = useQuery({
    queryKey: ['incidents', 'list', 'scheduled'],
    queryFn: ({ signal }) => incidents.list({ kind: 'scheduled', limit: 200 }, signal),
  }).data?.items
  const roomOf = ({ id }: MaintenanceOccurrence) =>
    led === undefined ? undefined : (led.find((each) => each.plan?.maintenance === id && !isOverIncident(each)) ?? null)
  const inside = (each: MaintenanceOccurrence) =>
    chosen === null || overlaps({ from: Date.parse(each.startsAt), to: Date.parse(each.endsAt) }, chosen)
  const rows = (list.data?.items ?? []).filter(inside)
  const open = rows.filter((each) => each.state === 'in_progress' || each.state === 'scheduled')
  const past = rows.filter((each) => each.state === 'completed' || each.state === 'cancelled').reverse()
  const none = list.data !== undefined && list.data.items.length === 0
  return (
    <>
      <PageHead
        title="Maintenance"
        sentence="Planned work keeps pages quiet, stands outside budgets and is announced to customers: declared once."
        actions={
          mayEdit && window === '' ? <Button onClick={() => setWindow('new')}>Plan maintenance</Button> : undefined
        }
      />
      {window !== '' && mayEdit && <WindowEditor key={window} name={window} onDone={() => setWindow('')} />}
      <div className="toolbar">
        <Choice
          label="How far"
          options={stretches}
          value={stretches.find((each) => each.value === stretch)?.value ?? '35'}
          onChange={(value: Stretch) => setStretch(value)}
        />
        {chosen !== null && (
          <button type="button" className="link-button" onClick={() => setChosen(null)}>
            Show all of it
          </button>
        )}
      </div>
      <ProblemNote error={calendar.error} retry={() => void calendar.refetch()} />
      {calendar.data !== undefined && !none && (
        <CalendarStrip calendar={calendar.data} axis={axis} now={now} chosen={chosen} onChoose={setChosen} />
      )}
      <Section title="Under way and planned" {...(open.length === 0 ? {} : { aside: plural(open.length, 'time') })}>
        <ProblemNote error={list.error} retry={() => void list.refetch()} />
        {list.isPending && <SkeletonRows rows={3} />}
        {list.data !== undefined && open.length === 0 && (
          <Empty
            title="No maintenance is planned."
            command={'mainstay maintenance declare SERVICE --for 2h --reason "new disks"'}
          >
            While it lasts nobody is paged for its services; what still fires at its end is told then.
          </Empty>
        )}
        <FirstFew rows={open} most={20} of="times">
          {(shown) => (
            <ul className="rows">
              {shown.map((each) => (
                <OccurrenceLine key={each.id} of={each} may={mayRespond} room={roomOf(each)} />
              ))}
            </ul>
          )}
        </FirstFew>
      </Section>
      {past.length > 0 && (
        <Section title="Over" aside={plural(past.length, 'time')}>
          <FirstFew rows={past} most={10} of="times">
            {(shown) => (
              <ul className="rows">
                {shown.map((each) => (
                  <OccurrenceLine key={each.id} of={each} may={false} />
                ))}
              </ul>
            )}
          </FirstFew>
        </Section>
      )}
      {calendar.data !== undefined && <Changes calendar={calendar.data} chosen={chosen} />}
    </>
  )
}

function Changes({ calendar, chosen }: { calendar: Calendar; chosen: Span | null }) {
  const changes = calendar.entries.filter(
    (each) =>
      each.kind === 'change' &&
      (chosen === null || (Date.parse(each.from) >= chosen.from && Date.parse(each.from) < chosen.to)),
  )
  if (changes.length === 0) return null
  return (
    <Section title="Changes" aside={plural(changes.length, 'change')}>
      <FirstFew rows={[...changes].reverse()} most={10} of="changes">
        {(shown) => (
          <ul className="rows">
            {shown.map((each) => (
              <li key={each.id}>
                <span className="grow">
                  {each.title}
                  <span className="soft beneath">
                    {each.services.join(', ')} – {each.detail}
                    {each.during.length > 0 && ' – during maintenance'}
                  </span>
                </span>
                <span className="soft">
                  <Time at={each.from} />
                </span>
              </li>
            ))}
          </ul>
        )}
      </FirstFew>
    </Section>
  )
}

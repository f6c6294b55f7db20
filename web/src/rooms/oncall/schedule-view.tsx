// Week or month of one schedule as it will be, with gaps, and the form for an override.
import { Button } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Choice } from '../../parts/choice.tsx'
import { useCommands } from '../../parts/command-hooks.ts'
import { Empty, SkeletonRows } from '../../parts/empty.tsx'
import { durationText, formatInZone, plural, toLocalInput, validZone, zoneName } from '../../parts/format.ts'
import { Icon } from '../../parts/icons.tsx'
import { presentMs, useNow } from '../../parts/now.ts'
import { Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { daysFrom, shownSpan } from '../../parts/schedule-days.ts'
import { ScheduleGrid } from '../../parts/schedule-grid.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import { useUrlState } from '../../parts/url-state.ts'
import { oncall } from '../../shell/api.ts'
import { usePeople, useSchedules } from '../../shell/directory.ts'
import { queries } from '../../shell/queries.ts'
import { useMay, usePerson } from '../../shell/session.tsx'
import { say } from '../../shell/undo.tsx'

type Length = 'week' | 'month'

export function ScheduleView() {
  const person = usePerson()
  const now = useNow()
  const schedules = useQuery({ queryKey: ['oncall', 'now'], queryFn: ({ signal }) => oncall.now(signal) })
  const [wanted, setWanted] = useUrlState('schedule', '')
  const [length, setLength] = useUrlState<Length>('length', 'month')
  const [from, setFrom] = useUrlState('from', '')
  const name = wanted !== '' ? wanted : (schedules.data?.schedules[0]?.name ?? '')
  const viewer = Intl.DateTimeFormat().resolvedOptions().timeZone
  const directory = usePeople()
  const declared = useSchedules()
  const me = useQuery({ queryKey: ['oncall', 'me'], queryFn: ({ signal }) => oncall.me(signal) }).data
  const zone = validZone(declared.get(name)?.timeZone) ?? validZone(person.timeZone) ?? viewer
  const at = Number.isFinite(Date.parse(from)) ? Date.parse(from) : now
  const span = shownSpan(at, length, zone)
  const days = daysFrom(span.from, span.days, zone)
  const end = days.at(-1)?.to ?? span.from
  const query = useQuery({
    queryKey: ['oncall', 'final', name, span.from, end],
    queryFn: ({ signal }) =>
      oncall.final(name, { from: new Date(span.from).toISOString(), to: new Date(end).toISOString() }, signal),
    enabled: name !== '',
    placeholderData: (before) => before,
  })
  const step = (direction: number) =>
    setFrom(
      new Date(
        direction > 0 ? end + 3_600_000 : span.from - 3_600_000 - (length === 'month' ? 27 * 86_400_000 : 0),
      ).toISOString(),
    )
  useCommands([
    { id: 'schedule.next', title: 'Later', group: 'Schedule', keys: ']', run: () => step(1) },
    { id: 'schedule.previous', title: 'Earlier', group: 'Schedule', keys: '[', run: () => step(-1) },
    { id: 'schedule.today', title: 'Back to now', group: 'Schedule', keys: '.', run: () => setFrom('') },
  ])
  if (schedules.data?.schedules.length === 0) {
    return (
      <Empty title="No schedule is declared yet." command="mainstay apply -f on-call.yaml">
        A schedule has layers of rotations; the calendar here shows what they add up to.
      </Empty>
    )
  }
  const gaps = query.data?.gaps ?? []
  const gapMs = gaps.reduce((sum, gap) => sum + Date.parse(gap.end) - Date.parse(gap.start), 0)
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
        <Choice
          label="Length"
          value={length}
          onChange={setLength}
          options={[
            { value: 'week', title: 'Week' },
            { value: 'month', title: '5 weeks' },
          ]}
        />
        <div className="stepper">
          <button
            type="button"
            className="icon-button flip"
            aria-label="Earlier"
            title="Earlier ( [ )"
            onClick={() => step(-1)}
          >
            <Icon name="right" />
          </button>
          <button type="button" className="link-button" onClick={() => setFrom('')}>
            Now
          </button>
          <button type="button" className="icon-button" aria-label="Later" title="Later ( ] )" onClick={() => step(1)}>
            <Icon name="right" />
          </button>
        </div>
        <span className="soft">
          {formatInZone(span.from, { day: 'numeric', month: 'short' }, zone)} to{' '}
          {formatInZone(end - 1, { day: 'numeric', month: 'short', year: 'numeric' }, zone)}, times in {zoneName(zone)}
        </span>
      </div>
      <ProblemNote error={schedules.error ?? query.error} retry={() => void query.refetch()} />
      {(query.isPending || schedules.isPending) && <SkeletonRows rows={5} height={64} />}
      {query.data !== undefined && (
        <>
          <p className="schedule-sentence">
            {gaps.length === 0 ? (
              'Somebody is on call at every moment shown.'
            ) : (
              <StateMark
                tone="critical"
                word={`${plural(gaps.length, 'gap')} with nobody on call, ${durationText(gapMs)} in all`}
                strong
              />
            )}
          </p>
          <ScheduleGrid
            label={`Final schedule ${name}`}
            from={span.from}
            days={span.days}
            zone={zone}
            now={now}
            shifts={query.data.shifts.map((shift) => ({
              from: Date.parse(shift.start),
              to: Date.parse(shift.end),
              person: directory.get(shift.person)?.title ?? shift.person,
              mine: me?.person === shift.person,
              source: shift.source,
              zone: directory.get(shift.person)?.timeZone ?? null,
            }))}
            gaps={gaps.map((gap) => ({ from: Date.parse(gap.start), to: Date.parse(gap.end) }))}
          />
          <Overrides schedule={name} />
          <OverrideForm key={name} schedule={name} gap={gaps[0] ?? null} zone={viewer} me={me?.person ?? null} />
        </>
      )}
    </>
  )
}

const hour = 3_600_000

function OverrideForm({
  schedule,
  gap,
  zone,
  me,
}: {
  schedule: string
  gap: { start: string; end: string } | null
  zone: string
  me: string | null
}) {
  const people = usePeople()
  const may = useMay('responder')
  const nextHour = Math.ceil(presentMs() / hour) * hour
  const [chosen, setWho] = useState('')
  const who = chosen !== '' ? chosen : (me ?? [...people.keys()][0] ?? '')
  const [reason, setReason] = useState('')
  const [start, setStart] = useState(() => toLocalInput(gap === null ? nextHour : Date.parse(gap.start)))
  const [end, setEnd] = useState(() => toLocalInput(gap === null ? nextHour + 8 * hour : Date.parse(gap.end)))
  const create = useMutation({
    mutationFn: () =>
      oncall.override(schedule, {
        kind: 'replace',
        reason: reason.trim(),
        person: who,
        start: new Date(start).toISOString(),
        end: new Date(end).toISOString(),
      }),
    onSuccess: () => {
      say({ sentence: 'The override stands in the schedule.', undo: null })
      return queries.invalidateQueries({ queryKey: ['oncall'] })
    },
  })
  if (!may) return null
  const length = Date.parse(end) - Date.parse(start)
  return (
    <Section title="Override" aside={`Times in your zone, ${zoneName(zone)}`}>
      <form
        className="form-row"
        onSubmit={(event) => {
          event.preventDefault()
          create.mutate()
        }}
      >
        <label className="field">
          <span>Who takes over</span>
          <select className="plain-select" value={who} onChange={(event) => setWho(event.currentTarget.value)}>
            {[...people].map(([each, known]) => (
              <option key={each} value={each}>
                {known.title}
              </option>
            ))}
          </select>
        </label>
        <label className="field">
          <span>From</span>
          <input
            className="plain-select"
            type="datetime-local"
            value={start}
            onChange={(event) => setStart(event.currentTarget.value)}
            required
          />
        </label>
        <label className="field">
          <span>Until</span>
          <input
            className="plain-select"
            type="datetime-local"
            value={end}
            onChange={(event) => setEnd(event.currentTarget.value)}
            required
          />
        </label>
        <label className="field">
          <span>Why</span>
          <input
            className="plain-select"
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            required
            maxLength={500}
          />
        </label>
        <Button type="submit" variant="default" loading={create.isPending} disabled={!(length > 0) || who === ''}>
          {length > 0 ? `Take over for ${durationText(length)}` : 'The end must be later'}
        </Button>
      </form>
      <ProblemNote error={create.error} retry={() => create.mutate()} />
    </Section>
  )
}

function Overrides({ schedule }: { schedule: string }) {
  const people = usePeople()
  const may = useMay('responder')
  const query = useQuery({
    queryKey: ['oncall', 'overrides', schedule],
    queryFn: ({ signal }) => oncall.overrides(schedule, signal),
  })
  const end = useMutation({
    mutationFn: (id: string) => oncall.endOverride(id),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['oncall'] }),
  })
  if (query.data === undefined || query.data.items.length === 0) return <ProblemNote error={query.error} />
  return (
    <Section title="Overrides ahead">
      <ProblemNote error={end.error} />
      <ul className="rows">
        {query.data.items.map((each) => (
          <li key={each.id}>
            <span className="grow">
              <strong>{people.get(each.person)?.title ?? each.person}</strong>{' '}
              {each.kind === 'add' ? 'joins' : each.kind === 'remove' ? 'steps out' : 'takes over'}{' '}
              <span className="soft">{each.reason}</span>
            </span>
            <span className="soft">
              <Time at={each.start} show="clock" /> to <Time at={each.end} show="clock" />
            </span>
            {may && (
              <Button
                size="compact-sm"
                variant="default"
                loading={end.isPending && end.variables === each.id}
                onClick={() => end.mutate(each.id)}
              >
                Take back
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Section>
  )
}

// One schedule over a week, five weeks or a quarter: who, what is missing, what to weigh, and how to change it.
import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import type { Span } from '../../parts/axis.ts'
import { Choice } from '../../parts/choice.tsx'
import { useCommands } from '../../parts/command-hooks.ts'
import { Empty, SkeletonRows } from '../../parts/empty.tsx'
import { durationText, formatInZone, plural, validZone, zoneName } from '../../parts/format.ts'
import { Icon } from '../../parts/icons.tsx'
import { useNow } from '../../parts/now.ts'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { daysFrom, shownSpan } from '../../parts/schedule-days.ts'
import { ScheduleGrid } from '../../parts/schedule-grid.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { useUrlState } from '../../parts/url-state.ts'
import { oncall } from '../../shell/api.ts'
import { usePeople, useSchedules } from '../../shell/directory.ts'
import { useMay, usePerson } from '../../shell/session.tsx'
import { CalendarAddress } from './calendar-address.tsx'
import { Findings } from './findings.tsx'
import { LoadTable } from './load-table.tsx'
import type { OverrideDraft } from './override-draft.ts'
import { OverrideForm } from './override-form.tsx'
import { OverrideList } from './override-list.tsx'
import { SwapSection } from './swap-section.tsx'

type Length = 'week' | 'month' | 'quarter'
const lengths = [
  { value: 'week', title: 'Week' },
  { value: 'month', title: '5 weeks' },
  { value: 'quarter', title: 'Quarter' },
] as const
const day = 86_400_000
interface Work {
  readonly schedule: string
  readonly draft: OverrideDraft | null
  readonly picked: Span | null
}

const wholeHour = (at: number): number => Math.ceil(at / 3_600_000) * 3_600_000

export function ScheduleView() {
  const person = usePerson()
  const now = useNow()
  const schedules = useQuery({ queryKey: ['oncall', 'now'], queryFn: ({ signal }) => oncall.now(signal) })
  const [wanted, setWanted] = useUrlState('schedule', '')
  const [length, setLength] = useUrlState<Length>('length', 'month')
  const [from, setFrom] = useUrlState('from', '')
  const [shownZone, setShownZone] = useUrlState('zone', '')
  const [onlyMine, setOnlyMine] = useUrlState<'' | 'yes'>('mine', '')
  const [work, setWork] = useState<Work>({ schedule: '', draft: null, picked: null })
  const form = useRef<HTMLDivElement>(null)
  const may = useMay('responder')
  const name = wanted !== '' ? wanted : (schedules.data?.schedules[0]?.name ?? '')
  // What was begun for one schedule is not offered for another.
  const { draft, picked } = work.schedule === name ? work : { draft: null, picked: null }
  const setPicked = (span: Span) => setWork({ schedule: name, draft, picked: span })
  const directory = usePeople()
  const own = validZone(useSchedules().get(name)?.timeZone)
  const me = useQuery({ queryKey: ['oncall', 'me'], queryFn: ({ signal }) => oncall.me(signal) }).data?.person ?? null
  const viewer = validZone(person.timeZone) ?? Intl.DateTimeFormat().resolvedOptions().timeZone
  const zone = validZone(shownZone) ?? own ?? viewer
  const at = Number.isFinite(Date.parse(from)) ? Date.parse(from) : now
  const span = length === 'quarter' ? { ...shownSpan(at, 'month', zone), days: 91 } : shownSpan(at, length, zone)
  const days = daysFrom(span.from, span.days, zone)
  const end = days.at(-1)?.to ?? span.from
  const bounds = { from: new Date(span.from).toISOString(), to: new Date(end).toISOString() }
  const query = useQuery({
    queryKey: ['oncall', 'final', name, span.from, end],
    queryFn: ({ signal }) => oncall.final(name, bounds, signal),
    enabled: name !== '',
    placeholderData: (before) => before,
  })
  const back = { week: 0, month: 27 * day, quarter: 83 * day }[length]
  const step = (direction: number) =>
    setFrom(new Date(direction > 0 ? end + 3_600_000 : span.from - 3_600_000 - back).toISOString())
  const open = (next: OverrideDraft) => {
    const span =
      next.start === undefined || next.end === undefined
        ? null
        : { from: Math.max(Date.parse(next.start), wholeHour(now)), to: Date.parse(next.end) }
    setWork({ schedule: name, draft: next, picked: span })
    // After the form has drawn what it starts with.
    requestAnimationFrame(() => {
      form.current?.scrollIntoView({ block: 'nearest' })
      form.current?.querySelector('select')?.focus()
    })
  }
  // What is over stays as it was.
  const aheadOf = (span: Span): Span | null => {
    const ahead = { from: Math.max(span.from, wholeHour(now)), to: span.to }
    return ahead.to > ahead.from ? ahead : null
  }
  const pick = (span: Span, person: string | null) => {
    const ahead = aheadOf(span)
    if (ahead === null) return
    // Drawn anew, the time moves and the words stay; but other hours are no cover of the shift that was chosen before.
    if (person === null && draft !== null && draft.covers === undefined) return setPicked(ahead)
    const bounds = { start: new Date(ahead.from).toISOString(), end: new Date(ahead.to).toISOString() }
    open({ key: `pick ${span.from} ${person ?? ''}`, ...bounds, ...(person === null ? {} : { covers: person }) })
  }
  const adjust = (span: Span) => {
    const ahead = aheadOf(span)
    if (ahead !== null) setPicked(ahead)
  }
  useCommands([
    { id: 'schedule.next', title: 'Later', group: 'Schedule', keys: ']', run: () => step(1) },
    { id: 'schedule.previous', title: 'Earlier', group: 'Schedule', keys: '[', run: () => step(-1) },
    { id: 'schedule.today', title: 'Back to now', group: 'Schedule', keys: '.', run: () => setFrom('') },
    { id: 'schedule.override', title: 'Override', group: 'Schedule', keys: 'o', run: () => open({ key: `o${now}` }) },
  ])
  if (schedules.data?.schedules.length === 0) {
    return (
      <Empty title="No schedule is declared yet." command="mainstay apply -f on-call.yaml">
        A schedule has layers of rotations; the calendar here shows what they add up to.
      </Empty>
    )
  }
  const shifts = (query.data?.shifts ?? []).filter((each) => onlyMine === '' || each.person === me)
  const missing = query.data?.missing ?? []
  const gapMs = missing.reduce((sum, gap) => sum + Date.parse(gap.end) - Date.parse(gap.start), 0)
  const zones = zonesOf([own, viewer, ...shifts.map((each) => validZone(directory.get(each.person)?.timeZone))])
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
        <Choice label="Length" value={length} onChange={setLength} options={lengths} />
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
        <label className="inline-field">
          <span className="soft">Times in</span>
          <select
            className="plain-select"
            value={zone}
            onChange={(event) => setShownZone(event.currentTarget.value === own ? '' : event.currentTarget.value)}
          >
            {zones.map((each) => (
              <option key={each} value={each}>
                {zoneName(each)}
                {each === own ? ' (the schedule)' : each === viewer ? ' (you)' : ''}
              </option>
            ))}
          </select>
        </label>
        {me !== null && (
          <label className="check">
            <input
              type="checkbox"
              checked={onlyMine === 'yes'}
              onChange={(event) => setOnlyMine(event.currentTarget.checked ? 'yes' : '')}
            />
            <span>Only my shifts</span>
          </label>
        )}
      </div>
      <p className="soft schedule-span">
        {formatInZone(span.from, { day: 'numeric', month: 'short' }, zone)} to{' '}
        {formatInZone(end - 1, { day: 'numeric', month: 'short', year: 'numeric' }, zone)}
      </p>
      <ProblemNote error={schedules.error ?? query.error} retry={() => void query.refetch()} />
      {(query.isPending || schedules.isPending) && <SkeletonRows rows={5} height={64} />}
      {query.data !== undefined && (
        <>
          <div className="schedule-sentence">
            {missing.length === 0 ? (
              'Somebody is on call whenever somebody has to be.'
            ) : (
              <>
                <StateMark
                  tone="critical"
                  word={`${plural(missing.length, 'gap')} with nobody on call, ${durationText(gapMs)} in all`}
                  strong
                />
                {may && missing[0] !== undefined && Date.parse(missing[0].end) > now && (
                  <button
                    type="button"
                    className="link-button"
                    onClick={() =>
                      missing[0] !== undefined && open({ key: `gap ${missing[0].start}`, ...missing[0], kind: 'add' })
                    }
                  >
                    Cover the first one
                  </button>
                )}
              </>
            )}
            {(query.data.unrecorded[0] ?? null) !== null && (
              <span className="soft">Nothing was recorded before this schedule was declared.</span>
            )}
          </div>
          <ScheduleGrid
            label={`Final schedule ${name}`}
            from={span.from}
            days={span.days}
            zone={zone}
            now={now}
            shifts={shifts.map((shift) => ({
              from: Date.parse(shift.start),
              to: Date.parse(shift.end),
              person: directory.get(shift.person)?.title ?? shift.person,
              mine: me === shift.person,
              source: shift.kind === 'rotation' ? shift.source : `override: ${shift.source}`,
              zone: directory.get(shift.person)?.timeZone ?? null,
              name: shift.person,
            }))}
            picked={picked}
            {...(may ? { onPick: pick, onAdjust: adjust } : {})}
            gaps={
              onlyMine === 'yes' ? [] : missing.map((gap) => ({ from: Date.parse(gap.start), to: Date.parse(gap.end) }))
            }
          />
          <Findings schedule={name} onCover={may ? open : null} />
          <SwapSection schedule={name} me={me} shifts={query.data.shifts} />
          <div ref={form}>
            {may && (
              <OverrideForm
                key={`${name} ${draft?.key ?? ''}`}
                {...{ draft, me, picked }}
                schedule={name}
                onPick={setPicked}
              />
            )}
          </div>
          <OverrideList schedule={name} may={may} />
          <LoadTable schedule={name} bounds={bounds} />
          <CalendarAddress schedule={name} />
        </>
      )}
    </>
  )
}

function zonesOf(zones: readonly (string | undefined)[]): readonly string[] {
  return [...new Set(zones.flatMap((each) => each ?? []))]
}

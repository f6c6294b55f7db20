// The final schedule as weeks of bars: names are written in, mine are filled, gaps are hatched and say "Nobody".
// On a phone, and as its text alternative, the same shifts stand as a list.
import { useMediaQuery } from '@mantine/hooks'
import { type CSSProperties, type ReactNode, useState } from 'react'
import type { Span } from './axis.ts'
import { overlaps } from './axis.ts'
import { dayKey, durationText, formatInZone, plural, validZone, zoneName } from './format.ts'
import { PickedRange, useRangeDrag } from './range-picker.tsx'
import { daysFrom } from './schedule-days.ts'
import { Time } from './time.tsx'
import './schedule-grid.css'

export interface GridShift extends Span {
  readonly person: string
  readonly mine: boolean
  readonly source: string
  readonly zone?: string | null
  /** Given back when the shift is chosen. */
  readonly name?: string
}

interface ScheduleGridProps {
  readonly label: string
  readonly from: number
  readonly days: number
  readonly zone: string
  readonly now: number
  readonly shifts: readonly GridShift[]
  readonly gaps: readonly Span[]
  /** A stretch of time that is being worked on. */
  readonly picked?: Span | null
  /** Of whom when a shift is chosen; null when a stretch was drawn. Left out, nothing can be picked. */
  readonly onPick?: (span: Span, name: string | null) => void
  /** The ends of the picked stretch were moved. */
  readonly onAdjust?: (span: Span) => void
}

export function ScheduleGrid(props: ScheduleGridProps) {
  const phone = useMediaQuery('(max-width: 720px)', undefined, { getInitialValueInEffect: false }) === true
  const [asList, setAsList] = useState(false)
  const list = asList || phone
  return (
    <div className="schedule">
      {!phone && (
        <div className="chart-tools">
          <button type="button" className="link-button soft" aria-pressed={asList} onClick={() => setAsList(!asList)}>
            {asList ? 'Show as calendar' : 'Show as list'}
          </button>
        </div>
      )}
      {list ? <ShiftList {...props} /> : <Weeks {...props} />}
    </div>
  )
}

function Weeks({ label, from, days, zone, now, shifts, gaps, picked = null, onPick, onAdjust }: ScheduleGridProps) {
  const [described, setDescribed] = useState<GridShift | null>(null)
  const all = daysFrom(from, days, zone)
  const weeks = Array.from({ length: Math.ceil(all.length / 7) }, (_, index) => all.slice(index * 7, index * 7 + 7))
  const today = dayKey(now, zone)
  return (
    <section aria-label={`${label}. The list says the same in words.`}>
      {weeks.map((week, index) => {
        const span = { from: week[0]?.from ?? 0, to: week.at(-1)?.to ?? 0 }
        const place = (bar: Span) => {
          const start = Math.max(bar.from, span.from)
          const end = Math.min(bar.to, span.to)
          return {
            left: `${((start - span.from) / (span.to - span.from)) * 100}%`,
            width: `calc(${((end - start) / (span.to - span.from)) * 100}% - 2px)`,
          }
        }
        const lanes = lanesOf(shifts.filter((each) => overlaps(each, span)))
        return (
          <div key={span.from} className="week">
            <div className="week-days">
              {week.map((day) => (
                <div
                  key={day.from}
                  className="week-day"
                  data-today={dayKey(day.from, zone) === today}
                  data-weekend={isWeekend(day.from, zone)}
                >
                  {index === 0 && <span>{formatInZone(day.from, { weekday: 'short' }, zone)} </span>}
                  {formatInZone(
                    day.from,
                    dayOfMonth(day.from, zone) === 1 || (index === 0 && day === week[0])
                      ? { day: 'numeric', month: 'short' }
                      : { day: 'numeric' },
                    zone,
                  )}
                  {day.to - day.from !== 86_400_000 && (
                    <span className="clock-change">{(day.to - day.from) / 3_600_000} h day</span>
                  )}
                </div>
              ))}
            </div>
            <WeekBars week={span} lanes={lanes.length} zone={zone} picked={picked} {...{ onPick, onAdjust }}>
              {lanes.flatMap((lane, row) =>
                lane.map((shift) => (
                  <ShiftBar
                    key={`${shift.from}${shift.person}${shift.source}`}
                    shift={shift}
                    place={{ ...place(shift), top: row * 34 }}
                    words={shiftWords(shift, zone)}
                    // What is over, or will be within the hour, cannot be covered.
                    onPick={shift.to > nextHour(now) ? onPick : undefined}
                    onDescribe={setDescribed}
                  />
                )),
              )}
              {gaps
                .filter((gap) => overlaps(gap, span))
                .map((gap) => (
                  <div
                    key={gap.from}
                    className="shift gap hatch"
                    style={{ ...place(gap), top: 0 }}
                    title={`Nobody for ${durationText(gap.to - gap.from)}`}
                  >
                    <span>Nobody</span>
                  </div>
                ))}
              {now >= span.from && now < span.to && (
                <div className="now-line" style={{ left: place({ from: now, to: now }).left }} title="Now" />
              )}
            </WeekBars>
          </div>
        )
      })}
      {onPick !== undefined && (
        <p className="soft shift-words" aria-live="polite">
          {described === null
            ? 'Choose a shift, or drag over hours, to cover them. Each shift says its times where its person lives.'
            : shiftWords(described, zone)}
        </p>
      )}
    </section>
  )
}

function WeekBars({
  week,
  lanes,
  zone,
  picked,
  onPick,
  onAdjust,
  children,
}: {
  week: Span
  lanes: number
  zone: string
  picked: Span | null
  onPick: ScheduleGridProps['onPick']
  onAdjust: ScheduleGridProps['onAdjust']
  children: ReactNode
}) {
  const pick = onPick === undefined ? null : (span: Span) => onPick(span, null)
  const { drawn, handlers } = useRangeDrag(week, pick)
  return (
    <div className="week-bars" data-picks={pick !== null} style={{ height: Math.max(1, lanes) * 34 }} {...handlers}>
      {children}
      {drawn !== null && <PickedRange week={week} picked={drawn} zone={zone} onPick={null} />}
      {drawn === null && picked !== null && (
        <PickedRange week={week} picked={picked} zone={zone} onPick={onAdjust ?? null} />
      )}
    </div>
  )
}

function ShiftBar({
  shift,
  place,
  words,
  onPick,
  onDescribe,
}: {
  shift: GridShift
  place: CSSProperties
  words: string
  onPick: ScheduleGridProps['onPick']
  onDescribe: (shift: GridShift | null) => void
}) {
  const look = {
    className: 'shift',
    'data-mine': shift.mine,
    'data-override': shift.source.startsWith('override'),
    style: place,
    title: words,
  }
  if (onPick === undefined) return <div {...look}>{shift.person}</div>
  return (
    <button
      type="button"
      {...look}
      aria-label={`${words}. Cover it.`}
      onFocus={() => onDescribe(shift)}
      onBlur={() => onDescribe(null)}
      onClick={() => onPick(shift, shift.name ?? null)}
    >
      {shift.person}
    </button>
  )
}

const nextHour = (at: number): number => Math.ceil(at / 3_600_000) * 3_600_000

function lanesOf(shifts: readonly GridShift[]): readonly (readonly GridShift[])[] {
  const lanes: GridShift[][] = []
  for (const shift of [...shifts].sort((a, b) => a.from - b.from)) {
    const free = lanes.find((lane) => (lane.at(-1)?.to ?? 0) <= shift.from)
    if (free === undefined) lanes.push([shift])
    else free.push(shift)
  }
  return lanes
}

const clock: Intl.DateTimeFormatOptions = { weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }

function shiftWords(shift: GridShift, zone: string): string {
  const own = validZone(shift.zone)
  const here = `${formatInZone(shift.from, clock, zone)} to ${formatInZone(shift.to, clock, zone)} (${zoneName(zone)})`
  const there =
    own === undefined || own === zone
      ? ''
      : `, for them ${formatInZone(shift.from, clock, own)} to ${formatInZone(shift.to, clock, own)} (${zoneName(own)})`
  return `${shift.person}: ${here}${there}; ${shift.source}`
}

const dayOfMonth = (at: number, zone: string): number => Number(dayKey(at, zone).slice(8))
const isWeekend = (at: number, zone: string): boolean =>
  /Sat|Sun/.test(formatInZone(at, { weekday: 'short' }, zone, 'en'))

/** The same where the person lives, when that is another clock. */
function OwnTimes({ shift, zone }: { shift: Span & { readonly zone?: string | null }; zone: string }) {
  const own = validZone(shift.zone)
  if (own === undefined || own === zone) return null
  return (
    <>
      <br />
      for them {formatInZone(shift.from, clock, own)} to {formatInZone(shift.to, clock, own)} ({zoneName(own)})
    </>
  )
}

// A quarter of hourly turns is two thousand rows; nobody reads them on a phone, and drawing them takes seconds.
const rowsAtFirst = 80

function ShiftList({ label, zone, shifts, gaps, now }: ScheduleGridProps) {
  const [all, setAll] = useState(false)
  const rows = [
    ...shifts.map((shift) => ({ ...shift, gap: false })),
    ...gaps.map((gap) => ({ ...gap, person: 'Nobody', mine: false, source: 'gap', gap: true, zone: null })),
  ].sort((a, b) => a.from - b.from)
  // What is over is out of the way; the list begins with what is under way.
  const ahead = rows.filter((row) => row.to > now)
  const shown = all ? rows : (ahead.length > 0 ? ahead : rows).slice(0, rowsAtFirst)
  return (
    <>
      <ul className="rows" aria-label={label}>
        {shown.map((row) => (
          <li
            key={`${row.from}${row.person}${row.source}`}
            className={row.gap ? 'list-gap' : undefined}
            aria-current={row.from <= now && now < row.to ? 'time' : undefined}
          >
            <span
              className={row.gap ? 'list-mark hatch' : row.mine ? 'list-mark mine' : 'list-mark'}
              aria-hidden="true"
            />
            <span className="grow">
              <strong>{row.person}</strong>
              {row.mine && <span className="soft"> (you)</span>}
              <br />
              <span className="soft">
                <Time at={new Date(row.from).toISOString()} zone={zone} show="clock" /> to{' '}
                <Time at={new Date(row.to).toISOString()} zone={zone} show="clock" />
                <OwnTimes shift={row} zone={zone} />
              </span>
            </span>
            <span className="soft">{durationText(row.to - row.from)}</span>
          </li>
        ))}
      </ul>
      {shown.length < rows.length && (
        <button type="button" className="link-button soft" onClick={() => setAll(true)}>
          Show {plural(rows.length - shown.length, 'more shift')}
        </button>
      )}
    </>
  )
}

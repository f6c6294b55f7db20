// Figures of on-call health: the few that matter in large, and a table to compare by.
import type { ReactNode } from 'react'
import { type Figure, Figures } from '../../parts/figures.tsx'
import { durationText, numberText } from '../../parts/format.ts'
import { ScrollX } from '../../parts/scroll-x.tsx'
import type { OnCallFigures } from '../../shell/oncall-api.ts'

const time = (ms: number | null): string => (ms === null ? '–' : ms === 0 ? '0' : durationText(ms))
const hours = (ms: number): string => numberText(Math.round(ms / 3_600_000))

export function HealthTotal({ figures }: { figures: OnCallFigures }) {
  const { callsPerStretch, pagesPerHour } = figures
  const shown: readonly Figure[] = [
    ['Calls', numberText(figures.calls), `of ${numberText(figures.pages)} pages`],
    [
      'Calls a stretch',
      callsPerStretch === null ? '–' : numberText(callsPerStretch, undefined, 2),
      `${numberText(figures.overfull)} of ${numberText(figures.stretches)} overfull`,
    ],
    [
      'Pages an hour',
      pagesPerHour === null ? '–' : numberText(pagesPerHour, undefined, 3),
      figures.onCallMs < 3_600_000 ? 'less than an hour on call' : `in ${hours(figures.onCallMs)} h on call`,
    ],
    ['After hours', numberText(figures.afterHours), 'pages'],
    ['Broken nights', numberText(figures.brokenNights), `${time(figures.awakeMs)} awake`],
    ['Answer', time(figures.medianAnswerMs), `nine of ten within ${time(figures.slowAnswerMs)}`],
    [
      'Unanswered',
      numberText(figures.unanswered),
      figures.unknown === 0 ? 'pages' : `pages; ${figures.unknown} not known`,
    ],
  ]
  return <Figures figures={shown} />
}

export interface FiguresRow {
  readonly key: string
  readonly title: ReactNode
  /** Null when too few people stand behind them. */
  readonly figures: OnCallFigures | null
  readonly note: ReactNode
}

export function FiguresTable({ label, first, rows }: { label: string; first: string; rows: readonly FiguresRow[] }) {
  return (
    <ScrollX label={label}>
      <table className="plain-table load-table">
        <thead>
          <tr>
            {[
              first,
              'On call, h',
              'Calls',
              'After hours',
              'Broken nights',
              'Awake',
              'Overfull',
              'Answer',
              'Unanswered',
            ].map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, title, figures, note }) => (
            <tr key={key}>
              <th scope="row">
                {title}
                {note !== null && <div className="health-note">{note}</div>}
              </th>
              {figures === null ? (
                <td colSpan={8} className="soft">
                  too few people to tell
                </td>
              ) : (
                <>
                  <td>{hours(figures.onCallMs)}</td>
                  <td>{numberText(figures.calls)}</td>
                  <td>{numberText(figures.afterHours)}</td>
                  <td>{numberText(figures.brokenNights)}</td>
                  <td>{time(figures.awakeMs)}</td>
                  <td>{numberText(figures.overfull)}</td>
                  <td>{time(figures.medianAnswerMs)}</td>
                  <td>{numberText(figures.unanswered)}</td>
                </>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollX>
  )
}

// Counts with a bar each: how many, how many of them repeats, how long users were hurt.
import { durationText } from '../../parts/format.ts'
import { ScrollX } from '../../parts/scroll-x.tsx'
import './learning.css'

export interface TallyRow {
  readonly name: string
  readonly title: string
  readonly incidents: number
  readonly repeats: number
  readonly timeToMitigate: { readonly medianMs: number | null; readonly known: number }
}

export function TallyTable({ label, what, rows }: { label: string; what: string; rows: readonly TallyRow[] }) {
  const most = Math.max(1, ...rows.map((row) => row.incidents))
  return (
    <ScrollX label={label}>
      <table className="plain-table tally-table">
        <caption className="sr-only">{label}</caption>
        <thead>
          <tr>
            <th scope="col">{what}</th>
            <th scope="col" className="end">
              Incidents
            </th>
            <th scope="col" className="tally-bars">
              <span className="sr-only">As a bar</span>
            </th>
            <th scope="col" className="end">
              Repeats
            </th>
            <th scope="col" className="end">
              Time to mitigate
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.name}>
              <th scope="row">{row.title}</th>
              <td className="end">{row.incidents}</td>
              <td className="tally-bars">
                <span className="tally-bar" style={{ width: `${(row.incidents / most) * 100}%` }}>
                  <span className="tally-repeats" style={{ width: `${share(row.repeats, row.incidents)}%` }} />
                </span>
              </td>
              <td className="end">{row.repeats}</td>
              <td className="end">
                {row.timeToMitigate.medianMs === null ? (
                  <span className="soft">not known</span>
                ) : (
                  <>
                    {durationText(row.timeToMitigate.medianMs)}{' '}
                    <span className="soft">of {row.timeToMitigate.known}</span>
                  </>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollX>
  )
}

const share = (part: number, all: number): number => (all === 0 ? 0 : (part / all) * 100)

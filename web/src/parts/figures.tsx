// The few figures that matter, in large, each with what it is measured against.
import './figures.css'

export type Figure = readonly [title: string, value: string, note: string]

export function Figures({ figures }: { figures: readonly Figure[] }) {
  return (
    <dl className="figures">
      {figures.map(([title, value, note]) => (
        <div key={title}>
          <dt>{title}</dt>
          <dd>
            <strong>{value}</strong> <span className="figure-note">{note}</span>
          </dd>
        </div>
      ))}
    </dl>
  )
}

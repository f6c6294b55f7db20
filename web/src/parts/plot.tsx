// A line chart on a canvas (uPlot, loaded only where it is used) with its summary in words and its table one key away.
import { lazy, type ReactNode, Suspense, useState } from 'react'
import type { PlotProps } from './plot-lines.ts'

const Canvas = lazy(() => import('./plot-canvas.tsx'))

export function Plot(props: PlotProps) {
  const [asTable, setAsTable] = useState(false)
  const height = props.height ?? 200
  return (
    <figure className="chart-figure" aria-label={props.summary}>
      <div className="chart-tools">
        <button type="button" className="link-button soft" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
          {asTable ? 'Show as chart' : 'Show as table'}
        </button>
      </div>
      {asTable ? (
        <ChartTable caption={props.summary} columns={props.table.columns} rows={props.table.rows()} height={height} />
      ) : (
        <div role="img" aria-label={props.summary} style={{ height }}>
          {props.times.length === 0 ? (
            <p className="soft">Nothing was measured in this time.</p>
          ) : (
            <Suspense fallback={null}>
              <Canvas {...props} height={height} />
            </Suspense>
          )}
        </div>
      )}
    </figure>
  )
}

export function ChartTable({
  caption,
  columns,
  rows,
  height,
}: {
  caption: string
  columns: readonly string[]
  rows: readonly (readonly ReactNode[])[]
  height: number
}) {
  return (
    <section
      className="scroll-x"
      style={{ maxHeight: Math.max(height, 200), overflowY: 'auto' }}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so it must take the focus
      tabIndex={0}
      aria-label={caption}
    >
      <table className="plain-table">
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            // Rows of a series have no name but their place.
            // biome-ignore lint/suspicious/noArrayIndexKey: see above
            <tr key={index}>
              {row.map((cell, column) => (
                <td key={columns[column]}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

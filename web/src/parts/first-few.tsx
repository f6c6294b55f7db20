// A list that may be long: the first few, and the rest when asked for.
import { type ReactNode, useState } from 'react'

export function FirstFew<Row>({
  rows,
  most,
  of,
  children,
}: {
  rows: readonly Row[]
  /** How many are shown at first, and how many more with each press. */
  most: number
  /** What they are, for the button: `alerts`. */
  of: string
  children: (rows: readonly Row[]) => ReactNode
}) {
  const [shown, setShown] = useState(most)
  const left = rows.length - shown
  return (
    <>
      {children(rows.slice(0, shown))}
      {left > 0 && (
        <p className="first-few">
          <button type="button" className="link-button" onClick={() => setShown(shown + Math.max(most, 100))}>
            {left <= 100 ? `${left} more ${of}` : `100 more of ${left} ${of}`}
          </button>
        </p>
      )}
    </>
  )
}

// Nothing here yet: say what would be, and the next step as a command to copy.
import type { ReactNode } from 'react'
import { CopyLine } from './copy-line.tsx'
import './notes.css'

export function Empty({ title, children, command }: { title: string; children?: ReactNode; command?: string }) {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      {children !== undefined && <div className="empty-text">{children}</div>}
      {command !== undefined && <CopyLine text={command} />}
    </div>
  )
}

/** Bars that hold the place of rows while they load. */
export function SkeletonRows({ rows = 6, height = 40 }: { rows?: number; height?: number }) {
  return (
    <div className="skeleton" role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, index) => (
        // The bars never move: their place is their identity.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <div key={index} className="skeleton-row" style={{ height }}>
          <span style={{ width: `${28 + ((index * 37) % 40)}%` }} />
          <span style={{ width: `${8 + ((index * 13) % 10)}%` }} />
        </div>
      ))}
    </div>
  )
}

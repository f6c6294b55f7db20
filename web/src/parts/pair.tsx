// A word and what it stands for, in a `dl` of the class `pairs`.
import type { ReactNode } from 'react'

export function Pair({ title, mono = false, children }: { title: string; mono?: boolean; children: ReactNode }) {
  return (
    <div className="pair">
      <dt>{title}</dt>
      <dd className={mono ? 'mono' : undefined}>{children}</dd>
    </div>
  )
}

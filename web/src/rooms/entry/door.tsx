import type { ReactNode } from 'react'
import { Logo } from '../../parts/icons.tsx'

export function Door({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="alone">
      <title>{`${title} · Mainstay`}</title>
      <div className="alone-brand">
        <Logo size={28} />
        Mainstay
      </div>
      {children}
    </main>
  )
}

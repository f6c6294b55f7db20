// The head of a page: where one is, its name, one sentence, and what can be done.
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { Icon } from './icons.tsx'

interface PageHeadProps {
  readonly title: ReactNode
  /** For the browser's tab; the title itself when it is plain text. */
  readonly tab?: string
  readonly crumb?: { readonly title: string; readonly href: string }
  readonly sentence?: ReactNode
  readonly facts?: ReactNode
  readonly actions?: ReactNode
}

export function PageHead({ title, tab, crumb, sentence, facts, actions }: PageHeadProps) {
  const name = tab ?? (typeof title === 'string' ? title : 'Mainstay')
  return (
    <header className="page-head">
      <title>{`${name} · Mainstay`}</title>
      <div className="page-head-text">
        {crumb !== undefined && (
          <Link href={crumb.href} className="crumb">
            {crumb.title}
            <Icon name="right" size={12} />
          </Link>
        )}
        <h1>{title}</h1>
        {sentence !== undefined && <p className="page-sentence">{sentence}</p>}
        {facts !== undefined && <div className="facts">{facts}</div>}
      </div>
      {actions !== undefined && <div className="page-actions">{actions}</div>}
    </header>
  )
}

export function Section({
  title,
  aside,
  children,
  id,
}: {
  title: string
  aside?: ReactNode
  children: ReactNode
  id?: string
}) {
  return (
    <section className="section" aria-label={title} id={id}>
      <div className="section-head">
        <h2>{title}</h2>
        {aside !== undefined && <div className="section-aside">{aside}</div>}
      </div>
      {children}
    </section>
  )
}

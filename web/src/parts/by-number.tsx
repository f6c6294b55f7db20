// People say "incident 12" and "A-40": an address with the number leads to the same page as the one with the id.
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Redirect, useParams, useSearch } from 'wouter'
import { Empty, SkeletonRows } from './empty.tsx'
import { PageHead } from './page-head.tsx'
import { ProblemNote } from './problem-note.tsx'

const spoken = /^(?:[a-z]{1,4}-)?([1-9]\d{0,9})$/i

export interface Numbered {
  /** "Incident" */
  readonly title: string
  /** "Incidents", "/incidents" */
  readonly crumb: { readonly title: string; readonly href: string }
  /** The id behind the number; null when there is none. */
  readonly find: (number: number, signal: AbortSignal) => Promise<string | null>
}

export function ByNumber({ numbered, children }: { numbered: Numbered; children: (id: string) => ReactNode }) {
  const { id = '' } = useParams<{ id: string }>()
  const number = spoken.exec(id)?.[1]
  return number === undefined ? children(id) : <Lookup numbered={numbered} number={Number(number)} />
}

function Lookup({ numbered: { title, crumb, find }, number }: { numbered: Numbered; number: number }) {
  // The part of the page that was asked for goes along.
  const search = useSearch()
  const query = useQuery({
    queryKey: [crumb.href.slice(1), 'number', number],
    queryFn: ({ signal }) => find(number, signal),
  })
  if (typeof query.data === 'string')
    return <Redirect to={`${crumb.href}/${query.data}${search === '' ? '' : `?${search}`}`} replace />
  return (
    <>
      <PageHead title={`${title} ${number}`} crumb={crumb} />
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {query.isPending && <SkeletonRows rows={8} />}
      {query.data === null && (
        <Empty title={`There is no ${title.toLowerCase()} ${number}.`}>
          Or none that you may see. The list of all has a search.
        </Empty>
      )}
    </>
  )
}

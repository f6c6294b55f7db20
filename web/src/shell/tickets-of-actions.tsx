// The tickets of many actions by few requests: a list of 500 rows must not ask 500 times whenever one of them changes.
import { useQueries } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useMemo } from 'react'
import { type Ticket, tickets } from './ticket-api.ts'

/** While one is being created nothing comes over the stream that would say so. */
export const waitingMs = 5_000
// As many as one request may name.
const most = 100

export interface TicketsRead {
  readonly items: readonly Ticket[]
  readonly isRead: boolean
}

const OfActions = createContext<((action: string) => TicketsRead) | null>(null)

export function TicketsOfActions({ actions, children }: { actions: readonly string[]; children: ReactNode }) {
  const groups = useMemo(() => inGroups([...actions].sort()), [actions])
  const { items, isRead } = useQueries({
    queries: groups.map((ids) => ({
      queryKey: ['tickets', 'of-actions', ids],
      queryFn: ({ signal }: { signal: AbortSignal }) => tickets.ofActions(ids, signal),
      refetchInterval: ({ state }: { state: { data?: readonly Ticket[] | undefined } }) =>
        state.data?.some((each) => each.waiting !== null) === true ? waitingMs : false,
    })),
    combine: (read) => ({
      items: read.flatMap(({ data }) => data ?? []),
      isRead: read.every(({ data }) => data !== undefined),
    }),
  })
  const of = useMemo(
    () => (action: string) => ({ items: items.filter((each) => each.about.id === action), isRead }),
    [items, isRead],
  )
  return <OfActions value={of}>{children}</OfActions>
}

/** Null outside of a list that asks for all of its rows. */
export function useTicketsOfAction(action: string): TicketsRead | null {
  return useContext(OfActions)?.(action) ?? null
}

export function inGroups(ids: readonly string[]): readonly (readonly string[])[] {
  return Array.from({ length: Math.ceil(ids.length / most) }, (_, at) => ids.slice(at * most, (at + 1) * most))
}

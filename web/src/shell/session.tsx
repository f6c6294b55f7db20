// Who is looking. Pages behind the door are drawn only for a known person.
import { useQuery } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext } from 'react'
import { type Person, type Role, session } from './api.ts'
import { ProblemError } from './http.ts'

export type SessionState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'failed'; readonly error: unknown; readonly retry: () => void }
  | { readonly kind: 'known'; readonly person: Person }

export const sessionQuery = {
  queryKey: ['session'],
  queryFn: async ({ signal }: { signal: AbortSignal }) => {
    try {
      return await session.read(signal)
    } catch (error) {
      if (error instanceof ProblemError && error.status === 401) return null
      throw error
    }
  },
  staleTime: 300_000,
}

export function useSession(): SessionState {
  const query = useQuery(sessionQuery)
  if (query.data === null) return { kind: 'anonymous' }
  if (query.data !== undefined) return { kind: 'known', person: query.data }
  if (query.isError) return { kind: 'failed', error: query.error, retry: () => void query.refetch() }
  return { kind: 'loading' }
}

const PersonContext = createContext<Person | null>(null)

export function PersonProvider({ person, children }: { person: Person; children: ReactNode }) {
  return <PersonContext.Provider value={person}>{children}</PersonContext.Provider>
}

export function usePerson(): Person {
  const person = useContext(PersonContext)
  if (person === null) throw new Error('This page needs a signed-in person.')
  return person
}

const order: readonly Role[] = ['viewer', 'responder', 'editor', 'admin']

export function useMay(needed: Role): boolean {
  return order.indexOf(usePerson().role) >= order.indexOf(needed)
}

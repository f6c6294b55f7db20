// The cache of answers. The live stream says when they are old; polling is only the fallback.
import { QueryCache, QueryClient } from '@tanstack/react-query'
import { ProblemError } from './http.ts'

export const queries: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    // The session ended elsewhere: ask again who this is, which leads to the door.
    onError: (error, query) => {
      if (error instanceof ProblemError && error.status === 401 && query.queryKey[0] !== 'session') {
        void queries.invalidateQueries({ queryKey: ['session'] })
      }
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      gcTime: 300_000,
      refetchOnWindowFocus: true,
      retry: (failures, error) =>
        failures < 2 && error instanceof ProblemError && (error.status === 0 || error.status >= 502),
      retryDelay: (attempt) => Math.min(1000 * 2 ** attempt, 8000),
    },
    mutations: { retry: false },
  },
})

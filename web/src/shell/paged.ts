// Long lists: a first answer small enough to be drawn at once, the rest as it is scrolled to.
import { useInfiniteQuery } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo } from 'react'

// Three screens of rows. Later answers are as large as the server gives them.
const firstRows = 100
const laterRows = 500

interface PageOf<Row> {
  readonly items: readonly Row[]
  readonly nextCursor: string | null
}

interface Paged<Row, Answer extends PageOf<Row>> {
  readonly key: readonly unknown[]
  readonly read: (page: { limit: number; cursor?: string }, signal: AbortSignal) => Promise<Answer>
  /** Reads on to the end by itself: for an order that only the whole list can have. */
  readonly whole?: boolean
  /** Read again this often, for what changes without telling. */
  readonly everyMs?: number
}

export function usePaged<Row, Answer extends PageOf<Row> = PageOf<Row>>({
  key,
  read,
  whole = false,
  everyMs,
}: Paged<Row, Answer>) {
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ signal, pageParam }) =>
      read(pageParam === '' ? { limit: firstRows } : { limit: laterRows, cursor: pageParam }, signal),
    initialPageParam: '',
    getNextPageParam: (last) => last.nextCursor,
    placeholderData: (before) => before,
    refetchInterval: everyMs ?? false,
  })
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data])
  const { hasNextPage, fetchNextPage, isFetching, isError } = query
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetching) void fetchNextPage()
  }, [hasNextPage, isFetching, fetchNextPage])
  useEffect(() => {
    if (whole && !isError) onEnd()
  }, [whole, isError, onEnd])
  return { query, rows, onEnd }
}

// The points of both charts. What has been measured for a small part of the time asked for only is shown from its
// beginning, in finer steps: on an axis of 30 days, ten minutes are no line.
import { useQuery } from '@tanstack/react-query'
import { objectives, type SeriesPoint } from '../../shell/api.ts'

interface Span {
  readonly from: number
  readonly to: number
}

const smallPart = 1 / 4
// A line needs a few minutes to be one.
const shortestMs = 15 * 60_000

export function useSeries(name: string, range: string, span: Span) {
  const whole = useQuery({
    queryKey: ['objectives', 'series', name, range],
    queryFn: ({ signal }) => objectives.series(name, inWords(span), signal),
    placeholderData: (before) => before,
  })
  const from = beginning(whole.data?.points ?? [], span)
  const close = useFrom(name, from, span.to)
  // Steps of a month are hours wide: the second look may still be mostly empty.
  const nearer = from === null ? null : beginning(close.data?.points ?? [], { from, to: span.to })
  const closest = useFrom(name, nearer, span.to)
  if (from === null) return { ...whole, since: null }
  const { error, refetch, isPending, data } = nearer === null ? close : closest
  const first = data?.points.find(isKnown)
  return { error, refetch, isPending, data, since: first === undefined ? null : Date.parse(first.at) }
}

function useFrom(name: string, from: number | null, to: number) {
  return useQuery({
    queryKey: ['objectives', 'series', name, 'since', from],
    queryFn: ({ signal }) => objectives.series(name, inWords({ from: from ?? to, to }), signal),
    enabled: from !== null,
    placeholderData: (before) => before,
    refetchInterval: from === null ? false : 60_000,
  })
}

const isKnown = (point: SeriesPoint) => point.remainingRatio !== null || point.burnRate !== null

const inWords = (span: Span) => ({ from: new Date(span.from).toISOString(), to: new Date(span.to).toISOString() })

/** Where to begin instead; null when there is enough to see, or nothing at all. */
export function beginning(points: readonly SeriesPoint[], span: Span): number | null {
  const index = points.findIndex(isKnown)
  const first = points[index]
  if (first === undefined) return null
  // A step begins somewhere inside the one before it.
  const before = points[index - 1] ?? first
  const from = Math.min(Date.parse(before.at), span.to - shortestMs)
  return span.to - from < (span.to - span.from) * smallPart && from > span.from ? from : null
}

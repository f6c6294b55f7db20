// Says that the database is away and what works without it, on every page and where nobody can sign in.
import { useQuery } from '@tanstack/react-query'
import { StateShape } from '../parts/state-mark.tsx'
import { platform } from './api.ts'

/** Asked often enough that nobody wonders for long why nothing loads. */
const everyMs = 10_000

export function LifeboatNote() {
  const { data } = useQuery({
    queryKey: ['readyz'],
    queryFn: ({ signal }) => platform.readiness(signal),
    refetchInterval: everyMs,
    staleTime: everyMs,
    // A process that is not ready answers 503; the pages say so themselves.
    retry: false,
  })
  const lifeboat = data?.checks.find((check) => check.name === 'lifeboat')
  if (lifeboat === undefined) return null
  return (
    <div className="note" role="status">
      <StateShape tone="warning" />
      <div className="note-body">
        <p className="note-title">The lifeboat is afloat</p>
        <p>{lifeboat.sentence}</p>
        <p>Pages of the console that need the database come back by themselves. The links in messages work.</p>
      </div>
    </div>
  )
}

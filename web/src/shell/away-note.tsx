// The server has not been heard for a while. An inbox that says "Nothing is firing" must not be believed then.
import { useQueryClient } from '@tanstack/react-query'
import { clockText } from '../parts/format.ts'
import { useNow } from '../parts/now.ts'
import { StateMark } from '../parts/state-mark.tsx'
import { useLive } from './live-queries.tsx'
import './away-note.css'

// Without the stream, answers are asked for every 20 s: only when those fail as well is what one sees old.
const patienceMs = 25_000

export function AwayNote() {
  const state = useLive()
  const now = useNow()
  const cache = useQueryClient().getQueryCache()
  const answered = () => Math.max(0, ...cache.getAll().map((each) => each.state.dataUpdatedAt))
  const since = state.kind === 'live' || state.kind === 'connecting' ? null : Math.max(state.since, answered())
  const away = since !== null && now - since > patienceMs
  return (
    <div role="status" className="away-note" data-away={away}>
      {away && (
        <>
          <StateMark tone="warning" word={`No word from the server since ${clockText(since, now)}.`} strong />{' '}
          <span>What you see may be old. It goes on by itself when the server answers.</span>
        </>
      )}
    </div>
  )
}

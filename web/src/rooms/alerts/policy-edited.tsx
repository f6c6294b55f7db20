// A page goes on by the policy it began with. When that was edited since, this says so, what taking it over would do now,
// and does it.
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { Time } from '../../parts/time.tsx'
import { type AlertDetail, oncall } from '../../shell/api.ts'
import { PersonName } from '../../shell/person-name.tsx'
import { queries } from '../../shell/queries.ts'
import { useMay } from '../../shell/session.tsx'
import { say } from '../../shell/undo.tsx'
import { alertName } from '../../shell/words.ts'
import '../../parts/notes.css'

export function PolicyEdited({ alert }: { alert: AlertDetail }) {
  const may = useMay('responder')
  const [failed, setFailed] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const key = ['alerts', 'escalation', alert.id]
  // An alert that is held or joined another one's page has none of its own to go on with.
  const escalates =
    alert.pagedWith === null && (alert.pages.length > 0 || alert.trace.some((step) => step.verdict === 'unrouted'))
  const { data } = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => oncall.escalation(alert.id, signal),
    enabled: alert.status !== 'resolved' && escalates,
    retry: false,
  })
  const edited = data?.edited
  if (data === undefined || edited === null || edited === undefined) return null
  const takeOver = async () => {
    setFailed(null)
    setBusy(true)
    try {
      const { policy } = await oncall.reapply(alert.id)
      say({ sentence: `${alertName(alert)} goes on by the edited policy ${policy}.`, undo: null })
      await queries.invalidateQueries({ queryKey: ['alerts'] })
    } catch (error) {
      setFailed(error)
    }
    setBusy(false)
  }
  return (
    <div className="note">
      <div className="note-body">
        <p className="note-title">Policy {data.escalation.policy} was edited after this page began.</p>
        <p>
          The page goes on as it was. Taken over now,{' '}
          {edited.pages.length === 0
            ? 'nobody is paged at once'
            : edited.pages.map((each, index) => (
                <span key={each.person}>
                  {index > 0 && ', '}
                  <PersonName name={each.person} />
                </span>
              ))}
          {edited.pages.length > 0 && (edited.pages.length === 1 ? ' is paged at once' : ' are paged at once')}
          {edited.nextAt === null ? (
            ' and nothing follows by itself.'
          ) : (
            <>
              {' '}
              and the next step is <Time at={edited.nextAt} />.
            </>
          )}
        </p>
        <ProblemNote error={failed} />
        {may && (
          <div className="form-row">
            <Button variant="default" loading={busy} onClick={() => void takeOver()}>
              Take the edited policy over
            </Button>
          </div>
        )}
      </div>
    </div>
  )
}

// Updates that wait for a second person: read, then approved or declined with a reason; one's own is taken back.
import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { AskForm } from '../../parts/ask-form.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import type { IncidentDetail } from '../../shell/api.ts'
import { PersonName } from '../../shell/person-name.tsx'
import { queries } from '../../shell/queries.ts'
import { incidentRoom, type UpdateProposal } from '../../shell/response-api.ts'
import { useMay } from '../../shell/session.tsx'

interface Props {
  incident: IncidentDetail
  waiting: readonly UpdateProposal[]
  titleOf: (customer: string | null) => string | null
}

export function WaitingUpdates({ incident, waiting, titleOf }: Props) {
  const may = useMay('responder')
  const [declining, setDeclining] = useState<number | null>(null)
  const [takingBack, setTakingBack] = useState<number | null>(null)
  const decide = useMutation({
    mutationFn: ({ number, reason }: { number: number; reason: string | null }) =>
      incidentRoom.decideUpdate(incident.id, number, reason === null ? { approve: true } : { approve: false, reason }),
    onSuccess: () => {
      setDeclining(null)
      return queries.invalidateQueries({ queryKey: ['incidents'] })
    },
  })
  const withdraw = useMutation({
    mutationFn: (number: number) => incidentRoom.withdrawUpdate(incident.id, number),
    onSuccess: () => {
      setTakingBack(null)
      return queries.invalidateQueries({ queryKey: ['incidents'] })
    },
  })
  if (waiting.length === 0) return null
  return (
    <>
      <ul className="rows waiting-updates" aria-label="Updates that wait for approval">
        {waiting.map((each) => (
          <li key={each.number}>
            <div className="grow">
              <StateMark tone="warning" word={`Waits for approval, to ${titleOf(each.customer) ?? each.audience}`} />
              <p className="update-text">{each.text}</p>
              <p className="soft timeline-foot">
                Number {each.number}, proposed by {each.mine ? 'you' : <PersonName name={each.proposedBy} />}{' '}
                <Time at={each.proposedAt} />
              </p>
              {may && each.mine && (
                <>
                  <p className="soft">Somebody else approves it; nobody is told before.</p>
                  <div className="form-buttons">
                    <Button variant="default" onClick={() => setTakingBack(each.number)}>
                      Take back
                    </Button>
                  </div>
                </>
              )}
              {may && !each.mine && (
                <div className="form-buttons">
                  <Button variant="default" disabled={decide.isPending} onClick={() => setDeclining(each.number)}>
                    Decline
                  </Button>
                  <Button
                    loading={decide.isPending && decide.variables.number === each.number}
                    onClick={() => decide.mutate({ number: each.number, reason: null })}
                  >
                    Approve and tell
                  </Button>
                </div>
              )}
            </div>
          </li>
        ))}
      </ul>
      {declining === null && <ProblemNote error={decide.error} />}
      {takingBack !== null && (
        <Dialog title={`Take back update ${takingBack}`} onClose={() => setTakingBack(null)}>
          <div className="form">
            <p>Nobody is told, and it waits for nobody any more. The timeline keeps that you took it back.</p>
            <div className="form-buttons">
              <Button variant="default" onClick={() => setTakingBack(null)}>
                Let it wait
              </Button>
              <Button data-autofocus loading={withdraw.isPending} onClick={() => withdraw.mutate(takingBack)}>
                Take it back
              </Button>
            </div>
            <ProblemNote error={withdraw.error} />
          </div>
        </Dialog>
      )}
      {declining !== null && (
        <Dialog title={`Decline update ${declining}`} onClose={() => setDeclining(null)}>
          <p>Nobody is told. The reason stands in the timeline.</p>
          <AskForm
            label="Why"
            action="Decline"
            busy={decide.isPending}
            needed
            onSubmit={(reason) => decide.mutate({ number: declining, reason })}
          />
          <ProblemNote error={decide.error} />
        </Dialog>
      )}
    </>
  )
}

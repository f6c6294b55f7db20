// Updates that wait for a second person: read, then approved or declined with a reason.
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
  const decide = useMutation({
    mutationFn: ({ number, reason }: { number: number; reason: string | null }) =>
      incidentRoom.decideUpdate(incident.id, number, reason === null ? { approve: true } : { approve: false, reason }),
    onSuccess: () => {
      setDeclining(null)
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
                Number {each.number}, proposed by <PersonName name={each.proposedBy} /> <Time at={each.proposedAt} />
              </p>
              {may && (
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

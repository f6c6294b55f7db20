// Exceptions that are asked for, planned or in force.
import { Button } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ChangeException } from '../../../../client/src/operations.gen.ts'
import { Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark, type Tone } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import { PersonName } from '../../shell/person-name.tsx'
import { policies } from '../../shell/policy-api.ts'
import { refresh } from './except-dialog.tsx'
import { WordForm } from './word-form.tsx'

const looks: Readonly<Record<ChangeException['state'], { tone: Tone; word: string }>> = {
  asked: { tone: 'info', word: 'Asked for' },
  planned: { tone: 'info', word: 'Planned' },
  'in-force': { tone: 'silenced', word: 'In force' },
  expired: { tone: 'unknown', word: 'Expired' },
  withdrawn: { tone: 'unknown', word: 'Withdrawn' },
}

/** Nothing is shown where there is none: most days nobody needs one. */
export function Exceptions() {
  const query = useQuery({
    queryKey: ['policies', 'exceptions'],
    queryFn: ({ signal }) => policies.exceptions(signal),
    refetchInterval: 60_000,
  })
  if (query.error === null && (query.data?.items.length ?? 0) === 0) return null
  return (
    <Section title="Exceptions">
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      <ul className="policy-list">
        {query.data?.items.map((each) => (
          <Line key={each.id} exception={each} />
        ))}
      </ul>
    </Section>
  )
}

function Line({ exception }: { exception: ChangeException }) {
  const [ending, setEnding] = useState(false)
  const approve = useMutation({ mutationFn: () => policies.approve(exception.id), onSuccess: refresh })
  const { tone, word } = looks[exception.state]
  return (
    <li>
      <div className="policy-top">
        <StateMark tone={tone} word={word} />
        <span>
          {exception.service} until <Time at={exception.until} />
        </span>
        <span className="end policy-top">
          {exception.state === 'asked' && (
            <Button size="compact-sm" loading={approve.isPending} onClick={() => approve.mutate()}>
              Approve
            </Button>
          )}
          {!ending && (
            <Button variant="default" size="compact-sm" onClick={() => setEnding(true)}>
              End
            </Button>
          )}
        </span>
      </div>
      <p>{exception.reason}</p>
      <p className="soft">
        {exception.approvedBy === null ? (
          <>
            asked by <PersonName name={exception.askedBy} />
            {exception.approver !== null && (
              <>
                , waits for <PersonName name={exception.approver} />
              </>
            )}
          </>
        ) : (
          <>
            approved by <PersonName name={exception.approvedBy} />
          </>
        )}
        {exception.policy !== null && `, from ${exception.policy}`}
      </p>
      <ProblemNote error={approve.error} />
      {ending && (
        <WordForm
          label="Why it ends"
          action="End it"
          send={(reason) => policies.withdraw(exception.id, reason)}
          onDone={() => setEnding(false)}
        />
      )}
    </li>
  )
}

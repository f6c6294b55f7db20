// Shifts that somebody would like to give away, and giving away one of mine.
import { Button } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { InputField, SelectField } from '../../parts/field.tsx'
import { formatInZone } from '../../parts/format.ts'
import { useNow } from '../../parts/now.ts'
import { Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { Time } from '../../parts/time.tsx'
import { oncall } from '../../shell/api.ts'
import { usePeople } from '../../shell/directory.ts'
import { PersonOptions } from '../../shell/person-options.tsx'
import { queries } from '../../shell/queries.ts'
import { say } from '../../shell/undo.tsx'

interface Mine {
  readonly person: string
  readonly start: string
  readonly end: string
}

const done = () => queries.invalidateQueries({ queryKey: ['oncall'] })

export function SwapSection({
  schedule,
  me,
  shifts,
}: {
  schedule: string
  me: string | null
  shifts: readonly Mine[]
}) {
  const people = usePeople()
  const now = useNow()
  const query = useQuery({
    queryKey: ['oncall', 'swaps', schedule],
    queryFn: ({ signal }) => oncall.swaps(schedule, signal),
  })
  const [strained, setStrained] = useState('')
  const answer = useMutation({
    mutationFn: ({ id, verb }: { id: string; verb: 'accept' | 'despite' | 'decline' | 'withdraw' }) =>
      verb === 'decline'
        ? oncall.declineSwap(id)
        : verb === 'withdraw'
          ? oncall.withdrawSwap(id)
          : oncall.acceptSwap(id, verb === 'despite'),
    onError: (_, { id, verb }) => setStrained(verb === 'accept' ? id : ''),
    onSuccess: (swap) => {
      setStrained('')
      say({ sentence: swap.state === 'accepted' ? 'The shift is yours.' : 'The request is closed.', undo: null })
      return done()
    },
  })
  const title = (each: string) => people.get(each)?.title ?? each
  const items = query.data?.items ?? []
  const mine = shifts.filter((each) => each.person === me && Date.parse(each.start) > now)
  if (items.length === 0 && mine.length === 0) return <ProblemNote error={query.error} />
  return (
    <Section title="Swaps">
      <ProblemNote error={query.error ?? answer.error} />
      {items.length > 0 && (
        <ul className="rows">
          {items.map((each) => {
            const busy = answer.isPending && answer.variables.id === each.id
            const asked = me !== null && each.asker !== me && (each.candidate === null || each.candidate === me)
            return (
              <li key={each.id}>
                <span className="grow">
                  <strong>{title(each.asker)}</strong> asks{' '}
                  {each.candidate === null ? 'anybody' : title(each.candidate)} to take over
                  {each.back !== null && ' in exchange'} <span className="soft">{each.reason}</span>
                </span>
                <span className="soft">
                  <Time at={each.start} show="clock" /> to <Time at={each.end} show="clock" />
                </span>
                {asked && (
                  <Button
                    size="compact-sm"
                    loading={busy}
                    onClick={() => answer.mutate({ id: each.id, verb: strained === each.id ? 'despite' : 'accept' })}
                  >
                    {strained === each.id ? 'Take it all the same' : 'Take it'}
                  </Button>
                )}
                {asked && each.candidate === me && (
                  <Button
                    size="compact-sm"
                    variant="default"
                    loading={busy}
                    onClick={() => answer.mutate({ id: each.id, verb: 'decline' })}
                  >
                    Decline
                  </Button>
                )}
                {each.asker === me && (
                  <Button
                    size="compact-sm"
                    variant="default"
                    loading={busy}
                    onClick={() => answer.mutate({ id: each.id, verb: 'withdraw' })}
                  >
                    Take back
                  </Button>
                )}
              </li>
            )
          })}
        </ul>
      )}
      {mine.length > 0 && me !== null && <AskForm schedule={schedule} me={me} mine={mine} />}
    </Section>
  )
}

function AskForm({ schedule, me, mine }: { schedule: string; me: string; mine: readonly Mine[] }) {
  const [start, setStart] = useState('')
  const [candidate, setCandidate] = useState('')
  const [reason, setReason] = useState('')
  const shift = mine.find((each) => each.start === start) ?? mine[0]
  const ask = useMutation({
    mutationFn: () =>
      oncall.askSwap(schedule, {
        start: shift?.start ?? '',
        end: shift?.end ?? '',
        reason: reason.trim(),
        ...(candidate === '' ? {} : { candidate }),
      }),
    onSuccess: () => {
      setReason('')
      say({ sentence: 'Asked. The shift is yours until somebody takes it.', undo: null })
      return done()
    },
  })
  return (
    <>
      <form
        className="form-row"
        onSubmit={(event) => {
          event.preventDefault()
          ask.mutate()
        }}
      >
        <SelectField
          title="Give away my shift"
          value={shift?.start ?? ''}
          onChange={(event) => setStart(event.currentTarget.value)}
        >
          {mine.slice(0, 100).map((each) => (
            <option key={each.start} value={each.start}>
              {when(each.start)} to {when(each.end)}
            </option>
          ))}
        </SelectField>
        <SelectField title="To" value={candidate} onChange={(event) => setCandidate(event.currentTarget.value)}>
          <option value="">anybody</option>
          <PersonOptions except={me} />
        </SelectField>
        <InputField
          title="Why"
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          required
          maxLength={500}
        />
        <Button type="submit" variant="default" loading={ask.isPending}>
          Ask
        </Button>
      </form>
      <ProblemNote error={ask.error} retry={() => ask.mutate()} />
    </>
  )
}

const when = (at: string): string =>
  formatInZone(Date.parse(at), {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })

// Stretches that were taken out of the budget: by whom, why, and the form for another one.
import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Empty } from '../../parts/empty.tsx'
import { toLocalInput } from '../../parts/format.ts'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { Time } from '../../parts/time.tsx'
import { type Correction, objectiveRoom } from '../../shell/objective-api.ts'
import { queries } from '../../shell/queries.ts'

const hour = 3_600_000
// The numbers follow with the next evaluation, which nothing announces when it changes no state.
const evaluatedAfterMs = 7_000
const refresh = () => {
  setTimeout(() => void queries.invalidateQueries({ queryKey: ['objectives'] }), evaluatedAfterMs)
  return queries.invalidateQueries({ queryKey: ['objectives'] })
}

export function Corrections({ name, now }: { name: string; now: number }) {
  const query = useQuery({
    queryKey: ['objectives', 'corrections', name],
    queryFn: ({ signal }) => objectiveRoom.corrections(name, signal),
  })
  return (
    <>
      <p className="soft">
        A stretch that was measured wrong or hurt nobody. The budget follows with the next evaluation; who and why
        stays.
      </p>
      <CorrectionForm name={name} now={now} />
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {query.data?.items.length === 0 && <Empty title="Nothing was corrected." />}
      <ul className="corrections">
        {query.data?.items.map((each) => (
          <Line key={each.id} name={name} correction={each} />
        ))}
      </ul>
    </>
  )
}

function CorrectionForm({ name, now }: { name: string; now: number }) {
  const [from, setFrom] = useState(toLocalInput(now - hour))
  const [to, setTo] = useState(toLocalInput(now))
  const [mode, setMode] = useState<'drop' | 'good'>('drop')
  const [reason, setReason] = useState('')
  const correct = useMutation({
    mutationFn: () =>
      objectiveRoom.correct(name, {
        from: new Date(from).toISOString(),
        to: new Date(to).toISOString(),
        mode,
        reason: reason.trim(),
      }),
    onSuccess: () => {
      setReason('')
      return refresh()
    },
  })
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault()
        correct.mutate()
      }}
    >
      <TextInput
        type="datetime-local"
        label="From"
        value={from}
        onChange={(event) => setFrom(event.currentTarget.value)}
      />
      <TextInput type="datetime-local" label="To" value={to} onChange={(event) => setTo(event.currentTarget.value)} />
      <NativeSelect
        label="Counts as"
        value={mode}
        onChange={(event) => setMode(event.currentTarget.value === 'good' ? 'good' : 'drop')}
        data={[
          { value: 'drop', label: 'nothing: the time is not expected' },
          { value: 'good', label: 'good: its events went well' },
        ]}
      />
      <TextInput
        label="Reason"
        required
        minLength={3}
        maxLength={500}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <ProblemNote error={correct.error} />
      <Button type="submit" loading={correct.isPending} disabled={from === '' || to === '' || reason.trim().length < 3}>
        Take it out
      </Button>
    </form>
  )
}

function Line({ name, correction }: { name: string; correction: Correction }) {
  const [reason, setReason] = useState<string | null>(null)
  const withdraw = useMutation({
    mutationFn: () => objectiveRoom.withdraw(name, correction.id, (reason ?? '').trim()),
    onSuccess: refresh,
  })
  const { withdrawn } = correction
  return (
    <li>
      <p>
        <Time at={correction.from} /> to <Time at={correction.to} />,{' '}
        {correction.mode === 'drop' ? 'not counted' : 'counted as good'}: {correction.reason}
      </p>
      <p className="soft">
        {correction.author}, <Time at={correction.at} />
        {withdrawn !== null && (
          <>
            ; withdrawn by {withdrawn.by} <Time at={withdrawn.at} />: {withdrawn.reason}
          </>
        )}
      </p>
      <ProblemNote error={withdraw.error} />
      {withdrawn === null && reason === null && (
        <Button variant="default" size="compact-sm" onClick={() => setReason('')}>
          Withdraw
        </Button>
      )}
      {withdrawn === null && reason !== null && (
        <form
          className="form"
          onSubmit={(event) => {
            event.preventDefault()
            withdraw.mutate()
          }}
        >
          <TextInput
            label="Why it counts again"
            required
            value={reason}
            maxLength={500}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <Button type="submit" loading={withdraw.isPending} disabled={reason.trim().length < 3}>
            Let it count again
          </Button>
        </form>
      )}
    </li>
  )
}

// Settles a period that ended: what was not measured counts as up, or as down.
import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { Dialog } from '../../parts/dialog.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { agreements, type Statement } from '../../shell/agreement-api.ts'
import { queries } from '../../shell/queries.ts'

export function SettleDialog({ statement, onClose }: { statement: Statement; onClose: () => void }) {
  const [unmeasured, setUnmeasured] = useState<'up' | 'down'>('down')
  const [reason, setReason] = useState('')
  const settle = useMutation({
    mutationFn: () =>
      agreements.settle(statement.name, { start: statement.period.start, unmeasured, reason: reason.trim() }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['agreements'] })
      onClose()
    },
  })
  const { creditLeast, creditMost } = statement
  return (
    <Dialog title={`Settle ${statement.period.title}`} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          settle.mutate()
        }}
      >
        <p>What is settled is not written again, and the credit is due.</p>
        <NativeSelect
          label="Time that was not measured"
          value={unmeasured}
          onChange={(event) => setUnmeasured(event.currentTarget.value === 'up' ? 'up' : 'down')}
          data={[
            { value: 'down', label: `counts as down: credit ${creditMost.text}` },
            { value: 'up', label: `counts as up: credit ${creditLeast.text}` },
          ]}
        />
        <TextInput
          label="Reason"
          description="It stays on the statement and in the journal."
          required
          maxLength={500}
          value={reason}
          data-autofocus
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <ProblemNote error={settle.error} />
        <Button type="submit" loading={settle.isPending} disabled={reason.trim().length < 3}>
          Settle
        </Button>
      </form>
    </Dialog>
  )
}

// Lets changes of a service pass for a while: a reason, an end, and somebody's word.
import { Button, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { Dialog } from '../../parts/dialog.tsx'
import { toLocalInput } from '../../parts/format.ts'
import { useNow } from '../../parts/now.ts'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { policies } from '../../shell/policy-api.ts'
import { queries } from '../../shell/queries.ts'

const usualMs = 4 * 3_600_000

export const refresh = () => queries.invalidateQueries({ queryKey: ['policies'] })

export function ExceptDialog({ service: given, onClose }: { service: string; onClose: () => void }) {
  const now = useNow()
  const [service, setService] = useState(given)
  const [reason, setReason] = useState('')
  const [until, setUntil] = useState(toLocalInput(now + usualMs))
  const [approver, setApprover] = useState('')
  const except = useMutation({
    mutationFn: () =>
      policies.except({
        service: service.trim(),
        reason: reason.trim(),
        until: new Date(until).toISOString(),
        ...(approver.trim() === '' ? {} : { approver: approver.trim() }),
      }),
    onSuccess: async () => {
      await refresh()
      onClose()
    },
  })
  return (
    <Dialog title="Let changes pass" onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          except.mutate()
        }}
      >
        <TextInput
          label="Service"
          required
          maxLength={63}
          value={service}
          onChange={(event) => setService(event.currentTarget.value)}
        />
        <TextInput
          label="Reason"
          description="It stays in the journal."
          required
          maxLength={500}
          value={reason}
          data-autofocus={given === '' ? undefined : true}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <TextInput
          type="datetime-local"
          label="Until"
          required
          value={until}
          onChange={(event) => setUntil(event.currentTarget.value)}
        />
        <TextInput
          label="Approver"
          description="Only when your own word is not enough: the name of the person who is asked for theirs."
          maxLength={63}
          value={approver}
          onChange={(event) => setApprover(event.currentTarget.value)}
        />
        <ProblemNote error={except.error} />
        <Button
          type="submit"
          loading={except.isPending}
          disabled={reason.trim() === '' || service.trim() === '' || until === ''}
        >
          {approver.trim() === '' ? 'Let them pass' : 'Ask for approval'}
        </Button>
      </form>
    </Dialog>
  )
}

// Says when an entry really happened; what was written keeps the time it was written.
import { Button, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { Dialog } from '../../parts/dialog.tsx'
import { toLocalInput } from '../../parts/format.ts'
import { ProblemNote } from '../../parts/problem-note.tsx'
import type { TimelineEntry } from '../../shell/api.ts'
import { queries } from '../../shell/queries.ts'
import { incidentRoom } from '../../shell/response-api.ts'

export function PlaceEntry({ id, entry, onClose }: { id: string; entry: TimelineEntry; onClose: () => void }) {
  const [at, setAt] = useState(toLocalInput(Date.parse(entry.at)))
  const [reason, setReason] = useState('')
  const place = useMutation({
    mutationFn: () => incidentRoom.place(id, entry.id, { at: new Date(at).toISOString(), reason: reason.trim() }),
    onSuccess: () => {
      onClose()
      return queries.invalidateQueries({ queryKey: ['incidents', 'timeline', id] })
    },
  })
  return (
    <Dialog title="When it really happened" onClose={onClose}>
      <p>{entry.sentence}</p>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          place.mutate()
        }}
      >
        <TextInput
          type="datetime-local"
          step="1"
          label="Time"
          data-autofocus
          value={at}
          onChange={(event) => setAt(event.currentTarget.value)}
        />
        <TextInput
          label="How you know"
          required
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <ProblemNote error={place.error} />
        <Button type="submit" loading={place.isPending} disabled={at === '' || reason.trim() === ''}>
          Place it there
        </Button>
      </form>
    </Dialog>
  )
}

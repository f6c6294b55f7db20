// An incident that needs no postmortem, or does after all: said with a reason, by somebody else than who owes it.
import { useMutation } from '@tanstack/react-query'
import { AskForm } from '../../parts/ask-form.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { reviews } from '../../shell/postmortem-review-api.ts'
import type { Postmortem } from '../../shell/response-api.ts'
import { changed } from './words.ts'

export function Excuse({ postmortem, onClose }: { postmortem: Postmortem; onClose: () => void }) {
  const excused = postmortem.exception === null
  const run = useMutation({
    mutationFn: (reason: string) => reviews.excuse(postmortem.id, excused, reason),
    onSuccess: () => {
      onClose()
      return changed()
    },
  })
  return (
    <Dialog title={excused ? 'No postmortem is needed' : 'The postmortem is needed after all'} onClose={onClose}>
      {excused && (
        <p>
          Reminders end, and it counts as neither kept nor late. That you said so, and why, stays on record. Whoever
          owns it cannot say so.
        </p>
      )}
      <AskForm
        label="Why"
        action={excused ? 'Not needed' : 'Needed after all'}
        busy={run.isPending}
        needed
        onSubmit={(reason) => run.mutate(reason)}
      />
      <ProblemNote error={run.error} />
    </Dialog>
  )
}

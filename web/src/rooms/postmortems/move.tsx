// A step of a postmortem: to review, published, or back, with a word for the record.
import { Button, Textarea } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { Dialog } from '../../parts/dialog.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { queries } from '../../shell/queries.ts'
import { type Postmortem, postmortems } from '../../shell/response-api.ts'
import { changed, steps } from './words.ts'

export function Move({
  postmortem,
  to,
  onClose,
}: {
  postmortem: Postmortem
  to: Postmortem['status']
  onClose: () => void
}) {
  const [note, setNote] = useState('')
  const move = useMutation({
    mutationFn: () => postmortems.move(postmortem.id, to, note.trim()),
    onSuccess: () => {
      onClose()
      return Promise.all([changed(), queries.invalidateQueries({ queryKey: ['incidents'] })])
    },
  })
  const title = steps[postmortem.status][to] ?? to
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          move.mutate()
        }}
      >
        <Textarea
          label="A word for the record"
          data-autofocus
          rows={2}
          maxLength={500}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        {to === 'published' && <p className="soft">What is published is hashed: nobody can change it unseen.</p>}
        <ProblemNote error={move.error} />
        <Button type="submit" loading={move.isPending}>
          {title}
        </Button>
      </form>
    </Dialog>
  )
}

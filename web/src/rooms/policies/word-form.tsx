// One sentence on why, and the button that sends it.
import { Button, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { refresh } from './except-dialog.tsx'

export function WordForm({
  label,
  action,
  send,
  onDone,
}: {
  label: string
  action: string
  send: (words: string) => Promise<unknown>
  onDone: () => void
}) {
  const [words, setWords] = useState('')
  const sending = useMutation({
    mutationFn: () => send(words.trim()),
    onSuccess: async () => {
      onDone()
      await refresh()
    },
  })
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault()
        sending.mutate()
      }}
    >
      <TextInput
        label={label}
        required
        maxLength={500}
        value={words}
        onChange={(event) => setWords(event.currentTarget.value)}
      />
      <ProblemNote error={sending.error} />
      <div className="policy-top">
        <Button type="submit" loading={sending.isPending} disabled={words.trim() === ''}>
          {action}
        </Button>
        <Button variant="default" onClick={onDone}>
          Leave it
        </Button>
      </div>
    </form>
  )
}

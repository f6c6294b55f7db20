// A question with one answer in words: why, or what.
import { Button, Textarea } from '@mantine/core'
import { useState } from 'react'

export function AskForm({
  label,
  action,
  busy,
  needed,
  onSubmit,
}: {
  label: string
  action: string
  busy: boolean
  needed: boolean
  onSubmit: (text: string) => void
}) {
  const [text, setText] = useState('')
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault()
        onSubmit(text.trim())
      }}
    >
      <Textarea
        data-autofocus
        label={label}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        required={needed}
        rows={3}
        maxLength={500}
      />
      <Button type="submit" loading={busy} disabled={needed && text.trim() === ''}>
        {action}
      </Button>
    </form>
  )
}

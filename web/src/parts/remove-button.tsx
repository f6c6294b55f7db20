// Takes something away again: quiet, at the end of its line, and named with what it takes.
import { Button } from '@mantine/core'

export function RemoveButton({
  word,
  of,
  loading,
  onClick,
}: {
  /** What is done: `Forget`. */
  word: string
  of: string
  loading: boolean
  onClick: () => void
}) {
  return (
    <Button
      size="compact-sm"
      variant="subtle"
      color="gray"
      loading={loading}
      onClick={onClick}
      aria-label={`${word} ${of}`}
    >
      {word}
    </Button>
  )
}

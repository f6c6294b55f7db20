// Several lines to paste elsewhere, with their copy button.
import { Button } from '@mantine/core'
import { useState } from 'react'

export function CopyBlock({ text, label }: { text: string; label: string }) {
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle')
  const copy = () => {
    const done = navigator.clipboard?.writeText(text)
    if (done === undefined) setState('failed')
    else
      done.then(
        () => setState('copied'),
        () => setState('failed'),
      )
  }
  return (
    <div className="copy-block">
      {/* Scrolled by keyboard too. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above */}
      <pre tabIndex={0}>{text}</pre>
      <Button size="compact-xs" variant="default" onClick={copy} aria-label={label}>
        <span aria-live="polite">{state === 'copied' ? 'Copied' : state === 'failed' ? 'By hand' : 'Copy'}</span>
      </Button>
    </div>
  )
}

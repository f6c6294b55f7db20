// A command as it is typed, with its copy button.
import { useState } from 'react'
import { Icon } from './icons.tsx'
import './notes.css'

export function CopyLine({ text, label = 'Copy the command' }: { text: string; label?: string }) {
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle')
  const copy = () => {
    const done = navigator.clipboard?.writeText(text)
    if (done === undefined) {
      setState('failed')
      return
    }
    done.then(
      () => setState('copied'),
      () => setState('failed'),
    )
  }
  return (
    <div className="copy-line">
      <code>{text}</code>
      <button type="button" onClick={copy} aria-label={label} title={label}>
        <Icon name="copy" />
        <span aria-live="polite">{state === 'copied' ? 'Copied' : state === 'failed' ? 'Select it by hand' : ''}</span>
      </button>
    </div>
  )
}

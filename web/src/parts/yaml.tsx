// A value as YAML, to read and to copy. The writer is loaded only when something is shown.
import { useEffect, useState } from 'react'
import { CopyLine } from './copy-line.tsx'

export function Yaml({ value }: { value: unknown }) {
  const [text, setText] = useState<string | null>(typeof value === 'string' ? value : null)
  useEffect(() => {
    if (typeof value === 'string') {
      setText(value)
      return
    }
    let gone = false
    import('./yaml-text.ts').then(
      ({ toYaml }) => {
        if (!gone) setText(toYaml(value))
      },
      () => {
        // The chunk could not be fetched (offline): JSON says the same.
        if (!gone) setText(JSON.stringify(value, null, 2))
      },
    )
    return () => {
      gone = true
    }
  }, [value])
  if (text === null) return null
  return (
    <div className="yaml">
      <CopyLine text={text} label="Copy the definition" />
    </div>
  )
}

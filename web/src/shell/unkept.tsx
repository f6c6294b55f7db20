// What was written and is still being sent when its page is left: closing the window asks first, and what could not be
// kept is shown, on whichever page its writer is by then.
import { useEffect, useSyncExternalStore } from 'react'
import { CopyLine } from '../parts/copy-line.tsx'
import { Icon } from '../parts/icons.tsx'
import { StateMark } from '../parts/state-mark.tsx'
import './unkept.css'

export interface Unkept {
  readonly title: string
  readonly because: string
  readonly text: string
}

interface Seen {
  readonly sending: number
  readonly lost: readonly Unkept[]
}

let seen: Seen = { sending: 0, lost: [] }
const listeners = new Set<() => void>()

function become(next: Seen): void {
  seen = next
  for (const each of listeners) each()
}

/** `sending` answers what could not be kept, or null. */
export async function sendBehind(sending: Promise<Unkept | null>): Promise<void> {
  become({ ...seen, sending: seen.sending + 1 })
  const lost = await sending.catch(() => null)
  become({ sending: seen.sending - 1, lost: lost === null ? seen.lost : [...seen.lost, lost] })
}

/** While this is so, the window asks before it closes. */
export function useGuard(isNeeded: boolean): void {
  useEffect(() => {
    if (!isNeeded) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [isNeeded])
}

export function UnkeptNotes() {
  const { sending, lost } = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => seen,
  )
  useGuard(sending > 0 || lost.length > 0)
  const close = (which: Unkept) => become({ ...seen, lost: seen.lost.filter((each) => each !== which) })
  return (
    <div aria-live="assertive">
      {lost.map((each) => (
        <section key={each.text} className="unkept" aria-label={`Not kept: ${each.title}`}>
          <p>
            <StateMark tone="critical" word={`What you wrote in “${each.title}” was not kept.`} strong /> {each.because}{' '}
            Copy it before you close this.
          </p>
          <CopyLine text={each.text} label="Copy the text" />
          <button type="button" className="link-button" onClick={() => close(each)}>
            <Icon name="close" size={12} /> Close
          </button>
        </section>
      ))}
    </div>
  )
}

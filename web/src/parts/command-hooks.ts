// Pages and parts put their commands into the registry while they are open; key strokes are matched here.
import { useEffect, useRef, useSyncExternalStore } from 'react'
import { type Command, createRegistry, matchKeys, type Registry, writeStroke } from './commands.ts'

export const registry: Registry = createRegistry()

/** Registers while mounted. Runs see the values of the latest render. */
export function useCommands(commands: readonly Command[]): void {
  const latest = useRef(commands)
  latest.current = commands
  const shape = commands.map((each) => `${each.id}|${each.title}|${each.keys ?? ''}|${each.group}`).join('\n')
  // The shape names everything the registry shows; what a command does is read through the ref.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(
    () =>
      registry.register(
        latest.current.map((each) => ({
          ...each,
          run: () => latest.current.find((one) => one.id === each.id)?.run(),
        })),
      ),
    [shape],
  )
}

export function useCommandList(): readonly Command[] {
  return useSyncExternalStore(registry.subscribe, registry.list)
}

// A sequence (g then o) must be finished within this.
const sequenceMs = 1200

export function useKeyStrokes(): void {
  useEffect(() => {
    let strokes: string[] = []
    let timer: number | undefined
    const forget = () => {
      strokes = []
    }
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || ['Shift', 'Control', 'Alt', 'Meta'].includes(event.key)) return
      const written = writeStroke({
        key: event.key,
        ctrl: event.ctrlKey,
        meta: event.metaKey,
        alt: event.altKey,
        shift: event.shiftKey,
      })
      const modal = document.querySelector('dialog[open]') !== null
      // While someone types or a dialog is open, only strokes with a modifier reach the commands.
      if ((isTyping(event.target) || modal) && !written.startsWith('mod+')) return
      // Buttons and links keep their own Enter and Space.
      if ((written === 'enter' || written === 'space') && isControl(event.target)) return
      window.clearTimeout(timer)
      timer = window.setTimeout(forget, sequenceMs)
      const match = matchKeys(registry.list(), [...strokes, written]) ?? matchKeys(registry.list(), [written])
      if (match === null) {
        forget()
        return
      }
      if (match === 'more') {
        strokes = matchKeys(registry.list(), [...strokes, written]) === 'more' ? [...strokes, written] : [written]
        return
      }
      event.preventDefault()
      forget()
      match.command.run()
    }
    window.addEventListener('keydown', onKey)
    return () => {
      window.removeEventListener('keydown', onKey)
      window.clearTimeout(timer)
    }
  }, [])
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement)
    return true
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'submit'].includes(target.type)
}

function isControl(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('a, button, summary, [role="menuitem"], input') !== null
}

// Joins a text field to a shared text: the caret, the selection and the scroll stay where the writer left them, an input
// method is not disturbed, and undo takes back only what was written here.
import * as Y from 'yjs'
import { spliceBetween } from '../../../../../server/src/modules/postmortems/core/index.ts'
import { type Delta, rebase } from './rebase.ts'

export interface BoundField {
  /** Writes at the caret, as if it were typed. */
  insert(text: string): void
  release(): void
}

// What is typed within this is undone as one.
const undoWithinMs = 500

export function bindField(field: HTMLTextAreaElement, text: Y.Text): BoundField {
  const here = Symbol('written in this field')
  const undo = new Y.UndoManager(text, { trackedOrigins: new Set([here]), captureTimeout: undoWithinMs })
  let shown = text.toString()
  let composing = false
  let missed: Delta[] = []
  if (field.value !== shown) {
    // Another document in the same field: the caret stays where it was, as far as the text agrees.
    const { selectionStart, selectionEnd, scrollTop } = field
    field.value = shown
    field.setSelectionRange(selectionStart, selectionEnd)
    field.scrollTop = scrollTop
  }

  /** From the field into the shared text. */
  const push = () => {
    const splice = spliceBetween(shown, field.value, field.selectionEnd)
    if (splice === null && missed.length === 0) return
    const steps = splice === null ? [] : rebase(splice, missed)
    text.doc?.transact(() => {
      for (const { index, remove, insert } of steps) {
        if (remove > 0) text.delete(index, remove)
        if (insert !== '') text.insert(index, insert)
      }
    }, here)
    shown = field.value
    if (missed.length === 0) return
    missed = []
    const wanted = text.toString()
    const catchUp = spliceBetween(shown, wanted)
    if (catchUp !== null) show([{ retain: catchUp.index }, { delete: catchUp.remove }, { insert: catchUp.insert }])
  }

  /** From the shared text into the field; `preserve` moves the selection with its text. Answers where it ended. */
  const show = (delta: Delta): number => {
    const { scrollTop } = field
    let at = 0
    for (const { retain, insert, delete: gone } of delta) {
      if (typeof insert === 'string') {
        field.setRangeText(insert, at, at, 'preserve')
        at += insert.length
      } else if (gone !== undefined) field.setRangeText('', at, at + gone, 'preserve')
      else at += retain ?? 0
    }
    field.scrollTop = scrollTop
    shown = field.value
    return at
  }

  const observe = (event: Y.YTextEvent, transaction: Y.Transaction) => {
    if (transaction.origin === here) return
    if (composing) missed.push(event.delta)
    else {
      const end = show(event.delta)
      // After an undo the caret stands where something changed.
      if (transaction.origin === undo) field.setSelectionRange(end, end)
    }
  }
  text.observe(observe)

  const take = (which: 'undo' | 'redo', event: Event) => {
    event.preventDefault()
    if (!composing) undo[which]()
  }
  const bound = new AbortController()
  const { signal } = bound
  field.addEventListener('input', () => void (composing || push()), { signal })
  field.addEventListener(
    'compositionstart',
    () => {
      composing = true
    },
    { signal },
  )
  field.addEventListener(
    'compositionend',
    () => {
      composing = false
      push()
    },
    { signal },
  )
  // The field's own history knows nothing of what others wrote in between.
  field.addEventListener(
    'beforeinput',
    (event) => {
      if (event.inputType === 'historyUndo') take('undo', event)
      else if (event.inputType === 'historyRedo') take('redo', event)
    },
    { signal },
  )
  field.addEventListener(
    'keydown',
    (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey) return
      const key = event.key.toLowerCase()
      if (key === 'z') take(event.shiftKey ? 'redo' : 'undo', event)
      else if (key === 'y') take('redo', event)
    },
    { signal },
  )
  field.addEventListener('blur', () => undo.stopCapturing(), { signal })
  return {
    insert: (added) => {
      field.focus()
      field.setRangeText(added, field.selectionStart, field.selectionEnd, 'end')
      push()
    },
    release: () => {
      // A word that is still being composed is taken as it stands.
      if (composing) push()
      bound.abort()
      text.unobserve(observe)
      undo.destroy()
    },
  }
}

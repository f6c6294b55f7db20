// A modal question on the browser's own dialog: it traps the focus, closes on Escape and gives the focus back,
// without writing styles into the page (which the style policy would refuse).
import { type ReactNode, useEffect, useId, useRef } from 'react'
import { Icon } from './icons.tsx'
import './dialog.css'

export function Dialog({
  title,
  bare = false,
  wide = false,
  onClose,
  children,
}: {
  title: string
  /** Without its head: the title is only spoken. */
  bare?: boolean
  wide?: boolean
  onClose: () => void
  children: ReactNode
}) {
  const dialog = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  useEffect(() => {
    const element = dialog.current
    if (element === null) return
    element.showModal()
    const first = element.querySelector('[data-autofocus]')
    if (first instanceof HTMLElement) first.focus()
    return () => element.close()
  }, [])
  return (
    // The keyboard closes it by Escape, which the browser turns into `cancel`.
    // biome-ignore lint/a11y/useKeyWithClickEvents: see above
    <dialog
      ref={dialog}
      className={bare ? 'dialog bare' : wide ? 'dialog wide' : 'dialog'}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onClick={(event) => {
        if (event.target === dialog.current) onClose()
      }}
    >
      <div className="dialog-inside">
        {bare ? (
          <h2 id={titleId} className="sr-only">
            {title}
          </h2>
        ) : (
          <div className="dialog-head">
            <h2 id={titleId}>{title}</h2>
            <button type="button" className="icon-button" aria-label="Close" onClick={onClose}>
              <Icon name="close" />
            </button>
          </div>
        )}
        {children}
      </div>
    </dialog>
  )
}

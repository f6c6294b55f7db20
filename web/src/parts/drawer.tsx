// A panel at the right that leaves the page usable: not modal, closed by Escape, focus returned.
import { type ReactNode, useEffect, useRef } from 'react'
import { useCommands } from './command-hooks.ts'
import { Icon } from './icons.tsx'
import './drawer.css'

export function Drawer({
  title,
  children,
  onClose,
  foot,
  takeFocus = true,
}: {
  title: ReactNode
  children: ReactNode
  onClose: () => void
  foot?: ReactNode
  takeFocus?: boolean
}) {
  const panel = useRef<HTMLElement>(null)
  useEffect(() => {
    if (!takeFocus) return
    const before = document.activeElement
    panel.current?.focus()
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus()
    }
  }, [takeFocus])
  useCommands([
    { id: 'drawer.close', title: 'Close the panel', group: 'This page', keys: 'escape', keysOnly: true, run: onClose },
  ])
  return (
    <aside className="drawer" aria-label={typeof title === 'string' ? title : 'Details'} ref={panel} tabIndex={-1}>
      <div className="drawer-head">
        <h2>{title}</h2>
        <button type="button" className="icon-button" aria-label="Close the panel" onClick={onClose}>
          <Icon name="close" />
        </button>
      </div>
      <div className="drawer-body">{children}</div>
      {foot !== undefined && <div className="drawer-foot">{foot}</div>}
    </aside>
  )
}

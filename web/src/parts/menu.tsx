// A button and its few orders. Arrow keys move, Escape closes and gives the focus back.
import { type ReactNode, useEffect, useId, useRef } from 'react'
import './menu.css'

export interface MenuItem {
  readonly title: string
  readonly hint?: string
  readonly run: () => void
}

export function Menu({
  button,
  items,
  head,
  open,
  onOpen,
  up = false,
}: {
  /** Draws the trigger with the attributes that tie it to the menu. */
  button: (tie: {
    'aria-haspopup': 'menu'
    'aria-expanded': boolean
    'aria-controls': string
    onClick: () => void
  }) => ReactNode
  items: readonly MenuItem[]
  head?: ReactNode
  open: boolean
  onOpen: (open: boolean) => void
  up?: boolean
}) {
  const box = useRef<HTMLDivElement>(null)
  const menuId = useId()
  const orders = () => [...(box.current?.querySelectorAll<HTMLElement>('[role="menuitem"]') ?? [])]
  const wasOpen = useRef(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: only opening and closing move the focus
  useEffect(() => {
    if (open) orders()[0]?.focus()
    else if (wasOpen.current) box.current?.querySelector<HTMLElement>('[aria-haspopup]')?.focus()
    wasOpen.current = open
  }, [open])
  useEffect(() => {
    if (!open) return
    const outside = (event: PointerEvent) => {
      if (event.target instanceof Node && box.current?.contains(event.target) !== true) onOpen(false)
    }
    document.addEventListener('pointerdown', outside)
    return () => document.removeEventListener('pointerdown', outside)
  }, [open, onOpen])
  const onKey = (event: React.KeyboardEvent) => {
    const all = orders()
    const focused = document.activeElement
    const at = focused instanceof HTMLElement ? all.indexOf(focused) : -1
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key]
    if (event.key === 'Escape') {
      // The panel or dialog around it stays.
      event.preventDefault()
      event.stopPropagation()
      onOpen(false)
    } else if (event.key === 'Tab') onOpen(false)
    else if (to !== undefined) {
      event.preventDefault()
      all[(to + all.length) % all.length]?.focus()
    }
  }
  return (
    <div className="menu-box" ref={box}>
      {button({
        'aria-haspopup': 'menu',
        'aria-expanded': open,
        'aria-controls': menuId,
        onClick: () => onOpen(!open),
      })}
      <div id={menuId} className={up ? 'menu up' : 'menu'} hidden={!open}>
        {head}
        <div role="menu" tabIndex={-1} onKeyDown={onKey}>
          {items.map((item) => (
            <button
              key={item.title}
              type="button"
              role="menuitem"
              tabIndex={-1}
              onClick={() => {
                onOpen(false)
                item.run()
              }}
            >
              <span>{item.title}</span>
              {item.hint !== undefined && <kbd>{item.hint}</kbd>}
            </button>
          ))}
        </div>
      </div>
    </div>
  )
}

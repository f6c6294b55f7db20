// Wide content scrolls by itself; when it does, it can be reached and scrolled by keyboard.
import { type ReactNode, useEffect, useRef, useState } from 'react'

export function ScrollX({ label, children }: { label: string; children: ReactNode }) {
  const box = useRef<HTMLElement>(null)
  const [wide, setWide] = useState(false)
  useEffect(() => {
    const element = box.current
    if (element === null) return
    const observer = new ResizeObserver(() => setWide(element.scrollWidth > element.clientWidth))
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  return (
    <section
      ref={box}
      className="scroll-x"
      {...(wide ? { tabIndex: 0, 'aria-label': `${label}, scrolls sideways` } : {})}
    >
      {children}
    </section>
  )
}

// A moment: relative and absolute; hovering or focusing shows it in the viewer's zone, the service's zone and UTC.
import { useEffect, useState } from 'react'
import { clockText, fullTime, relativeText, validZone, zoneName } from './format.ts'
import { useNow } from './now.ts'
import './time.css'

interface TimeProps {
  readonly at: string | null | undefined
  /** Zone of the service or person it is about. */
  readonly zone?: string | null | undefined
  readonly show?: 'both' | 'relative' | 'clock'
  /** Inside a row or sentence that is reached another way, the moment is no tab stop of its own. */
  readonly quiet?: boolean
}

export function Time({ at, zone, show = 'both', quiet = true }: TimeProps) {
  const now = useNow()
  const ms = at === null || at === undefined ? Number.NaN : Date.parse(at)
  if (!Number.isFinite(ms) || at === null || at === undefined) return <span className="time">–</span>
  return (
    <time className="time" dateTime={at} data-at={ms} data-zone={zone ?? undefined} {...(quiet ? {} : { tabIndex: 0 })}>
      {show !== 'clock' && <span>{relativeText(ms, now)}</span>}
      {show !== 'relative' && (
        <span className={show === 'both' ? 'time-clock' : undefined}>{clockText(ms, now, validZone(zone))}</span>
      )}
    </time>
  )
}

interface Hover {
  readonly left: number
  readonly top: number
  readonly ms: number
  readonly zone: string | null
}

/** One hover card for all moments on the page. Escape closes it, the pointer may rest on it. */
export function TimeHover() {
  const [hover, setHover] = useState<Hover | null>(null)
  useEffect(() => {
    const show = (event: Event) => {
      const target = event.target instanceof Element ? event.target.closest('time[data-at]') : null
      if (!(target instanceof HTMLElement)) {
        const onCard = event.target instanceof Element && event.target.closest('.time-card') !== null
        if (!onCard) setHover(null)
        return
      }
      const box = target.getBoundingClientRect()
      const below = box.bottom + 84 < window.innerHeight
      setHover({
        left: Math.max(8, Math.min(box.left, window.innerWidth - 308)),
        top: below ? box.bottom : box.top - 84,
        ms: Number(target.dataset.at),
        zone: target.dataset.zone ?? null,
      })
    }
    const hide = () => setHover(null)
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape') setHover(null)
    }
    document.addEventListener('pointerover', show)
    document.addEventListener('focusin', show)
    document.addEventListener('scroll', hide, { passive: true, capture: true })
    document.addEventListener('keydown', onKey)
    return () => {
      document.removeEventListener('pointerover', show)
      document.removeEventListener('focusin', show)
      document.removeEventListener('scroll', hide, { capture: true })
      document.removeEventListener('keydown', onKey)
    }
  }, [])
  if (hover === null) return null
  const viewer = Intl.DateTimeFormat().resolvedOptions().timeZone
  const other = validZone(hover.zone)
  return (
    <div className="time-card" role="tooltip" style={{ left: hover.left, top: hover.top }}>
      <dl>
        <dt>You, {zoneName(viewer)}</dt>
        <dd>{fullTime(hover.ms, viewer)}</dd>
        {other !== undefined && other !== viewer && (
          <>
            <dt>There, {zoneName(other)}</dt>
            <dd>{fullTime(hover.ms, other)}</dd>
          </>
        )}
        <dt>UTC</dt>
        <dd>{fullTime(hover.ms, 'UTC')}</dd>
      </dl>
    </div>
  )
}

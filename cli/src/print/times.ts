// Times: how long ago for a table, the exact time with its zone where it matters.

const units: readonly (readonly [string, number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
]

/** Two units at most: `3d 4h`, `12m`, `now`. */
export function roughly(durationMs: number): string {
  let rest = Math.abs(durationMs)
  const parts: string[] = []
  for (const [name, size] of units) {
    const count = Math.floor(rest / size)
    if (count === 0 && parts.length === 0) continue
    if (count > 0) parts.push(`${count}${name}`)
    rest -= count * size
    if (parts.length === 2 || count === 0) break
    // Minutes with seconds are noise above ten minutes.
    if (name === 'm' && count >= 10) break
  }
  return parts.length === 0 ? '0s' : parts.join(' ')
}

export function ago(time: string | null, now: number): string {
  if (time === null) return ''
  const passedMs = now - Date.parse(time)
  if (Number.isNaN(passedMs)) return time
  if (Math.abs(passedMs) < 1_000) return 'now'
  return passedMs > 0 ? `${roughly(passedMs)} ago` : `in ${roughly(passedMs)}`
}

/** `2026-03-01 10:00:00 CET`: the zone always stands beside the time. */
export function exact(time: string, zone: string): string {
  const at = new Date(time)
  if (Number.isNaN(at.getTime())) return time
  const parts = new Map(
    new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
      timeZoneName: 'short',
    })
      .formatToParts(at)
      .map((part) => [part.type, part.value]),
  )
  const get = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? ''
  return `${get('year')}-${get('month')}-${get('day')} ${get('hour')}:${get('minute')}:${get('second')} ${get('timeZoneName')}`
}

export function exactAndAgo(time: string, zone: string, now: number): string {
  return `${exact(time, zone)} (${ago(time, now)})`
}

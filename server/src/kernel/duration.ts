// Durations in milliseconds and the shorthand people write them in.

export const second = 1_000
export const minute = 60_000
export const hour = 3_600_000
export const day = 86_400_000

const units: Readonly<Record<string, number>> = { ms: 1, s: second, m: minute, h: hour, d: day, w: 7 * day }

/**
 * Reads `90s`, `5m`, `1h30m`, `30d`, `4w`. `m` is minutes; OpenSLO's calendar units (M, Q, Y) have no fixed length
 * and are refused here. Null when it is not a positive duration.
 */
export function parseDuration(text: string): number | null {
  if (!/^(\d{1,9}(ms|s|m|h|d|w))+$/.test(text)) return null
  let total = 0
  for (const [, amount, unit] of text.matchAll(/(\d+)(ms|s|m|h|d|w)/g))
    total += Number(amount) * (units[unit ?? ''] ?? Number.NaN)
  return Number.isSafeInteger(total) && total > 0 ? total : null
}

/** Writes the largest units that lose nothing: 5_400_000 → `1h30m`. */
export function formatDuration(durationMs: number): string {
  if (durationMs === 0) return '0s'
  let rest = Math.abs(Math.trunc(durationMs))
  let text = ''
  for (const unit of ['d', 'h', 'm', 's', 'ms'] as const) {
    const size = units[unit] ?? 1
    const count = Math.floor(rest / size)
    if (count > 0) text += `${count}${unit}`
    rest -= count * size
  }
  return durationMs < 0 ? `-${text}` : text
}

// Numbers and times as people read them. Pure: the clock, the zone and the language come as arguments.

const minute = 60_000
const hour = 3_600_000
const day = 86_400_000

/** The two largest units: `11 min 40 s`, `3 d 4 h`. */
export function durationText(ms: number): string {
  const sign = ms < 0 ? '−' : ''
  const rest = Math.abs(ms)
  if (rest < 1000) return `${sign}${Math.round(rest)} ms`
  const seconds = Math.round(rest / 1000)
  const parts: readonly (readonly [number, string])[] = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ]
  const first = parts.findIndex(([count]) => count > 0)
  return `${sign}${parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ')}`
}

/** One unit, for tight columns: `4m`, `3h`, `12d`. */
export function shortDuration(ms: number): string {
  const rest = Math.abs(ms)
  if (rest < minute) return `${Math.floor(rest / 1000)}s`
  if (rest < hour) return `${Math.floor(rest / minute)}m`
  if (rest < 2 * day) return `${Math.floor(rest / hour)}h`
  return `${Math.floor(rest / day)}d`
}

/** A window as it was declared: whole days, hours or minutes. */
export function windowText(ms: number): string {
  if (ms % day === 0) return `${ms / day} d`
  if (ms % hour === 0) return `${ms / hour} h`
  if (ms % minute === 0) return `${ms / minute} min`
  return durationText(ms)
}

export function relativeText(at: number, now: number): string {
  const gap = now - at
  if (Math.abs(gap) < 10_000) return 'now'
  return gap > 0 ? `${shortDuration(gap)} ago` : `in ${shortDuration(gap)}`
}

/** Never rounds 99.95 % up to 100 %: digits are added until the distance to 1 shows. */
export function ratioText(ratio: number | null, language?: string): string {
  if (ratio === null || !Number.isFinite(ratio)) return '–'
  const percent = ratio * 100
  const distance = Math.abs(100 - percent)
  const digits = distance === 0 ? 0 : distance < 10 ? Math.min(5, Math.max(1, Math.ceil(-Math.log10(distance)) + 1)) : 1
  const scale = 10 ** digits
  const cut = percent < 100 && percent > 0 ? Math.floor(percent * scale + 1e-6) / scale : percent
  return `${numberText(cut, language, digits)} %`
}

/** A share of a whole, to a tenth: `12.4 %`; what is there but tiny stays visible as `< 0.1 %`, and beyond ten wholes a tenth of a percent says nothing. */
export function shareText(ratio: number | null, language?: string): string {
  if (ratio === null || !Number.isFinite(ratio)) return '–'
  if (ratio > 0 && ratio < 0.001) return '< 0.1 %'
  return `${numberText(ratio * 100, language, Math.abs(ratio) < 10 ? 1 : 0)} %`
}

export function numberText(value: number, language?: string, digits = 0): string {
  return new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value).replace('-', '−')
}

/** 12 840 → `12.8k`: for counts beside words, never in tables of evidence. */
export function compactNumber(value: number, language?: string): string {
  return value < 1000
    ? String(value)
    : new Intl.NumberFormat(language, { notation: 'compact', maximumFractionDigits: 1 }).format(value)
}

export function burnText(rate: number | null): string {
  if (rate === null) return '–'
  return `${rate >= 100 ? Math.round(rate) : rate.toFixed(1)}×`
}

export function validZone(zone: string | null | undefined): string | undefined {
  if (zone === null || zone === undefined || zone === '') return undefined
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return zone
  } catch {
    return undefined
  }
}

/** `Europe/Berlin` → `Berlin`, `America/Argentina/Buenos_Aires` → `Buenos Aires`. */
export function zoneName(zone: string): string {
  return (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ')
}

/** `14:05`, with the day when it is not today: `Thu 14:05`, `3 Mar, 14:05`. */
export function clockText(at: number, now: number, zone?: string, language?: string): string {
  const time = part(at, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }, zone, language)
  if (dayKey(at, zone) === dayKey(now, zone)) return time
  const near = Math.abs(now - at) < 6 * day
  const date = near
    ? part(at, { weekday: 'short' }, zone, language)
    : part(
        at,
        { day: 'numeric', month: 'short', ...(Math.abs(now - at) > 300 * day ? { year: 'numeric' } : {}) },
        zone,
        language,
      )
  return `${date}${near ? ' ' : ', '}${time}`
}

/** A sentence of the server, with its moments as people here say them. */
export function localTimes(sentence: string, now: number, zone?: string, language?: string): string {
  return sentence.replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, (text) =>
    clockText(Date.parse(text), now, zone, language),
  )
}

/** Everything, with the zone: `Thu 3 Mar 2026, 14:05:09 GMT+1`. */
export function fullTime(at: number, zone?: string, language?: string): string {
  return part(
    at,
    {
      weekday: 'short',
      day: 'numeric',
      month: 'short',
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
      timeZoneName: 'short',
    },
    zone,
    language,
  )
}

/** `2026-03-01` in the zone: equal keys are the same calendar day. */
export function dayKey(at: number, zone?: string): string {
  return part(at, { year: 'numeric', month: '2-digit', day: '2-digit' }, zone, 'sv-SE')
}

const formats = new Map<string, Intl.DateTimeFormat>()
function part(at: number, options: Intl.DateTimeFormatOptions, zone?: string, language?: string): string {
  const key = `${language ?? ''}|${zone ?? ''}|${Object.entries(options).join()}`
  let format = formats.get(key)
  if (format === undefined) {
    format = new Intl.DateTimeFormat(language, { ...options, ...(zone === undefined ? {} : { timeZone: zone }) })
    formats.set(key, format)
  }
  return format.format(at)
}

/** Value of a `datetime-local` field in the browser's zone. */
export function toLocalInput(at: number): string {
  const date = new Date(at)
  const pad = (value: number) => String(value).padStart(2, '0')
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}T${pad(date.getHours())}:${pad(date.getMinutes())}`
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${numberText(count)} ${count === 1 ? one : many}`
}

export function formatInZone(
  at: number,
  options: Intl.DateTimeFormatOptions,
  zone?: string,
  language?: string,
): string {
  return part(at, options, zone, language)
}

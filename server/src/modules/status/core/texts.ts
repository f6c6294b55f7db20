// What the product says on a page, in each language: its words, times and shares.
import type { Instant } from '../../../kernel/instant.ts'
import type { Language, Translations } from './language.ts'
import type { Saying } from './post.ts'
import type { Uptime } from './uptime.ts'
import { de } from './words/de.ts'
import { en } from './words/en.ts'
import { es } from './words/es.ts'
import { fr } from './words/fr.ts'
import { ja } from './words/ja.ts'
import { nl } from './words/nl.ts'
import { pt } from './words/pt.ts'
import type { PageWords } from './words/words.ts'

export type { PageWords } from './words/words.ts'

export const wordsOf: Readonly<Record<Language, PageWords>> = { en, de, fr, es, pt, nl, ja }

/** `2 Mar 2026, 09:04 UTC`, in the language and the zone of the page. */
export function timeText(at: Instant, language: Language, zone: string): string {
  return formatOf(language, zone).format(at)
}

const formats = new Map<string, Intl.DateTimeFormat>()
function formatOf(language: Language, zone: string): Intl.DateTimeFormat {
  const key = `${language} ${zone}`
  const found = formats.get(key)
  if (found !== undefined) return found
  const format = new Intl.DateTimeFormat(wordsOf[language].locale, {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: zone,
    timeZoneName: 'short',
  })
  formats.set(key, format)
  return format
}

/** `2026-03` as `March 2026`. */
export function monthText(month: string, language: Language): string {
  const format = new Intl.DateTimeFormat(wordsOf[language].locale, { year: 'numeric', month: 'long', timeZone: 'UTC' })
  return format.format(Date.parse(`${month}-01T00:00:00Z`))
}

/** Rounded down, so that 99.999 never reads as 100. */
export function shareText(ratio: number, language: Language): string {
  if (ratio >= 1) return '100 %'
  const text = (Math.floor(ratio * 10_000) / 100).toFixed(2)
  return `${language === 'en' || language === 'ja' ? text : text.replace('.', ',')} %`
}

export function uptimeText({ ratio, measuredDays, days }: Uptime, language: Language): string {
  const words = wordsOf[language]
  return ratio === null ? words.noData : words.uptime(shareText(ratio, language), measuredDays, days.length)
}

/** What the clock says, in the first language of the page and in its others. */
export function sayIn(
  known: readonly Language[],
  zone: string,
  { say, from, to }: Saying,
): { readonly body: string; readonly bodies: Translations } {
  const time = (at: Instant | null, language: Language) => (at === null ? '' : timeText(at, language, zone))
  const text = (language: Language) => wordsOf[language].saying(say, time(from, language), time(to, language))
  const [first = 'en', ...others] = known
  return { body: text(first), bodies: Object.fromEntries(others.map((each) => [each, text(each)])) }
}

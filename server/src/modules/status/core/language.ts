// Which languages a page may speak, and which of them a reader gets.

export const languages = ['en', 'de', 'fr', 'es', 'pt', 'nl', 'ja'] as const
export type Language = (typeof languages)[number]

/** What people wrote, in other languages than the first of the page. */
export type Translations = Readonly<Partial<Record<Language, string>>>

export const languageOf = (text: string | null | undefined): Language | null =>
  languages.find((each) => each === text?.toLowerCase()) ?? null

/** What was asked for by name, else the best of `Accept-Language` (RFC 9110), else the first of the page. */
export function chooseLanguage(
  known: readonly Language[],
  asked: string | null,
  accepted: string | null | undefined,
): Language {
  const first = known[0] ?? 'en'
  const named = languageOf(asked)
  if (named !== null && known.includes(named)) return named
  if (known.length < 2 || accepted === null || accepted === undefined) return first
  let best: { readonly language: Language; readonly weight: number } | null = null
  for (const part of accepted.slice(0, 500).split(',')) {
    const [range = '', ...parameters] = part.split(';').map((each) => each.trim().toLowerCase())
    const given = parameters.find((each) => each.startsWith('q='))
    const weight = given === undefined ? 1 : Number(given.slice(2))
    const found = range === '*' ? first : languageOf(range.split('-')[0])
    if (found === null || !known.includes(found) || !(weight > 0)) continue
    if (best === null || weight > best.weight) best = { language: found, weight }
  }
  return best?.language ?? first
}

/** In the language where it was translated, else as it was written: then it says which language that is. */
export function spokenIn(
  text: string,
  translations: Translations,
  language: Language,
  first: Language,
): { readonly text: string; readonly language: Language } {
  const found = translations[language]
  return found === undefined || language === first ? { text, language: first } : { text: found, language }
}

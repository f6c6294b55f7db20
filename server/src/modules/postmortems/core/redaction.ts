// Takes people and passages out of a text, so that what is left can be read by anybody; and looks whether something stayed.

export interface PersonNamed {
  /** What stands in their place: "the incident commander". */
  readonly role: string
  /** Account name, display name, e-mail address: all that may stand for them. */
  readonly forms: readonly string[]
}

export interface Withheld {
  readonly people: readonly PersonNamed[]
  /** Taken out wherever they stand, whatever their case and the white space in them. */
  readonly passages: readonly string[]
  /** Words that are somebody's name and mean something else here: "will", "rose". */
  readonly noNames: readonly string[]
}

export const somebody = 'a colleague'
export const withheldSign = '[withheld]'
const addressSign = '[e-mail address]'

// A name of one letter would take every such letter away.
const shortestForm = 2
const address = /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu
// Signs that are not seen and part a word in two.
const unseen = /[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]/g
/** In addresses a space is `%20`, and its digits are no part of the word after it. */
const escaped = /%[0-9a-f]{2}/g
const wordPattern = /[\p{L}\p{N}]+/gu

/** Finds whoever is named in some texts, among many people. */
export interface Redaction {
  redact(text: string): string
  /** What a text still says that it must not; empty when nothing. */
  leaks(text: string): readonly string[]
  /** Passages that stand in none of the texts. */
  readonly notFound: readonly string[]
}

export function redactionFor(withheld: Withheld, texts: readonly string[]): Redaction {
  const cleaned = texts.map(clean)
  const roles = rolesOf(withheld, cleaned)
  const names = patternOf([...roles.keys()], true)
  const passages = withheld.passages.map((each) => each.trim()).filter((each) => each !== '')
  const hidden = patternOf(passages, false)
  const redact = (text: string): string => {
    let left = clean(text)
    if (hidden !== null) left = left.replace(hidden, withheldSign)
    left = left.replace(address, addressSign)
    return names === null ? left : left.replace(names, (found) => roles.get(keyOf(found.replace(/^@/, ''))) ?? somebody)
  }
  const signs = patternOf([withheldSign, addressSign, somebody, ...roles.values()], true)
  const leaks = (text: string): readonly string[] => {
    // A role may be what somebody else is called; it stands there because it was put there.
    const plain = clean(text)
    const left = signs === null ? plain : plain.replace(signs, ' ')
    const found = [address, hidden, names].flatMap((pattern) => (pattern === null ? [] : (left.match(pattern) ?? [])))
    return [...new Set(found)]
  }
  return {
    redact,
    leaks,
    notFound: passages.filter((each) => {
      const pattern = patternOf([each], false)
      return pattern !== null && !cleaned.some((text) => text.search(pattern) >= 0)
    }),
  }
}

const clean = (text: string): string => text.normalize('NFC').replaceAll(unseen, '')
const keyOf = (form: string): string => clean(form).toLowerCase().replaceAll(/\s+/g, ' ')

/** Only of people of whom at least a word stands there: a house may have ten thousand. */
function rolesOf({ people, noNames }: Withheld, texts: readonly string[]): ReadonlyMap<string, string> {
  const there = new Set(texts.flatMap((text) => text.toLowerCase().replaceAll(escaped, ' ').match(wordPattern) ?? []))
  const meant = new Set(noNames.map(keyOf))
  const roles = new Map<string, string>()
  for (const { role, forms } of people)
    for (const form of forms.flatMap(partsOf)) {
      const key = keyOf(form)
      const words = key.match(wordPattern) ?? []
      if (key.length < shortestForm || meant.has(key) || roles.has(key)) continue
      if (words.length > 0 && words.every((word) => there.has(word))) roles.set(key, role)
    }
  return roles
}

/** "Ana Ruiz" is also Ana, and Ruiz. */
function partsOf(form: string): readonly string[] {
  const [local] = form.includes('@') ? form.split('@') : [form]
  const words = form.includes('@') ? [] : form.split(/[\s.]+/).filter((each) => each !== '')
  return [form, ...(local === undefined || local === form ? [] : [local]), ...words]
}

function patternOf(forms: readonly string[], isName: boolean): RegExp | null {
  if (forms.length === 0) return null
  // The longest first: of "Ana Ruiz" nothing stays behind.
  const sorted = [...forms].sort((a, b) => b.length - a.length)
  const either = sorted.map((each) => each.split(/\s+/).map(escapeSigns).join('\\s+')).join('|')
  return isName
    ? new RegExp(`@?(?:(?<![\\p{L}\\p{N}])|(?<=%[0-9a-f]{2}))(?:${either})(?![\\p{L}\\p{N}])`, 'giu')
    : new RegExp(either, 'giu')
}

const escapeSigns = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&')

// What people type into a search box, as a query that PostgreSQL reads: every word must occur, its beginning is enough;
// "quoted words" stand together; a word after a minus must not occur. Only letters and digits get through, so that nothing
// typed is read as an operator; punctuation separates, as in the texts: `v1.5/eu-west` is four words.

const mostWords = 12

/** Of one or two letters no beginnings are looked for: as good as every text has a word that begins so. */
const shortestBeginning = 3

export interface SearchQuery {
  /** What must hold, for `to_tsquery`. */
  readonly exact: string
  /**
   * What an index of words can say by itself, without reading a text again: every word stands somewhere in it.
   * All that holds `exact` holds this.
   */
  readonly loose: string
}

/** Null when nothing is left to look for. */
export function searchQuery(typed: string): SearchQuery | null {
  const exact: string[] = []
  const loose: string[] = []
  for (const [, minus, quoted, bare] of typed.matchAll(/(?:^|(?<=\s))(-?)(?:"([^"]*)"|(\S+))/g)) {
    if (exact.length >= mostWords) break
    const words = wordsIn(quoted ?? bare ?? '')
    if (words.length === 0) continue
    // The last word of what is typed may be half a word; in quotes every word is whole.
    const last = words.length - 1
    const terms = words.map((word, index) => `'${word}'${quoted === undefined && index === last ? ending(word) : ''}`)
    const part = terms.length === 1 ? terms.join('') : `(${terms.join(' <-> ')})`
    exact.push(minus === '-' ? `!${part}` : part)
    if (minus !== '-') loose.push(...terms)
  }
  return loose.length === 0 ? null : { exact: exact.join(' & '), loose: [...new Set(loose)].join(' & ') }
}

const ending = (word: string): string => (word.length < shortestBeginning && /^[a-z0-9]+$/i.test(word) ? '' : ':*')

const wordsIn = (text: string): readonly string[] => (text.match(/[\p{L}\p{M}\p{N}]+/gu) ?? []).slice(0, mostWords)

export interface Piece {
  readonly text: string
  readonly hit: boolean
}

/** Around what was found; both are for private use and stand in no text people write. */
export const hitStart = '\ue000'
export const hitEnd = '\ue001'

/** A text with marks, as pieces: what is shown is text, whatever it looks like. */
export function piecesOf(marked: string): readonly Piece[] {
  const pieces: Piece[] = []
  for (const [index, part] of marked.split(hitStart).entries()) {
    const [inside = '', ...rest] = part.split(hitEnd)
    if (index === 0) pieces.push({ text: part.replaceAll(hitEnd, ''), hit: false })
    else pieces.push({ text: inside, hit: true }, { text: rest.join(''), hit: false })
  }
  return pieces.filter((each) => each.text !== '')
}

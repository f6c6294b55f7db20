// Ranks palette entries. Letters in order suffice; starts of words, runs and short texts rank higher.

export interface Searchable {
  readonly text: string
  readonly words?: string | undefined
}

interface Prepared<Item> {
  readonly item: Item
  readonly text: string
  readonly words: string
}

export function prepare<Item extends Searchable>(items: readonly Item[]): readonly Prepared<Item>[] {
  return items.map((item) => ({ item, text: item.text.toLowerCase(), words: (item.words ?? '').toLowerCase() }))
}

export function rank<Item extends Searchable>(
  prepared: readonly Prepared<Item>[],
  query: string,
  limit: number,
): readonly Item[] {
  const wanted = query.trim().toLowerCase()
  if (wanted === '') return prepared.slice(0, limit).map((each) => each.item)
  const found: { item: Item; score: number; order: number }[] = []
  for (let order = 0; order < prepared.length; order++) {
    const each = prepared[order]
    if (each === undefined) continue
    const score = Math.max(scoreOf(each.text, wanted), each.words === '' ? 0 : scoreOf(each.words, wanted) * 0.6)
    if (score > 0) found.push({ item: each.item, score, order })
  }
  found.sort((a, b) => b.score - a.score || a.order - b.order)
  return found.slice(0, limit).map((each) => each.item)
}

/** 0 when the letters do not occur in order; otherwise larger is better. Both texts in lower case. */
export function scoreOf(text: string, wanted: string): number {
  const whole = text.indexOf(wanted)
  if (whole >= 0) {
    const atWord = whole === 0 || isBreak(text.charCodeAt(whole - 1))
    return 1000 + (whole === 0 ? 200 : 0) + (atWord ? 200 : 0) - Math.min(whole, 100) - Math.min(text.length, 200) * 0.5
  }
  let score = 0
  let from = 0
  let run = 0
  for (let i = 0; i < wanted.length; i++) {
    const letter = wanted.charCodeAt(i)
    if (letter === 32) {
      run = 0
      continue
    }
    const at = indexOfCode(text, letter, from)
    if (at < 0) return 0
    const startsWord = at === 0 || isBreak(text.charCodeAt(at - 1))
    run = at === from && i > 0 ? run + 1 : 0
    score += 10 + (startsWord ? 30 : 0) + run * 12 - Math.min(at - from, 15)
    from = at + 1
  }
  return Math.max(1, score - Math.min(text.length, 200) * 0.2)
}

function indexOfCode(text: string, code: number, from: number): number {
  for (let i = from; i < text.length; i++) if (text.charCodeAt(i) === code) return i
  return -1
}

// Space, dash, dot, slash, underscore, colon, hash.
function isBreak(code: number): boolean {
  return code === 32 || (code >= 45 && code <= 47) || code === 95 || code === 58 || code === 35
}

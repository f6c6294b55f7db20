// The alerts of a body as pieces of its text, each with its end taken out: a sender repeats an alert in the same words for
// hours and only moves its end, so that words which were read before need not be read again. Reads no JSON: whoever meets
// words for the first time parses them, and what was parsed once is the same with any other plain text for an end.

export interface AlertPiece {
  /** The whole alert. */
  readonly text: string
  /** The alert without its end. */
  readonly words: string
  /** What stands between the quotes. */
  readonly endsAt: string
}

const [quote, backslash, colon, comma] = [0x22, 0x5c, 0x3a, 0x2c]
const [openObject, closeObject, openList, closeList] = [0x7b, 0x7d, 0x5b, 0x5d]

/** Null when it is not plainly a list of objects that have one text `endsAt` each: then only a parser can tell. */
export function splitAlerts(text: string): readonly AlertPiece[] | null {
  let at = afterSpace(text, 0)
  if (text.charCodeAt(at) !== openList) return null
  const pieces: AlertPiece[] = []
  for (;;) {
    at = afterSpace(text, at + 1)
    const piece = pieceAt(text, at)
    if (piece === null) return null
    pieces.push(piece)
    at = afterSpace(text, at + piece.text.length)
    const next = text.charCodeAt(at)
    if (next === comma) continue
    return next === closeList && afterSpace(text, at + 1) === text.length ? pieces : null
  }
}

function pieceAt(text: string, from: number): AlertPiece | null {
  if (text.charCodeAt(from) !== openObject) return null
  let end: { readonly from: number; readonly to: number } | null = null
  let depth = 1
  let at = from + 1
  while (depth > 0) {
    const code = text.charCodeAt(at)
    if (Number.isNaN(code)) return null
    if (code === openObject || code === openList) depth += 1
    else if (code === closeObject || code === closeList) depth -= 1
    else if (code === quote) {
      const close = closingQuote(text, at)
      if (close < 0) return null
      if (depth === 1) {
        const next = afterSpace(text, close + 1)
        if (text.charCodeAt(next) === colon) {
          const name = text.slice(at + 1, close)
          // `ends\u0041t` is the same name to a parser.
          if (name.includes('\\')) return null
          if (name === 'endsAt') {
            const value = afterSpace(text, next + 1)
            const to = text.charCodeAt(value) === quote ? closingQuote(text, value) : -1
            if (end !== null || to < 0) return null
            end = { from: value + 1, to }
            at = to + 1
            continue
          }
        }
      }
      at = close
    }
    at += 1
  }
  if (end === null) return null
  return {
    text: text.slice(from, at),
    // No JSON holds a NUL: it marks the place.
    words: `${text.slice(from, end.from)}\u0000${text.slice(end.to, at)}`,
    endsAt: text.slice(end.from, end.to),
  }
}

function closingQuote(text: string, open: number): number {
  let at = open
  for (;;) {
    at = text.indexOf('"', at + 1)
    if (at < 0) return -1
    let before = at - 1
    while (text.charCodeAt(before) === backslash) before -= 1
    if ((at - before) % 2 === 1) return at
  }
}

function afterSpace(text: string, from: number): number {
  let at = from
  for (;;) {
    const code = text.charCodeAt(at)
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return at
    at += 1
  }
}

// PromQL cut into words. What no word begins with ends the reading: the parser says where.

export type Token =
  | { readonly kind: 'name'; readonly text: string; readonly at: number }
  | { readonly kind: 'number'; readonly text: string; readonly at: number }
  | { readonly kind: 'duration'; readonly text: string; readonly at: number }
  | { readonly kind: 'text'; readonly text: string; readonly at: number }
  | { readonly kind: 'sign'; readonly text: string; readonly at: number }
  | { readonly kind: 'end'; readonly text: ''; readonly at: number }

const blank = /(?:\s+|#[^\n]*)+/y
const duration = /(?:\d+(?:ms|[smhdwy]))+(?![A-Za-z0-9_])/y
const number = /(?:0[xX][0-9a-fA-F]+|(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/y
const name = /[A-Za-z_:][A-Za-z0-9_:]*/y
// In `[5m:1m]` the colon is a sign and no part of a name.
const plainName = /[A-Za-z_][A-Za-z0-9_]*/y
const text = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`/y
const sign = /==|!=|=~|!~|>=|<=|[-+*/%^<>=(){}[\],:@]/y

export function readTokens(source: string): readonly Token[] | { readonly stoppedAt: number } {
  const tokens: Token[] = []
  let at = 0
  let inBrackets = 0
  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at
    return pattern.exec(source)?.[0] ?? null
  }
  while (at < source.length) {
    const skipped = take(blank)
    if (skipped !== null) {
      at += skipped.length
      continue
    }
    const found = firstOf(take, inBrackets > 0)
    if (found === null) return { stoppedAt: at }
    tokens.push({ kind: found.kind, text: found.text, at })
    if (found.text === '[') inBrackets += 1
    if (found.text === ']') inBrackets -= 1
    at += found.text.length
  }
  tokens.push({ kind: 'end', text: '', at })
  return tokens
}

type Word = Exclude<Token['kind'], 'end'>

function firstOf(
  take: (pattern: RegExp) => string | null,
  inBrackets: boolean,
): { readonly kind: Word; readonly text: string } | null {
  const kinds: readonly (readonly [Word, RegExp])[] = [
    ['duration', duration],
    ['number', number],
    ['name', inBrackets ? plainName : name],
    ['text', text],
    ['sign', sign],
  ]
  for (const [kind, pattern] of kinds) {
    const found = take(pattern)
    if (found !== null) return { kind, text: found }
  }
  return null
}

const units: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
}

/** `1h30m` as Prometheus writes durations; null when it is none. `0` needs no unit. */
export function readPromDuration(given: string): number | null {
  const plain = given.trim()
  if (plain === '0') return 0
  if (!/^(?:\d+(?:ms|[smhdwy]))+$/.test(plain)) return null
  let sum = 0
  for (const [, amount = '0', unit = 's'] of plain.matchAll(/(\d+)(ms|[smhdwy])/g))
    sum += Number(amount) * (units[unit] ?? 0)
  return sum
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' }

export function unquote(quoted: string): string {
  const inner = quoted.slice(1, -1)
  return quoted.startsWith('`') ? inner : inner.replace(/\\(.)/g, (_, letter: string) => escapes[letter] ?? letter)
}

// How many columns a text takes, and text from elsewhere made harmless.

/** What a server sends is shown, never obeyed: an escape sequence in an alert's title must not move the cursor. */
export function harmless(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g, ' ')
}

const marks = /^\p{M}$/u

export function widthOf(text: string): number {
  let width = 0
  for (const letter of text) {
    const code = letter.codePointAt(0) ?? 0
    if (code < 0x300) width += 1
    else if (!marks.test(letter) && code !== 0xfe0f) width += isWide(code) ? 2 : 1
  }
  return width
}

/** East Asian wide and emoji: two columns. */
function isWide(code: number): boolean {
  return (
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0x1f300 && code <= 0x1faff) ||
    (code >= 0x20000 && code <= 0x3fffd)
  )
}

export function cut(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text
  let shown = ''
  let width = 0
  for (const letter of text) {
    const next = widthOf(letter)
    if (width + next > columns - 1) break
    shown += letter
    width += next
  }
  return `${shown.trimEnd()}…`
}

export const padTo = (text: string, columns: number): string =>
  `${text}${' '.repeat(Math.max(0, columns - widthOf(text)))}`

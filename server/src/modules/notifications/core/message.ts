// What every message has in common: a subject that fits a mail header, a short text that fits a lock screen, a body.

export interface Message {
  /** At most 78 characters (RFC 5322, section 2.1.1), one line. */
  readonly subject: string
  /** At most 160 characters, one line: lock screens and short messages. */
  readonly short: string
  /** Plain text; each line is one fact. */
  readonly body: string
}

/** Stands where the sender puts the signed link of the one contact it sends to. */
export const acknowledgeLink = '{{acknowledge-link}}'

export const subjectLimit = 78
export const shortLimit = 160
/** Mail lines end at 998 octets (RFC 5322); a long fact must not push the links below it out of the message. */
const lineLimit = 900

export function compose(subject: string, short: string, lines: readonly (string | null)[]): Message {
  const body = lines.flatMap((each) => (each === null ? [] : [shorten(each, lineLimit)])).join('\n')
  return {
    subject: shorten(oneLine(subject), subjectLimit),
    short: shorten(oneLine(short), shortLimit),
    body,
  }
}

/**
 * Line breaks and control characters become spaces, direction overrides vanish: text from outside can neither add a
 * header or a line nor show itself in another order.
 */
export function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(/ {2,}/g, ' ')
    .trim()
}

/** Cuts at a word where one is near, never inside a surrogate pair, and shows that it cut. */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text
  const room = text.slice(0, limit - 1)
  const space = room.lastIndexOf(' ')
  const cut = space > limit * 0.6 ? room.slice(0, space) : room
  return `${cut.replace(/[\ud800-\udbff]$/, '').trimEnd()}…`
}

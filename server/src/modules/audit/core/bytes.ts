// Text and bytes without a platform: core has neither Buffer nor TextEncoder, and the offline verifier of an export
// must give the same bytes in Node and in a browser.

export type Hash = (bytes: Uint8Array) => Uint8Array

/** UTF-8. A lone surrogate becomes U+FFFD, as TextEncoder does; journal text never holds one. */
export function utf8(text: string): Uint8Array {
  // Three bytes for each UTF-16 unit is the most UTF-8 ever needs.
  const bytes = new Uint8Array(text.length * 3)
  let end = 0
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i)
    if (unit < 0x80) {
      bytes[end++] = unit
      continue
    }
    const point = text.codePointAt(i) ?? unit
    if (point > 0xffff) i += 1
    const scalar = point >= 0xd800 && point <= 0xdfff ? 0xfffd : point
    if (scalar < 0x800) bytes[end++] = 0xc0 | (scalar >> 6)
    else {
      if (scalar < 0x10000) bytes[end++] = 0xe0 | (scalar >> 12)
      else {
        bytes[end++] = 0xf0 | (scalar >> 18)
        bytes[end++] = 0x80 | ((scalar >> 12) & 0x3f)
      }
      bytes[end++] = 0x80 | ((scalar >> 6) & 0x3f)
    }
    bytes[end++] = 0x80 | (scalar & 0x3f)
  }
  return bytes.subarray(0, end)
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return false
  return true
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const digitOf: ReadonlyMap<string, number> = new Map([...alphabet].map((char, digit) => [char, digit]))

/** RFC 4648 section 4, padded. */
export function toBase64(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i
    const group = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0)
    text += alphabet.charAt(group >> 18) + alphabet.charAt((group >> 12) & 63)
    text += left > 1 ? alphabet.charAt((group >> 6) & 63) : '='
    text += left > 2 ? alphabet.charAt(group & 63) : '='
  }
  return text
}

/** Strict: padding, alphabet and unused bits must be right, so one value has one spelling. Null otherwise. */
export function fromBase64(text: string): Uint8Array | null {
  if (text.length % 4 !== 0) return null
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  const bytes = new Uint8Array((text.length / 4) * 3 - padding)
  let at = 0
  for (let i = 0; i < text.length; i += 4) {
    let group = 0
    for (let j = 0; j < 4; j += 1) {
      const char = text.charAt(i + j)
      const digit = char === '=' && i + j >= text.length - padding ? 0 : digitOf.get(char)
      if (digit === undefined) return null
      group = (group << 6) | digit
    }
    for (const shift of [16, 8, 0]) if (at < bytes.length) bytes[at++] = (group >> shift) & 0xff
  }
  return toBase64(bytes) === text ? bytes : null
}

export function toHex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0')
  return text
}

/** Lower case only; null otherwise. */
export function fromHex(text: string): Uint8Array | null {
  if (!/^([0-9a-f]{2})*$/.test(text)) return null
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}

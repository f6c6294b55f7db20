// The colour of a page, made readable in both themes, and what may be its picture. An eye that sees little must read links too.

/** The papers of status-style. */
export const papers = { light: '#ffffff', dark: '#14161a' } as const

export function readColor(text: string): string | null {
  return /^#[0-9a-f]{6}$/i.test(text) ? text.toLowerCase() : null
}

interface Rgb {
  readonly r: number
  readonly g: number
  readonly b: number
}

function channels(color: string): Rgb {
  const at = (from: number) => Number.parseInt(color.slice(from, from + 2), 16)
  return { r: at(1), g: at(3), b: at(5) }
}

const hex = (value: number): string => Math.round(value).toString(16).padStart(2, '0')
const textOf = ({ r, g, b }: Rgb): string => `#${hex(r)}${hex(g)}${hex(b)}`

/** WCAG 2.2, relative luminance. */
function luminance(color: string): number {
  const light = (each: number) => {
    const share = each / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }
  const { r, g, b } = channels(color)
  return 0.2126 * light(r) + 0.7152 * light(g) + 0.0722 * light(b)
}

export function contrast(a: string, b: string): number {
  const [x, y] = [luminance(a), luminance(b)]
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05)
}

/** WCAG AA for text. */
export const neededContrast = 4.5
const steps = 100

/** The colour itself where it can be read on the paper, else the nearest mixture with black or white that can. */
export function readableOn(color: string, paper: string): string {
  const end = luminance(paper) > 0.5 ? 0 : 255
  const { r, g, b } = channels(color)
  for (let step = 0; step < steps; step += 1) {
    const mix = (from: number) => from + ((end - from) * step) / steps
    const mixed = textOf({ r: mix(r), g: mix(g), b: mix(b) })
    if (contrast(mixed, paper) >= neededContrast) return mixed
  }
  return textOf({ r: end, g: end, b: end })
}

export const imageKinds = ['logo', 'icon'] as const
export type ImageKind = (typeof imageKinds)[number]

export const imageLimits: Readonly<Record<ImageKind, { readonly bytes: number; readonly pixels: number }>> = {
  logo: { bytes: 200_000, pixels: 2_000 },
  icon: { bytes: 50_000, pixels: 512 },
}

export type ImageVerdict =
  | { readonly ok: true; readonly type: 'image/png' | 'image/webp' }
  | { readonly ok: false; readonly because: string }

const no = (because: string): ImageVerdict => ({ ok: false, because })
const ascii = (bytes: Uint8Array, from: number, to: number): string => String.fromCharCode(...bytes.subarray(from, to))
const pngSign = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

/** By its first bytes, never by its name. SVG is a document with scripts and links: it is not taken at all. */
export function judgeImage(kind: ImageKind, bytes: Uint8Array): ImageVerdict {
  const { bytes: mostBytes, pixels } = imageLimits[kind]
  if (bytes.length > mostBytes) return no(`It has ${bytes.length} bytes; ${mostBytes} at most.`)
  const size = sizeOf(bytes)
  if (size === null)
    return no('It is no PNG and no WebP. Save it as one of these; SVG is not taken, because it may hold scripts.')
  const { width, height, type } = size
  if (width < 1 || height < 1 || width > pixels || height > pixels)
    return no(`It measures ${width} × ${height}; ${pixels} × ${pixels} at most.`)
  return { ok: true, type }
}

interface Size {
  readonly width: number
  readonly height: number
  readonly type: 'image/png' | 'image/webp'
}

function sizeOf(bytes: Uint8Array): Size | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length >= 45 && pngSign.every((each, at) => bytes[at] === each) && ascii(bytes, 12, 16) === 'IHDR')
    return { type: 'image/png', width: view.getUint32(16), height: view.getUint32(20) }
  if (bytes.length < 30 || ascii(bytes, 0, 4) !== 'RIFF' || ascii(bytes, 8, 12) !== 'WEBP') return null
  const type = 'image/webp'
  const chunk = ascii(bytes, 12, 16)
  if (chunk === 'VP8X') {
    const three = (at: number) => (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16)
    return { type, width: three(24) + 1, height: three(27) + 1 }
  }
  if (chunk === 'VP8L') {
    const bits = view.getUint32(21, true)
    return { type, width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 }
  }
  if (chunk === 'VP8 ')
    return { type, width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff }
  return null
}

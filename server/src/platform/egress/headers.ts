// Request headers as the caller hands them in: refused when they could split a request or change where it goes.
import { AppError } from '../../kernel/app-error.ts'

/** Servers commonly refuse more than 8 to 16 kB of headers. */
const maxHeadersLength = 16_384
const maxHeaders = 64

/** Framing and routing belong to this module. */
const owned = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** `bodyLength`: a matching Content-Length is dropped, for callers who were given their headers by a library. */
export function readHeaders(headers: Readonly<Record<string, string>>, bodyLength: number): Record<string, string> {
  const read: Record<string, string> = {}
  const entries = Object.entries(headers)
  let length = 0
  for (const [name, value] of entries) {
    const lower = name.toLowerCase()
    length += name.length + value.length + 4
    if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(lower)) throw refused(`"${printable(name)}" is not a header name.`)
    if (lower === 'content-length' && value === String(bodyLength)) continue
    if (owned.has(lower)) throw refused(`The header "${lower}" is set by Mainstay and can not be given.`)
    if (Object.hasOwn(read, lower)) throw refused(`The header "${lower}" is given twice.`)
    // Visible ASCII, space and tab: neither a line break nor a byte that a proxy could read differently.
    if (!/^[\t\u0020-\u007e]*$/.test(value))
      throw refused(`The value of "${lower}" holds a line break or a character outside ASCII.`)
    read[lower] = value.trim()
  }
  if (entries.length > maxHeaders || length > maxHeadersLength)
    throw refused(`More than ${maxHeaders} headers or ${maxHeadersLength} characters of them.`)
  return read
}

export function readMethod(method: string): string {
  const known = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']
  if (!known.includes(method))
    throw new AppError('invalid', 'egress.method-refused', `The method must be one of ${known.join(', ')}.`)
  return method
}

const refused = (sentence: string): AppError => new AppError('invalid', 'egress.header-invalid', sentence)
const printable = (text: string): string => text.slice(0, 40).replace(/[^\u0020-\u007e]/g, '?')

// Reads the address of a request: only http and https, no credentials in it, and a host in its one canonical form.
import { isIP } from 'node:net'
import { AppError } from '../../kernel/app-error.ts'
import type { Destination } from './policy.ts'

/** Longer addresses are refused by most servers anyway. */
const maxUrlLength = 8_192

/** Names that exist only to reach metadata services or this machine; refused whatever they resolve to. */
const refusedNames = new Set([
  'metadata',
  'metadata.google.internal',
  'metadata.goog',
  'metadata.azure.internal',
  'metadata.oraclecloud.com',
  'instance-data',
  'instance-data.ec2.internal',
  'ip6-localnet',
  'broadcasthost',
])

export interface HttpTarget {
  readonly destination: Destination
  /** `https://host:port`, for the Host header and the circuit breaker. */
  readonly origin: string
  /** Path and query, as sent. */
  readonly path: string
}

export function readTarget(connector: string, text: string): HttpTarget {
  const refused = (code: string, sentence: string): AppError => new AppError('invalid', code, sentence)
  if (text.length > maxUrlLength)
    throw refused('egress.url-invalid', `The address is longer than ${maxUrlLength} characters.`)
  // The URL parser drops tabs and newlines silently: what is checked must be what was written.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: refusing control characters is the point.
  if (/[\u0000-\u0020\u007f\\]/.test(text))
    throw refused('egress.url-invalid', 'The address holds a space, a backslash or a control character.')
  const url = parseUrl(text)
  if (url === null) throw refused('egress.url-invalid', 'The address is not a URL.')
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw refused('egress.scheme-refused', `Only http and https can be requested, not "${url.protocol.slice(0, 20)}".`)
  if (url.username !== '' || url.password !== '')
    throw refused(
      'egress.credentials-in-url',
      'The address carries a user name or password. Put them into the secret of the connector.',
    )
  const scheme = url.protocol === 'https:' ? 'https' : 'http'
  const host = readHost(url.hostname)
  const port = url.port === '' ? (scheme === 'https' ? 443 : 80) : Number(url.port)
  if (port === 0) throw refused('egress.url-invalid', 'Port 0 can not be reached.')
  const literal = isIP(host) === 6 ? `[${host}]` : host
  const origin = new URL(`${url.protocol}//${literal}:${port}`).origin
  return { destination: { connector, scheme, host, port }, origin, path: `${url.pathname}${url.search}` }
}

/** The destination of a plain connection, its host brought into the form the URL parser would give it. */
export function readEndpoint(connector: string, scheme: 'tcp' | 'tls', host: string, port: number): Destination {
  const invalid = (): AppError =>
    new AppError('invalid', 'egress.host-invalid', 'This is not a host name or an address.')
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new AppError('invalid', 'egress.port-invalid', 'A port is a number from 1 to 65535.')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: refusing control characters is the point.
  if (host === '' || host.length > 255 || /[\u0000-\u0020\u007f/\\?#@%]/.test(host)) throw invalid()
  const bracketed = isIP(host) === 6 ? `[${host}]` : host
  if (bracketed.includes(':') && !bracketed.startsWith('[')) throw invalid()
  const url = parseUrl(`http://${bracketed}`)
  if (url === null || url.port !== '') throw invalid()
  return { connector, scheme, host: readHost(url.hostname), port }
}

/** Without brackets and the root's dot, in lower case; a metadata name is refused. */
function readHost(hostname: string): string {
  const bare = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname.replace(/\.$/, '').toLowerCase()
  if (bare === '' || bare.endsWith('.'))
    throw new AppError('invalid', 'egress.host-invalid', 'The address names no host.')
  if (refusedNames.has(bare))
    throw new AppError(
      'forbidden',
      'egress.address-refused',
      `"${bare}" is the name of a metadata service, which no connector may reach.`,
    )
  return bare
}

/** What may stand in a log: paths and queries of webhooks are secrets, and so is everything before an @. */
export function redactUrl(text: string): string {
  const url = parseUrl(text)
  if (url === null || url.host === '') return '[not a URL]'
  const rest = url.pathname === '/' && url.search === '' ? '/' : '/…'
  return `${url.protocol}//${url.host}${rest}`
}

/** `URL.parse` came with Node 22. */
function parseUrl(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null
}

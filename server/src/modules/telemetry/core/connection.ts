// How a server is reached that we read from: its address and what proves who asks. Secrets are named, never written.
import type { Fault } from '../../../kernel/app-error.ts'
import { minute, parseDuration, second } from '../../../kernel/duration.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/json.ts'

/** A value as it is sent, or the name of a secret that holds it. */
export type Given = { readonly text: string } | { readonly secret: string }

export interface Connection {
  readonly url: string
  readonly bearer: string | null
  readonly basic: { readonly username: string; readonly password: string } | null
  readonly headers: readonly { readonly name: string; readonly value: Given }[]
  /** How often an endpoint is fetched. */
  readonly intervalMs: number
}

export interface ReadConnection {
  readonly connection: Connection | null
  readonly faults: readonly Fault[]
}

const mostHeaders = 20
const keys = ['url', 'bearer', 'basic', 'headers', 'interval']
const usualInterval = 15 * second
const secretName = /^(?!.*_(?:FILE|FOR)$)[A-Z][A-Z0-9_]{0,62}$/
const headerName = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/
/** Set by the exchange itself, or by `bearer` and `basic`. */
const ownHeaders = ['host', 'content-length', 'content-type', 'transfer-encoding', 'connection', 'authorization']
const telling = /token|secret|passw|cookie|api-?key|credential|auth/i

/** `at` is the JSON pointer of `details` in its document. */
export function readConnection(details: JsonObject, at: string): ReadConnection {
  const faults: Fault[] = []
  const refuse = (path: string, detail: string) => {
    faults.push({ pointer: `${at}${path}`, detail })
    return null
  }
  for (const key of Object.keys(details))
    if (!keys.includes(key)) refuse(`/${key}`, `\`${key}\` is not known; there are ${keys.join(', ')}.`)
  const url = readUrl(details.url, refuse)
  const bearer = details.bearer === undefined ? null : readSecret(details.bearer, '/bearer', refuse)
  const basic = details.basic === undefined ? null : readBasic(details.basic, refuse)
  if (bearer !== null && basic !== null) refuse('/basic', 'Either `bearer` or `basic`, not both.')
  const headers = readHeaders(details.headers, refuse)
  const intervalMs = readInterval(details.interval, refuse)
  return { connection: faults.length > 0 || url === null ? null : { url, bearer, basic, headers, intervalMs }, faults }
}

type Refuse = (path: string, detail: string) => null

function readUrl(value: JsonValue | undefined, refuse: Refuse): string | null {
  const found = typeof value === 'string' ? /^(https?):\/\/([^/?#]+)([^?#]*)$/.exec(value) : null
  if (typeof value !== 'string' || found === null)
    return refuse('/url', 'Needs `url`, where /api/v1/query_range is found below: http://prometheus:9090')
  if (found[2]?.includes('@') === true)
    return refuse('/url', 'The address carries a user name or password. Use `basic` with the name of a secret.')
  return value.replace(/\/+$/, '')
}

function readInterval(value: JsonValue | undefined, refuse: Refuse): number {
  if (value === undefined) return usualInterval
  const found = typeof value === 'string' ? parseDuration(value) : null
  if (found !== null && found >= 5 * second && found <= minute) return found
  refuse('/interval', 'From 5s to 1m; 15s unless said.')
  return usualInterval
}

function readSecret(value: JsonValue, path: string, refuse: Refuse): string | null {
  const name = isJsonObject(value) ? value.secret : null
  if (typeof name === 'string' && secretName.test(name) && isJsonObject(value) && Object.keys(value).length === 1)
    return name
  return refuse(
    path,
    'Write the name of a secret, never the secret: `{secret: METRICS_TOKEN}`, given to the server as MAINSTAY_SECRET_METRICS_TOKEN or MAINSTAY_SECRET_METRICS_TOKEN_FILE.',
  )
}

function readBasic(value: JsonValue, refuse: Refuse): Connection['basic'] {
  if (!isJsonObject(value)) return refuse('/basic', 'A mapping with `username` and `password`.')
  const { username } = value
  if (typeof username !== 'string' || username === '' || /[:\p{Cc}]/u.test(username) || username.length > 200)
    return refuse('/basic/username', 'A name without a colon.')
  const password = readSecret(value.password ?? '', '/basic/password', refuse)
  return password === null ? null : { username, password }
}

function readHeaders(value: JsonValue | undefined, refuse: Refuse): Connection['headers'] {
  if (value === undefined) return []
  const found = isJsonObject(value) ? Object.entries(value) : []
  if (!isJsonObject(value) || found.length > mostHeaders) {
    refuse('/headers', `A mapping of at most ${mostHeaders} headers.`)
    return []
  }
  return found.flatMap(([name, given]): Connection['headers'] => {
    const path = `/headers/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
    if (!headerName.test(name) || ownHeaders.includes(name.toLowerCase())) {
      refuse(
        path,
        `${name} cannot be set here${name.toLowerCase() === 'authorization' ? ': use `bearer` or `basic`' : ''}.`,
      )
      return []
    }
    if (typeof given === 'string' && !telling.test(name)) {
      if (given.length <= 1_000 && !/\p{Cc}/u.test(given)) return [{ name, value: { text: given } }]
      refuse(path, 'A text of one line, at most 1,000 characters.')
      return []
    }
    const secret = readSecret(given, path, refuse)
    return secret === null ? [] : [{ name, value: { secret } }]
  })
}

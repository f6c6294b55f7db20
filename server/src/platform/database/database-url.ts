// Reads DATABASE_URL as libpq does, as far as people use it.
import { readFileSync } from 'node:fs'
import type { ConnectionOptions } from 'node:tls'
import { AppError } from '../../kernel/app-error.ts'
import type { ConnectionSettings, Host } from './connection.ts'

const sslModes = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full'] as const

const parameters = [
  'sslmode',
  'sslrootcert',
  'sslcert',
  'sslkey',
  'host',
  'port',
  'application_name',
  'connect_timeout',
  'target_session_attrs',
]

export function parseDatabaseUrl(text: string): ConnectionSettings {
  const withHost = nameHost(text)
  if (!URL.canParse(withHost)) throw wrong('it is not a URL')
  const url = new URL(withHost)
  const unknown = [...url.searchParams.keys()].filter((key) => !parameters.includes(key))
  if (unknown.length > 0) throw wrong(`the parameter ${unknown[0]} is not known`)
  const attributes = url.searchParams.get('target_session_attrs')
  // Writing is all it does there, so whatever the word, it goes to the primary; other words ask for something else.
  if (attributes !== null && !['any', 'read-write', 'primary'].includes(attributes))
    throw wrong(`target_session_attrs must be read-write or primary, not ${attributes}`)
  const user = decodeURIComponent(url.username)
  const database = decodeURIComponent(url.pathname.slice(1))
  if (user === '') throw wrong('it names no user')
  const ssl = sslOf(url)
  const [first, ...others] = hostsIn(text, url)
  if (first === undefined) throw wrong('it names no host')
  return {
    ...first,
    user,
    database: database === '' ? user : database,
    ...(url.password === '' ? {} : { password: decodeURIComponent(url.password) }),
    ...(ssl === undefined ? {} : { ssl }),
    ...(others.length === 0 ? {} : { otherHosts: others }),
  }
}

// The servers between the user and the path; a password may hold everything but a bare @.
const authority = /^(postgres(?:ql)?:\/\/(?:[^/?#]*@)?)([^/?#@]*)/

/** libpq takes an empty host (a socket named by ?host=) and several of them, WHATWG URLs take exactly one. */
export function nameHost(text: string): string {
  return text.replace(authority, (_all, before: string, hosts: string) => {
    const [first = ''] = hosts.split(',')
    return `${before}${first === '' && before.endsWith('@') ? 'localhost' : first}`
  })
}

/** From `a:5432,b:5433` in front of the path, or from `?host=a,b&port=5432,5433`, as libpq pairs them. */
function hostsIn(text: string, url: URL): readonly Host[] {
  const named = url.searchParams.get('host')
  const ports = (url.searchParams.get('port') ?? url.port).split(',')
  if (named === null) {
    const written = (authority.exec(text)?.[2] ?? '').split(',')
    return written.map((each) => {
      if (each === '') return { host: 'localhost', port: portOf(ports[0] ?? '') }
      const address = `postgres://${each}`
      if (!URL.canParse(address)) throw wrong(`${each} is no host`)
      const { hostname, port } = new URL(address)
      return { host: decodeURIComponent(hostname).replace(/^\[|\]$/g, ''), port: portOf(port) }
    })
  }
  const hosts = named.split(',')
  if (ports.length !== 1 && ports.length !== hosts.length)
    throw wrong(`it names ${hosts.length} hosts and ${ports.length} ports`)
  return hosts.map((host, index) => ({
    host: host === '' ? 'localhost' : host,
    port: portOf(ports[index] ?? ports[0] ?? ''),
  }))
}

function portOf(text: string): number {
  const port = text === '' ? 5432 : Number(text)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw wrong(`${text} is no port`)
  return port
}

/** `prefer` and no word at all mean plain text: a silent fallback would be no protection either. */
function sslOf(url: URL): boolean | ConnectionOptions | undefined {
  const mode = url.searchParams.get('sslmode') ?? 'prefer'
  if (!sslModes.some((each) => each === mode)) throw wrong(`sslmode must be one of ${sslModes.join(', ')}, not ${mode}`)
  if (mode === 'disable' || mode === 'prefer') return undefined
  const file = (name: string) => {
    const path = url.searchParams.get(name)
    if (path === null) return undefined
    try {
      return readFileSync(path, 'utf8')
    } catch (error) {
      throw wrong(`${name} ${path} cannot be read (${error instanceof Error ? error.message : String(error)})`)
    }
  }
  const [ca, cert, key] = [file('sslrootcert'), file('sslcert'), file('sslkey')]
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(mode === 'require' && ca === undefined ? { rejectUnauthorized: false } : {}),
    ...(mode === 'verify-ca' ? { checkServerIdentity: () => undefined } : {}),
  }
}

function wrong(what: string): AppError {
  return new AppError(
    'invalid',
    'database.bad-url',
    `DATABASE_URL cannot be used: ${what}. It looks like postgres://user:password@host:5432/mainstay?sslmode=verify-full.`,
  )
}

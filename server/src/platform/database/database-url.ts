// Reads DATABASE_URL as libpq does, as far as people use it.
import { readFileSync } from 'node:fs'
import type { ConnectionOptions } from 'node:tls'
import { AppError } from '../../kernel/app-error.ts'
import type { ConnectionSettings } from './connection.ts'

const sslModes = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full'] as const

export function parseDatabaseUrl(text: string): ConnectionSettings {
  const withHost = nameHost(text)
  if (!URL.canParse(withHost)) throw wrong('it is not a URL')
  const url = new URL(withHost)
  const unknown = [...url.searchParams.keys()].filter(
    (key) =>
      !['sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'host', 'application_name', 'connect_timeout'].includes(key),
  )
  if (unknown.length > 0) throw wrong(`the parameter ${unknown[0]} is not known`)
  const user = decodeURIComponent(url.username)
  const database = decodeURIComponent(url.pathname.slice(1))
  if (user === '') throw wrong('it names no user')
  const ssl = sslOf(url)
  return {
    host:
      url.searchParams.get('host') ??
      (url.hostname === '' ? 'localhost' : decodeURIComponent(url.hostname).replace(/^\[|\]$/g, '')),
    port: url.port === '' ? 5432 : Number(url.port),
    user,
    database: database === '' ? user : database,
    ...(url.password === '' ? {} : { password: decodeURIComponent(url.password) }),
    ...(ssl === undefined ? {} : { ssl }),
  }
}

/** libpq takes an empty host (a socket named by ?host=), WHATWG URLs do not. */
export function nameHost(text: string): string {
  return text.replace(/^(postgres(?:ql)?:\/\/[^/?#]*@)(?=[/?]|$)/, '$1localhost')
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

import { hostname } from 'node:os'
import { type Client, createClient, ProblemError } from '../../../../client/src/client.ts'
import { connect, type Reach } from '../../connection/api.ts'
import { readContexts, saveContext, unknownContext, writeContexts } from '../../connection/contexts.ts'
import { openSend } from '../../connection/http.ts'
import { checkToken, checkUrl, nonEmpty, readTokenFile } from '../../connection/target.ts'
import { CommandError, exitCodes, usageError } from '../../exit-codes.ts'
import type { Call, Run } from '../../line/command.ts'
import { say } from '../../print/output.ts'

const defaultUrl = 'http://127.0.0.1:8420'
// A terminal is a person's: it may do what the person may, for a working year.
const keyLifetimeMs = 365 * 86_400_000

export const login: Run = async (call) => {
  const { shell, options } = call
  const url = await findUrl(call)
  const file = options.text('token-file')
  const given =
    file === '-'
      ? checkToken(await shell.input.readAll(), 'stdin')
      : file !== null
        ? readTokenFile(shell, file)
        : nonEmpty(shell.environment.MAINSTAY_TOKEN)
  const { token, name: who } =
    given === null ? await makeKey(call, url) : { token: given, name: await nameOfKey(call, url, given) }
  const name = options.text('name') ?? nameOf(url)
  saveContext(shell, name, { url, token }, true)
  say(call, `Connected to ${url} as ${who}. This is now the context "${name}".`)
  return exitCodes.ok
}

/** Asked of the server: a key that is no longer good is refused here and not saved. */
async function nameOfKey(call: Call, url: string, token: string): Promise<string> {
  const api = await connect(call, { url, token, from: '--url' })
  const { person, key } = await api.client['session.read']()
  if (person !== null) return person.name
  const maker = key?.owner === null || key?.owner === undefined ? '' : ` of ${key.owner.name}`
  return `the key "${key?.name ?? 'unknown'}"${maker}`
}

async function findUrl({ shell, options }: Reach): Promise<string> {
  const given = options.text('url') ?? nonEmpty(shell.environment.MAINSTAY_URL)
  if (given !== null) return checkUrl(given, '--url')
  const saved = readContexts(shell)
  const named = options.text('context') ?? saved.current
  const known = named === null ? undefined : saved.contexts.get(named)
  if (options.text('context') !== null && known === undefined) throw unknownContext(options.need('context'), saved)
  const suggestion = known?.url ?? defaultUrl
  if (!shell.input.terminal || options.has('no-input')) return suggestion
  const answer = (await shell.input.ask(`Server [${suggestion}]: `, false)).trim()
  return answer === '' ? suggestion : checkUrl(answer, 'The address')
}

/** Signs in once with the password, and keeps a key in its place: the password is never stored. */
async function makeKey({ shell, options }: Reach, url: string): Promise<{ token: string; name: string }> {
  if (!shell.input.terminal || options.has('no-input'))
    throw usageError(
      'Nobody is here to give a password.',
      'Give an API key: --token-file FILE, --token-file - for stdin, or MAINSTAY_TOKEN.',
    )
  const email = (await shell.input.ask('E-mail: ', false)).trim()
  const password = await shell.input.ask('Password: ', true)
  const client = await browserLike({ shell, options }, url)
  const { person } = await client['session.sign-in']({ body: { email, password } })
  const { token } = await client['keys.create']({
    body: {
      name: keyName(),
      role: person.role,
      scopes: ['*'],
      expiresAt: new Date(shell.now() + keyLifetimeMs).toISOString(),
    },
  })
  await client['session.sign-out']()
  return { token, name: person.name }
}

const keyName = (): string => `terminal on ${hostname().slice(0, 60)}`

/** A client with a session cookie instead of a key, for the few requests of a login. */
async function browserLike({ shell, options }: Reach, url: string): Promise<Client> {
  const send = await openSend({ shell, timeoutMs: 30_000, debug: options.has('debug') })
  let cookie: string | null = null
  return createClient({
    baseUrl: url,
    userAgent: `mainstay-cli/${shell.version}`,
    fetch: async (input, init) => {
      const headers = new Headers(init?.headers)
      if (cookie !== null) headers.set('cookie', cookie)
      const response = await send(input, { ...init, headers })
      const set = response.headers.getSetCookie().map((each) => each.split(';')[0] ?? '')
      if (set.length > 0) cookie = set.join('; ')
      return response
    },
  })
}

/** `mainstay.example` of https://mainstay.example; `local` of a server on this machine. */
export function nameOf(url: string): string {
  const { hostname: host, port } = new URL(url)
  if (host === 'localhost' || host === '127.0.0.1' || host === '[::1]') return 'local'
  return port === '' ? host : `${host}:${port}`
}

export const logout: Run = async (call) => {
  const { shell, options } = call
  const saved = readContexts(shell)
  const name = call.args[0] ?? options.text('context') ?? saved.current
  if (name === null) throw new CommandError(exitCodes.notFound, 'No server is known; there is nothing to forget.')
  const context = saved.contexts.get(name)
  if (context === undefined) throw unknownContext(name, saved)
  const revoked = context.token !== null && (await revokeOwnKey(call, { ...context, token: context.token }))
  writeContexts(shell, {
    current: saved.current,
    contexts: new Map(saved.contexts).set(name, { url: context.url, token: null }),
  })
  say(call, `Forgot the key of ${name}${revoked ? ' and revoked it' : ''}.`)
  return exitCodes.ok
}

/** Only a key that `login` made: one that was handed in may be used elsewhere. */
async function revokeOwnKey(call: Call, { url, token }: { url: string; token: string }): Promise<boolean> {
  const api = await connect(call, { url, token, from: 'context' })
  try {
    const { key } = await api.client['session.read']()
    if (key === null || key.name !== keyName()) return false
    await api.client['keys.revoke']({ params: { id: key.id } })
    return true
  } catch (error) {
    // The server is away or the key is dead already: forgetting must work all the same.
    if (error instanceof ProblemError) return false
    throw error
  }
}

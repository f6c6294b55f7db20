// Which server, with which key: flag before environment before the saved contexts.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { CommandError, exitCodes, usageError } from '../exit-codes.ts'
import type { OptionValues } from '../line/option-values.ts'
import type { Shell } from '../shell.ts'
import { readContexts, unknownContext } from './contexts.ts'

export interface Target {
  readonly url: string
  readonly token: string | null
  /** In words, for messages. */
  readonly from: string
}

export function findTarget(shell: Shell, options: OptionValues): Target {
  const { environment } = shell
  const named = options.text('context')
  const givenUrl = options.text('url') ?? (named === null ? nonEmpty(environment.MAINSTAY_URL) : null)
  const given = givenToken(shell, options)
  if (givenUrl !== null) {
    const url = checkUrl(givenUrl, options.text('url') === null ? 'MAINSTAY_URL' : '--url')
    return {
      url,
      token: given ?? tokenFor(shell, url, named),
      from: options.text('url') === null ? 'MAINSTAY_URL' : '--url',
    }
  }
  const saved = readContexts(shell)
  const name = named ?? saved.current
  if (name === null)
    throw usageError(
      'No server is known.',
      'Start one with `mainstay up`, or connect to one: mainstay login --url https://mainstay.example',
    )
  const context = saved.contexts.get(name)
  if (context === undefined) throw unknownContext(name, saved)
  return { url: context.url, token: given ?? context.token, from: `context ${name}` }
}

/** A saved key goes to the server it was made for and to no other. */
function tokenFor(shell: Shell, url: string, named: string | null): string | null {
  const saved = readContexts(shell)
  const own = named === null ? null : saved.contexts.get(named)
  if (own === undefined && named !== null) throw unknownContext(named, saved)
  const fits = [...(own === null || own === undefined ? saved.contexts.values() : [own])]
  return fits.find((each) => each.url === url && each.token !== null)?.token ?? null
}

function givenToken(shell: Shell, options: OptionValues): string | null {
  const file = options.text('token-file')
  if (file !== null) return readTokenFile(shell, file)
  const direct = nonEmpty(shell.environment.MAINSTAY_TOKEN)
  if (direct !== null) return direct.trim()
  const named = nonEmpty(shell.environment.MAINSTAY_TOKEN_FILE)
  return named === null ? null : readTokenFile(shell, named)
}

export function readTokenFile(shell: Shell, file: string): string {
  let text: string
  try {
    text = readFileSync(path.resolve(shell.folder, file), 'utf8').trim()
  } catch (error) {
    throw new CommandError(exitCodes.error, `The key file ${file} cannot be read.`, null, error)
  }
  return checkToken(text, file)
}

export function checkToken(text: string, where: string): string {
  const token = text.trim()
  if (/^\S{1,300}$/.test(token)) return token
  throw new CommandError(exitCodes.usage, `${where} does not hold a key: a key is one word of at most 300 characters.`)
}

/** The origin and path without a closing slash. */
export function checkUrl(text: string, where: string): string {
  const complete = /^https?:\/\//.test(text) ? text : `https://${text}`
  if (!URL.canParse(complete))
    throw usageError(`${where} is not an address: "${text}".`, 'Write it as https://mainstay.example')
  const url = new URL(complete)
  if (url.username !== '' || url.password !== '')
    throw usageError(`${where} must not hold a password.`, 'Use --token-file or MAINSTAY_TOKEN.')
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`
}

export const nonEmpty = (text: string | undefined): string | null => (text === undefined || text === '' ? null : text)

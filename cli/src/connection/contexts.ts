// Servers this person has signed in to, in the XDG configuration folder. Holds keys, so only its owner may read it.
import { randomUUID } from 'node:crypto'
import { chmodSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { isJsonObject } from '../../../server/src/kernel/json.ts'
import { nearest } from '../../../server/src/kernel/names.ts'
import { CommandError, exitCodes } from '../exit-codes.ts'
import type { Shell } from '../shell.ts'

export interface Context {
  readonly url: string
  readonly token: string | null
}

export interface Contexts {
  readonly current: string | null
  readonly contexts: ReadonlyMap<string, Context>
}

export function contextsFile(shell: Pick<Shell, 'environment' | 'home'>): string {
  const folder = shell.environment.XDG_CONFIG_HOME
  // The XDG specification: a relative path counts as none.
  const root = folder !== undefined && path.isAbsolute(folder) ? folder : path.join(shell.home, '.config')
  return path.join(root, 'mainstay', 'contexts.json')
}

export function readContexts(shell: Shell): Contexts {
  const file = contextsFile(shell)
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      return { current: null, contexts: new Map() }
    throw new CommandError(exitCodes.error, `${file} cannot be read.`, null, error)
  }
  const contexts = parseContexts(text)
  if (contexts === null)
    throw new CommandError(
      exitCodes.error,
      `${file} is not what \`mainstay login\` writes.`,
      'Mend it, or remove it and log in again.',
    )
  if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0)
    shell.err.write(`${file} can be read by others and holds keys. Close it: chmod 600 ${file}\n`)
  return contexts
}

function parseContexts(text: string): Contexts | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  if (!isJsonObject(value) || !isJsonObject(value.contexts)) return null
  const contexts = new Map<string, Context>()
  for (const [name, each] of Object.entries(value.contexts)) {
    if (!isJsonObject(each) || typeof each.url !== 'string') return null
    contexts.set(name, { url: each.url, token: typeof each.token === 'string' ? each.token : null })
  }
  return { current: typeof value.current === 'string' ? value.current : null, contexts }
}

export function writeContexts(shell: Shell, { current, contexts }: Contexts): void {
  const file = contextsFile(shell)
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
  const text = JSON.stringify({ current, contexts: Object.fromEntries(contexts) }, null, 2)
  // Written beside and renamed: two commands at once never leave half a file.
  const beside = `${file}.${randomUUID()}`
  writeFileSync(beside, `${text}\n`, { mode: 0o600 })
  chmodSync(beside, 0o600)
  renameSync(beside, file)
}

export function saveContext(shell: Shell, name: string, context: Context, makeCurrent: boolean): void {
  const before = readContexts(shell)
  const contexts = new Map(before.contexts).set(name, context)
  writeContexts(shell, { current: makeCurrent || before.current === null ? name : before.current, contexts })
}

export function unknownContext(name: string, { contexts }: Contexts): CommandError {
  const names = [...contexts.keys()]
  const near = nearest(name, names)
  const hint =
    near !== null
      ? `Did you mean ${near}?`
      : names.length > 0
        ? `Known: ${names.join(', ')}.`
        : 'Run `mainstay login --url https://…` first.'
  return new CommandError(exitCodes.notFound, `There is no context "${name}".`, hint)
}

// Reads the settings from environment, `*_FILE` secrets and the optional file; refuses what it does not know and says
// everything that is wrong at once.
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { AppError, type Fault } from '../../kernel/app-error.ts'
import { nearest } from '../../kernel/names.ts'
import { type NamedSecrets, readNamedSecrets, secretPrefix } from './named-secrets.ts'
import { type Setting, type SettingName, settings } from './settings.ts'

export interface Config {
  /** Null when it was not set and has no default. */
  get(name: SettingName): string | null
  /** For settings with a default. */
  need(name: SettingName): string
  /** Where the value came from, for `mainstay config print`. */
  source(name: SettingName): 'environment' | 'file' | 'default' | 'unset'
  /** Secrets that declared connections name: MAINSTAY_SECRET_<NAME>. */
  readonly secrets: NamedSecrets
}

export type Environment = Readonly<Record<string, string | undefined>>

// Read by other parts of the same process or by its children, and no setting of the server.
const otherVariables = new Set([
  'MAINSTAY_URL',
  'MAINSTAY_TOKEN',
  'MAINSTAY_TOKEN_FILE',
  'MAINSTAY_CHROMIUM',
  'MAINSTAY_OUTPUT',
])

// With one of them alone, mails would come unencrypted without a word.
const together: readonly (readonly [SettingName, SettingName])[] = [['MAINSTAY_MAIL_TLS_CERT', 'MAINSTAY_MAIL_TLS_KEY']]

export function readConfig(environment: Environment): Config {
  const faults: Fault[] = []
  const known = new Map<string, Setting>(settings.map((each) => [each.name, each]))
  const file = readSettingsFile(environment.MAINSTAY_CONFIG_FILE, faults)
  const values = new Map<string, { text: string; source: 'environment' | 'file' | 'default' }>()

  for (const name of [
    ...Object.keys(environment).filter((each) => each.startsWith('MAINSTAY_')),
    ...Object.keys(file),
  ]) {
    const setting = known.get(name) ?? (name.endsWith('_FILE') ? known.get(name.slice(0, -5)) : undefined)
    if (setting !== undefined || otherVariables.has(name) || name.startsWith(secretPrefix)) continue
    const near = nearest(name, [...known.keys()])
    faults.push({
      pointer: name,
      detail: `There is no such setting.${near === null ? '' : ` Did you mean ${near}?`} See \`mainstay config print\`.`,
    })
  }
  for (const setting of known.values()) {
    const found = readValue(setting, environment, file, faults)
    if (found === null) continue
    const wrong = setting.check?.(found.text) ?? null
    if (wrong !== null)
      faults.push({
        pointer: setting.name,
        detail: `${setting.name} ${wrong}${setting.secret ? '' : `; it is "${found.text}"`}.`,
      })
    values.set(setting.name, found)
  }
  for (const [one, other] of together)
    if (values.has(one) !== values.has(other)) {
      const [set, missing] = values.has(one) ? [one, other] : [other, one]
      faults.push({ pointer: missing, detail: `${missing} must be set, because ${set} is.` })
    }
  const secrets = readNamedSecrets(environment, faults)
  if (faults.length > 0) throw new AppError('invalid', 'config.invalid', 'The configuration has mistakes.', { faults })
  return {
    get: (name) => values.get(name)?.text ?? null,
    need: (name) => {
      const value = values.get(name)?.text
      if (value === undefined) throw new AppError('invalid', 'config.missing', `${name} must be set.`)
      return value
    },
    source: (name) => values.get(name)?.source ?? 'unset',
    secrets,
  }
}

function readValue(
  setting: Setting,
  environment: Environment,
  file: Readonly<Record<string, string>>,
  faults: Fault[],
): { text: string; source: 'environment' | 'file' | 'default' } | null {
  const direct = environment[setting.name]
  if (direct !== undefined && direct !== '') return { text: direct, source: 'environment' }
  const secretFile = setting.secret ? environment[`${setting.name}_FILE`] : undefined
  if (secretFile !== undefined) {
    try {
      return { text: readFileSync(secretFile, 'utf8').trim(), source: 'file' }
    } catch (error) {
      faults.push({
        pointer: `${setting.name}_FILE`,
        detail: `${secretFile} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      })
      return null
    }
  }
  const fromFile = file[setting.name]
  if (fromFile !== undefined) return { text: fromFile, source: 'file' }
  return setting.default === null ? null : { text: setting.default, source: 'default' }
}

function readSettingsFile(path: string | undefined, faults: Fault[]): Readonly<Record<string, string>> {
  if (path === undefined || path === '') return {}
  try {
    const parsed: unknown = parse(readFileSync(path, 'utf8'))
    if (parsed === null) return {}
    if (typeof parsed !== 'object' || Array.isArray(parsed))
      throw new Error('it must be a mapping of setting names to values')
    return Object.fromEntries(Object.entries(parsed).map(([name, value]) => [name, String(value)]))
  } catch (error) {
    faults.push({
      pointer: 'MAINSTAY_CONFIG_FILE',
      detail: `${path} cannot be used: ${error instanceof Error ? error.message : String(error)}`,
    })
    return {}
  }
}

/** One line for each setting, secrets hidden. */
export function describeConfig(
  config: Config,
): readonly { name: string; value: string; source: string; summary: string }[] {
  return (settings as readonly Setting[]).map((setting) => {
    const value = config.get(setting.name as SettingName)
    return {
      name: setting.name,
      value: value === null ? '' : setting.secret ? '[redacted]' : value,
      source: config.source(setting.name as SettingName),
      summary: setting.summary,
    }
  })
}

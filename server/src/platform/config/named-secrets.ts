// Secrets that declared connections name, given by whoever runs the server: MAINSTAY_SECRET_<NAME>, or a file named by
// MAINSTAY_SECRET_<NAME>_FILE, and MAINSTAY_SECRET_<NAME>_FOR with the origins it may be sent to. Without the last it
// is sent nowhere: else whoever may declare a connection could have any secret sent to an address of theirs.
import { readFileSync } from 'node:fs'
import { AppError, type Fault } from '../../kernel/app-error.ts'

export const secretPrefix = 'MAINSTAY_SECRET_'

export interface NamedSecrets {
  /** The text of the secret for a request to this address; an AppError that says what is missing, else. */
  for(name: string, url: string): string
}

type Environment = Readonly<Record<string, string | undefined>>

export function readNamedSecrets(environment: Environment, faults: Fault[]): NamedSecrets {
  const mayGoTo = new Map<string, readonly string[]>()
  for (const [key, value] of Object.entries(environment)) {
    const name = /^MAINSTAY_SECRET_([A-Z][A-Z0-9_]*)_FOR$/.exec(key)?.[1]
    if (name === undefined) {
      if (key.startsWith(secretPrefix) && !/^MAINSTAY_SECRET_[A-Z][A-Z0-9_]*$/.test(key))
        faults.push({ pointer: key, detail: `${key} names no secret: capital letters, digits and _ only.` })
      continue
    }
    const texts = (value ?? '').split(',').map((each) => each.trim())
    const wrong = texts.find((each) => !/^https?:\/\/[^/?#@]+\/?$/.test(each) || !URL.canParse(each))
    if (wrong !== undefined)
      faults.push({ pointer: key, detail: `${key} lists origins such as https://metrics.example; "${wrong}" is none.` })
    else
      mayGoTo.set(
        name,
        texts.map((each) => new URL(each).origin),
      )
  }
  return {
    for: (name, url) => {
      const { origin } = new URL(url)
      if (mayGoTo.get(name)?.includes(origin) !== true)
        throw new AppError(
          'forbidden',
          'config.secret-not-for-target',
          `The secret ${name} may not be sent to ${origin}. Whoever runs the server allows it with ${secretPrefix}${name}_FOR=${origin}.`,
        )
      const text = readSecret(environment, name)
      if (text === null || text === '')
        throw new AppError(
          'unavailable',
          'config.secret-missing',
          `There is no secret ${name}: set ${secretPrefix}${name}, or ${secretPrefix}${name}_FILE to a file that holds it.`,
        )
      // A line break would end the header and begin another.
      if (/[\r\n\0]/.test(text))
        throw new AppError('invalid', 'config.secret-unfit', `The secret ${name} has more than one line.`)
      return text
    },
  }
}

/** Files are read at each use: a rotated secret counts at once. */
function readSecret(environment: Environment, name: string): string | null {
  const direct = environment[`${secretPrefix}${name}`]
  if (direct !== undefined && direct !== '') return direct
  const file = environment[`${secretPrefix}${name}_FILE`]
  if (file === undefined || file === '') return null
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (cause) {
    throw new AppError(
      'unavailable',
      'config.secret-missing',
      `The file of the secret ${name} cannot be read: ${file}.`,
      {
        cause,
      },
    )
  }
}

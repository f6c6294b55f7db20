// The file of an export: gzip of lines. A manifest, then each table as PostgreSQL's COPY text with its own end mark and a
// line with its count and checksum, then a last line. What is cut off or altered anywhere is refused.
import { AppError } from '../../../kernel/app-error.ts'

export const formatName = 'mainstay-export'
export const formatVersion = 1
/** COPY's own: no row can look like it, because a backslash in a row is doubled. */
export const tableEnd = '\\.'

export interface Manifest {
  readonly format: typeof formatName
  readonly version: number
  readonly mainstay: string
  readonly postgres: string
  readonly exportedAt: string
  readonly migrations: readonly { readonly name: string; readonly checksum: string }[]
  readonly tables: readonly { readonly name: string; readonly columns: readonly string[] }[]
  readonly sequences: readonly { readonly name: string; readonly last: string; readonly called: boolean }[]
  /** Names the key that opens the secrets inside; null when none is stored. */
  readonly sealedWith: string | null
}

export interface TableSeal {
  readonly table: string
  readonly rows: number
  readonly sha256: string
}

export function parseManifest(line: string): Manifest {
  const found = parseLine(line)
  if (!('format' in found) || found.format !== formatName)
    throw new AppError('invalid', 'export.not-an-export', 'This file is no export of Mainstay.')
  if (!('version' in found) || found.version !== formatVersion)
    throw new AppError(
      'invalid',
      'export.other-version',
      'A newer Mainstay wrote this export. Import it with that version.',
    )
  return found as unknown as Manifest
}

export function parseSeal(line: string): TableSeal {
  const found = parseLine(line)
  if (!('table' in found && 'rows' in found && 'sha256' in found)) throw damaged('a table has no checksum')
  return found as unknown as TableSeal
}

export function parseLine(line: string): object {
  try {
    const found: unknown = JSON.parse(line)
    if (typeof found === 'object' && found !== null) return found
  } catch {
    // Falls through: not JSON is as wrong as the wrong shape.
  }
  throw damaged('a line of it cannot be read')
}

export function damaged(how: string): AppError {
  return new AppError('invalid', 'export.damaged', `The export is damaged: ${how}. Nothing was imported.`)
}

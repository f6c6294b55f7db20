// Makes the folders of the embedded server with the rights that PostgreSQL's account needs, and no more.
import { randomBytes } from 'node:crypto'
import { chmod, chown, lstat, mkdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Account } from './account.ts'
import { errorCode, folderUnreachable } from './failures.ts'
import type { Layout } from './layout.ts'

export async function makeDataFolder(dataFolder: string): Promise<string> {
  const parent = path.dirname(dataFolder)
  const first = await mkdir(parent, { recursive: true, mode: 0o755 })
  // What is made on the way there is open to pass whatever the umask; the data folder itself is not.
  if (first !== undefined)
    for (let each = parent; each.length >= first.length; each = path.dirname(each)) await chmod(each, 0o755)
  await mkdir(dataFolder, { recursive: true, mode: 0o700 })
  return await realpath(dataFolder)
}

export async function makeFolders(layout: Layout, account: Account | null): Promise<void> {
  await mkdir(layout.folder, { recursive: true, mode: 0o700 })
  if (account === null) return
  // Files that root writes stay in a folder of root's: the account can pass through it, not plant a link in it.
  await chown(layout.folder, 0, account.gid)
  await chmod(layout.folder, 0o710)
  await letPass(layout.dataFolder, account)
  for (let above = path.dirname(layout.dataFolder); ; above = path.dirname(above)) {
    if (!maySearch(await stat(above), account)) throw folderUnreachable(account.name, above, layout.dataFolder)
    if (above === path.dirname(above)) return
  }
}

/** The data folder is the product's own, so it may open it to the account; never a folder above it. */
async function letPass(folder: string, account: Account): Promise<void> {
  const now = await stat(folder)
  if (maySearch(now, account)) return
  if ((now.mode & 0o070) === 0) {
    await chown(folder, now.uid, account.gid)
    await chmod(folder, (now.mode & 0o7777) | 0o010)
  } else await chmod(folder, (now.mode & 0o7777) | 0o001)
}

interface Rights {
  readonly uid: number
  readonly gid: number
  readonly mode: number
}

export function maySearch(folder: Rights, account: Account): boolean {
  const bit = folder.uid === account.uid ? 0o100 : folder.gid === account.gid ? 0o010 : 0o001
  return (folder.mode & bit) !== 0
}

export async function makeOwned(folder: string, account: Account | null): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await chmod(folder, 0o700)
  if (account !== null) await chown(folder, account.uid, account.gid)
}

export const port = 5432

// A socket's path must fit into sun_path with its closing NUL: 108 bytes on Linux, 104 on macOS.
const longestFolder = 103 - `/.s.PGSQL.${port}`.length

/**
 * The socket lies in the data folder when its path is short enough; else in a private folder for run-time files
 * whose random name is noted, so that it stays the same and nobody can take it first.
 */
export async function makeSocketFolder(layout: Layout, account: Account | null): Promise<string> {
  const folder = Buffer.byteLength(layout.socket) <= longestFolder ? layout.socket : await shortFolder(layout, account)
  await makeOwned(folder, account)
  await writeWhole(layout.socketNote, folder, null)
  return folder
}

async function shortFolder(layout: Layout, account: Account | null): Promise<string> {
  const noted = await readSocketFolder(layout)
  const owner = account?.uid ?? process.getuid?.() ?? 0
  if (noted !== null && (await isPrivateOrFree(noted, owner))) return noted
  const runtime = account === null ? process.env.XDG_RUNTIME_DIR : undefined
  const name = `mainstay-${randomBytes(8).toString('hex')}`
  const parents = [runtime, tmpdir(), '/tmp'].filter(
    (each): each is string => each !== undefined && path.isAbsolute(each),
  )
  const parent = parents.find((each) => Buffer.byteLength(path.join(each, name)) <= longestFolder) ?? '/tmp'
  const folder = path.join(parent, name)
  await mkdir(folder, { mode: 0o700 })
  return folder
}

async function isPrivateOrFree(folder: string, owner: number): Promise<boolean> {
  if (folder.length > longestFolder) return false
  try {
    const found = await lstat(folder)
    return found.isDirectory() && found.uid === owner && (found.mode & 0o077) === 0
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') return false
  }
  // Made without `recursive`: when somebody was quicker, it is theirs and fails.
  return await mkdir(folder, { mode: 0o700 }).then(
    () => true,
    () => false,
  )
}

export async function readSocketFolder(layout: Layout): Promise<string | null> {
  const text = await readText(layout.socketNote)
  return text !== null && path.isAbsolute(text) ? text : null
}

/** A socket folder outside the data folder goes when its server has stopped; its name stays noted for the next. */
export async function removeShortFolder(layout: Layout, folder: string): Promise<void> {
  if (folder === layout.socket) return
  await rm(folder, { recursive: true, force: true })
}

/** Writes only a change, and only whole: a full disk must not empty what was there. The account may read it. */
export async function writeWhole(file: string, text: string, account: Account | null): Promise<void> {
  if ((await readText(file)) === text) return
  const fresh = `${file}.new`
  await writeFile(fresh, text, { mode: account === null ? 0o600 : 0o640 })
  if (account !== null) await chown(fresh, 0, account.gid)
  await rename(fresh, file)
}

export async function readText(file: string): Promise<string | null> {
  return await readFile(file, 'utf8').catch(() => null)
}

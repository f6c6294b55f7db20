// Where each process keeps its journals: a folder that carries its name, so that the journal of one that died is found
// and written down by another.
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pidRealm, processState, startMark } from '../../platform/database/embedded/processes.ts'

// Two containers may share a folder; whether a process of another one lives is told by its sign of life alone.
const silentMs = 10 * 60_000
const signFile = 'sign-of-life'
const ending = '.journal'
/** Marks of what was about to leave (`send-marks.ts`). */
const marks = '.marks'

export interface Berth {
  readonly folder: string
  /** A new journal of this process. */
  journalOf(voyage: string): string
  /** Marks of this process. */
  readonly marks: string
  /** To be given every few minutes at least. */
  giveSign(): Promise<void>
  /** Journals that wait to be written down: of processes that are gone, and our own but those in use. */
  takeLeft(isInUse: (file: string) => boolean): Promise<readonly string[]>
  /** Marks of processes that are gone, once `takeLeft` has found them. */
  leftMarks(): Promise<readonly string[]>
  leave(): Promise<void>
}

export async function openBerth(all: string, boat: string): Promise<Berth> {
  const folder = path.join(all, boat)
  const sign = path.join(folder, signFile)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const giveSign = () => writeFile(sign, `${process.pid}\n${startMark(process.pid)}\n${pidRealm()}\n`, { mode: 0o600 })
  await giveSign()
  const filesIn = async (at: string, end: string) => (await readdir(at)).filter((name) => name.endsWith(end))
  const journals = (at: string) => filesIn(at, ending)
  const own = `${boat}${marks}`
  return {
    folder,
    journalOf: (voyage) => path.join(folder, `${voyage}${ending}`),
    marks: path.join(folder, own),
    giveSign,
    takeLeft: async (isInUse) => {
      const now = (await stat(sign)).mtimeMs
      for (const name of await readdir(all)) {
        const other = path.join(all, name)
        if (name === boat) continue
        const left = await howLeft(other, now)
        if (left === null) continue
        // Of two who try to move a file one succeeds.
        const certain = left === 'ended' ? await filesIn(other, marks) : []
        for (const file of [...(await journals(other)), ...certain])
          await rename(path.join(other, file), path.join(folder, file)).catch(() => undefined)
        await rm(other, { recursive: true, force: true })
      }
      return (await journals(folder)).map((name) => path.join(folder, name)).filter((file) => !isInUse(file))
    },
    leftMarks: async () =>
      (await filesIn(folder, marks)).filter((name) => name !== own).map((name) => path.join(folder, name)),
    leave: async () => {
      const left = [...(await journals(folder)), ...(await filesIn(folder, marks)).filter((name) => name !== own)]
      if (left.length === 0) await rm(folder, { recursive: true, force: true })
    },
  }
}

/**
 * `ended`: here and while this machine ran, so that everything it wrote is in its files. `silent`: of a process elsewhere, or from before
 * this machine started; of marks, which are not synced, some may be missing then. Null while it may live.
 */
async function howLeft(other: string, now: number): Promise<'ended' | 'silent' | null> {
  const sign = path.join(other, signFile)
  try {
    const { mtimeMs } = await stat(sign)
    const [pid = '', mark = '', realm = ''] = (await readFile(sign, 'utf8')).split('\n')
    if (realm === pidRealm())
      return processState(Number(pid)) !== 'running' || startMark(Number(pid)) !== mark ? 'ended' : null
    return now - mtimeMs > silentMs ? 'silent' : null
  } catch {
    return null
  }
}

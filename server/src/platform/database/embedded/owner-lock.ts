// One process supervises the embedded server of a data folder. The lock is a file that names its holder; it is
// created whole by link(2), so nobody ever reads half of one, and it outlives a kill -9 without locking anyone out.
import { randomBytes } from 'node:crypto'
import { link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { errorCode } from './failures.ts'
import { pidRealm, processState, startMark } from './processes.ts'

export interface OwnerLock {
  /** Rejoins nothing: once another has taken over (this process was frozen for long), it stays lost. */
  isOurs(): Promise<boolean>
  release(): Promise<void>
}

export type LockAttempt = { readonly lock: OwnerLock } | { readonly holder: Holder }

export interface Holder {
  readonly token: string
  readonly pid: number
  readonly startMark: string
  readonly realm: string
}

export const heartbeatMs = 500
// A holder whose pid cannot be seen from here (another container) lives while its file is touched.
const silenceMs = 5 * heartbeatMs

export async function tryLock(file: string): Promise<LockAttempt> {
  const self: Holder = {
    token: randomBytes(12).toString('hex'),
    pid: process.pid,
    startMark: startMark(process.pid),
    realm: pidRealm(),
  }
  const holder = await take(file, self)
  if (holder !== null) return { holder }
  const beat = setInterval(() => {
    const now = new Date()
    utimes(file, now, now).catch(() => undefined)
  }, heartbeatMs)
  beat.unref()
  const isOurs = async () => (await readHolder(file))?.token === self.token
  return {
    lock: {
      isOurs,
      release: async () => {
        clearInterval(beat)
        if (await isOurs()) await rm(file, { force: true })
      },
    },
  }
}

/**
 * Null when taken, else the living holder. A dead holder's file is replaced under a second lock named after that
 * holder's token, so of several starters that all saw the same dead holder exactly one succeeds it.
 */
async function take(file: string, self: Holder): Promise<Holder | null> {
  for (;;) {
    const found = await readHolder(file)
    if (found === null) {
      if (await create(file, self)) return null
      continue
    }
    if (await isAlive(file, found)) return found
    const succession = `${file}.${found.token}`
    if ((await take(succession, self)) !== null) {
      await wait(20)
      continue
    }
    try {
      if ((await readHolder(file))?.token !== found.token) continue
      const own = `${file}.own.${self.token}`
      await writeFile(own, JSON.stringify(self), { mode: 0o600 })
      await rename(own, file)
      return null
    } finally {
      await rm(succession, { force: true })
    }
  }
}

async function create(file: string, self: Holder): Promise<boolean> {
  const own = `${file}.new.${self.token}`
  try {
    await writeFile(own, JSON.stringify(self), { mode: 0o600 })
    await link(own, file)
    return true
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false
    throw error
  } finally {
    await rm(own, { force: true })
  }
}

/** Null when there is no file. One that cannot be read is of nobody who lives: a power cut emptied it. */
export async function readHolder(file: string): Promise<Holder | null> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null
    throw error
  }
  try {
    const held: unknown = JSON.parse(text)
    if (isHolder(held)) return held
  } catch {
    // Falls through to the holder that nobody is.
  }
  return { token: 'unreadable', pid: 0, startMark: '', realm: pidRealm() }
}

function isHolder(value: unknown): value is Holder {
  if (typeof value !== 'object' || value === null) return false
  if (!('token' in value && 'pid' in value && 'startMark' in value && 'realm' in value)) return false
  return (
    typeof value.token === 'string' &&
    /^[0-9a-f]{24}$/.test(value.token) &&
    typeof value.pid === 'number' &&
    typeof value.startMark === 'string' &&
    typeof value.realm === 'string'
  )
}

export async function isAlive(file: string, holder: Holder): Promise<boolean> {
  if (holder.realm === pidRealm())
    return processState(holder.pid) === 'running' && startMark(holder.pid) === holder.startMark
  const before = await touchedAt(file)
  // The clocks are one machine's or roughly agree; a file untouched for a minute needs no watching.
  if (before === null || Date.now() - before > 60_000) return false
  await wait(silenceMs)
  const after = await touchedAt(file)
  return after !== null && after !== before
}

async function touchedAt(file: string): Promise<number | null> {
  try {
    return (await stat(file)).mtimeMs
  } catch {
    return null
  }
}

export function describeHolder(holder: Holder): string {
  return holder.realm === pidRealm()
    ? `the Mainstay process ${holder.pid}`
    : `a Mainstay process (${holder.pid}) in another container or on another machine`
}

// The door: one call that makes a PostgreSQL run in a data folder, or attaches to the one that already does.
import { EventEmitter } from 'node:events'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { AppError } from '../../../kernel/app-error.ts'
import type { Log } from '../../log/log.ts'
import type { ConnectionSettings } from '../connection.ts'
import { type Account, chooseAccount } from './account.ts'
import { inUse, platformUnsupported, refusalOf } from './failures.ts'
import { makeDataFolder, makeFolders, readSocketFolder } from './folders.ts'
import { type Layout, layoutOf } from './layout.ts'
import { connectionAt, type Owned, own } from './owner.ts'
import { describeHolder, heartbeatMs, isAlive, readHolder, tryLock } from './owner-lock.ts'
import { awaitReady } from './ready.ts'
import type { SupervisorEvents } from './supervisor.ts'

export interface EmbeddedOptions {
  readonly dataDir: string
  readonly log: Log
  /**
   * When another process owns the folder's server: refuse (default), or use it as a client. `succeed` also takes
   * over its supervision when that process ends.
   */
  readonly attach?: boolean | 'succeed'
  /** A folder with bin, lib and share, instead of the npm package. */
  readonly binariesDir?: string
  /** False only for throw-away test clusters: no fsync. */
  readonly durable?: boolean
  /** Added to the otherwise bare environment of PostgreSQL. */
  readonly environment?: Readonly<Record<string, string>>
}

export interface EmbeddedPostgres {
  readonly connection: ConnectionSettings
  /** False while attached to a server that another process supervises. */
  readonly owned: boolean
  /** True when the server was found running: a supervisor before us was killed. */
  readonly adopted: boolean
  readonly version: string
  /** Null while down, or attached. */
  readonly pid: number | null
  /** `down` when it ends unasked and for each failed start, `up` when it answers again. Returns the way to stop listening. */
  on<Name extends keyof SupervisorEvents>(event: Name, listener: (...facts: SupervisorEvents[Name]) => void): () => void
  /** Stops the server when owned; else only lets go of it. */
  stop(): Promise<void>
}

export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  if (process.platform === 'win32') throw platformUnsupported(process.platform, process.arch)
  const dataDir = path.resolve(options.dataDir)
  try {
    return await open(dataDir, options)
  } catch (error) {
    throw refusalOf(error, dataDir)
  }
}

async function open(dataDir: string, options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const { layout, account } = await prepare(dataDir)
  const events = new EventEmitter<SupervisorEvents>()
  for (;;) {
    const owned = await tryOwn(options, layout, account, events)
    if ('connection' in owned) return ownedHandle(owned, events)
    if (options.attach === undefined || options.attach === false) throw inUse(layout.dataFolder, owned.holder)
    const attached = await tryAttach(layout)
    if (attached !== null) return attachedHandle(attached, options, layout, account, events)
  }
}

async function prepare(dataDir: string): Promise<{ layout: Layout; account: Account | null }> {
  const layout = layoutOf(await makeDataFolder(dataDir))
  const account = await chooseAccount(layout.cluster)
  await makeFolders(layout, account)
  return { layout, account }
}

async function tryOwn(
  options: EmbeddedOptions,
  layout: Layout,
  account: Account | null,
  events: EventEmitter<SupervisorEvents>,
): Promise<Owned | { readonly holder: string }> {
  const attempt = await tryLock(layout.lock)
  if ('holder' in attempt) return { holder: describeHolder(attempt.holder) }
  return await own({
    layout,
    account,
    events,
    lock: attempt.lock,
    log: options.log,
    binariesDir: options.binariesDir,
    durable: options.durable ?? true,
    environment: options.environment ?? {},
  })
}

interface Attached {
  readonly connection: ConnectionSettings
  readonly version: string
}

/** Null when the owner ended before its server answered. */
async function tryAttach(layout: Layout): Promise<Attached | null> {
  for (;;) {
    const holder = await readHolder(layout.lock)
    if (holder === null || !(await isAlive(layout.lock, holder))) return null
    const socketFolder = await readSocketFolder(layout)
    if (socketFolder !== null) {
      const connection = connectionAt(socketFolder)
      const ownerEnded = new AbortController()
      const answer = await Promise.race([
        awaitReady(connection, new Promise(() => undefined), ownerEnded.signal),
        untilReleased(layout, ownerEnded),
      ])
      ownerEnded.abort()
      if (answer?.ready === true) return { connection, version: answer.version }
      if (answer !== null)
        throw new AppError(
          'unavailable',
          'database.start-failed',
          `The PostgreSQL of ${layout.dataFolder} does not answer: ${answer.because}.`,
          { retryAfterSeconds: 5 },
        )
    }
    await wait(50)
  }
}

async function untilReleased(layout: Layout, until: AbortController): Promise<null> {
  while (!until.signal.aborted) {
    const holder = await readHolder(layout.lock)
    if (holder === null || !(await isAlive(layout.lock, holder))) return null
    await wait(100)
  }
  return null
}

function ownedHandle(owned: Owned, events: EventEmitter<SupervisorEvents>): EmbeddedPostgres {
  let stopped: Promise<void> | null = null
  return {
    connection: owned.connection,
    owned: true,
    adopted: owned.adopted,
    version: owned.version,
    get pid() {
      return owned.pid
    },
    on: listening(events),
    stop: () => {
      stopped ??= owned.stop()
      return stopped
    },
  }
}

function attachedHandle(
  attached: Attached,
  options: EmbeddedOptions,
  layout: Layout,
  account: Account | null,
  events: EventEmitter<SupervisorEvents>,
): EmbeddedPostgres {
  const letGo = new AbortController()
  let owned: Owned | null = null
  let stopped: Promise<void> | null = null

  async function succeedOwner(): Promise<void> {
    while (!letGo.signal.aborted && owned === null) {
      try {
        const next = await tryOwn(options, layout, account, events)
        if ('connection' in next) {
          owned = next
          options.log.warn('The process that supervised PostgreSQL has ended; this one goes on', { pid: next.pid })
          events.emit('up', { pid: next.pid ?? 0 })
        }
      } catch (error) {
        options.log.error('Taking over PostgreSQL failed and is tried again', { error })
      }
      await wait(heartbeatMs, undefined, { ref: false, signal: letGo.signal }).catch(() => undefined)
    }
  }

  const watching = options.attach === 'succeed' ? succeedOwner() : Promise.resolve()
  return {
    connection: attached.connection,
    get owned() {
      return owned !== null
    },
    adopted: false,
    version: attached.version,
    get pid() {
      return owned?.pid ?? null
    },
    on: listening(events),
    stop: () => {
      stopped ??= (async () => {
        letGo.abort()
        await watching
        await owned?.stop()
      })()
      return stopped
    },
  }
}

function listening(events: EventEmitter<SupervisorEvents>): EmbeddedPostgres['on'] {
  return (event, listener) => {
    // The emitter's own type cannot follow the name through the generic; the signature above holds it.
    const untyped: EventEmitter = events
    untyped.on(event, listener)
    return () => void untyped.off(event, listener)
  }
}

// The process that owns the embedded server: opens or makes the cluster, adopts or starts, supervises, stops.
import type { EventEmitter } from 'node:events'
import { existsSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import type { Log } from '../../log/log.ts'
import type { ConnectionSettings } from '../connection.ts'
import type { Account } from './account.ts'
import { type Binaries, installBinaries, locateBinaries, removeOtherBinaries } from './binaries.ts'
import { openCluster, superuser } from './cluster.ts'
import { inUse } from './failures.ts'
import { makeSocketFolder, port, readText, removeShortFolder, writeWhole } from './folders.ts'
import type { Layout } from './layout.ts'
import { rotateLog } from './log-file.ts'
import type { OwnerLock } from './owner-lock.ts'
import { disarmLockFiles, endOrphans, runningPostmaster } from './pid-file.ts'
import {
  adoptPostmaster,
  logMark,
  type Postmaster,
  type PostmasterPlan,
  spawnPostmaster,
  startFailure,
  stopPostmaster,
} from './postmaster.ts'
import { signal } from './processes.ts'
import { awaitReady, makeDatabase, someoneListens } from './ready.ts'
import { availableMemory, renderAccess, renderSettings } from './settings.ts'
import { type SupervisorEvents, supervise } from './supervisor.ts'

export interface OwnerNeeds {
  readonly layout: Layout
  readonly account: Account | null
  readonly lock: OwnerLock
  readonly events: EventEmitter<SupervisorEvents>
  readonly log: Log
  readonly binariesDir: string | undefined
  readonly durable: boolean
  readonly environment: Readonly<Record<string, string>>
}

export interface Owned {
  readonly connection: ConnectionSettings
  readonly version: string
  readonly adopted: boolean
  readonly pid: number | null
  stop(): Promise<void>
}

const upkeepMs = 5_000

export function connectionAt(socketFolder: string): ConnectionSettings {
  // Named explicitly, or PGSSLMODE and PGPASSWORD of the environment would be used on the socket.
  return { host: socketFolder, port, user: superuser, database: 'mainstay', password: '', ssl: false }
}

/** Releases the lock when it fails. */
export async function own(needs: OwnerNeeds): Promise<Owned> {
  try {
    return await open(needs)
  } catch (error) {
    await needs.lock.release()
    throw error
  }
}

async function open(needs: OwnerNeeds): Promise<Owned> {
  const { layout, account, log } = needs
  const source = locateBinaries(needs.binariesDir)
  mkdirSync(layout.binaries, { recursive: true, mode: 0o755 })
  const binaries = installBinaries(source, layout.binaries)
  const made = await openCluster(layout, binaries, account, needs.durable)
  const socketFolder = await makeSocketFolder(layout, account)
  const server = new Server(needs, binaries, socketFolder)
  const first = await server.adoptOrStart()
  try {
    removeOtherBinaries(source, layout.binaries)
    await makeDatabase(server.connection)
  } catch (error) {
    await stopPostmaster(first)
    throw error
  }
  log.info('PostgreSQL runs', {
    version: server.version,
    pid: first.pid,
    adopted: first.adopted,
    cluster: made,
    folder: layout.folder,
  })
  const supervisor = supervise({ first, start: (stopped) => server.start(stopped), events: needs.events, log })
  const upkeep = setInterval(() => {
    try {
      rotateLog(layout.log)
    } catch (error) {
      log.warn('The log of PostgreSQL could not be cut', { error })
    }
    // Something cleared the folder for temporary files: only a new start makes a new socket.
    if (supervisor.pid !== null && !existsSync(server.socketFile)) {
      log.warn('The socket of PostgreSQL was removed; it is started again', { socket: server.socketFile })
      signal(supervisor.pid, 'SIGINT')
    }
  }, upkeepMs)
  upkeep.unref()
  return {
    connection: server.connection,
    get version() {
      return server.version
    },
    adopted: first.adopted,
    get pid() {
      return supervisor.pid
    },
    stop: async () => {
      clearInterval(upkeep)
      await supervisor.stop()
      await removeShortFolder(layout, socketFolder)
      await needs.lock.release()
    },
  }
}

/** One cluster's way to be started, kept for every later start. */
class Server {
  readonly connection: ConnectionSettings
  readonly socketFile: string
  version = ''
  private readonly needs: OwnerNeeds
  private readonly plan: PostmasterPlan
  private readonly settings: string

  constructor(needs: OwnerNeeds, binaries: Binaries, socketFolder: string) {
    const { layout, account, environment } = needs
    this.needs = needs
    this.connection = connectionAt(socketFolder)
    this.socketFile = path.join(socketFolder, `.s.PGSQL.${port}`)
    this.plan = {
      program: binaries.postgres,
      cluster: layout.cluster,
      settingsFile: layout.settings,
      logFile: layout.log,
      account,
      environment,
    }
    const settings = renderSettings({
      socketFolder,
      accessFile: layout.access,
      port,
      memoryBytes: availableMemory(),
      durable: needs.durable,
    })
    // Names the program, so that a server left over from another version is seen to differ.
    this.settings = `# ${binaries.postgres}\n${settings}`
  }

  /** A server that outlived a killed supervisor goes on serving, unless it runs another version or other settings. */
  async adoptOrStart(): Promise<Postmaster> {
    const { layout, account } = this.needs
    const { cluster, settings, access } = layout
    const pid = await runningPostmaster(cluster)
    if (pid !== null) {
      const found = adoptPostmaster(pid, cluster)
      if ((await readText(settings)) === this.settings) {
        const answer = await awaitReady(this.connection, found.exited)
        if (answer.ready) {
          this.version = answer.version
          return found
        }
      }
      await stopPostmaster(found)
    }
    await writeWhole(settings, this.settings, account)
    await writeWhole(access, renderAccess(), account)
    return await this.start()
  }

  async start(stopped?: AbortSignal): Promise<Postmaster> {
    const { layout, account, lock } = this.needs
    if (!(await lock.isOurs())) throw inUse(layout.dataFolder, 'another Mainstay process that took it over')
    await endOrphans(layout.cluster)
    if (await someoneListens(this.socketFile))
      throw inUse(layout.dataFolder, 'a PostgreSQL that cannot be seen from here (in another container?)')
    await disarmLockFiles(layout.cluster, this.socketFile, account)
    rotateLog(layout.log)
    const since = logMark(this.plan)
    const postmaster = await spawnPostmaster(this.plan)
    const answer = await awaitReady(this.connection, postmaster.exited, stopped)
    if (!answer.ready) {
      await stopPostmaster(postmaster)
      throw startFailure(this.plan, since, answer.because)
    }
    this.version = answer.version
    return postmaster
  }
}

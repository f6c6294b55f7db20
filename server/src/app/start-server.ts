// Starts one process of the product: configuration, data source, house, HTTP, workers; and stops it in order.
import { existsSync } from 'node:fs'
import { hostname } from 'node:os'
import path from 'node:path'
import { appendEntries, newestCheckpoint } from '../modules/audit/index.ts'
import { createRecoveryLink, createSetupLink, issueKey, reissueKey } from '../modules/identity/index.ts'
import { type Environment, readConfig } from '../platform/config/config.ts'
import { newId } from '../platform/ids.ts'
import { createLog, type LogLevel } from '../platform/log/log.ts'
import type { Needs } from '../platform/room/needs.ts'
import type { Room } from '../platform/room/room.ts'
import { createLinkSigner, keyPathOf, openKeyring, openSharedSigningKey } from '../platform/secrets/index.ts'
import { createTracing } from '../platform/tracing/tracing.ts'
import { dataFolderOf, openDataSource } from './data-source.ts'
import { version } from './health.ts'
import { buildHouse } from './house.ts'
import { openEgress } from './outgoing.ts'
import { permissionTable } from './permissions/index.ts'
import { buildRooms } from './rooms.ts'
import type { RunningServer } from './running-server.ts'

export interface StartOptions {
  readonly environment: Environment
  readonly logLevel?: LogLevel
  /** The built console; found beside the program when left out. */
  readonly consoleFolder?: string
  /** Rooms beside the product's own: the demo's panel. */
  readonly moreRooms?: (needs: Needs) => readonly Room[]
}

const stopWithinMs = 9_000

export async function startServer(options: StartOptions): Promise<RunningServer> {
  const config = readConfig(options.environment)
  const log = createLog(options.logLevel ?? logLevelOf(config.need('MAINSTAY_LOG_LEVEL')))
  const roles = new Set(config.need('MAINSTAY_ROLES').split(','))
  const dataFolder = dataFolderOf(config)
  const source = await openDataSource(config, log)
  const owner = `${hostname()}:${process.pid}:${newId().slice(-6)}`
  let listening = { url: '', port: 0 }
  let open = false
  let hangUp = async (): Promise<void> => undefined
  try {
    const keyPlace = { dataFolder, keyFile: config.get('MAINSTAY_KEY_FILE') }
    const keyring = openKeyring(keyPlace)
    const signingKey = await openSharedSigningKey({
      queries: source.database,
      keyring,
      keyringPath: keyPathOf(keyPlace),
      file: path.join(dataFolder, 'journal-key.pem'),
      signedBefore: async () => (await newestCheckpoint(source.database)) !== null,
    })
    const egress = openEgress({ config, log, database: source.connection, ownPort: () => listening.port })
    const tracing = createTracing({ environment: options.environment, egress, log, version })
    const publicUrl = () => (config.get('MAINSTAY_PUBLIC_URL') ?? listening.url).replace(/\/$/, '')
    const port = Number(config.need('MAINSTAY_PORT'))
    const host = config.need('MAINSTAY_HOST')
    listening = { url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`, port }
    const house = buildHouse({
      database: source.database,
      log,
      publicUrl,
      append: appendEntries,
      permissions: permissionTable,
      compose: (needs, parts) => {
        const outside = {
          config,
          egress,
          keyring,
          links: createLinkSigner(keyring),
          signingKey,
          lifeboat: { folder: path.join(dataFolder, 'lifeboat'), boat: owner.replaceAll(/[^\w.-]/g, '.') },
        }
        const { rooms, ...rest } = buildRooms(needs, outside, parts)
        return { rooms: [...rooms, ...(options.moreRooms?.(needs) ?? [])], ...rest }
      },
      trustProxy: config.need('MAINSTAY_TRUST_PROXY') === 'true',
      consoleFolder: options.consoleFolder ?? findConsole(),
      migrations: source.migrations.total,
      instrument: tracing?.instrument ?? null,
    })
    const server = await house.buildServer(() => open)
    hangUp = async () => {
      server.server.closeAllConnections()
      await server.close()
      for (const room of [...house.rooms].reverse()) await room.stop?.()
    }
    const worker = house.createWorker({ owner, recurring: roles.has('scheduler') })
    if (roles.has('api')) {
      await server.listen({ host, port })
      const address = server.server.address()
      if (typeof address === 'object' && address !== null)
        listening = { url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`, port: address.port }
    }
    for (const room of house.rooms) await room.start?.()
    if (roles.has('worker')) await worker.start()
    const setupUrl = roles.has('api') ? await createSetupLink(house.needs) : null
    open = true
    log.info('Mainstay is ready.', { url: listening.url, roles: [...roles], database: source.description })
    return {
      url: listening.url,
      publicUrl: publicUrl(),
      setupUrl,
      description: source.description,
      dataFolder,
      house,
      createRecoveryLink: () => createRecoveryLink(house.needs),
      createKey: (order) => issueKey(house.needs, order),
      replaceKey: (order) => reissueKey(house.needs, order),
      stop: async () => {
        // Balancers look elsewhere first, then nothing new comes in, then what runs may end, then the database goes.
        open = false
        const late = setTimeout(() => server.server.closeAllConnections(), stopWithinMs - 4_000)
        await Promise.all([server.close(), roles.has('worker') ? worker.stop() : undefined])
        clearTimeout(late)
        for (const room of [...house.rooms].reverse()) await room.stop?.()
        await tracing?.stop()
        await source.stop()
        log.info('Mainstay has stopped.')
      },
    }
  } catch (error) {
    // Nobody is answered by a server whose database has gone before it.
    await hangUp().catch(() => undefined)
    await source.stop()
    throw error
  }
}

function logLevelOf(text: string): LogLevel {
  return text === 'debug' || text === 'warn' || text === 'error' || text === 'silent' ? text : 'info'
}

/** `dist/web` beside the bundle, or below the repository when run from source. */
function findConsole(): string | null {
  for (const candidate of ['web', '../../../dist/web']) {
    const folder = path.resolve(import.meta.dirname, candidate)
    if (existsSync(path.join(folder, 'index.html'))) return folder
  }
  return null
}

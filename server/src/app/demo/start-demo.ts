// The demo around an ordinary server: a local mailbox, a local webhook receiver, the shop's definitions and a key for the
// shop to report with. The server knows none of it; it is configured by the same settings as any other.
import { automation } from '../../kernel/actor.ts'
import { applyDocuments } from '../../modules/catalog/index.ts'
import type { Environment } from '../../platform/config/config.ts'
import type { LogLevel } from '../../platform/log/log.ts'
import { catalogPortsOf } from '../rooms.ts'
import type { RunningServer } from '../running-server.ts'
import { startServer } from '../start-server.ts'
import { type DemoParts, demoRoom } from './demo-room.ts'

export interface DemoOptions extends DemoParts {
  readonly environment: Environment
  readonly logLevel?: LogLevel
  /** The text of the shop's definitions. */
  readonly definitions: string
}

export interface RunningDemo {
  readonly server: RunningServer
  /** What the shop's processes need to report here. */
  readonly shopEnvironment: Readonly<Record<string, string>>
  stop(): Promise<void>
}

export async function startDemo(options: DemoOptions): Promise<RunningDemo> {
  const local = `smtp=127.0.0.1/32:${options.mails.port};webhook=127.0.0.1/32:any;probe=127.0.0.1/32:any;prometheus=127.0.0.1/32:any`
  const given = options.environment.MAINSTAY_EGRESS_ALLOW
  const server = await startServer({
    ...options,
    environment: {
      ...options.environment,
      MAINSTAY_SMTP_URL: options.environment.MAINSTAY_SMTP_URL ?? `smtp://127.0.0.1:${options.mails.port}`,
      MAINSTAY_EGRESS_ALLOW: given === undefined ? local : `${given};${local}`,
    },
    moreRooms: () => [demoRoom(options)],
  })
  try {
    return await fill(server, options)
  } catch (error) {
    await server.stop()
    throw error
  }
}

async function fill(server: RunningServer, options: DemoOptions): Promise<RunningDemo> {
  const actor = automation('demo')
  await applyDocuments(
    server.house.needs,
    catalogPortsOf(() => server.house.rooms),
    {
      documents: options.definitions,
      manager: 'git:examples/shop',
      actor,
    },
  )
  const token = await server.replaceKey({
    name: 'demo-shop',
    role: 'editor',
    scopes: ['telemetry:write', 'changes:write'],
  })
  return {
    server,
    shopEnvironment: {
      OTEL_EXPORTER_OTLP_ENDPOINT: server.url,
      OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer ${token}`,
      MAINSTAY_URL: server.url,
      MAINSTAY_TOKEN: token,
    },
    stop: () => server.stop(),
  }
}

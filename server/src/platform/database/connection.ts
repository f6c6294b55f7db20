// How a PostgreSQL is reached. One shape for the embedded server (Unix socket) and the user's (DATABASE_URL).
import type { ConnectionOptions } from 'node:tls'

/** One address of a server. */
export interface Host {
  /** Host name, address, or the folder of a Unix socket. */
  readonly host: string
  readonly port: number
}

export interface ConnectionSettings extends Host {
  readonly user: string
  readonly database: string
  readonly password?: string
  readonly ssl?: boolean | ConnectionOptions
  /** Where the primary may be besides `host`, when DATABASE_URL names several servers of one cluster. */
  readonly otherHosts?: readonly Host[]
}

/** In the order of DATABASE_URL. */
export function hostsOf(connection: ConnectionSettings): readonly Host[] {
  return [{ host: connection.host, port: connection.port }, ...(connection.otherHosts ?? [])]
}

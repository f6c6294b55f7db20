// How a PostgreSQL is reached. One shape for the embedded server (Unix socket) and the user's (DATABASE_URL).
import type { ConnectionOptions } from 'node:tls'

export interface ConnectionSettings {
  /** Host name, address, or the folder of a Unix socket. */
  readonly host: string
  readonly port: number
  readonly user: string
  readonly database: string
  readonly password?: string
  readonly ssl?: boolean | ConnectionOptions
}

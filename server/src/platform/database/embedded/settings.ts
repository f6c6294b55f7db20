// The embedded server's settings, written at every start: the product decides them, not a file somebody edited once.
import { totalmem } from 'node:os'

export interface SettingsInput {
  readonly socketFolder: string
  readonly accessFile: string
  readonly port: number
  readonly memoryBytes: number
  /** False only for throw-away test clusters: a power cut may then destroy everything. */
  readonly durable: boolean
}

const mebibyte = 1024 * 1024

/** The limit of the container when there is one. */
export function availableMemory(): number {
  const limit = process.constrainedMemory?.() ?? 0
  return limit > 0 && limit < totalmem() ? limit : totalmem()
}

export function renderSettings(input: SettingsInput): string {
  const memory = input.memoryBytes / mebibyte
  const settings: Readonly<Record<string, string | number>> = {
    // No TCP at all: only who may enter the socket's folder (0700) reaches the server.
    listen_addresses: '',
    port: input.port,
    unix_socket_directories: input.socketFolder,
    unix_socket_permissions: '0700',
    hba_file: input.accessFile,
    max_connections: 100,

    // A sixteenth, and never much: Node and the file cache live on the same machine, and what the file cache holds costs little to read.
    shared_buffers: `${clamp(Math.floor(memory / 16), 32, 128)}MB`,
    effective_cache_size: `${clamp(Math.floor(memory / 2), 128, 65_536)}MB`,
    work_mem: '8MB',
    maintenance_work_mem: '64MB',
    // Parallel queries need shared memory files, and containers have 64 MB for these by default.
    max_parallel_workers_per_gather: 0,
    dynamic_shared_memory_type: 'mmap',
    io_workers: 2,
    jit: 'off',
    random_page_cost: 1.1,

    // Accepted means committed, and committed means on the disk.
    fsync: input.durable ? 'on' : 'off',
    synchronous_commit: input.durable ? 'on' : 'off',
    full_page_writes: input.durable ? 'on' : 'off',
    wal_level: 'replica',
    // Each commit flushes for itself: nothing waits for this, and five looks a second find nothing.
    wal_writer_delay: '2s',
    max_wal_senders: 0,
    max_logical_replication_workers: 0,
    min_wal_size: '80MB',
    max_wal_size: '1GB',
    checkpoint_timeout: '15min',

    // Work tables turn over quickly and stay small when vacuum keeps up.
    autovacuum_naptime: '15s',
    // A killed client's statement must not hold its locks until it has finished.
    client_connection_check_interval: '2s',

    timezone: 'UTC',
    log_timezone: 'UTC',
    lc_messages: 'C',
    log_destination: 'stderr',
    logging_collector: 'off',
    log_line_prefix: '%m [%p] ',
    log_min_messages: 'warning',
    // Statements and key values belong to the user; the client that sent them is told, the log is not.
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
  }
  const lines = Object.entries(settings).map(
    ([name, value]) => `${name} = ${typeof value === 'number' ? value : quote(value)}`,
  )
  return `# Written by Mainstay at every start; changes are lost.\n${lines.join('\n')}\n`
}

/** Whoever reaches the socket is let in; the folder around it is the lock. */
export function renderAccess(): string {
  return '# Written by Mainstay at every start; changes are lost.\nlocal all all trust\n'
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value))
}

function quote(value: string): string {
  return `'${value.replaceAll("'", "''")}'`
}

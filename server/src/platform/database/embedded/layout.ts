// Where everything of the embedded server lies in the data folder.
import path from 'node:path'

export interface Layout {
  readonly dataFolder: string
  /** Owned by whoever runs the product; PostgreSQL's account may only pass through. */
  readonly folder: string
  /** PostgreSQL's own data (PGDATA), owned by its account, 0700. */
  readonly cluster: string
  readonly binaries: string
  readonly socket: string
  /** Names the folder of the socket that is in use, for processes that attach. */
  readonly socketNote: string
  readonly settings: string
  readonly access: string
  readonly log: string
  readonly lock: string
}

/** The folder's real path: a process is recognised by the folder it works in, which never is a symbolic link. */
export function layoutOf(dataFolder: string): Layout {
  const folder = path.join(dataFolder, 'postgres')
  return {
    dataFolder,
    folder,
    cluster: path.join(folder, 'cluster'),
    binaries: path.join(folder, 'binaries'),
    socket: path.join(folder, 'socket'),
    socketNote: path.join(folder, 'socket-folder'),
    settings: path.join(folder, 'postgresql.conf'),
    access: path.join(folder, 'pg_hba.conf'),
    log: path.join(folder, 'postgres.log'),
    lock: path.join(folder, 'owner.lock'),
  }
}

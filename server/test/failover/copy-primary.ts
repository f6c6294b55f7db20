// A copy of a running primary, by PostgreSQL's own backup functions: what pg_basebackup does over the replication
// protocol, for programs that come without it.
import { constants } from 'node:fs'
import { chown, copyFile, mkdir, readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import pg from 'pg'
import type { PostgresNode } from './node.ts'

// Of this server's life, not of its data: the manual names them in "Making a Base Backup Using the Low Level API".
const left = new Set(['postmaster.pid', 'postmaster.opts', 'standby.signal', 'pg_internal.init'])
const emptied = new Set([
  'pg_wal',
  'pg_replslot',
  'pg_dynshmem',
  'pg_notify',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
])

export async function copyPrimary(primary: PostgresNode, standby: PostgresNode): Promise<void> {
  standby.clear()
  const before15 = primary.major < 15
  // The session that starts the backup must be the one that ends it.
  const client = new pg.Client(primary.connection())
  await client.connect()
  try {
    await client.query(
      before15 ? "select pg_start_backup('standby', true, false)" : "select pg_backup_start('standby', true)",
    )
    await copyFolder(primary.cluster, standby.cluster, standby)
    await mkdir(path.join(standby.cluster, 'pg_wal/archive_status'), { recursive: true })
    standby.give(path.join(standby.cluster, 'pg_wal/archive_status'))
    // The log of changes is fetched from the primary, so nothing has to be archived first.
    const stop = before15 ? 'pg_stop_backup(false, false)' : 'pg_backup_stop(false)'
    const { rows } = await client.query<{ labelfile: string; spcmapfile: string }>(
      `select labelfile, spcmapfile from ${stop}`,
    )
    standby.write('cluster/backup_label', rows[0]?.labelfile ?? '')
    if ((rows[0]?.spcmapfile ?? '') !== '') throw new Error('The pair has no tablespaces of its own.')
  } finally {
    await client.end()
  }
}

async function copyFolder(from: string, to: string, owner: PostgresNode): Promise<void> {
  await mkdir(to, { mode: 0o700 })
  owner.give(to)
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (left.has(entry.name) || entry.name.startsWith('pgsql_tmp')) continue
    const [source, target] = [path.join(from, entry.name), path.join(to, entry.name)]
    if (entry.isDirectory()) {
      if (!emptied.has(entry.name)) await copyFolder(source, target, owner)
      else {
        await mkdir(target, { mode: 0o700 })
        owner.give(target)
      }
    } else if (entry.isFile()) await copy(source, target, owner)
  }
}

async function copy(source: string, target: string, owner: PostgresNode): Promise<void> {
  try {
    await copyFile(source, target, constants.COPYFILE_FICLONE)
    if (owner.account !== null) await chown(target, owner.account.uid, owner.account.gid)
  } catch (error) {
    // Dropped since the folder was read; the log of changes says so to the standby.
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
    await rm(target, { force: true })
  }
}

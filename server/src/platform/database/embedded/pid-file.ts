// postmaster.pid: who serves a cluster. PostgreSQL's own check trusts kill(pid, 0), which also finds a zombie that
// its parent has not collected and a stranger that got the pid later; then it refuses to start for ever.
import { chown, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Account } from './account.ts'
import { errorCode } from './failures.ts'
import { postgresIn, servesCluster, signal } from './processes.ts'

const orphanWaitMs = 5_000

function pidFile(cluster: string): string {
  return path.join(cluster, 'postmaster.pid')
}

async function firstNumber(file: string): Promise<{ pid: number; rest: string } | null> {
  try {
    const [first = '', ...rest] = (await readFile(file, 'utf8')).split('\n')
    return { pid: Number.parseInt(first, 10), rest: rest.join('\n') }
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null
    throw error
  }
}

/** The pid of the living server of this cluster, or null. */
export async function runningPostmaster(cluster: string): Promise<number | null> {
  const found = await firstNumber(pidFile(cluster))
  return found !== null && servesCluster(found.pid, cluster) ? found.pid : null
}

/** Takes what a dead server left out of the way of the next one. Call only when no server and no orphan runs. */
export async function disarmLockFiles(cluster: string, socketFile: string, account: Account | null): Promise<void> {
  const found = await firstNumber(pidFile(cluster))
  if (found !== null && found.pid !== process.pid) {
    // Not removed: it names the shared memory, by which PostgreSQL notices sessions that still live. A file that
    // names the new server's parent is taken by it as its own, so it looks at the memory and then goes on.
    const fresh = `${pidFile(cluster)}.new`
    await rm(fresh, { force: true })
    await writeFile(fresh, `${process.pid}\n${found.rest}`, { mode: 0o600, flag: 'wx' })
    if (account !== null) await chown(fresh, account.uid, account.gid)
    await rename(fresh, pidFile(cluster))
  }
  await rm(`${socketFile}.lock`, { force: true })
}

/**
 * Sessions notice the death of their server only when they next wait; one busy in a long statement would hold up
 * the restart. Their work was never committed, and recovery starts from the log on disk.
 */
export async function endOrphans(cluster: string): Promise<void> {
  const until = performance.now() + orphanWaitMs
  for (
    let orphans = postgresIn(cluster);
    orphans.length > 0 && performance.now() < until;
    orphans = postgresIn(cluster)
  ) {
    for (const pid of orphans) signal(pid, 'SIGKILL')
    await wait(20)
  }
}

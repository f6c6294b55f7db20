// One running PostgreSQL: started by us or found running after we were killed.
import { spawn } from 'node:child_process'
import { closeSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import type { Account } from './account.ts'
import { cleanEnvironment, identityOf } from './cluster.ts'
import { startFailed } from './failures.ts'
import { lastLines, logSize, openLog } from './log-file.ts'
import { servesCluster, signal } from './processes.ts'

export interface Postmaster {
  readonly pid: number
  readonly adopted: boolean
  /** Resolves with what ended it, in words. */
  readonly exited: Promise<string>
}

export interface PostmasterPlan {
  readonly program: string
  readonly cluster: string
  readonly settingsFile: string
  readonly logFile: string
  readonly account: Account | null
  readonly environment: Readonly<Record<string, string>>
}

export async function spawnPostmaster(plan: PostmasterPlan): Promise<Postmaster> {
  const log = openLog(plan.logFile)
  const words = ['-D', plan.cluster, '-c', `config_file=${plan.settingsFile}`]
  // Detached: Ctrl-C goes to the whole foreground group, and must not stop the database before we have drained.
  const child = spawn(plan.program, words, {
    detached: true,
    stdio: ['ignore', log, log],
    cwd: '/',
    env: cleanEnvironment(plan.environment),
    ...identityOf(plan.account),
  })
  closeSync(log)
  child.unref()
  const exited = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, by) => resolve(by === null ? `it ended with ${code}` : `it was ended by ${by}`))
  })
  if (child.pid === undefined) throw startFailed('Starting PostgreSQL', await exited, [])
  return { pid: child.pid, adopted: false, exited }
}

const lookMs = 100

/** A process that is not our child is watched by looking. */
export function adoptPostmaster(pid: number, cluster: string): Postmaster {
  const exited = (async () => {
    while (servesCluster(pid, cluster)) await wait(lookMs, undefined, { ref: false })
    return 'it is gone'
  })()
  return { pid, adopted: true, exited }
}

const fastMs = 8_000
const immediateMs = 10_000

/** Fast first (ends sessions, writes a checkpoint); when that takes too long, immediate: the next start recovers. */
export async function stopPostmaster(postmaster: Postmaster): Promise<'fast' | 'immediate' | 'stuck'> {
  signal(postmaster.pid, 'SIGINT')
  if (await within(postmaster.exited, fastMs)) return 'fast'
  signal(postmaster.pid, 'SIGQUIT')
  return (await within(postmaster.exited, immediateMs)) ? 'immediate' : 'stuck'
}

/** True when it happens within the time. */
export async function within(event: Promise<unknown>, durationMs: number): Promise<boolean> {
  const tooLate = new AbortController()
  try {
    return await Promise.race([event.then(() => true), wait(durationMs, false, { signal: tooLate.signal })])
  } finally {
    tooLate.abort()
  }
}

/** What the log says about a start that failed. */
export function startFailure(plan: PostmasterPlan, since: number, reason: string): Error {
  return startFailed('Starting PostgreSQL', reason, lastLines(plan.logFile, since))
}

export function logMark(plan: PostmasterPlan): number {
  return logSize(plan.logFile)
}

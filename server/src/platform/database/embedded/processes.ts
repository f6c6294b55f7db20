// What the operating system knows about a process. Linux answers from /proc; elsewhere `ps` is asked.
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

const hasProc = existsSync('/proc/self/stat')

/** A zombie holds nothing any more, yet kill(pid, 0) finds it for as long as its parent does not collect it. */
export type ProcessState = 'running' | 'zombie' | 'gone'

interface Facts {
  readonly state: ProcessState
  readonly program: string
  /** Tells a process from a later one with the same pid. */
  readonly startMark: string
}

const gone: Facts = { state: 'gone', program: '', startMark: '' }

export function processState(pid: number): ProcessState {
  return factsOf(pid).state
}

export function startMark(pid: number): string {
  return factsOf(pid).startMark
}

function factsOf(pid: number): Facts {
  if (!Number.isSafeInteger(pid) || pid <= 0) return gone
  return hasProc ? factsFromProc(pid) : factsFromPs(pid)
}

function factsFromProc(pid: number): Facts {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name stands in parentheses and may hold anything, so the fields are counted after the last one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const dead = fields[0] === 'Z' || fields[0] === 'X'
    const program = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'))
    return { state: dead ? 'zombie' : 'running', program, startMark: fields[19] ?? '' }
  } catch {
    return gone
  }
}

function factsFromPs(pid: number): Facts {
  const line = ps(pid, 'state=,lstart=')
  if (line === '') return gone
  const [state = '', ...start] = line.split(/\s+/)
  return { state: state.startsWith('Z') ? 'zombie' : 'running', program: '', startMark: start.join(' ') }
}

function ps(pid: number, columns: string): string {
  try {
    return execFileSync('ps', ['-ww', '-o', columns, '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { PATH: process.env.PATH ?? '', LC_ALL: 'C' },
    }).trim()
  } catch {
    return ''
  }
}

/** True when the process is a live PostgreSQL that serves this cluster: a postmaster stays in its data folder. */
export function servesCluster(pid: number, cluster: string): boolean {
  if (hasProc) return isPostgres(pid) && workingFolder(pid) === cluster
  if (processState(pid) !== 'running') return false
  return ps(pid, 'command=').includes(`-D ${cluster}`)
}

function workingFolder(pid: number): string | null {
  try {
    return readlinkSync(`/proc/${pid}/cwd`)
  } catch {
    return null
  }
}

// Somebody's shell may stand in the same folder.
function isPostgres(pid: number): boolean {
  const { state, program } = factsOf(pid)
  return state === 'running' && program === 'postgres'
}

/** Every live PostgreSQL process, server or session, that works in the cluster. Empty where there is no /proc. */
export function postgresIn(cluster: string): readonly number[] {
  if (!hasProc) return []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => workingFolder(pid) === cluster && isPostgres(pid))
}

/** Pids mean something only inside one boot and one pid namespace: two containers may share a data folder. */
export function pidRealm(): string {
  try {
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${readlinkSync('/proc/self/ns/pid')}`
  } catch {
    return hostname()
  }
}

/** Whether a realm tells one start of the machine from the next. */
export const knowsBoot = (): boolean => existsSync('/proc/sys/kernel/random/boot_id')

/** Sends the signal; false when the process is not there any more. */
export function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    process.kill(pid, name)
    return true
  } catch {
    return false
  }
}

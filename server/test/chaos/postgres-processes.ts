// The processes of one PostgreSQL, to be frozen, thawed and killed: all of them, or the server ends the rest itself.
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

export function postmasterOf(dataFolder: string): number {
  const file = path.join(dataFolder, 'postgres/cluster/postmaster.pid')
  return Number(readFileSync(file, 'utf8').split('\n')[0])
}

/** Between two of them there is no file that names one. */
export function isAnother(dataFolder: string, former: number): boolean {
  try {
    return postmasterOf(dataFolder) !== former
  } catch {
    return false
  }
}

/** The postmaster first: while it stands still it starts nobody else. */
export function freeze(postmaster: number): () => void {
  process.kill(postmaster, 'SIGSTOP')
  const frozen = [postmaster, ...childrenOf(postmaster)]
  signalAll(frozen, 'SIGSTOP')
  return () => signalAll([...frozen].reverse(), 'SIGCONT')
}

function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal)
    } catch {
      // It has ended since the list was made.
    }
  }
}

function childrenOf(parent: number): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        // After the name in parentheses: state, parent. See proc(5).
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
        return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parent
      } catch {
        return false
      }
    })
    .map(Number)
}

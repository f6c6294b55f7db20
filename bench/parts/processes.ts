// What processes cost, from /proc (Linux): CPU-seconds with those of ended children, and memory by proportional share.
import { readdirSync, readFileSync } from 'node:fs'

const ticksPerSecond = 100

function statOf(pid: number): readonly string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')
  } catch {
    return null
  }
}

/** The process and all that live below it. */
export function treeOf(root: number): readonly number[] {
  const children = new Map<number, number[]>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const parent = Number(statOf(Number(name))?.[1] ?? -1)
    children.set(parent, [...(children.get(parent) ?? []), Number(name)])
  }
  const all: number[] = [root]
  for (const pid of all) all.push(...(children.get(pid) ?? []))
  return all
}

/** User and system time, with that of children that have ended: a database backend may come and go within a run. */
export function cpuSeconds(roots: readonly number[]): number {
  let ticks = 0
  // A database that the server started lives below it: each process counts once.
  for (const pid of new Set(roots.flatMap(treeOf))) {
    const stat = statOf(pid)
    if (stat !== null) for (const field of [11, 12, 13, 14]) ticks += Number(stat[field])
  }
  return ticks / ticksPerSecond
}

/** Proportional set size: memory that processes share is counted once. `Rss` counts it once for each of them. */
export function memoryMiB(root: number, kind: 'Pss' | 'Rss' = 'Pss'): number {
  const line = new RegExp(`^${kind}:\\s+(\\d+)`, 'm')
  let kib = 0
  for (const pid of treeOf(root)) {
    try {
      kib += Number(line.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1'))?.[1] ?? 0)
    } catch {
      // It ended between the list and the look.
    }
  }
  return Math.round(kib / 102.4) / 10
}

/** Seconds all processors of the machine were busy: tells how much the neighbours did. */
export function machineBusySeconds(): number {
  const fields = readFileSync('/proc/stat', 'latin1').split('\n')[0]?.trim().split(/\s+/).slice(1).map(Number) ?? []
  return [0, 1, 2, 5, 6].reduce((sum, index) => sum + (fields[index] ?? 0), 0) / ticksPerSecond
}

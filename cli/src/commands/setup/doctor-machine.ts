// The machine: Node, time zones, the data folder and its disk.
import { accessSync, constants, existsSync, mkdtempSync, rmdirSync, statfsSync } from 'node:fs'
import path from 'node:path'

export interface Check {
  readonly name: string
  readonly state: 'good' | 'warning' | 'bad' | 'unknown'
  readonly sentence: string
}

const leastNode = [20, 19] as const

export function checkNode(version: string): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const fits = major > leastNode[0] || (major === leastNode[0] && minor >= leastNode[1])
  return {
    name: 'node',
    state: fits ? 'good' : 'bad',
    sentence: fits ? `Node ${version}.` : `Node ${version} is too old; ${leastNode.join('.')} is the least.`,
  }
}

/** A Node built with reduced ICU knows UTC only, and every schedule would be wrong. */
export function checkZones(): Check {
  const hour = new Intl.DateTimeFormat('en-GB', {
    timeZone: 'Europe/Berlin',
    hour: '2-digit',
    hourCycle: 'h23',
  }).format(Date.UTC(2026, 6, 1, 12))
  return {
    name: 'time zones',
    state: hour === '14' ? 'good' : 'bad',
    sentence:
      hour === '14'
        ? `Zone data ${process.versions.tz ?? 'of the system'}.`
        : 'The zone data is missing or wrong. Use an official build of Node.',
  }
}

const gibibyte = 1024 ** 3
const warnBelow = 5 * gibibyte
const badBelow = gibibyte / 2

export function checkFolder(folder: string): readonly Check[] {
  const near = nearestExisting(folder)
  try {
    accessSync(near, constants.W_OK | constants.X_OK)
    rmdirSync(mkdtempSync(path.join(near, '.mainstay-doctor-')))
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'refused'
    return [
      {
        name: 'data folder',
        state: 'bad',
        sentence: `${near} cannot be written (${why}). Give it to this account, or set MAINSTAY_DATA_DIR.`,
      },
    ]
  }
  const disk = statfsSync(near)
  const free = disk.bavail * disk.bsize
  const state = free < badBelow ? 'bad' : free < warnBelow ? 'warning' : 'good'
  return [
    {
      name: 'data folder',
      state: 'good',
      sentence: near === folder ? `${folder} can be written.` : `${folder} will be made at the first start.`,
    },
    { name: 'disk', state, sentence: `${(free / gibibyte).toFixed(1)} GiB are free.` },
  ]
}

function nearestExisting(folder: string): string {
  return existsSync(folder) || path.dirname(folder) === folder ? folder : nearestExisting(path.dirname(folder))
}

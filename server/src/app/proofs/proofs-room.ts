// The report of the proofs, as it came with the build. It belongs to no room: it is about all of them.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { route } from '../../platform/http/operation.ts'
import type { Log } from '../../platform/log/log.ts'
import type { Room } from '../../platform/room/room.ts'
import { version } from '../health.ts'
import { readReliability } from './proofs.contract.ts'
import { provenRows, type ReliabilityReport, readReport } from './report.ts'

export function proofsRoom(log: Log, file: string | null = findReport()): Room {
  const report = file === null ? null : load(file, log)
  return {
    name: 'proofs',
    operations: [
      route(readReliability, async () => ({
        version,
        report:
          report === null
            ? null
            : {
                proofs: provenRows(report).map((row) => ({
                  ...row,
                  figures: [...row.figures],
                  versions: [...row.versions],
                  machines: [...row.machines],
                })),
              },
      })),
    ],
  }
}

function load(file: string, log: Log): ReliabilityReport | null {
  try {
    const report = readReport(JSON.parse(readFileSync(file, 'utf8')))
    if (report !== null) return report.batches.length === 0 ? null : report
    log.warn('The report of the proofs that came with the build cannot be read.', { file })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT'))
      log.warn('The report of the proofs that came with the build cannot be read.', { file, error })
  }
  return null
}

/** Beside the bundle, or where the tools write it when run from source. */
function findReport(): string {
  const folder = import.meta.dirname
  return folder.endsWith(path.join('app', 'proofs'))
    ? path.resolve(folder, '../../../../docs/reference/reliability-report.json')
    : path.resolve(folder, 'reliability-report.json')
}

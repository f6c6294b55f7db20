// Everything into a file and back, on the host itself: the way to back up, and to move between databases.
import path from 'node:path'
import { exitCodes, usageError } from '../../exit-codes.ts'
import type { Call, Run } from '../../line/command.ts'
import { say } from '../../print/output.ts'

export const exportAll: Run = async (call) => {
  const { exportToFile } = await import('../../../../server/src/app/transfer.ts')
  const file = fileOf(call)
  const report = await exportToFile({ environment: environmentOf(call), file })
  say(call, `Exported ${report.rows} rows of ${report.tables} tables to ${file}.`)
  if (report.sealedWith !== null)
    say(call, `Keep its key as well, apart from it: ${report.keyPath}. Without the key the stored secrets stay closed.`)
  return exitCodes.ok
}

export const importAll: Run = async (call) => {
  const { importFromFile } = await import('../../../../server/src/app/transfer.ts')
  const file = fileOf(call)
  const report = await importFromFile({ environment: environmentOf(call), file }, () => undefined)
  say(call, `Imported ${report.rows} rows of ${report.tables} tables.`)
  if (!report.keyFits)
    say(
      call,
      `Its secrets were sealed with key ${report.sealedWith}. Put that key file at ${report.keyPath}, or name it with MAINSTAY_KEY_FILE, before the server starts.`,
    )
  say(call, 'Start the server, and prove the journal: mainstay audit verify --server')
  return exitCodes.ok
}

function fileOf(call: Call): string {
  const [file] = call.args
  if (file === undefined) throw usageError('Which file?', 'Name it: mainstay export backup.mainstay')
  return path.resolve(call.shell.folder, file)
}

function environmentOf({ shell, options }: Call): Record<string, string | undefined> {
  const folder = options.text('data-dir')
  return {
    ...shell.environment,
    ...(folder === null ? {} : { MAINSTAY_DATA_DIR: path.resolve(shell.folder, folder) }),
  }
}

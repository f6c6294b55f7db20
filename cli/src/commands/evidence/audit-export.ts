import { createWriteStream } from 'node:fs'
import { rename, unlink } from 'node:fs/promises'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { copyText, openStream } from '../../connection/download.ts'
import { CommandError, exitCodes } from '../../exit-codes.ts'
import type { Run } from '../../line/command.ts'
import { say } from '../../print/output.ts'

export const exportJournal: Run = async (call) => {
  const [file = '-'] = call.args
  const address = '/api/v1/journal/export'
  if (file === '-') {
    await copyText(call, address)
    return exitCodes.ok
  }
  const body = await openStream(call, address)
  const target = path.resolve(call.shell.folder, file)
  // Only a whole export gets the name: half of one would look like a journal that was cut.
  const partial = `${target}.part`
  try {
    await pipeline(Readable.from(body), createWriteStream(partial, { mode: 0o600 }))
    await rename(partial, target)
  } catch (error) {
    await unlink(partial).catch(() => undefined)
    throw new CommandError(exitCodes.error, `The export into ${file} broke off; nothing was kept.`, null, error)
  }
  say(call, `Exported to ${file}. Prove it: mainstay audit verify ${file}`)
  return exitCodes.ok
}

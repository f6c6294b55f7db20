// A file named on the command line, from the folder the shell stands in; `-` is what is piped in.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { CommandError, exitCodes } from '../../exit-codes.ts'
import type { Call } from '../../line/command.ts'

export async function readGivenFile({ shell }: Call, file: string): Promise<string> {
  if (file === '-') return shell.input.readAll()
  try {
    return readFileSync(path.resolve(shell.folder, file), 'utf8')
  } catch (error) {
    throw new CommandError(exitCodes.notFound, `The file ${file} cannot be read.`, null, error)
  }
}

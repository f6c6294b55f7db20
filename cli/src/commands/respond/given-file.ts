// A file named on the command line, from the folder the shell stands in; `-` is what is piped in.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { CommandError, exitCodes } from '../../exit-codes.ts'
import type { Call } from '../../line/command.ts'

export async function readGivenFile({ shell }: Call, file: string): Promise<string> {
  if (file === '-') return shell.input.readAll()
  return readGivenBytes({ shell }, file).toString('utf8')
}

/** What is no text, such as a picture. */
export function readGivenBytes({ shell }: Pick<Call, 'shell'>, file: string): Buffer {
  try {
    return readFileSync(path.resolve(shell.folder, file))
  } catch (error) {
    throw new CommandError(exitCodes.notFound, `The file ${file} cannot be read.`, null, error)
  }
}

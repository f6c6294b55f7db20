// Asking before something is lost; never where nobody can answer.
import { usageError } from '../exit-codes.ts'
import type { Call } from '../line/command.ts'

export async function confirm({ shell, options }: Call, question: string, expected: string): Promise<boolean> {
  if (options.has('yes')) return true
  if (!shell.input.terminal || options.has('no-input'))
    throw usageError('This needs a confirmation, and nobody is here to give it.', 'Give it with --yes.')
  return (await shell.input.ask(question, false)).trim() === expected
}

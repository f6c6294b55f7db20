// The rest of the line, else what is piped in.
import { usageError } from '../../exit-codes.ts'
import type { Call } from '../../line/command.ts'

export async function textGiven(
  call: Call,
  words: readonly string[],
  question: string,
  example: string,
): Promise<string> {
  const typed = words.join(' ').trim()
  const text = typed !== '' ? typed : call.shell.input.terminal ? '' : (await call.shell.input.readAll()).trim()
  if (text === '') throw usageError(question, `Write it: ${example}`)
  return text
}

export function oneOf<Word extends string>(known: readonly Word[], word: string, what: string): Word {
  const typed = word.toLowerCase()
  // A whole word is meant before one that only begins like it: customer, customers.
  const whole = known.find((each) => each.toLowerCase() === typed)
  const found = whole ?? known.find((each) => typed !== '' && each.toLowerCase().startsWith(typed))
  if (found === undefined) throw usageError(`There is no ${what} "${word}".`, `Known: ${known.join(', ')}.`)
  return found
}

// What a script can rely on. Documented in docs/reference and in `mainstay help exit-codes`.

export const exitCodes = {
  ok: 0,
  error: 1,
  usage: 2,
  notFound: 3,
  auth: 4,
  conflict: 5,
  gateRefused: 6,
  timeout: 7,
  partial: 8,
  interrupted: 130,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

export const exitCodeMeanings: readonly (readonly [ExitCode, string])[] = [
  [0, 'done'],
  [1, 'something went wrong, or the input was refused'],
  [2, 'the command line is not right; for `plan --detailed-exitcode`: there are changes'],
  [3, 'there is no such object'],
  [4, 'not signed in, or not allowed'],
  [5, 'it has changed meanwhile, or its state does not allow it'],
  [6, 'a gate refused'],
  [7, 'no answer in time'],
  [8, 'some of it was done, some was refused'],
  [130, 'interrupted with Ctrl-C'],
]

/** A refusal of the command line itself: the sentence says what is wrong and the way out. */
export class CommandError extends Error {
  readonly exitCode: ExitCode
  readonly hint: string | null

  constructor(exitCode: ExitCode, sentence: string, hint: string | null = null, cause?: unknown) {
    super(sentence, cause === undefined ? undefined : { cause })
    this.name = 'CommandError'
    this.exitCode = exitCode
    this.hint = hint
  }
}

export const usageError = (sentence: string, hint: string | null = null): CommandError =>
  new CommandError(exitCodes.usage, sentence, hint)

/** Of an HTTP status, as the server documents them. */
export function exitCodeOfStatus(status: number): ExitCode {
  if (status === 401 || status === 403) return exitCodes.auth
  if (status === 404) return exitCodes.notFound
  if (status === 409 || status === 412 || status === 428) return exitCodes.conflict
  if (status === 408 || status === 504) return exitCodes.timeout
  return exitCodes.error
}

// A refusal as a person reads it: what is wrong, where, and the way out.
import { ProblemError, type ProblemFault } from '../../../client/src/client.ts'
import { AppError } from '../../../server/src/kernel/app-error.ts'
import { TimedOut } from '../connection/http.ts'
import { CommandError, type ExitCode, exitCodeOfStatus, exitCodes } from '../exit-codes.ts'
import type { Style } from './style.ts'
import { harmless } from './text-width.ts'

export interface Told {
  readonly text: string
  readonly exitCode: ExitCode
}

export function tellError(error: unknown, style: Style, debug: boolean): Told {
  if (error instanceof CommandError)
    return { exitCode: error.exitCode, text: lines(style, error.message, [], error.hint, causeOf(error)) }
  if (error instanceof ProblemError) return tellProblem(error, style)
  if (error instanceof AppError)
    return {
      exitCode: error.kind === 'not-found' ? exitCodes.notFound : exitCodes.error,
      text: lines(
        style,
        error.message,
        (error.details.faults ?? []).map((fault) => faultText(fault)),
        null,
        causeOf(error),
      ),
    }
  const message = error instanceof Error ? error.message : String(error)
  const stack = debug && error instanceof Error ? (error.stack ?? null) : null
  return {
    exitCode: exitCodes.error,
    text: lines(style, message, [], stack ?? 'This may be a fault of ours; --debug shows more.', null),
  }
}

function tellProblem(error: ProblemError, style: Style): Told {
  if (error.cause instanceof TimedOut)
    return {
      exitCode: exitCodes.timeout,
      text: lines(style, error.cause.message, [], 'Wait longer with --timeout 2m.', null),
    }
  const request = error.status >= 500 && error.requestId !== null ? `Request ${error.requestId}` : null
  return {
    exitCode: exitCodeOfStatus(error.status),
    text: lines(
      style,
      `${error.detail}`,
      error.errors.map((fault) => faultText(fault)),
      wayOut(error),
      request,
    ),
  }
}

function wayOut(error: ProblemError): string | null {
  if (error.status === 0)
    return 'Start one with `mainstay up`, or say which: --url, MAINSTAY_URL or `mainstay context use`.'
  if (error.status === 401) return 'Sign in with `mainstay login`, or give a key with --token-file or MAINSTAY_TOKEN.'
  if (error.retryAfterSeconds !== null) return `Try again in ${error.retryAfterSeconds} s.`
  return null
}

export function faultText(fault: ProblemFault, file?: string): string {
  const place = fault.line === undefined ? '' : `${fault.line}${fault.column === undefined ? '' : `:${fault.column}`}`
  const where = [typeof file === 'string' ? `${file}${place === '' ? '' : ':'}` : place === '' ? '' : 'line ', place]
    .join('')
    .trim()
  return [where, fault.pointer ?? '', fault.detail].filter((part) => part !== '').join('  ')
}

function causeOf(error: Error): string | null {
  return error.cause instanceof Error ? error.cause.message : null
}

function lines(
  style: Style,
  sentence: string,
  faults: readonly string[],
  hint: string | null,
  cause: string | null,
): string {
  return [
    `${style.critical('✗')} ${harmless(sentence)}`,
    ...faults.map((fault) => `  ${harmless(fault)}`),
    ...(cause === null ? [] : [`  ${style.faint(harmless(cause))}`]),
    ...(hint === null ? [] : hint.split('\n').map((line) => `  ${harmless(line)}`)),
    '',
  ].join('\n')
}

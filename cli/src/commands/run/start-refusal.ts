// Why a server did not start, in words with a way out.
import { CommandError, exitCodes } from '../../exit-codes.ts'

export function explainStart(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error
  const port = 'port' in error ? String(error.port) : 'it'
  if (error.code === 'EADDRINUSE')
    return new CommandError(
      exitCodes.conflict,
      `Port ${port} is taken.`,
      'Mainstay may be running already. Otherwise choose another: mainstay up --port 8421, or MAINSTAY_PORT.',
    )
  if (error.code === 'EACCES' && 'port' in error)
    return new CommandError(
      exitCodes.error,
      `This account may not listen on port ${port}.`,
      'Choose one above 1023, and put a proxy in front.',
    )
  return error
}

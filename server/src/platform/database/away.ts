// Whether a refusal means that the database cannot take it now and may again later: it is gone, hangs, is full, or takes
// no writes. `database.busy` is none of these: it answers.
import { AppError } from '../../kernel/app-error.ts'

const codes = new Set([
  'database.away',
  'database.disk-full',
  'database.too-slow',
  'database.read-only',
  'database.superseded',
  'database.untrusted',
])

export function isAwayRefusal(error: unknown): boolean {
  return error instanceof AppError && error.kind === 'unavailable' && codes.has(error.code)
}

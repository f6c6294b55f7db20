// The id in an address that is no operation: a stream, a page.
import { AppError } from '../../kernel/app-error.ts'

export function idOf(params: unknown): string {
  const id = typeof params === 'object' && params !== null && 'id' in params ? params.id : null
  if (typeof id === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) return id.toLowerCase()
  throw new AppError('not-found', 'postmortems.unknown', 'There is no such postmortem.')
}

// Reads JSON bodies, and nothing else: another type would let a form of another site pass for a request of ours.
import type { FastifyInstance } from 'fastify'
import { AppError } from '../../kernel/app-error.ts'

// Nothing of ours nests deeper than some twenty levels. What walks a body recursively relies on this limit.
const maxDepth = 64

export function readOnlyJson(server: FastifyInstance): void {
  const parse = server.getDefaultJsonParser('error', 'error')
  server.removeAllContentTypeParsers()
  server.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, text, done) => {
    // Clients that always name the type send no body with DELETE and with orders that need none.
    if (text === '') return done(null, undefined)
    parse(request, text, (error, value: unknown) => {
      if (error !== null && error !== undefined) return done(error)
      if (isDeeper(value, maxDepth))
        return done(
          new AppError('invalid', 'http.unreadable', `The body is nested deeper than ${maxDepth} levels. Flatten it.`),
        )
      done(null, value)
    })
  })
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (levels === 0) return true
  for (const item of Array.isArray(value) ? value : Object.values(value)) if (isDeeper(item, levels - 1)) return true
  return false
}

// Reads JSON bodies, and nothing else: another type would let a form of another site pass for a request of ours.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { AppError, invariant } from '../../kernel/app-error.ts'

// Nothing of ours nests deeper than some twenty levels. What walks a body recursively relies on this limit.
const maxDepth = 64

export function readOnlyJson(server: FastifyInstance): void {
  const read = jsonReader(server)
  server.removeAllContentTypeParsers()
  server.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, text, done) => {
    try {
      done(null, read(request, text))
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)))
    }
  })
}

/** A body that is read when somebody asks for it. */
export class JsonText {
  readonly text: string
  readonly #read: (text: string) => unknown
  constructor(text: string, read: (text: string) => unknown) {
    this.text = text
    this.#read = read
  }
  /** Of the whole body, or of a part of its text that is JSON itself; throws what a body that cannot be read is answered with. */
  read(part = this.text): unknown {
    return this.#read(part)
  }
}

/** For routes of this scope that know many bodies by their words: each is handed a `JsonText`. */
export function keepJsonText(scope: FastifyInstance): void {
  const read = jsonReader(scope)
  scope.removeContentTypeParser('application/json')
  scope.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, text, done) =>
    done(null, new JsonText(text, (part) => read(request, part))),
  )
}

function jsonReader(server: FastifyInstance): (request: FastifyRequest, text: string) => unknown {
  const parse = server.getDefaultJsonParser('error', 'error')
  return (request, text) => {
    // Clients that always name the type send no body with DELETE and with orders that need none.
    if (text === '') return undefined
    let read: { readonly error: Error | null; readonly value: unknown } | undefined
    parse(request, text, (error, value: unknown) => {
      read = { error: error ?? null, value }
    })
    invariant(read !== undefined, 'a text is parsed at once')
    if (read.error !== null) throw read.error
    if (isDeeper(read.value, maxDepth))
      throw new AppError('invalid', 'http.unreadable', `The body is nested deeper than ${maxDepth} levels. Flatten it.`)
    return read.value
  }
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (levels === 0) return true
  for (const item of Array.isArray(value) ? value : Object.values(value)) if (isDeeper(item, levels - 1)) return true
  return false
}

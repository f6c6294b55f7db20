// Schema words many contracts share. They document shape and unit once.
import { Type } from 'typebox'
import { namePattern } from '../../kernel/names.ts'

export const Time = Type.String({ format: 'date-time', description: 'RFC 3339, UTC.' })
export const Name = Type.String({ pattern: namePattern, maxLength: 63, description: 'RFC 1123 label.' })
export const Id = Type.String({ format: 'uuid' })
export const Ratio = Type.Number({ description: 'A share: 0.999 is 99.9 %.' })
export const Text = (maxLength: number, description?: string) =>
  Type.String({ minLength: 1, maxLength, ...(description === undefined ? {} : { description }) })
export const Nullable = <S extends import('typebox').TSchema>(schema: S) => Type.Union([schema, Type.Null()])
export const StringMap = Type.Record(Type.String(), Type.String({ maxLength: 4096 }))
export const Empty = Type.Object({})

/** One of some words; as a JSON Schema `enum`, so that a refusal can list them. */
export function Words<const W extends readonly string[]>(words: W, description?: string) {
  return Type.Unsafe<W[number]>({
    type: 'string',
    enum: [...words],
    ...(description === undefined ? {} : { description }),
  })
}

// Operations whose replies are read field by field: a newer server may say more, an older one less.
import { isJsonObject, type JsonObject } from '../../../server/src/kernel/json.ts'
import { CommandError, exitCodes } from '../exit-codes.ts'
import type { Api } from './api.ts'

export interface Question {
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, unknown>>
  readonly body?: unknown
}

export async function ask({ client }: Api, operation: string, question: Question = {}): Promise<JsonObject> {
  const send: unknown = Reflect.get(client, operation)
  if (typeof send !== 'function')
    throw new CommandError(
      exitCodes.error,
      `This version of the command does not know ${operation}.`,
      'Update mainstay.',
    )
  const reply: unknown = await send(question)
  if (!isJsonObject(reply))
    throw new CommandError(exitCodes.error, `The server answered ${operation} in a form this version does not know.`)
  return reply
}

export function textAt(object: JsonObject, key: string): string | null {
  const value = object[key]
  return typeof value === 'string' ? value : null
}

export function numberAt(object: JsonObject, key: string): number | null {
  const value = object[key]
  return typeof value === 'number' ? value : null
}

export function objectAt(object: JsonObject, key: string): JsonObject {
  const value = object[key]
  return isJsonObject(value) ? value : {}
}

export function objectsAt(object: JsonObject, key: string): readonly JsonObject[] {
  const value = object[key]
  return Array.isArray(value) ? value.filter(isJsonObject) : []
}

export function textsAt(object: JsonObject, key: string): readonly string[] {
  const value = object[key]
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : []
}

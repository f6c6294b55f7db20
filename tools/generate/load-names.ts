// Every name that leaves, read from where it is declared: the rooms' contracts, the permission table, the settings.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { PermissionTable } from '../../server/src/app/permissions/table.ts'
import type { JsonObject } from '../../server/src/kernel/json.ts'
import type { Setting } from '../../server/src/platform/config/settings.ts'
import type { Operation } from '../../server/src/platform/http/operation.ts'
import type { EventType } from '../../server/src/platform/journal/journal.ts'
import type { ErrorCode } from '../../server/src/platform/room/room.ts'
import { listFiles } from '../graph/tree.ts'

export interface WireRoute {
  readonly id: string
  readonly method: string
  readonly path: string
}

export interface Names {
  readonly operations: readonly Operation[]
  readonly events: readonly EventType<JsonObject>[]
  readonly errors: readonly ErrorCode[]
  /** Routes in other products' formats: no contract of ours describes their bodies, but each has its permission. */
  readonly wire: readonly WireRoute[]
  readonly permissions: PermissionTable
  readonly settings: readonly Setting[]
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
const hasTexts = (value: unknown, ...keys: string[]): boolean =>
  isRecord(value) && keys.every((key) => typeof value[key] === 'string')

export const isOperation = (value: unknown): value is Operation =>
  hasTexts(value, 'id', 'method', 'path', 'summary') && isRecord(value) && isRecord(value.reply)
export const isEvent = (value: unknown): value is EventType<JsonObject> =>
  hasTexts(value, 'type', 'summary') &&
  isRecord(value) &&
  typeof value.type === 'string' &&
  /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(value.type)
export const isErrorCode = (value: unknown): value is ErrorCode => hasTexts(value, 'code', 'summary')
const isPermission = (value: unknown): boolean =>
  isRecord(value) && (value.open === true || hasTexts(value, 'role', 'scope'))
const isPermissionTable = (value: unknown): value is PermissionTable =>
  isRecord(value) && Object.keys(value).length > 0 && Object.values(value).every(isPermission)

export async function loadNames(root: string): Promise<Names> {
  const files = listFiles(root)
  const load = async (pattern: RegExp): Promise<readonly unknown[]> => {
    const found: unknown[] = []
    for (const path of files.filter((each) => pattern.test(each)).sort()) {
      const exported: unknown = await import(pathToFileURL(join(root, path)).href)
      if (isRecord(exported))
        found.push(...Object.values(exported).flatMap((each) => (Array.isArray(each) ? each : [each])))
    }
    return found
  }
  const declared = await load(/^server\/src\/.*\.contract\.ts$/)
  const tables = await load(/^server\/src\/app\/permissions\/(?!.*\.test\.ts$).*\.ts$/)
  const settings = await load(/^server\/src\/platform\/config\/settings\.ts$/)
  return {
    operations: unique(declared.filter(isOperation), ({ id }) => id),
    events: unique(declared.filter(isEvent), ({ type }) => type),
    errors: unique(declared.filter(isErrorCode), ({ code }) => code),
    wire: files
      .filter((path) => /^server\/src\/.*(?<!\.test)\.ts$/.test(path))
      .flatMap((path) => wireRoutesIn(readFileSync(join(root, path), 'utf8'))),
    permissions: Object.assign({}, ...tables.filter(isPermissionTable)),
    settings: settings.filter((each): each is Setting => hasTexts(each, 'name', 'summary')),
  }
}

// The options of one call: up to the next call of a method like these.
const wireRoute =
  /\.(get|post|put|patch|delete)\(\s*'([^']+)',(?:(?!\.(?:get|post|put|patch|delete)\()[\s\S]){0,400}?operationId: '([^']+)'/g

export function wireRoutesIn(text: string): readonly WireRoute[] {
  return [...text.matchAll(wireRoute)].map(([, method = '', path = '', id = '']) => ({
    id,
    method: method.toUpperCase(),
    path,
  }))
}

/** One name declared twice with two meanings is a fault; the same object exported from two places is not. */
export function unique<T>(values: readonly T[], nameOf: (value: T) => string): readonly T[] {
  const byName = new Map<string, T>()
  for (const value of values) {
    const known = byName.get(nameOf(value))
    if (known !== undefined && known !== value) throw new Error(`${nameOf(value)} is declared twice.`)
    byName.set(nameOf(value), value)
  }
  return [...byName.values()].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))
}

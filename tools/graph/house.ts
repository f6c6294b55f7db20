// The house as the rules see it: every module with its facts, and every import led to the file it means.
import { posix } from 'node:path'
import { type Facts, type Import, readFacts } from './facts.ts'
import { isTest, type Place, placeOf } from './place.ts'
import { type Tables, tablesIn } from './sql-text.ts'

export interface Arrow {
  readonly from: Module
  readonly taken: Import
  /** A file of this repository, or the npm package or Node module; null when the path leads nowhere. */
  readonly to: { readonly file: string; readonly place: Place } | { readonly package: string } | null
}

export interface Module {
  readonly path: string
  readonly place: Place
  readonly test: boolean
  readonly facts: Facts
}

export interface House {
  readonly modules: readonly Module[]
  readonly arrows: readonly Arrow[]
  /** Every file, also those that are not TypeScript. */
  readonly files: ReadonlySet<string>
  readonly order: readonly string[]
  readonly schema: Tables
}

export interface Violation {
  readonly rule: string
  readonly path: string
  readonly line: number
  readonly detail: string
}

export const isModule = (path: string): boolean =>
  /\.tsx?$/.test(path) && !path.endsWith('.d.ts') && !path.startsWith('tools/planted/')

/** `files` holds the text of every module and migration; other files may be empty text. */
export function readHouse(files: ReadonlyMap<string, string>): House {
  const modules = [...files]
    .filter(([path]) => isModule(path))
    .map(([path, text]): Module => ({ path, place: placeOf(path), test: isTest(path), facts: readFacts(path, text) }))
  const known = new Set(files.keys())
  const arrows = modules.flatMap((from) =>
    from.facts.imports.map(
      (taken): Arrow => ({
        from,
        taken,
        to: taken.specifier === null ? null : lead(from.path, taken.specifier, known),
      }),
    ),
  )
  const migrations = [...files].filter(([path]) => /^server\/migrations\/.*\.sql$/.test(path)).map(([, text]) => text)
  return { modules, arrows, files: known, order: readOrder(files.get(orderFile) ?? '[]'), schema: tablesIn(migrations) }
}

export const orderFile = 'server/src/modules/order.json'

function readOrder(text: string): readonly string[] {
  const order: unknown = JSON.parse(text)
  if (!Array.isArray(order) || !order.every((each) => typeof each === 'string'))
    throw new Error(`${orderFile} is not a list of room names.`)
  return order
}

function lead(from: string, specifier: string, files: ReadonlySet<string>): Arrow['to'] {
  if (!specifier.startsWith('.') && !specifier.startsWith('/')) return { package: packageName(specifier) }
  const plain = specifier.split('?', 1)[0] ?? specifier
  const target = posix.normalize(posix.join(posix.dirname(from), plain))
  return files.has(target) ? { file: target, place: placeOf(target) } : null
}

/** `node:fs/promises` → `fs`, `@mantine/core/styles.css` → `@mantine/core`. */
function packageName(specifier: string): string {
  const [first = '', second = ''] = specifier.replace(/^node:/, '').split('/')
  return first.startsWith('@') ? `${first}/${second}` : first
}

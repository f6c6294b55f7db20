// Rules on the house as a whole: cycles, and tables with two owners.
import type { House, Module, Violation } from './house.ts'
import { namedTables } from './sql-text.ts'

export interface HouseRule {
  readonly id: string
  readonly sentence: string
  readonly look: (house: House) => readonly Omit<Violation, 'rule'>[]
}

export const houseRules: readonly HouseRule[] = [
  {
    id: 'no-cycles',
    sentence: 'No import cycles, not even of types: one of the two is in the wrong place.',
    look: findCycles,
  },
  {
    id: 'one-owner-for-a-table',
    sentence: 'A table is named by the stores of one room only; others ask its door, or read a view it publishes.',
    look: findSharedTables,
  },
  {
    id: 'tables-known',
    sentence: 'Stores speak SQL, so the migrations must create tables the check can find.',
    look: ({ modules, schema }) => {
      const store = modules.find(({ path, facts }) => path.endsWith('.store.ts') && facts.sql.length > 0)
      return store === undefined || schema.tables.size > 0
        ? []
        : [{ path: store.path, line: 1, detail: 'no `create table` was found in server/migrations' }]
    },
  },
]

/** Tarjan's strongly connected components; each is told once, by its shortest way round from its first file. */
function findCycles({ modules, arrows }: House): readonly Omit<Violation, 'rule'>[] {
  const next = new Map<string, Map<string, number>>(modules.map(({ path }) => [path, new Map()]))
  for (const { from, taken, to } of arrows)
    if (to !== null && 'file' in to) next.get(from.path)?.set(to.file, taken.line)
  return components(next).map((members) => {
    const start = [...members].sort()[0] ?? ''
    const way = shortestWayBack(start, next, members)
    return { path: start, line: next.get(start)?.get(way[1] ?? start) ?? 1, detail: way.join(' → ') }
  })
}

function components(next: ReadonlyMap<string, ReadonlyMap<string, number>>): readonly ReadonlySet<string>[] {
  const index = new Map<string, number>()
  const low = new Map<string, number>()
  const stack: string[] = []
  const waiting = new Set<string>()
  const found: Set<string>[] = []
  const visit = (path: string): void => {
    index.set(path, index.size)
    low.set(path, index.get(path) ?? 0)
    stack.push(path)
    waiting.add(path)
    for (const to of next.get(path)?.keys() ?? []) {
      if (!index.has(to)) {
        if (!next.has(to)) continue
        visit(to)
        low.set(path, Math.min(low.get(path) ?? 0, low.get(to) ?? 0))
      } else if (waiting.has(to)) low.set(path, Math.min(low.get(path) ?? 0, index.get(to) ?? 0))
    }
    if (low.get(path) !== index.get(path)) return
    const members = new Set<string>()
    for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
      waiting.delete(top)
      members.add(top)
      if (top === path) break
    }
    if (members.size > 1 || next.get(path)?.has(path) === true) found.push(members)
  }
  for (const path of next.keys()) if (!index.has(path)) visit(path)
  return found
}

function shortestWayBack(
  start: string,
  next: ReadonlyMap<string, ReadonlyMap<string, number>>,
  members: ReadonlySet<string>,
): readonly string[] {
  const queue: (readonly string[])[] = [[start]]
  const seen = new Set<string>()
  for (let way = queue.shift(); way !== undefined; way = queue.shift()) {
    for (const to of next.get(way.at(-1) ?? '')?.keys() ?? []) {
      if (to === start) return [...way, start]
      if (!members.has(to) || seen.has(to)) continue
      seen.add(to)
      queue.push([...way, to])
    }
  }
  return [start]
}

interface Naming {
  readonly owner: string
  readonly module: Module
  readonly line: number
}

function findSharedTables({ modules, schema, order }: House): readonly Omit<Violation, 'rule'>[] {
  const namings = new Map<string, Naming[]>()
  for (const module of modules) {
    const { place } = module
    if (module.test || (place.zone !== 'room' && place.zone !== 'platform')) continue
    const owner = place.zone === 'room' ? place.room : 'the platform'
    for (const sql of module.facts.sql)
      for (const table of namedTables(sql)) {
        if (!schema.tables.has(table) || schema.views.has(table)) continue
        const list = namings.get(table) ?? []
        namings.set(table, [...list, { owner, module, line: sql.line }])
      }
  }
  return [...namings].flatMap(([table, list]) => {
    const owner = ownerOf(table, new Set(list.map((each) => each.owner)), order)
    return list
      .filter((each) => each.owner !== owner)
      .map(({ module, line }) => ({ path: module.path, line, detail: `names the table ${table}, which ${owner} owns` }))
  })
}

/** The platform's tables are its own; else the room whose name the table carries; else the earliest that names it. */
function ownerOf(table: string, names: ReadonlySet<string>, order: readonly string[]): string {
  if (names.has('the platform')) return 'the platform'
  const inOrder = order.filter((room) => names.has(room))
  const carries = (room: string) => table.startsWith(room) || table.startsWith(room.replace(/s$/, ''))
  return inOrder.find(carries) ?? inOrder[0] ?? [...names][0] ?? ''
}

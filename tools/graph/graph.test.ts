import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readFacts } from './facts.ts'
import { readHouse } from './house.ts'
import { judge, rules } from './judge.ts'
import { readPlants, tryPlants } from './planted.ts'
import { judgeSizes } from './sizes.ts'
import { foreignClock, namedTables, tablesIn } from './sql-text.ts'

const folder = join(import.meta.dirname, '../planted/rules')
const plants = readdirSync(folder).flatMap((name) => readPlants(name, readFileSync(join(folder, name), 'utf8')))

test('each planted violation is caught and the legal house is silent', () => {
  expect(tryPlants(plants)).toEqual([])
})

test('a rule that catches nothing is told', () => {
  const legal = plants.filter(({ rule }) => rule === 'legal')
  const silent = {
    rule: 'no-cycles',
    title: 'nothing planted',
    files: new Map([['server/src/app/planted.ts', 'export const a = 1\n']]),
  }
  const faults = tryPlants([...legal, silent])
  expect(faults).toContain('no-cycles did not catch "nothing planted"')
  expect(faults).toContain('sql-in-stores has no planted violation')
  expect(faults).toHaveLength(rules.length)
})

test('every way to import is seen', () => {
  const { imports } = readFacts(
    'a.ts',
    [
      "import a, { b as c } from './static.ts'",
      "import type { D } from './type.ts'",
      "import { type E } from './inline-type.ts'",
      "import './side-effect.ts'",
      "export { f } from './re-export.ts'",
      "export * as g from './re-export-all.ts'",
      "const h = () => import('./dynamic.ts')",
      'const i = () => import(`./template.ts`)',
      "type J = import('./import-type.ts').J",
      "const k = require('./required.ts')",
      'const l = (name: string) => import(name)',
    ].join('\n'),
  )
  expect(imports.map(({ specifier }) => specifier)).toEqual([
    ...['./static.ts', './type.ts', './inline-type.ts', './side-effect.ts', './re-export.ts', './re-export-all.ts'],
    ...['./dynamic.ts', './template.ts', './import-type.ts', './required.ts', null],
  ])
  expect(imports.map(({ typeOnly }) => typeOnly)).toEqual([
    false,
    true,
    true,
    false,
    false,
    false,
    false,
    false,
    true,
    false,
    false,
  ])
  expect(imports.map(({ line }) => line)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
  expect(imports[0]?.names).toEqual(['default', 'b'])
})

test.each([
  { sql: 'select * from a', tables: ['a'] },
  { sql: 'select * from only public."a" x, b as y, lateral c join d using (id)', tables: ['a', 'b', 'c', 'd'] },
  { sql: 'insert into a select 1 -- from b', tables: ['a'] },
  { sql: "update a set note = 'from b'", tables: ['a'] },
  { sql: 'delete from\n  a using b', tables: ['a', 'b'] },
  { sql: 'truncate table a', tables: ['a'] },
])('tables named in $sql', ({ sql, tables }) => {
  expect([...namedTables({ text: sql, line: 1, tables: [] })].sort()).toEqual(tables)
})

test('only the movable clock is let through', () => {
  const clock = (text: string) => foreignClock({ text, line: 1, tables: [] })
  expect(clock("select mainstay_now(), 'now()' -- now()")).toBeNull()
  expect(clock('select now ( )')).toBe('now ( )')
  expect(clock('select CURRENT_DATE')).toBe('CURRENT_DATE')
})

test('tables and views are read from migrations', () => {
  const { tables, views } = tablesIn([
    'create table if not exists A (x int); /* create table b () */ create materialized view c as select 1',
  ])
  expect([...tables]).toEqual(['a'])
  expect([...views]).toEqual(['c'])
})

test('a cycle is told by its shortest way round', () => {
  const files = new Map([
    ['cli/a.ts', "export * from './b.ts'"],
    ['cli/b.ts', "export * from './c.ts'\nexport * from './d.ts'"],
    ['cli/c.ts', "export * from './d.ts'"],
    ['cli/d.ts', "export * from './a.ts'"],
  ])
  expect(judge(readHouse(files)).map(({ detail }) => detail)).toEqual(['cli/a.ts → cli/b.ts → cli/d.ts → cli/a.ts'])
})

test('sizes: over the limit fails, an exception must be needed, and the list only shrinks', () => {
  const lines = (count: number) => 'export {}\n'.repeat(count)
  const house = readHouse(
    new Map([
      ['cli/long.ts', lines(501)],
      ['cli/edge.ts', lines(500)],
      ['cli/long.test.ts', lines(600)],
      ['cli/short.ts', lines(90)],
    ]),
  )
  expect(judgeSizes(house, {}, 0)).toEqual({
    faults: ['cli/long.ts:501 has 501 lines, the limit is 500: look for the second idea in it'],
    warnings: ['cli/edge.ts:1 has 500 lines; over 400 wants an explanation'],
  })
  expect(judgeSizes(house, { 'cli/long.ts': 'a table' }, 1).faults).toEqual([])
  expect(judgeSizes(house, { 'cli/long.ts': 'a table', 'cli/short.ts': 'was long' }, 1).faults).toHaveLength(2)
})

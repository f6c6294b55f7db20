// Plants what the linter and the compilers must refuse, in a folder of its own, with our very settings.
// Prints what was not caught; exits 1 when there is any.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { root, run } from '../ready/run-command.mjs'

/** [the word a diagnostic on the file must hold, the planted text] */
const lint = [
  ['noExplicitAny', 'export const planted = (value: any): unknown => value\n'],
  ['noNonNullAssertion', 'export const planted = (value: string | null): number => value!.length\n'],
  ['useImportType', "import { URL } from 'node:url'\n\nexport type Planted = URL\n"],
  ['noUnusedImports', "import { URL } from 'node:url'\n\nexport const planted = 1\n"],
  ['noUnusedVariables', 'const planted = 1\n'],
  ['noParameterAssign', 'export function planted(value: number): number {\n  value += 1\n  return value\n}\n'],
  ['noEmptyBlockStatements', 'export const planted = (): void => {}\n'],
  ['useNodejsImportProtocol', "import { URL } from 'url'\n\nexport const planted = new URL('a:b')\n"],
  ['noBannedTypes', 'export const planted = (value: Function): unknown => value\n'],
  ['format', 'export const planted = "double";\n'],
  ['organizeImports', "import { b } from './b.ts'\nimport { a } from './a.ts'\n\nexport const planted = [a, b]\n"],
]
const core = [
  ['process', 'export const planted = process.env.HOME\n'],
  ['fetch', "export const planted = () => fetch('a:b')\n"],
  ['setTimeout', 'export const planted = () => setTimeout(() => 1, 1)\n'],
  ['console', "export const planted = () => console.log('here')\n"],
  ['document', 'export const planted = () => document.title\n'],
  ['node:fs', "import { readFileSync } from 'node:fs'\nexport const planted = readFileSync\n"],
  ['URL', "export const planted = () => new URL('a:b')\n"],
]
const strict = [
  ['TS2322', 'export const planted: number = [1][0]\n'],
  [
    'TS2375',
    'export const planted: { a?: number } = { a: undefined }\n'.replace('undefined', 'Math.max() > 1 ? 1 : undefined'),
  ],
  ['TS1294', 'export enum Planted {\n  one,\n}\n'],
  ['TS7006', 'export const planted = (value) => value\n'],
  ['TS1484', "import { PathLike } from 'node:fs'\nexport type Planted = PathLike\n"],
  [
    'TS7029',
    'export function planted(value: number): number {\n  switch (value) {\n    case 1:\n      value++\n    default:\n      return value\n  }\n}\n',
  ],
  ['TS18047', 'export const planted = (value: string | null) => value.length\n'],
]

const folder = mkdtempSync(path.join(tmpdir(), 'mainstay-planted-'))
const missed = []

function plant(group, cases) {
  mkdirSync(path.join(folder, group), { recursive: true })
  for (const [index, [, text]] of cases.entries()) writeFileSync(path.join(folder, group, `planted-${index}.ts`), text)
  // A linter or compiler that complains of everything would pass too.
  writeFileSync(path.join(folder, group, 'legal.ts'), 'export const legal = (value: number): number => value + 1\n')
}

function compare(group, cases, lines) {
  const on = (file) => lines.filter((line) => line.includes(`${group}/${file}`))
  for (const [index, [word, text]] of cases.entries())
    if (!on(`planted-${index}.ts`).some((line) => line.includes(word)))
      missed.push(`${group}: ${word} was not refused in: ${text.split('\n')[0]}`)
  for (const line of on('legal.ts')) missed.push(`${group}: a legal file was refused: ${line}`)
}

async function lintPlanted() {
  const { vcs: _, ...settings } = JSON.parse(readFileSync(path.join(root, 'biome.json'), 'utf8'))
  writeFileSync(path.join(folder, 'biome.json'), JSON.stringify({ ...settings, $schema: undefined }))
  plant('lint', lint)
  const biome = path.join(root, 'node_modules/@biomejs/biome/bin/biome')
  const { output } = await run(
    process.execPath,
    [biome, 'check', '--reporter=github', '--max-diagnostics=none', 'lint'],
    { cwd: folder },
  )
  compare('lint', lint, output.split('\n'))
}

async function compilePlanted(group, cases, base) {
  plant(group, cases)
  const project = path.join(folder, `tsconfig.${group}.json`)
  const types = path.join(root, 'node_modules/@types')
  writeFileSync(
    project,
    JSON.stringify({
      extends: path.join(root, base),
      compilerOptions: { typeRoots: [types] },
      include: [`${group}/*.ts`],
      exclude: [],
    }),
  )
  const { output } = await run(process.execPath, [path.join(root, 'node_modules/typescript/bin/tsc'), '-p', project], {
    cwd: folder,
  })
  compare(group, cases, output.split('\n'))
}

try {
  await Promise.all([
    lintPlanted(),
    compilePlanted('core', core, 'tsconfig.core.json'),
    compilePlanted('strict', strict, 'tsconfig.json'),
  ])
} finally {
  rmSync(folder, { recursive: true, force: true })
}
const count = lint.length + core.length + strict.length
process.stdout.write(
  missed.length === 0
    ? `#ok planted for linter and compilers: ${count} planted, each refused\n`
    : `#failed planted for linter and compilers: ${missed.length} found\n${missed.map((each) => `  ${each}\n`).join('')}`,
)
process.exitCode = missed.length === 0 ? 0 : 1

// `tsx tools/graph/main.ts`: room rules, sizes and planted violations on the working tree. Exits 1 when anything fails.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readHouse } from './house.ts'
import { judge, rules, sentenceOf } from './judge.ts'
import { readPlants, tryPlants } from './planted.ts'
import { judgeSizes } from './sizes.ts'
import { countModules, readTree } from './tree.ts'

const root = join(dirname(fileURLToPath(import.meta.url)), '../..')
const out: string[] = []
let failed = false

function report(step: string, faults: readonly string[], told: string): void {
  const ok = faults.length === 0
  failed ||= !ok
  out.push(
    `#${ok ? 'ok' : 'failed'} ${step}: ${ok ? told : `${faults.length} found`}`,
    ...faults.map((each) => `  ${each}`),
  )
}

function exceptionsIn(text: string): Readonly<Record<string, string>> {
  const parsed: unknown = JSON.parse(text)
  if (typeof parsed !== 'object' || parsed === null)
    throw new Error('tools/sizes.json is not an object of path → reason.')
  return Object.fromEntries(Object.entries(parsed).map(([path, reason]) => [path, String(reason)]))
}

/** Null when HEAD has no such list yet, or there is no history (a tarball). */
function exceptionsAtHead(): number | null {
  try {
    const text = execFileSync('git', ['show', 'HEAD:tools/sizes.json'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return Object.keys(exceptionsIn(text)).length
  } catch {
    return null
  }
}

const house = readHouse(readTree(root))
const expected = countModules(root)
report(
  'every module read',
  house.modules.length < expected ? [`${house.modules.length} of ${expected} modules were read`] : [],
  `${house.modules.length} modules, ${house.arrows.length} imports`,
)
report(
  'room rules',
  judge(house).map(({ rule, path, line, detail }) => `${path}:${line} ${detail}\n    ${rule}: ${sentenceOf(rule)}`),
  `${rules.length} rules hold`,
)
const sizes = judgeSizes(house, exceptionsIn(readFileSync(join(root, 'tools/sizes.json'), 'utf8')), exceptionsAtHead())
report('sizes', sizes.faults, `no file too long, ${sizes.warnings.length} worth a look`)
out.push(...sizes.warnings.map((each) => `  note: ${each}`))

const folder = join(root, 'tools/planted/rules')
const plants = readdirSync(folder)
  .sort()
  .flatMap((name) => readPlants(name, readFileSync(join(folder, name), 'utf8')))
report('planted violations', tryPlants(plants), `${plants.length - 1} planted, each caught; the legal house is silent`)

process.stdout.write(`${out.join('\n')}\n`)
process.exitCode = failed ? 1 : 0

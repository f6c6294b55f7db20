// `tsx tools/generate.ts` writes the generated files; with `--check` it compares them with what would be written.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadNames } from './generate/load-names.ts'
import { contradictions, outputs } from './generate/outputs.ts'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const names = await loadNames(root)
const faults = [...contradictions(names)]
const files = outputs(names)
const check = process.argv.includes('--check')

for (const [path, text] of files) {
  const file = join(root, path)
  const before = existsSync(file) ? readFileSync(file, 'utf8') : null
  if (before === text) continue
  if (check)
    faults.push(
      `${path}:${firstDifference(before ?? '', text)} is not what the contracts say: run \`npm run golden\` and read the difference`,
    )
  else {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
    process.stdout.write(`wrote ${path}\n`)
  }
}

function firstDifference(before: string, after: string): number {
  const [a, b] = [before.split('\n'), after.split('\n')]
  return b.findIndex((line, index) => line !== a[index]) + 1 || b.length
}

const counted = `${names.operations.length} operations, ${names.events.length} events, ${names.errors.length} errors, ${names.settings.length} settings`
const ok = faults.length === 0
process.stdout.write(`#${ok ? 'ok' : 'failed'} generated files: ${ok ? counted : `${faults.length} found`}\n`)
for (const fault of faults) process.stdout.write(`  ${fault}\n`)
// A contradiction also fails `npm run golden`: the files were written, but they are not the truth yet.
process.exit(ok ? 0 : 1)

// `npm run check`: everything a machine can see without running the product, in under a minute.
import { existsSync } from 'node:fs'
import path from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { root, run } from './ready/run-command.mjs'

if (!existsSync(path.join(root, 'node_modules'))) {
  process.stderr.write('Nothing is installed. Run npm ci first.\n')
  process.exit(1)
}

const script = (name) => path.join(root, 'node_modules', name)
const tsc = (project) => ({
  name: `types (${project})`,
  command: [script('typescript/bin/tsc'), '-p', project, '--pretty', 'false'],
})
const tsx = script('tsx/dist/cli.mjs')

const steps = [
  {
    name: 'format and lint',
    command: [
      script('@biomejs/biome/bin/biome'),
      'ci',
      '--colors=off',
      '--diagnostic-level=error',
      '--max-diagnostics=50',
      '.',
    ],
  },
  tsc('tsconfig.json'),
  tsc('tsconfig.core.json'),
  tsc('tsconfig.web.json'),
  tsc('tsconfig.walk.json'),
  { name: 'rooms, sizes, planted violations', command: [tsx, 'tools/graph/main.ts'] },
  { name: 'planted for linter and compilers', command: ['tools/check/planted-compilers.mjs'] },
  { name: 'generated files', command: [tsx, 'tools/generate.ts', '--check'] },
]

/** Steps of ours report as `#ok name: told` and `#failed name: told`; the rest is judged by its exit code. */
function present({ name }, { code, output, seconds }) {
  const took = `${seconds.toFixed(1)} s`.padStart(7)
  const lines = stripVTControlCharacters(output)
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('npm warn'))
  const own = lines.some((line) => /^#(ok|failed) /.test(line))
  const told = own && (code === 0 || lines.some((line) => line.startsWith('#failed')))
  if (!told) process.stdout.write(`${code === 0 ? 'ok    ' : 'FAILED'} ${took}  ${name}\n`)
  for (const line of lines) {
    const step = /^#(ok|failed) (.*)/.exec(line)
    if (step !== null) process.stdout.write(`${step[1] === 'ok' ? 'ok    ' : 'FAILED'} ${took}  ${step[2]}\n`)
    else if (code !== 0 || line.startsWith('  note:')) process.stdout.write(`${line}\n`)
  }
}

const began = performance.now()
const results = await Promise.all(
  steps.map(async (step) => {
    const result = await run(process.execPath, step.command)
    present(step, result)
    return result
  }),
)
const failed = results.filter(({ code }) => code !== 0).length
const seconds = ((performance.now() - began) / 1000).toFixed(1)
process.stdout.write(
  failed === 0
    ? `check: all ${steps.length} steps passed in ${seconds} s\n`
    : `check: ${failed} of ${steps.length} steps failed in ${seconds} s\n`,
)
process.exitCode = failed === 0 ? 0 : 1

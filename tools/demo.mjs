// `npm run demo -- break payment`: the demo's own commands, built first when needed.
import { demandNode } from './ready/node-version.mjs'

demandNode()
const { installDependencies } = await import('./ready/dependencies.mjs')
const { buildWhenStale, program } = await import('./ready/built.mjs')
const { become } = await import('./ready/run-command.mjs')

// On stderr: the output of the command may be read by a script.
const say = (sentence) => process.stderr.write(`${sentence}\n`)
await installDependencies(say)
if (!(await buildWhenStale(say))) process.exit(1)
become(process.execPath, [program, 'demo', ...process.argv.slice(2)])

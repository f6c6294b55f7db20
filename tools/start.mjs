// `npm start`: from a fresh clone to a running product with the demo shop, with nothing installed but Node.
// `npm start -- --no-demo --port 9000` hands its arguments on.
import { demandNode } from './ready/node-version.mjs'

demandNode()
const { installDependencies } = await import('./ready/dependencies.mjs')
const { buildWhenStale, nodeArguments, program } = await import('./ready/built.mjs')
const { become } = await import('./ready/run-command.mjs')

const say = (sentence) => process.stdout.write(`${sentence}\n`)
await installDependencies(say)
if (!(await buildWhenStale(say))) process.exit(1)

const given = process.argv.slice(2)
const demo = given.includes('--no-demo') || given.includes('--demo') ? [] : ['--demo']
become(process.execPath, [...nodeArguments, program, 'up', ...demo, ...given.filter((each) => each !== '--no-demo')])

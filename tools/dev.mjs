// `npm run dev`: the server from its sources, started anew on each change, and the console by Vite with a proxy to it.
import { spawn } from 'node:child_process'
import { installDependencies } from './ready/dependencies.mjs'
import { demandNode } from './ready/node-version.mjs'
import { root } from './ready/run-command.mjs'

demandNode()
await installDependencies((sentence) => process.stdout.write(`${sentence}\n`))

const port = process.env.MAINSTAY_PORT ?? '8420'
const env = { ...process.env, MAINSTAY_PORT: port }
const node = (...args) => spawn(process.execPath, args, { cwd: root, env, stdio: 'inherit' })
const children = [
  node(
    'node_modules/tsx/dist/cli.mjs',
    'watch',
    '--clear-screen=false',
    'cli/src/main.ts',
    'up',
    ...process.argv.slice(2),
  ),
  node('node_modules/vite/bin/vite.js', '--clearScreen', 'false'),
]
process.stdout.write(`Console with live reload: http://127.0.0.1:5173 · server: http://127.0.0.1:${port}\n`)

let leaving = false
const leave = (code) => {
  if (leaving) return
  leaving = true
  process.exitCode = code
  for (const child of children) child.kill('SIGTERM')
}
for (const child of children) child.once('exit', (code) => leave(code ?? 0))
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => leave(0))

// `npm run golden`: rewrites every generated and golden file. Read the difference before you commit it.
import path from 'node:path'
import { root, run } from './ready/run-command.mjs'

const tsx = path.join(root, 'node_modules/tsx/dist/cli.mjs')
const generated = await run(process.execPath, [tsx, path.join(root, 'tools/generate.ts')], { show: true })
// Golden files of tests are Vitest snapshots in files of their own.
const vitest = path.join(root, 'node_modules/vitest/vitest.mjs')
const golden = await run(
  process.execPath,
  [vitest, 'run', '--update', '--project', 'unit', '--project', 'server', 'golden', '--passWithNoTests'],
  { show: true },
)
process.exitCode = generated.code === 0 && golden.code === 0 ? 0 : 1

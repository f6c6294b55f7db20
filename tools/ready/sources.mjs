// One hash over everything a build reads: when it is the same, the build is the same.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { root } from './run-command.mjs'

const inputs = [
  ...['server/src', 'server/migrations', 'cli', 'client/src', 'runner', 'web', 'examples/shop', 'examples/definitions'],
  ...['tools/build.mjs', 'vite.config.ts', 'tsconfig.base.json', 'package.json', 'package-lock.json'],
  'docs/reference/reliability-report.json',
]
const notBuilt = /\.(test|walk|fixture|bench)\.tsx?$|(^|\/)node_modules(\/|$)/

export function hashSources(folder = root) {
  const hash = createHash('sha256')
  for (const file of inputs.flatMap((each) => filesUnder(folder, each)))
    hash
      .update(`${file}\0`)
      .update(readFileSync(path.join(folder, file)))
      .update('\0')
  return hash.digest('hex')
}

function filesUnder(folder, name) {
  const full = path.join(folder, name)
  if (!existsSync(full) || notBuilt.test(name)) return []
  if (!statSync(full).isDirectory()) return [name]
  return readdirSync(full)
    .sort()
    .flatMap((each) => filesUnder(folder, `${name}/${each}`))
}

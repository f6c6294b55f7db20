// Installs the dependencies when they are missing or not those of package-lock.json.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { root, run } from './run-command.mjs'

const lock = path.join(root, 'package-lock.json')
const stamp = path.join(root, 'node_modules/.mainstay-stamp')

// Native parts (PostgreSQL, esbuild) differ by platform: a folder copied from another machine is not good enough.
const wanted = () =>
  createHash('sha256').update(readFileSync(lock)).update(`${process.platform}-${process.arch}`).digest('hex')

export async function installDependencies(say) {
  const hash = wanted()
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return
  if (!isInstalled()) {
    say('Installing dependencies (npm ci), once …')
    const npm = process.env.npm_execpath
    const [command, args] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []]
    const { code, output } = await run(command, [...args, 'ci', '--include=dev', '--include=optional'])
    if (code !== 0) {
      process.stderr.write(`${output}\nnpm ci failed. Is the registry reachable (npm ping)?\n`)
      process.exit(1)
    }
  }
  writeFileSync(stamp, hash)
}

/** True when `npm ci` was run by hand: npm leaves a lock of what it put there. */
function isInstalled() {
  const hidden = path.join(root, 'node_modules/.package-lock.json')
  if (!existsSync(hidden)) return false
  const there = JSON.parse(readFileSync(hidden, 'utf8')).packages ?? {}
  const asked = JSON.parse(readFileSync(lock, 'utf8')).packages ?? {}
  return Object.entries(asked).every(
    ([name, { version, optional, link }]) =>
      name === '' ||
      link === true ||
      there[name]?.version === version ||
      (optional === true && there[name] === undefined),
  )
}

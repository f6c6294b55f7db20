// Builds when dist/ is missing or was built from other sources.
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { root, run } from './run-command.mjs'
import { hashSources } from './sources.mjs'

export const dist = path.join(root, 'dist')
export const program = path.join(dist, 'mainstay.js')
export const stampFile = '.stamp'

/**
 * How Node runs the product. V8's memory reducer gives memory back eight seconds after a full collection, by up to three more of
 * them; a server that is never quite idle takes it again at once, and a third of its processor time went into that.
 */
export const nodeArguments = ['--no-memory-reducer']

/**
 * Of a program that is run by its name. To a shell the second line starts Node in its own place; to JavaScript it is a word and a
 * comment. Not every `env` knows `-S`.
 */
export const firstLines = `#!/bin/sh\n':' //; exec node ${nodeArguments.join(' ')} "$0" "$@"\n`

export function isFresh() {
  const stamp = path.join(dist, stampFile)
  return existsSync(program) && existsSync(stamp) && readFileSync(stamp, 'utf8') === hashSources()
}

/**
 * False when the build failed; its output was shown.
 * @param {(sentence: string) => void} say
 */
export async function buildWhenStale(say) {
  if (isFresh()) return true
  say('Building …')
  const { code, output, seconds } = await run(process.execPath, [path.join(root, 'tools/build.mjs')])
  if (code === 0) say(`Built in ${seconds.toFixed(1)} s.`)
  else process.stderr.write(output)
  return code === 0
}

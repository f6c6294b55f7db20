// Builds when dist/ is missing or was built from other sources.
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { root, run } from './run-command.mjs'
import { hashSources } from './sources.mjs'

export const dist = path.join(root, 'dist')
export const program = path.join(dist, 'mainstay.js')
export const stampFile = '.stamp'

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

// What a browser must fetch to show each route of the console: the entry and the chunks of the route, as sent (gzip).
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'

/** 200 kB: about two seconds on a poor mobile line, which is where pages are read at night. */
export const limitBytes = 200_000

/** [{ route, bytes }], the largest first. `sizeOf` answers the compressed size of a file of the build. */
export function routeSizes(manifest, sizeOf) {
  const entry = Object.keys(manifest).find((key) => manifest[key].isEntry && key.endsWith('.html'))
  if (entry === undefined) throw new Error('The manifest of the console has no page.')
  const closure = (key, seen = new Set()) => {
    if (seen.has(key)) return seen
    seen.add(key)
    for (const next of manifest[key]?.imports ?? []) closure(next, seen)
    return seen
  }
  const frame = closure(entry)
  const routes = [entry, ...Object.keys(manifest).filter((key) => manifest[key].isDynamicEntry)]
  return routes
    .map((key) => {
      const files = new Set(
        [...frame, ...closure(key)].map((each) => manifest[each]?.file).filter((file) => file?.endsWith('.js')),
      )
      return {
        route: key === entry ? 'every page' : key,
        bytes: [...files].reduce((sum, file) => sum + sizeOf(file), 0),
      }
    })
    .sort((a, b) => b.bytes - a.bytes)
}

/** One sentence for each route that is too heavy; a test run fails by each. */
export const tooHeavy = (sizes, limit = limitBytes) =>
  sizes
    .filter(({ bytes }) => bytes > limit)
    .map(({ route, bytes }) => `${route} needs ${kB(bytes)} of script, the limit is ${kB(limit)}`)

export const kB = (bytes) => `${(bytes / 1000).toFixed(1)} kB`

export function measureConsole(folder) {
  const manifest = JSON.parse(readFileSync(path.join(folder, '.vite/manifest.json'), 'utf8'))
  return routeSizes(manifest, (file) => gzipSync(readFileSync(path.join(folder, file))).length)
}

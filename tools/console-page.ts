// What the built page says before its script runs: the early script, and which files each address needs, so that the
// server can name them in the page itself and nothing has to be discovered one after the other.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Plugin, Rolldown } from 'vite'

export interface PageFiles {
  /** Of the address; the first that fits is meant. */
  readonly pattern: string
  readonly scripts: readonly string[]
  readonly styles: readonly string[]
}

const routeLine = /at\('([^']+)', \(\) => import\('([^']+)'\)\)/g

export function consolePage(routesFile: string): Plugin {
  return {
    name: 'console-page',
    transformIndexHtml: {
      order: 'post',
      handler(_page, { bundle }) {
        const early = chunksOf(bundle ?? {}).find(({ name }) => name === 'early')
        if (early === undefined) return []
        const attrs = {
          type: 'module',
          async: true,
          fetchpriority: 'high',
          crossorigin: true,
          src: `/${early.fileName}`,
        }
        return [{ tag: 'script', attrs, injectTo: 'head-prepend' }]
      },
    },
    generateBundle: {
      // After Vite has taken away the files that held nothing but a style.
      order: 'post',
      handler(_options, bundle) {
        const source = JSON.stringify(pageFiles(readFileSync(routesFile, 'utf8'), path.dirname(routesFile), bundle))
        this.emitFile({ type: 'asset', fileName: 'pages.json', source })
      },
    },
  }
}

function pageFiles(routes: string, folder: string, bundle: Rolldown.OutputBundle): readonly PageFiles[] {
  const chunks = chunksOf(bundle)
  const byFile = new Map(chunks.map((chunk) => [chunk.fileName, chunk]))
  const main = chunks.find(({ name, isEntry }) => isEntry && name === 'main')
  const there = new Set(main === undefined ? [] : staticFiles(main, byFile))
  const found = [...routes.matchAll(routeLine)].map(([, address = '', module = '']) => {
    const chunk = chunks.find(({ facadeModuleId }) => facadeModuleId === path.resolve(folder, module))
    if (chunk === undefined) throw new Error(`The page of ${address}, ${module}, has no file of its own.`)
    const own = staticFiles(chunk, byFile).filter((file) => !there.has(file))
    return {
      pattern: `^${address.replace(/\/$/, '').replaceAll(/:\w+/g, '[^/]+')}/*$`,
      scripts: own.map((file) => `/${file}`),
      styles: [...new Set(own.flatMap((file) => [...(byFile.get(file)?.viteMetadata?.importedCss ?? [])]))].map(
        (file) => `/${file}`,
      ),
    }
  })
  if (found.length < 20) throw new Error(`Only ${found.length} addresses were read from the routes.`)
  return found
}

/** The file and all it imports before it runs. */
function staticFiles(chunk: Rolldown.OutputChunk, byFile: ReadonlyMap<string, Rolldown.OutputChunk>): string[] {
  const seen = new Set([chunk.fileName])
  for (const file of seen) for (const next of byFile.get(file)?.imports ?? []) seen.add(next)
  return [...seen]
}

const chunksOf = (bundle: Rolldown.OutputBundle): readonly Rolldown.OutputChunk[] =>
  Object.values(bundle).filter((each) => each.type === 'chunk')

